//! A stream as text, and as a whole message.

use futures::{StreamExt, TryStreamExt};
use mka1::testing::{Completion, Event, Script};
use mka1::types::{ChatFinishReason, ChatMessage};
use mka1::{Error, ErrorKind, StreamEnd};
use serde_json::{Value, json};

use crate::common::{chunk, open, text_chunk};

#[tokio::test]
async fn the_text_of_a_stream_is_just_the_text() {
    let script = Script::stream()
        .message(&chunk(&json!({ "role": "assistant" })))
        .message(&text_chunk(""))
        .message(&text_chunk("Hel"))
        .event(Event::named("usage").data(&1))
        .message(&chunk(&json!({ "reasoning": "hm", "content": null })))
        .message(&chunk(&json!({ "content": [{ "type": "text", "text": "l" }, { "type": "text", "text": "o" }] })))
        .finish("stop")
        .done(&Value::Null);
    let (_server, events) = open(script).await;
    assert_eq!(events.text().try_collect::<Vec<_>>().await.unwrap(), ["Hel", "lo"]);
}

#[tokio::test]
async fn the_text_is_that_of_the_first_answer() {
    let mut second = text_chunk("B");
    second["choices"][0]["index"] = json!(1);
    let (_server, events) = open(Script::stream().message(&second).message(&text_chunk("A")).message(&second)).await;
    assert_eq!(events.text().try_collect::<String>().await.unwrap(), "A");
}

#[tokio::test]
async fn the_text_fails_where_the_stream_does_and_shows_it_below() {
    let script = Script::stream().header("x-mka1-serving-location", "here").text_chunks(["Hel"]).cut();
    let (_server, events) = open(script).await;
    let mut text = events.text();
    assert_eq!(text.next().await.unwrap().unwrap(), "Hel");
    assert!(text.next().await.unwrap().unwrap_err().is_interrupted());
    assert!(text.next().await.is_none());
    assert_eq!((text.events().ended(), text.events().last_chunk_index()), (Some(StreamEnd::Failed), Some(0)));
    assert_eq!(text.into_events().headers()["x-mka1-serving-location"], "here");
}

#[tokio::test]
async fn a_whole_message_is_collected_from_a_stream() {
    let completion = Completion::new("auto").id("c-1");
    let script = Script::stream()
        .message(&completion.first_chunk("Hel"))
        .message(&completion.chunk("lo"))
        .message(&completion.last_chunk("stop", 3, 2))
        .done(&Value::Null);
    let (_server, events) = open(script).await;
    let message = events.collect_message().await.unwrap();
    assert_eq!((message.content(), message.id.as_str(), message.model.as_str()), ("Hello", "c-1", "auto"));
    assert_eq!(message.finish_reason(), Some(&ChatFinishReason::Stop));
    assert_eq!(message.usage.unwrap().total_tokens, 5);
    assert_eq!((message.resolved_provider.as_deref(), message.ended), (Some("testing"), Some(StreamEnd::Done)));
}

#[tokio::test]
async fn tool_calls_are_merged_by_their_index() {
    let piece = |calls: Value| chunk(&json!({ "tool_calls": calls }));
    let script = Script::stream()
        .message(&piece(json!([
            { "index": 0, "id": "t0", "type": "function", "function": { "name": "add", "arguments": "" } },
        ])))
        .message(&piece(json!([{ "index": 0, "function": { "arguments": "{\"a\":1" } }])))
        .message(&piece(json!([
            { "index": 1, "id": "t1", "type": "function", "function": { "name": "sub", "arguments": "{" } },
            { "index": 0, "function": { "arguments": "}" } },
        ])))
        .message(&piece(json!([{ "index": 1, "function": { "arguments": "}" } }])))
        .finish("tool_calls");
    let (_server, events) = open(script).await;
    let message = events.collect_message().await.unwrap();
    assert_eq!(
        serde_json::to_value(message.tool_calls()).unwrap(),
        json!([
            { "id": "t0", "function": { "name": "add", "arguments": "{\"a\":1}" }, "type": "function" },
            { "id": "t1", "function": { "name": "sub", "arguments": "{}" }, "type": "function" },
        ])
    );
    assert_eq!((message.finish_reason(), message.ended), (Some(&ChatFinishReason::ToolCalls), Some(StreamEnd::Closed)));
    let next = ChatMessage::from(message.choices[0].clone());
    assert_eq!((next.content, next.tool_calls.unwrap().len()), (None, 2));
}

#[tokio::test]
async fn refusal_and_reasoning_are_collected_apart_from_the_text() {
    let script = Script::stream()
        .message(&chunk(&json!({ "reasoning": "let me " })))
        .message(&chunk(&json!({ "reasoning": "see", "refusal": "I can" })))
        .message(&chunk(&json!({ "refusal": "not", "content": "" })));
    let (_server, events) = open(script).await;
    let choice = events.collect_message().await.unwrap().choices.remove(0);
    assert_eq!(
        (choice.content.as_str(), choice.reasoning.as_deref(), choice.refusal.as_deref()),
        ("", Some("let me see"), Some("I cannot"))
    );
}

#[tokio::test]
async fn a_message_that_was_cut_is_an_error_and_no_shorter_message() {
    async fn failed(script: Script) -> Error {
        let (_server, events) = open(script).await;
        events.collect_message().await.unwrap_err()
    }
    assert_eq!(failed(Script::stream().text_chunks(["Hel"]).cut()).await.kind(), ErrorKind::Interrupted);
    let error = json!({ "code": "BAD_GATEWAY", "status": 502, "message": "gone" });
    assert_eq!(failed(Script::stream().text_chunks(["Hel"]).error_event(&error)).await.code(), Some("BAD_GATEWAY"));
    assert_eq!(failed(Script::stream().done(&Value::Null)).await.kind(), ErrorKind::Interrupted);
}
