//! What the server sees of the client.

use futures::TryStreamExt;
use mka1::RequestOptions;
use serde_json::{Value, json};

use crate::outcome::{client, in_time, read_all, request};

#[tokio::test]
async fn a_request_arrives_as_it_was_made() {
    let Some(client) = client() else { return };
    let request = request("echo").max_tokens(None).temperature(0.5);
    let call = client.llm().chat().create_chat_completion_stream(request).resume_from(41);
    let outcome = read_all(call.options(RequestOptions::new().on_behalf_of("ada").query("trace", "7"))).await;
    let seen: Value = serde_json::from_str(&outcome.texts().concat()).unwrap();
    assert_eq!(seen["method"], "POST");
    assert_eq!(seen["url"], "/api/v1/llm/chat/completions/stream?trace=7");
    for (name, value) in [
        ("accept", "text/event-stream"),
        ("content-type", "application/json"),
        ("authorization", "Bearer k"),
        ("x-on-behalf-of", "ada"),
        ("x-last-chunk-index", "41"),
    ] {
        assert_eq!(seen["headers"][name], value, "{name}");
    }
    let body = json!({
        "model": "echo", "messages": [{ "role": "user", "content": "hi" }], "max_tokens": null, "temperature": 0.5,
    });
    assert_eq!(seen["body"], body);
}

#[tokio::test]
async fn dropping_a_stream_ends_the_work_on_the_server() {
    let Some(client) = client() else { return };
    let call = |mode| client.llm().chat().create_chat_completion_stream(request(mode).user("drops"));
    let mut events = in_time(call("until-dropped").into_future()).await.unwrap();
    in_time(events.try_next()).await.unwrap().expect("a chunk");
    drop(events);
    assert_eq!(read_all(call("was-dropped")).await.texts(), ["yes"]);
}
