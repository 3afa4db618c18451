//! Promises about a call on the wire, kept over real sockets.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::*;
use crate::error::ErrorKind;
use crate::fixture::{Server, Step, Thing, create, delete, get, reply, stream};
use crate::retry::RetryConfig;

mod failures;
mod redirects;
mod retries;

const JSON: &str = "content-type: application/json\r\n";

fn ok(body: &str) -> Vec<Step> {
    reply("200 OK", JSON, body)
}

#[tokio::test]
async fn a_post_sends_its_headers_and_body_and_gives_the_decoded_answer() {
    let server = Server::start([reply(
        "201 Created",
        "content-type: application/json; charset=utf-8\r\nx-a: 1\r\n",
        r#"{"id":7}"#,
    )])
    .await;
    let response = create(&server.client()).await.unwrap();
    assert_eq!(*response, json!({"id": 7}));
    assert_eq!((response.status().as_u16(), &response.headers()["x-a"]), (201, &"1".parse().unwrap()));

    let request = &server.received()[0];
    assert_eq!(request.line, "POST /api/v1/things HTTP/1.1");
    assert_eq!(request.body, r#"{"name":"a"}"#);
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("authorization"), Some("Bearer mk-secret"));
    assert_eq!(request.header("user-agent"), Some(concat!("mka1-rust/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(request.header("x-on-behalf-of"), None);
}

#[tokio::test]
async fn a_get_has_no_body_and_no_content_type() {
    let server = Server::start([ok(r#"{"name":"a"}"#)]).await;
    assert_eq!(get(&server.client()).await.unwrap().into_inner(), Thing { name: "a".into() });
    let request = &server.received()[0];
    assert_eq!((request.line.as_str(), request.header("content-type")), ("GET /api/v1/things/t1 HTTP/1.1", None));
    assert_eq!(request.header("content-length"), None);
}

#[tokio::test]
async fn the_end_user_is_sent_where_the_operation_knows_of_end_users() {
    let server = Server::start([ok(r#"{"name":"a"}"#)]).await;
    let client = server.builder().on_behalf_of("ada").build().unwrap();
    create(&client).await.unwrap();
    get(&client).await.unwrap();
    create(&client).options(RequestOptions::new().on_behalf_of("eve")).await.unwrap();
    create(&client).options(RequestOptions::new().on_behalf_of("")).await.unwrap();
    let users: Vec<_> =
        server.received().iter().map(|request| request.header("x-on-behalf-of").map(str::to_owned)).collect();
    assert_eq!(users, [Some("ada".to_owned()), None, Some("eve".to_owned()), None]);
}

#[tokio::test]
async fn the_call_wins_over_the_copy_and_the_copy_over_the_client() {
    let server = Server::start([ok("{}")]).await;
    let client = server
        .builder()
        .default_header("x-a", "client")
        .default_header("x-b", "client")
        .default_header("x-c", "client")
        .build()
        .unwrap();
    let copy = client.with_options(RequestOptions::new().header("X-B", "copy").header("X-C", "copy"));
    create(&copy).options(RequestOptions::new().header("x-C", "call").query("q", "1 2")).await.unwrap();
    let request = &server.received()[0];
    assert_eq!(
        [request.header("x-a"), request.header("x-b"), request.header("x-c")],
        [Some("client"), Some("copy"), Some("call")]
    );
    assert_eq!(request.line, "POST /api/v1/things?q=1+2 HTTP/1.1");
}

#[tokio::test]
async fn a_callers_header_takes_the_place_of_ours_whatever_its_case() {
    let server = Server::start([ok("{}")]).await;
    let client = server.builder().token_provider(async || Err::<String, _>("not asked")).build().unwrap();
    let options =
        RequestOptions::new().header("Authorization", "Basic x").header("ACCEPT", "*/*").header("User-Agent", "me");
    create(&client).options(options).await.unwrap();
    let request = &server.received()[0];
    assert_eq!(
        [request.header("authorization"), request.header("accept"), request.header("user-agent")],
        [Some("Basic x"), Some("*/*"), Some("me")]
    );
    assert_eq!(request.headers.iter().filter(|(name, _)| name == "authorization").count(), 1);
}

#[tokio::test]
async fn a_base_url_can_be_given_for_one_call() {
    let (one, two) = (Server::start([ok("{}")]).await, Server::start([ok("{}")]).await);
    create(&one.client()).options(RequestOptions::new().base_url(format!("{}/gateway/", two.url))).await.unwrap();
    assert!(one.received().is_empty());
    assert_eq!(two.received()[0].line, "POST /gateway/api/v1/things HTTP/1.1");
}

#[tokio::test]
async fn without_a_token_none_is_sent() {
    let server = Server::start([ok("{}")]).await;
    create(&Client::builder().base_url(&server.url).build().unwrap()).await.unwrap();
    assert_eq!(server.received()[0].header("authorization"), None);
}

#[tokio::test]
async fn no_content_is_a_success_for_an_operation_that_gives_nothing() {
    for (status, rest) in
        [("204 No Content", "\r\n"), ("304 Not Modified", "\r\n"), ("200 OK", "content-length: 2\r\n\r\n{}")]
    {
        let server = Server::start([vec![Step::Send(format!("HTTP/1.1 {status}\r\n{rest}"))]]).await;
        assert_eq!(delete(&server.client()).await.unwrap().status().to_string(), status);
    }
}

#[tokio::test]
async fn json_is_read_whatever_the_server_calls_it() {
    let server = Server::start([reply("200 OK", "content-type: text/plain\r\n", r#"{"name":"a"}"#)]).await;
    assert_eq!(get(&server.client()).await.unwrap().name, "a");
}

#[tokio::test]
async fn a_call_can_be_moved_into_a_task() {
    let server = Server::start([ok("{}")]).await;
    let call = create(&server.client());
    tokio::spawn(async move { call.await.unwrap() }).await.unwrap();
}
