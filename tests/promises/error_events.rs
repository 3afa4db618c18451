//! Errors that a stream brings after its status was 200.

use futures::StreamExt;
use mka1::testing::{Event, Script};
use mka1::{ErrorKind, StreamEnd};
use serde_json::{Value, json};

use crate::common::{chunk, open, played, text_chunk};

#[tokio::test]
async fn an_error_event_is_an_error_with_all_that_it_says() {
    let data = json!({
        "defined": true, "code": "QUOTA_EXCEEDED", "status": 402, "message": "No tokens left",
        "data": { "limit": 1000 },
    });
    let told = played(Script::stream().text_chunks(["a"]).error_event(&data)).await;
    assert_eq!((told.outline(), told.ended), (vec!["a".to_owned(), "!event".to_owned()], Some(StreamEnd::Failed)));
    let error = told.error();
    assert!(error.is_event());
    assert_eq!((error.kind(), error.code()), (ErrorKind::Event, Some("QUOTA_EXCEEDED")));
    assert_eq!((error.status().unwrap().as_u16(), error.message()), (402, "No tokens left"));
    assert_eq!(error.body().unwrap(), data.to_string().as_bytes());
    assert_eq!(error.details::<Value>().unwrap(), json!({ "limit": 1000 }));
    assert_eq!((error.last_chunk_index(), error.operation()), (Some(0), Some("createChatCompletionStream")));
    assert_eq!(error.to_string(), "error event 402 Payment Required: No tokens left (createChatCompletionStream)");
}

#[tokio::test]
async fn an_error_before_the_first_chunk_is_an_error_of_the_stream() {
    let data =
        json!({ "defined": false, "code": "INTERNAL_SERVER_ERROR", "status": 500, "message": "Internal server error" });
    let error = played(Script::stream().error_event(&data)).await.error();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Event, 500));
    assert_eq!((error.code(), error.last_chunk_index()), (Some("INTERNAL_SERVER_ERROR"), None));
}

#[tokio::test]
async fn an_error_event_may_be_of_any_shape() {
    for (data, message, code, status) in [
        (Some(r#""overloaded""#), "overloaded", None, None),
        (Some("overloaded"), "overloaded", None, None),
        (Some(r#"{"error":{"message":"busy","type":"server_error","code":"E1"}}"#), "busy", Some("E1"), None),
        (Some(r#"{"error":"Rate limit exceeded"}"#), "Rate limit exceeded", None, None),
        (Some(r#"{"message":"no","status":429}"#), "no", None, Some(429)),
        (Some(r#"{"message":"cut \ud83d","code":7}"#), "cut \u{fffd}", Some("7"), None),
        (Some("null"), "the server reported an error", None, None),
        (Some("{}"), "the server reported an error", None, None),
        (Some("[]"), "the server reported an error", None, None),
        (None, "the server reported an error", None, None),
    ] {
        let event = data.iter().fold(Event::named("error"), |event, data| event.data_text(*data));
        let error = played(Script::stream().event(event)).await.error();
        let said = (error.kind(), error.message(), error.code(), error.status().map(|status| status.as_u16()));
        assert_eq!(said, (ErrorKind::Event, message, code, status), "{data:?}");
        assert_eq!(error.body().map(|body| body.as_ref()), data.map(str::as_bytes), "{data:?}");
    }
}

#[tokio::test]
async fn a_status_that_is_no_failure_is_not_believed_of_an_error_event() {
    for status in [0, 99, 200, 302, 1000, -1] {
        let error = played(Script::stream().error_event(&json!({ "message": "no", "status": status }))).await.error();
        assert_eq!(error.status(), None, "{status}");
    }
}

#[tokio::test]
async fn a_rate_limit_within_a_stream_is_known_as_one() {
    let data = json!({ "code": "TOO_MANY_REQUESTS", "status": 429, "message": "Slow down" });
    assert!(played(Script::stream().error_event(&data)).await.error().is_rate_limited());
}

#[tokio::test]
async fn an_error_event_ends_the_stream_though_the_socket_stays_open() {
    let (server, mut events) = open(Script::stream().error_event(&json!({ "message": "no" })).hang()).await;
    events.next().await.unwrap().unwrap_err();
    assert!(events.next().await.is_none());
    server.wait_for_open_connections(0).await;
}

#[tokio::test]
async fn what_comes_after_an_error_event_is_not_given_out() {
    let told = played(Script::stream().error_event(&Value::Null).text_chunks(["a"]).done(&Value::Null)).await;
    assert_eq!(told.outline(), ["!event"]);
}

#[tokio::test]
async fn an_error_in_place_of_a_chunk_is_an_error_of_the_server() {
    let data = json!({ "error": { "message": "overloaded", "type": "server_error", "code": "busy" } });
    for event in [Event::nameless().data(&data), Event::message(&data)] {
        let told = played(Script::bare_stream().message(&text_chunk("a")).event(event).done_sentinel()).await;
        assert_eq!((told.outline(), told.ended), (vec!["a".to_owned(), "!event".to_owned()], Some(StreamEnd::Failed)));
        let error = told.error();
        assert_eq!((error.code(), error.message()), (Some("busy"), "overloaded"));
    }
}

#[tokio::test]
async fn a_chunk_with_an_error_of_null_is_a_chunk() {
    let mut data = chunk(&json!({ "content": "a" }));
    data["error"] = Value::Null;
    assert_eq!(played(Script::stream().message(&data)).await.outline(), ["a"]);
}
