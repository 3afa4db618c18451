//! From the bytes of a chat stream to typed chunks: ours, and a peer's events through a minimal struct.

use std::hint::black_box;

use bytes::Bytes;
use mka1::types::ChatCompletionEvent;
use mka1::{Frame, StreamEvent, Template};
use serde::Deserialize;

use crate::decoders;

/// The least that a caller can do with: the text, and why it ended.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub struct Minimal {
    choices: Vec<MinimalChoice>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct MinimalChoice {
    delta: MinimalDelta,
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct MinimalDelta {
    content: Option<String>,
}

/// A chunk written by hand with all that the generated one has.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
pub struct Full {
    id: String,
    object: String,
    created: i64,
    model: String,
    choices: Vec<FullChoice>,
    #[serde(default)]
    system_fingerprint: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct FullChoice {
    index: i64,
    delta: FullDelta,
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct FullDelta {
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

/// No stream at all: each payload on its own.
pub fn bare<T: for<'a> Deserialize<'a>>(payloads: &[String]) -> usize {
    payloads.iter().filter(|payload| black_box(serde_json::from_slice::<T>(payload.as_bytes())).is_ok()).count()
}

/// Our decoder, and the generated event type as a stream reads it: by the chunk before, where that differs in its text only.
pub fn mka1(pieces: &[Bytes]) -> usize {
    let mut template = Template::default();
    mka1_by(pieces, |frame| template.chunk(frame))
}

/// The same where no chunk is like the one before: each is parsed.
pub fn mka1_parsed(pieces: &[Bytes]) -> usize {
    mka1_by(pieces, ChatCompletionEvent::from_frame)
}

fn mka1_by(
    pieces: &[Bytes],
    mut decode: impl FnMut(Frame<'_>) -> Result<ChatCompletionEvent, mka1::DecodeError>,
) -> usize {
    let mut chunks = 0;
    decoders::mka1(pieces, |event| {
        let event = black_box(decode(Frame::new(event.name(), event)));
        chunks += usize::from(matches!(event, Ok(ChatCompletionEvent::Message(_))));
    });
    chunks
}

pub fn sse_core(pieces: &[Bytes]) -> usize {
    let mut chunks = 0;
    decoders::sse_core(pieces, |data| chunks += minimal(data));
    chunks
}

pub fn sse_stream(pieces: &[Bytes]) -> usize {
    let mut chunks = 0;
    decoders::sse_stream(pieces, |data| chunks += minimal(data));
    chunks
}

fn minimal(data: &str) -> usize {
    usize::from(black_box(serde_json::from_str::<Minimal>(data)).is_ok())
}
