//! Events that say in their data what they are.

use std::time::Duration;

use futures::TryStreamExt;
use mka1::testing::{Event, Script, Server};
use mka1::types::{CreateResponseRequest, ResponseEvent, ResponseObject};
use mka1::{ErrorKind, EventStream, RequestOptions, RetryConfig, StreamEnd};
use serde_json::{Value, json};

use crate::start;
use crate::streams::{response_event, text_delta};

fn data(value: &Value) -> Event {
    Event::nameless().data(value)
}

#[tokio::test]
async fn a_response_comes_as_typed_events_and_ends_with_the_one_that_says_so() {
    let (server, client) = start().await;
    let script = Script::bare_stream()
        .event(data(&response_event("response.created", 0)))
        .event(data(&text_delta("text", 1)))
        .event(data(&json!({ "type": "response.dreamt", "sequence_number": 2 })))
        .event(data(&response_event("response.completed", 3)))
        .event(data(&response_event("response.created", 4)));
    server.reply(script.hang());
    let mut events = client.llm().responses().create_stream(CreateResponseRequest::new("auto")).await.unwrap();
    let mut seen = Vec::new();
    while let Some(event) = events.try_next().await.unwrap() {
        seen.push(match event {
            ResponseEvent::ResponseOutputTextDelta(delta) => format!("text {:?}", delta.delta),
            ResponseEvent::Unknown(event) => format!("unknown {}", event.tag("type").unwrap()),
            ResponseEvent::ResponseCompleted(_) => "completed".to_owned(),
            _ => "other".to_owned(),
        });
    }
    assert_eq!(seen, ["other", "text \"text\"", "unknown response.dreamt", "completed"]);
    assert_eq!((events.ended(), events.last_chunk_index()), (Some(StreamEnd::Done), Some(3)));
    let request = server.last_request().unwrap();
    assert_eq!(request.json::<Value>().unwrap()["stream"], true);
    assert_eq!(request.header("accept"), Some("text/event-stream"));
}

#[tokio::test]
async fn an_error_among_the_events_is_an_error() {
    let (server, client) = start().await;
    let error =
        json!({ "type": "error", "sequence_number": 1, "code": "server_error", "message": "Gone", "param": null });
    server.reply(Script::bare_stream().event(data(&response_event("response.created", 0))).event(data(&error)));
    let mut events = client.llm().responses().get_stream("resp_1").await.unwrap();
    assert!(events.try_next().await.unwrap().is_some());
    let error = events.try_next().await.unwrap_err();
    assert_eq!((error.kind(), error.code(), error.message()), (ErrorKind::Event, Some("server_error"), "Gone"));
    assert_eq!(events.ended(), Some(StreamEnd::Failed));
    let request = server.last_request().unwrap();
    assert_eq!((request.path(), request.query()), ("/api/v1/llm/responses/resp_1", Some("stream=true")));
}

/// A stream of a response with these events, and a client that goes on without waiting.
async fn stream_of(scripts: impl IntoIterator<Item = Script>) -> (Server, EventStream<ResponseEvent>) {
    let (server, client) = start().await;
    for script in scripts {
        server.reply(script);
    }
    let waits = RetryConfig::default().initial_interval(Duration::ZERO).jitter(Duration::ZERO);
    let client = client.with_options(RequestOptions::new().retry(waits));
    let events = client.llm().responses().create_stream(CreateResponseRequest::new("auto")).await.unwrap();
    (server, events)
}

fn script(events: impl IntoIterator<Item = Value>) -> Script {
    events.into_iter().fold(Script::bare_stream(), |script, event| script.event(data(&event)))
}

fn created() -> Value {
    response_event("response.created", 0)
}

/// The last event of a response with this text, or none where it failed.
fn last(kind: &str, number: i64, text: &str) -> Value {
    let mut event = response_event(&format!("response.{kind}"), number);
    let response = &mut event["response"];
    response["status"] = kind.into();
    response["error"] = Value::Null;
    response["incomplete_details"] = Value::Null;
    response["output"] = json!([{
        "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
        "content": [{ "type": "output_text", "text": text, "annotations": [] }],
    }]);
    event
}

#[tokio::test]
async fn what_was_missed_when_the_response_ended_meanwhile_is_made_up_for_from_its_last_event() {
    let cut = || script([created(), text_delta("Hel", 1)]).cut();
    // Its number may be anything.
    for number in [7, 0] {
        let (server, events) = stream_of([cut(), script([last("completed", number, "Hello")])]).await;
        let mut text = events.text();
        let mut pieces = Vec::new();
        while let Some(piece) = text.try_next().await.unwrap() {
            pieces.push(piece);
        }
        assert_eq!(
            (pieces.concat().as_str(), text.events().is_rebuilt(), text.events().resumptions()),
            ("Hello", true, 1)
        );
        let asked = server.last_request().unwrap();
        assert_eq!(
            (asked.path(), asked.query()),
            ("/api/v1/llm/responses/resp_1", Some("stream=true&starting_after=1"))
        );
    }
    let (_server, events) = stream_of([cut(), script([last("completed", 7, "Hello")])]).await;
    assert_eq!(events.final_response().await.unwrap().text(), "Hello");
}

