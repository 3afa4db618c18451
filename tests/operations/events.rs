//! Events that say in their data what they are.

use futures::TryStreamExt;
use mka1::testing::{Event, Script};
use mka1::types::{CreateResponseRequest, ResponseEvent};
use mka1::{ErrorKind, StreamEnd};
use serde_json::{Value, json};

use crate::document::Document;
use crate::sample::Sampler;
use crate::start;

fn event(tag: &str) -> Value {
    let document = Document::read();
    let union = document.resolve(&json!({ "$ref": "#/components/schemas/ResponseStreamingEvent" })).clone();
    let reference = union["discriminator"]["mapping"][tag].as_str().unwrap().to_owned();
    Sampler::required_only(&document).sample(&json!({ "$ref": reference }))
}

fn data(value: &Value) -> Event {
    Event::nameless().data(value)
}

#[tokio::test]
async fn a_response_comes_as_typed_events_and_ends_with_the_one_that_says_so() {
    let (server, client) = start().await;
    let script = Script::bare_stream()
        .event(data(&event("response.created")))
        .event(data(&event("response.output_text.delta")))
        .event(data(&json!({ "type": "response.dreamt", "sequence_number": 3 })))
        .event(data(&event("response.completed")))
        .event(data(&event("response.created")));
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
    server.reply(Script::bare_stream().event(data(&event("response.created"))).event(data(&error)));
    let mut events = client.llm().responses().get_stream("resp_1").await.unwrap();
    assert!(events.try_next().await.unwrap().is_some());
    let error = events.try_next().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code().as_deref(), error.message()),
        (ErrorKind::Event, Some("server_error"), "Gone".into())
    );
    assert_eq!(events.ended(), Some(StreamEnd::Failed));
    let request = server.last_request().unwrap();
    assert_eq!((request.path(), request.query()), ("/api/v1/llm/responses/resp_1", Some("stream=true")));
}
