//! Lists that come in pages.

use futures::TryStreamExt;
use mka1::ErrorKind;
use mka1::testing::{Script, Server};
use serde_json::{Value, json};

use crate::document::Document;
use crate::sample::Sampler;
use crate::start;

fn page(ids: &[&str], more: bool) -> Value {
    let document = Document::read();
    let file = Sampler::required_only(&document).sample(&json!({ "$ref": "#/components/schemas/File" }));
    let data: Vec<Value> = ids
        .iter()
        .map(|id| {
            let mut file = file.clone();
            file["id"] = json!(id);
            file
        })
        .collect();
    json!({ "object": "list", "data": data, "first_id": ids.first(), "last_id": ids.last(), "has_more": more })
}

fn queries(server: &Server) -> Vec<String> {
    server.requests().iter().map(|request| request.query().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn items_are_those_of_all_pages_and_each_page_keeps_the_filters() {
    let (server, client) = start().await;
    server.reply(Script::json(&page(&["a", "b"], true))).reply(Script::json(&page(&["c"], false)));
    let items: Vec<_> = client.llm().files().list().limit(2).items().try_collect().await.unwrap();
    let ids: Vec<_> = items.iter().map(|file| file.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(queries(&server), ["limit=2", "limit=2&after=b"]);
}

#[tokio::test]
async fn a_page_is_asked_for_when_the_items_before_it_are_taken() {
    let (server, client) = start().await;
    server.reply(Script::json(&page(&["a", "b"], true)));
    let mut items = client.llm().files().list().items();
    assert_eq!(server.request_count(), 0);
    items.try_next().await.unwrap().unwrap();
    items.try_next().await.unwrap().unwrap();
    assert_eq!(server.request_count(), 1);
}

#[tokio::test]
async fn a_list_that_goes_round_is_an_error_and_the_end() {
    let (server, client) = start().await;
    for _ in 0..3 {
        server.reply(Script::json(&page(&["a"], true)));
    }
    let mut pages = client.llm().files().list().pages();
    assert!(pages.try_next().await.unwrap().is_some());
    assert!(pages.try_next().await.unwrap().is_some());
    let error = pages.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("the list goes round: `after` was `a` before"), "{error}");
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(server.request_count(), 2);
}

#[tokio::test]
async fn a_failed_page_ends_the_list_after_the_items_before_it() {
    let (server, client) = start().await;
    server.reply(Script::json(&page(&["a"], true))).reply(Script::error(403, "forbidden", "No"));
    let mut items = client.llm().files().list().items();
    assert_eq!(items.try_next().await.unwrap().unwrap().id, "a");
    assert_eq!(items.try_next().await.unwrap_err().status().unwrap().as_u16(), 403);
    assert!(items.try_next().await.unwrap().is_none());
}