#[tokio::test]
async fn a_final_text_that_does_not_go_on_is_an_error() {
    let cut = script([created(), text_delta("Hel", 1)]).cut();
    let (_server, events) = stream_of([cut, script([last("completed", 7, "Goodbye")])]).await;
    let error = events.text().try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!((error.kind(), error.last_sequence_number()), (ErrorKind::Discontinuity, Some(7)));
}

#[tokio::test]
async fn a_response_that_is_no_success_is_told_apart() {
    for (kind, message) in [
        ("failed", "Out of memory"),
        ("incomplete", "the response is incomplete: max_output_tokens"),
        ("cancelled", "the response is cancelled"),
    ] {
        let mut end = last(kind, 2, "Hel");
        match kind {
            "failed" => end["response"]["error"] = json!({ "code": "server_error", "message": "Out of memory" }),
            "incomplete" => end["response"]["incomplete_details"] = json!({ "reason": "max_output_tokens" }),
            _ => {}
        }
        let whole = || script([created(), text_delta("Hel", 1), end.clone()]);
        let (_server, events) = stream_of([whole()]).await;
        let mut text = events.text();
        assert_eq!(text.try_next().await.unwrap().unwrap(), "Hel");
        assert_eq!(text.try_next().await.unwrap_err().message(), message);
        assert_eq!(text.events().ended(), Some(StreamEnd::Incomplete));

        let (_server, events) = stream_of([whole()]).await;
        let error = events.final_response().await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Event, message));
        assert_eq!(error.details::<ResponseObject>().unwrap().text(), "Hel");
    }
}

#[tokio::test]
async fn a_response_that_is_not_kept_cannot_be_resumed() {
    for (store, background, requests) in [(true, false, 2), (false, true, 2), (false, false, 1)] {
        let mut first = created();
        first["response"]["store"] = store.into();
        first["response"]["background"] = background.into();
        let rest = script([last("completed", 2, "Hel")]);
        let (server, mut events) = stream_of([script([first, text_delta("Hel", 1)]).cut(), rest]).await;
        let ended = loop {
            match events.try_next().await {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(error) => break Some((error.kind(), error.last_sequence_number())),
            }
        };
        let expected = (requests == 1).then_some((ErrorKind::Interrupted, Some(1)));
        assert_eq!((ended, server.request_count()), (expected, requests), "{store} {background}");
    }
}

#[tokio::test]
async fn events_that_are_missing_are_asked_for_and_an_error_if_they_do_not_come() {
    let gap = || script([created(), text_delta("a", 1), text_delta("c", 3)]).hang();
    let rest = script([text_delta("b", 2), text_delta("c", 3), last("completed", 4, "abc")]);
    let (_server, events) = stream_of([gap(), rest]).await;
    assert_eq!(events.text().try_collect::<String>().await.unwrap(), "abc");

    let (server, events) = stream_of([gap(), script([text_delta("c", 3)]).hang()]).await;
    let error = events.text().try_collect::<String>().await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Discontinuity, "event 2 is missing"));
    assert_eq!((error.last_sequence_number(), server.request_count()), (Some(1), 2));
}

#[tokio::test]
async fn an_event_that_comes_twice_is_given_once() {
    let twice =
        script([created(), text_delta("a", 1), text_delta("a", 1), text_delta("b", 2), last("completed", 3, "ab")]);
    let (_server, events) = stream_of([twice]).await;
    assert_eq!(events.text().try_collect::<String>().await.unwrap(), "ab");
}

#[tokio::test]
async fn numbers_that_number_nothing_lose_no_event() {
    let zeros = script([created(), text_delta("a", 0), text_delta("b", 0), last("completed", 0, "ab")]);
    let (_server, events) = stream_of([zeros]).await;
    assert_eq!(events.text().try_collect::<String>().await.unwrap(), "ab");
}

#[tokio::test]
async fn a_body_that_ends_before_the_response_does_was_cut() {
    let (server, events) =
        stream_of([script([created(), text_delta("a", 1)]), script([last("completed", 2, "a")])]).await;
    assert_eq!(events.text().try_collect::<String>().await.unwrap(), "a");
    assert_eq!(server.request_count(), 2);
}
