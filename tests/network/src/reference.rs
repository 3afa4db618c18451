//! The stream that is cut: a few small chunks and the event that ends it, as the bytes of a body.

use std::ops::Range;
use std::sync::LazyLock;

/// What the chunks say. No two are alike, since nothing else tells them apart.
pub const TEXTS: [&str; 3] = ["Hi", ", y", "ou"];

/// The whole body.
pub static BODY: LazyLock<Vec<u8>> = LazyLock::new(|| events_between(0..TEXTS.len() + 1));

/// The bytes of these events, counted from 0; the one after the last chunk is `done`.
pub fn events_between(range: Range<usize>) -> Vec<u8> {
    range.map(|index| TEXTS.get(index).map_or_else(done, |text| message(text))).collect::<String>().into_bytes()
}

/// How many chunks these first bytes of the body hold whole.
pub fn chunks_before(cut: usize) -> usize {
    (0..TEXTS.len()).filter(|last| events_between(0..last + 1).len() <= cut).count()
}

/// An event with a chunk.
pub fn message(text: &str) -> String {
    let choice = serde_json::json!({ "index": 0, "delta": { "content": text }, "finish_reason": null });
    let chunk = serde_json::json!({
        "id": "c", "object": "chat.completion.chunk", "created": 7, "model": "m", "choices": [choice],
    });
    format!("event: message\ndata: {chunk}\n\n")
}

/// The event that ends a stream.
pub fn done() -> String {
    "event: done\ndata: null\n\n".to_owned()
}
