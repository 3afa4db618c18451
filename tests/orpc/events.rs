//! What comes around the chunks: ids, `retry`, comments, keep-alives, events without data.

use std::time::Duration;

use mka1::{ErrorKind, RequestOptions, StreamEnd, TimeoutPhase};
use serde_json::json;

use crate::outcome::{client, message, read, read_all, request, with};

#[tokio::test]
async fn an_id_holds_until_the_next() {
    let Some(outcome) = read("ids").await else { return };
    let expected = [("a", "0"), ("b", "1"), ("c", "1")].map(|(text, id)| with(message(text), json!({ "id": id })));
    assert_eq!(outcome.events(), expected);
    assert_eq!(outcome.last_event_id.as_deref(), Some("1"));
}

#[tokio::test]
async fn retry_is_the_events_own_comments_are_nothing_and_an_empty_id_takes_the_last_one_back() {
    let Some(outcome) = read("ids-retry-comments").await else { return };
    let expected = [
        with(message("a"), json!({ "id": "0", "retry": 1500 })),
        with(message("b"), json!({ "id": "b é 💚:1", "retry": 0 })),
        message("c"),
    ];
    assert_eq!(outcome.events(), expected);
    assert_eq!(outcome.last_event_id, None);
}

#[tokio::test]
async fn a_message_without_data_is_kept_and_counted() {
    let Some(outcome) = read("yield-undefined").await else { return };
    assert_eq!(outcome.events(), [message("a"), json!({ "event": "message" }), message("b")]);
    assert_eq!(outcome.last_chunk_index, Some(2));
}

#[tokio::test]
async fn the_comment_at_the_start_may_be_missing() {
    let Some(outcome) = read("no-initial-comment").await else { return };
    assert_eq!(outcome.events(), ["a", "b", "c"].map(message));
}

#[tokio::test]
async fn keep_alives_are_no_events() {
    let Some(outcome) = read("slow-keepalive").await else { return };
    assert_eq!(outcome.events(), ["a", "b"].map(message));
    assert_eq!(outcome.ended, Some(StreamEnd::Closed));
}

#[tokio::test]
async fn a_server_that_falls_silent_is_not_waited_for_beyond_the_idle_limit() {
    let Some(client) = client() else { return };
    let call = client.llm().chat().create_chat_completion_stream(request("silence"));
    let outcome = read_all(call.options(RequestOptions::new().idle_timeout(Duration::from_millis(200)))).await;
    let error = outcome.error_after(&["a"]);
    assert_eq!((error.kind(), error.timeout_phase()), (ErrorKind::Timeout, Some(TimeoutPhase::Idle)));
}

#[tokio::test]
async fn ten_thousand_chunks_come_each_once() {
    let Some(outcome) = read("many").await else { return };
    assert!(outcome.texts().into_iter().eq((0..10_000).map(|n| format!("{n} "))));
    assert_eq!((outcome.items.len(), outcome.last_chunk_index), (10_000, Some(9_999)));
}

#[tokio::test]
async fn an_event_may_have_megabytes() {
    let Some(outcome) = read("big-event").await else { return };
    assert_eq!(outcome.texts(), ["a", &"0123456789abcdef".repeat(256 * 1024), "b"]);
}
