//! The API grows: what an older client doesn't know, it keeps and gives back as it came.

use mka1::testing::{Script, Server};
use mka1::types::{
    ChatCompletion, ChatCompletionChunk, ChatCompletionEvent, ChatCompletionRequest, ChatContent, ChatContentPart,
    ChatFile, ChatFinishReason, ChatRole, ChatStop, ChatToolCallType,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::common::{chunk, hi, played};

/// The value, and that it is written as it was read.
fn kept<T: DeserializeOwned + Serialize>(wire: &Value) -> T {
    let read: T = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *wire);
    let read_from_text: T = serde_json::from_str(&wire.to_string()).unwrap();
    assert_eq!(serde_json::to_string(&read_from_text).unwrap(), wire.to_string(), "in this order too");
    read
}

#[test]
fn values_of_enums_that_are_not_known_are_kept() {
    let mut wire = chunk(&json!({ "role": "critic", "content": "a" }));
    wire["object"] = json!("chat.completion.piece");
    wire["choices"][0]["finish_reason"] = json!("guardrail");
    // Written in the order in which the fields are declared.
    let read: ChatCompletionChunk = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), wire);
    let choice = &read.choices[0];
    assert!(matches!(&choice.finish_reason, Some(ChatFinishReason::Unknown(reason)) if reason.as_str() == "guardrail"));
    assert_eq!(choice.delta.role.as_ref().unwrap().to_string(), "critic");
}

#[test]
fn a_known_value_is_never_kept_as_an_unknown_one() {
    assert_eq!(ChatRole::from("user"), ChatRole::User);
    assert_eq!(ChatRole::from("critic").to_string(), "critic");
    assert_eq!(kept::<ChatRole>(&json!("tool")), ChatRole::Tool);
}

#[test]
fn variants_of_unions_that_are_not_known_are_kept() {
    let hologram = json!({ "type": "hologram", "depth": [3, 1.50, null], "a": { "z": 1, "b": 2 } });
    assert!(
        matches!(kept(&hologram), ChatContentPart::Unknown(part) if part.tag("type").as_deref() == Some("hologram"))
    );
    assert!(matches!(kept(&json!({ "text": "no tag" })), ChatContentPart::Unknown(_)));
    assert!(matches!(kept(&json!({ "type": 7 })), ChatContentPart::Unknown(_)));
    assert!(matches!(kept(&json!({ "url": "https://a" })), ChatFile::Unknown(_)));
    assert!(matches!(kept(&json!({ "file_id": "f" })), ChatFile::Uploaded(_)));
    assert!(matches!(kept(&json!({ "markdown": "*a*" })), ChatContent::Unknown(_)));
    assert!(matches!(kept(&json!(7)), ChatStop::Unknown(_)));
}

#[test]
fn numbers_of_what_is_not_known_keep_their_digits() {
    let wire = r#"{"type":"hologram","n":12345678901234567890123,"x":1.10}"#;
    let part: ChatContentPart = serde_json::from_str(wire).unwrap();
    assert_eq!(serde_json::to_string(&part).unwrap(), wire);
}

#[test]
fn what_is_not_known_can_be_decoded_by_hand() {
    #[derive(serde::Deserialize)]
    struct Hologram {
        depth: u8,
    }
    let ChatContentPart::Unknown(part) = kept(&json!({ "type": "hologram", "depth": 3 })) else { panic!("is known") };
    assert_eq!(part.decode::<Hologram>().unwrap().depth, 3);
    assert!(part.decode::<Vec<u8>>().unwrap_err().is_decode());
}

#[test]
fn fields_that_are_not_known_are_no_error() {
    let mut wire = chunk(&json!({ "content": "a", "emotion": "joy" }));
    wire["x_groq"] = json!({ "id": "r" });
    wire["choices"][0]["seed"] = json!(1);
    let read: ChatCompletionChunk = serde_json::from_value(wire).unwrap();
    assert_eq!(read.text(), "a");
}

#[test]
fn a_request_survives_being_stored_and_read_back() {
    let wire = json!({
        "model": "auto",
        "messages": [
            { "role": "system", "content": "Be brief" },
            { "role": "user", "content": [
                { "type": "text", "text": "See" },
                { "type": "hologram", "depth": 3 },
                { "type": "file", "file": { "file_id": "f" } },
            ]},
            { "role": "assistant", "content": null, "tool_calls": [
                { "id": "t", "function": { "name": "f", "arguments": "{}" }, "type": "custom" },
            ]},
        ],
        "tool_choice": null,
        "max_tokens": null,
        "max_completion_tokens": 5,
        "stop": ["a", "b"],
        "reasoning_effort": "extreme",
    });
    let request: ChatCompletionRequest = kept(&wire);
    let calls = request.messages[2].tool_calls.as_ref().unwrap();
    assert!(matches!(calls[0].r#type, ChatToolCallType::Unknown(_)));
}

#[test]
fn events_can_be_stored_and_read_back() {
    for wire in [
        json!({ "event": "done" }),
        json!({ "event": "done", "data": null }),
        json!({ "event": "done", "data": { "a": 1 }, "id": "7", "retry": 5 }),
        json!({ "event": "usage", "data": { "n": 1 }, "id": "1" }),
    ] {
        kept::<ChatCompletionEvent>(&wire);
    }
}

#[tokio::test]
async fn everything_unknown_goes_through_a_stream_unchanged() {
    let mut data = chunk(&json!({ "content": [{ "type": "hologram", "depth": 3 }], "reasoning": null }));
    data["choices"][0]["finish_reason"] = json!("guardrail");
    let told = played(Script::stream().message(&data)).await;
    assert_eq!(told.json(), [json!({ "event": "message", "data": data })]);
}

#[tokio::test]
async fn everything_unknown_goes_through_an_answer_unchanged() {
    let server = Server::start().await.unwrap();
    let answer = json!({
        "id": "c", "created": 1, "model": "m", "object": "chat.completion",
        "choices": [{ "index": 0, "finish_reason": "guardrail", "logprobs": null, "message": {
            "role": "critic", "content": [{ "type": "hologram" }], "refusal": null,
            "tool_calls": [{ "id": "t", "type": "custom", "function": { "name": "f", "arguments": "" } }],
        }}],
        "usage": { "prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2 },
    });
    server.reply(Script::json(&answer));
    let completion: ChatCompletion = server.client().llm().chat().create_chat(hi()).await.unwrap().into_inner();
    assert_eq!(serde_json::to_value(&completion).unwrap(), answer);
}
