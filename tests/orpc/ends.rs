//! How a stream ends: with what the server's generator returned, or without.

use mka1::StreamEnd;
use serde_json::{Value, json};

use crate::outcome::{message, read, with};

#[tokio::test]
async fn chunks_come_whole_and_in_order() {
    let Some(outcome) = read("ok").await else { return };
    assert_eq!(outcome.events(), ["a", "b", "c"].map(message));
    assert_eq!(outcome.last_chunk_index, Some(2));
    assert_eq!(outcome.last_event_id, None);
}

#[tokio::test]
async fn a_generator_that_returns_nothing_ends_the_stream_without_done() {
    for (mode, chunks) in [("ok", 3), ("empty", 0), ("return-undefined", 1)] {
        let Some(outcome) = read(mode).await else { return };
        assert_eq!((outcome.items.len(), outcome.ended), (chunks, Some(StreamEnd::Closed)), "{mode}");
    }
}

#[tokio::test]
async fn what_a_generator_returns_comes_in_done_as_it_was() {
    for (mode, data) in [
        ("done-value", json!({ "reason": "stop", "tokens": 3, "cost": 0.1, "list": [null, true, ""] })),
        ("done-null", Value::Null),
        ("done-string", json!("[DONE]")),
        ("done-number", json!(9_007_199_254_740_991_i64)),
        ("done-false", json!(false)),
    ] {
        let Some(outcome) = read(mode).await else { return };
        assert_eq!(outcome.events(), [message("a"), json!({ "event": "done", "data": data })], "{mode}");
        assert_eq!((outcome.ended, outcome.last_chunk_index), (Some(StreamEnd::Done), Some(0)), "{mode}");
    }
}

#[tokio::test]
async fn done_may_have_an_id_and_a_retry() {
    let Some(outcome) = read("done-meta").await else { return };
    let done = json!({ "event": "done", "data": { "n": 1 } });
    assert_eq!(outcome.events(), [message("a"), with(done, json!({ "id": "7", "retry": 20 }))]);
    assert_eq!(outcome.last_event_id.as_deref(), Some("7"));
}
