//! Promises of the chat helpers.

use serde_json::{Value, json};

use super::CompletionCollector;
use crate::sse;
use crate::stream::{Frame, StreamEvent, Template};
use crate::types::{
    ChatCompletionChunk, ChatCompletionEvent, ChatContent, ChatContentPart, ChatFinishReason, ChatMessage,
};

fn chunk(index: i64, delta: Value, finish_reason: Value) -> ChatCompletionChunk {
    serde_json::from_value(json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 7, "model": "auto",
        "choices": [{ "index": index, "delta": delta, "finish_reason": finish_reason }],
    }))
    .unwrap()
}

fn collected(chunks: impl IntoIterator<Item = ChatCompletionChunk>) -> super::CollectedCompletion {
    let mut collector = CompletionCollector::new();
    chunks.into_iter().for_each(|chunk| collector.push(chunk));
    collector.finish().unwrap()
}

#[test]
fn a_message_is_one_call() {
    let wire = |message: ChatMessage| serde_json::to_value(message).unwrap();
    assert_eq!(wire(ChatMessage::user("hi")), json!({ "role": "user", "content": "hi" }));
    assert_eq!(wire(ChatMessage::system("be brief")), json!({ "role": "system", "content": "be brief" }));
    assert_eq!(
        wire(ChatMessage::tool("call_1", "42")),
        json!({ "role": "tool", "content": "42", "tool_call_id": "call_1" })
    );
    assert_eq!(
        wire(ChatMessage::user([ChatContentPart::text("see"), ChatContentPart::image_url("https://a/b.png")])),
        json!({ "role": "user", "content": [
            { "type": "text", "text": "see" },
            { "type": "image_url", "image_url": { "url": "https://a/b.png" } },
        ]})
    );
}

#[test]
fn a_message_without_content_says_null() {
    let message = ChatMessage::new("assistant", None);
    assert_eq!(serde_json::to_value(message).unwrap(), json!({ "role": "assistant", "content": null }));
}

#[test]
fn pieces_of_text_refusal_and_reasoning_join() {
    let message = collected([
        chunk(0, json!({ "role": "assistant", "content": "Hel", "reasoning": "a" }), Value::Null),
        chunk(0, json!({ "content": "lo", "reasoning": "b", "refusal": "no" }), Value::Null),
        chunk(0, json!({ "content": null }), json!("stop")),
    ]);
    let choice = &message.choices[0];
    assert_eq!((message.content(), message.id.as_str()), ("Hello", "chatcmpl-1"));
    assert_eq!((choice.reasoning.as_deref(), choice.refusal.as_deref()), (Some("ab"), Some("no")));
    assert_eq!(message.finish_reason(), Some(&ChatFinishReason::Stop));
}

#[test]
fn tool_calls_merge_by_index_in_whatever_order_they_come() {
    let call = |index: i64, id: Value, name: Value, arguments: &str| {
        let function = json!({ "name": name, "arguments": arguments });
        let mut call = json!({ "index": index, "function": function });
        if !id.is_null() {
            call["id"] = id;
        }
        if name.is_null() {
            call["function"].as_object_mut().unwrap().remove("name");
        }
        chunk(0, json!({ "tool_calls": [call] }), Value::Null)
    };
    let message = collected([
        call(1, json!("b"), json!("second"), "{\"x\""),
        call(0, json!("a"), json!("first"), "{"),
        call(1, Value::Null, Value::Null, ":1}"),
        call(0, Value::Null, json!("first"), "}"),
    ]);
    let calls: Vec<_> = message
        .tool_calls()
        .iter()
        .map(|call| (call.id.as_str(), call.function.name.as_str(), call.function.arguments.as_str()))
        .collect();
    assert_eq!(calls, [("a", "first", "{}"), ("b", "second", "{\"x\":1}")]);
}

#[test]
fn answers_stay_apart() {
    let message = collected([
        chunk(1, json!({ "content": "B" }), Value::Null),
        chunk(0, json!({ "content": "A" }), Value::Null),
        chunk(1, json!({ "content": "b" }), json!("length")),
    ]);
    let texts: Vec<_> = message.choices.iter().map(|choice| (choice.index, choice.content.as_str())).collect();
    assert_eq!(texts, [(0, "A"), (1, "Bb")]);
}

#[test]
fn parts_that_are_not_text_are_kept() {
    let image = json!({ "type": "image_url", "image_url": { "url": "u" } });
    let unheard = json!({ "type": "hologram", "depth": 3 });
    let message =
        collected([chunk(0, json!({ "content": [{ "type": "text", "text": "t" }, image, unheard] }), Value::Null)]);
    assert_eq!(message.content(), "t");
    let parts = serde_json::to_value(&message.choices[0].parts).unwrap();
    assert_eq!(parts, json!([image, unheard]));
    let again = ChatMessage::from(message.choices[0].clone());
    assert!(matches!(again.content, Some(ChatContent::Parts(parts)) if parts.len() == 3));
}

#[test]
fn nothing_collected_is_none() {
    assert_eq!(CompletionCollector::new().finish(), None);
}

fn chunk_with(delta: &str) -> String {
    format!(
        r#"{{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{{"index":0,"delta":{delta},"finish_reason":null}}]}}"#
    )
}

/// Whether the second of two chunks comes of the first, which it does without being parsed; both are what parsing gives.
fn comes_of(first: &str, second: &str) -> bool {
    let mut template = Template::<ChatCompletionEvent>::default();
    let mut found = false;
    for delta in [first, second] {
        let mut decoder = sse::Decoder::new();
        decoder.push(format!("event: message\ndata: {}\n\n", chunk_with(delta)));
        let event = decoder.next_event().unwrap().unwrap();
        let frame = Frame::new(event.name(), &event);
        found = template.is_like(&frame);
        assert_eq!(template.chunk(frame), ChatCompletionEvent::from_frame(frame));
    }
    found
}

#[test]
fn pieces_of_content_reasoning_and_arguments_are_all_that_is_read_of_chunks_alike() {
    assert!(comes_of(r#"{"content":"a"}"#, r#"{"content":"bc"}"#));
    assert!(comes_of(r#"{"content":"","reasoning":"a"}"#, r#"{"content":"","reasoning":"bc"}"#));
    assert!(comes_of(r#"{"content":"a","reasoning":null}"#, r#"{"content":"bc","reasoning":null}"#));
    let call = |arguments: &str| {
        format!(r#"{{"content":null,"tool_calls":[{{"index":0,"function":{{"arguments":"{arguments}"}}}}]}}"#)
    };
    assert!(comes_of(&call("a"), &call("bc")));
    assert!(!comes_of(r#"{"content":"a"}"#, r#"{"content":["b"]}"#));
    assert!(!comes_of(r#"{"content":"a"}"#, r#"{"content":null}"#));
    assert!(!comes_of(r#"{"content":"a"}"#, r#"{"role":"assistant","content":"b"}"#));
}
