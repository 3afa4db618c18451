//! What is in the chunks comes through: as it was, where the types know it, and without harm, where they don't.

use mka1::types::{ChatCompletionEvent, ChatFinishReason};
use mka1::{Error, ErrorKind, Nullable, StreamEnd};
use serde_json::json;

use crate::outcome::{Outcome, client, in_time, message, message_of, read, request, with};

#[tokio::test]
async fn text_comes_as_it_was() {
    for (mode, texts) in [
        ("cjk-emoji", &["日本語", "👩‍👩‍👧‍👦", "é\u{301}", "עִבְרִית"][..]),
        ("control-characters", &["\0", "\u{feff}", "\u{2028}\u{2029}", "\r\n\t", "\"\\/", "\u{7f}\u{85}"]),
        ("looks-like-an-event", &["\n\nevent: done\ndata: {}\n\n", "[DONE]", ": \n\n"]),
    ] {
        let Some(outcome) = read(mode).await else { return };
        assert_eq!(outcome.events(), texts.iter().copied().map(message).collect::<Vec<_>>(), "{mode}");
    }
}

#[tokio::test]
async fn half_a_surrogate_pair_becomes_a_replacement_character() {
    let Some(outcome) = read("lone-surrogate").await else { return };
    assert_eq!(outcome.texts(), ["x\u{fffd}", "\u{fffd}y", "😀"]);
    assert_eq!(outcome.ended, Some(StreamEnd::Closed));
}

#[tokio::test]
async fn fields_that_are_not_known_do_no_harm() {
    let Some(outcome) = read("unknown-fields").await else { return };
    assert_eq!(outcome.events(), [message("a")]);
}

#[tokio::test]
async fn values_and_variants_that_are_not_known_are_kept() {
    let Some(outcome) = read("unknown-finish-reason").await else { return };
    let mut expected = message("a");
    expected["data"]["choices"][0]["finish_reason"] = json!("paused");
    assert_eq!(outcome.events(), [expected]);

    let Some(outcome) = read("unknown-role-and-part").await else { return };
    let content = json!([{ "type": "text", "text": "a" }, { "type": "scent", "notes": ["rose", 1.5] }]);
    assert_eq!(outcome.events(), [message_of(json!({ "role": "critic", "content": content }))]);
}

#[tokio::test]
async fn null_and_absent_are_told_apart() {
    let Some(outcome) = read("nulls").await else { return };
    let mut expected = message_of(json!({ "content": null, "refusal": null, "reasoning": null }));
    expected["data"]["choices"][0]["logprobs"] = json!(null);
    expected["data"]["resolved_serving_location"] = json!(null);
    assert_eq!(outcome.events(), [expected]);

    let Some(outcome) = read("absents").await else { return };
    assert_eq!(outcome.events(), [message_of(json!({}))]);
    let Some(Ok(ChatCompletionEvent::Message(event))) = outcome.items.first() else { panic!("a message") };
    assert_eq!(event.data.choices[0].delta.content, Nullable::Absent);
}

#[tokio::test]
async fn integers_are_exact_as_far_as_a_server_in_javascript_has_them() {
    const MAX: i64 = 9_007_199_254_740_991;
    let Some(outcome) = read("large-numbers").await else { return };
    let mut expected = message("a");
    let usage = json!({ "prompt_tokens": MAX, "completion_tokens": 0, "total_tokens": -MAX });
    expected["data"] = with(expected["data"].take(), json!({ "created": MAX, "usage": usage }));
    assert_eq!(outcome.events(), [expected]);
}

#[tokio::test]
async fn tool_calls_are_put_together_by_their_index() {
    let Some(client) = client() else { return };
    let call = client.llm().chat().create_chat_completion_stream(request("tool-calls"));
    let message = in_time(async { call.await?.collect_message().await }).await.unwrap();
    let calls: Vec<_> =
        message.tool_calls().iter().map(|call| (&*call.id, &*call.function.name, &*call.function.arguments)).collect();
    assert_eq!(calls, [("call_1", "sum", r#"{"a":1}"#), ("call_2", "now", "{}")]);
    assert_eq!((message.content(), message.finish_reason()), ("", Some(&ChatFinishReason::ToolCalls)));
}

#[tokio::test]
async fn choices_are_put_together_by_their_index() {
    let Some(client) = client() else { return };
    let call = client.llm().chat().create_chat_completion_stream(request("two-choices"));
    let message = in_time(async { call.await?.collect_message().await }).await.unwrap();
    let choices = message.choices.iter().map(|choice| (choice.index, &*choice.content, choice.finish_reason.as_ref()));
    assert_eq!(
        choices.collect::<Vec<_>>(),
        [(0, "b", Some(&ChatFinishReason::Stop)), (1, "ac", Some(&ChatFinishReason::Length))]
    );
}

#[tokio::test]
async fn the_last_chunk_tells_of_usage_and_of_who_answered() {
    let Some(client) = client() else { return };
    let call = client.llm().chat().create_chat_completion_stream(request("usage"));
    let message = in_time(async { call.await?.collect_message().await }).await.unwrap();
    let usage = message.usage.as_ref().unwrap();
    let reasoning = usage.completion_tokens_details.as_ref().unwrap().reasoning_tokens;
    assert_eq!((usage.prompt_tokens, usage.completion_tokens, usage.total_tokens, reasoning), (5, 7, 12, Some(2)));
    assert_eq!(message.resolved_model.as_deref(), Some("m-1"));
    assert_eq!(message.resolved_provider.as_deref(), Some("p"));
    assert_eq!(message.resolved_serving_location.as_deref(), Some("eu"));
    assert_eq!((message.content(), message.ended), ("a", Some(StreamEnd::Closed)));
}

#[tokio::test]
async fn an_event_that_is_no_chunk_is_an_error_and_the_stream_goes_on() {
    let decode_errors = |outcome: &Outcome| -> Vec<String> {
        let errors = outcome.items.iter().filter_map(|item| item.as_ref().err());
        let body = |error: &Error| {
            assert_eq!((error.kind(), error.status().map(|status| status.as_u16())), (ErrorKind::Decode, Some(200)));
            String::from_utf8_lossy(error.body().unwrap()).into_owned()
        };
        errors.map(body).collect()
    };
    let Some(outcome) = read("not-a-chunk").await else { return };
    assert_eq!(outcome.texts(), ["a", "b"]);
    assert_eq!(decode_errors(&outcome), [r#"{"id":"chatcmpl-1","choices":"none"}"#]);
    assert_eq!((outcome.ended, outcome.last_chunk_index), (Some(StreamEnd::Closed), Some(2)));

    let Some(outcome) = read("not-an-object").await else { return };
    assert_eq!(outcome.texts(), ["a", "c"]);
    assert_eq!(decode_errors(&outcome), ["\"b\"", "3", "null"]);
    assert_eq!((outcome.ended, outcome.last_chunk_index), (Some(StreamEnd::Closed), Some(4)));
}
