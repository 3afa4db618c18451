//! Most chunks of an answer differ from the one before in one text only: what is the same isn't parsed again.

use std::borrow::Cow;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use super::{Frame, StreamEvent};
use crate::json::DecodeError;
use crate::wire;

/// Chunks that hold more than this are parsed one by one.
const MAX_DATA: usize = 4 * 1024;

/// So many chunks in a row that weren't like the one before, and the stream's are parsed one by one from then on.
const MAX_MISSES: u32 = 16;

/// Decodes the events of a stream, by what the last chunk was where the next is like it.
///
/// That is so if their data are the same but for one JSON string, where both have the text that [`StreamEvent::news`] knows. What the
/// parser made of the rest it would make again, so the event is that of the last chunk with another text.
#[doc(hidden)]
#[derive(Debug)]
pub struct Template<T> {
    /// Shared with nobody. But what an `Arc` does when it is dropped is compiled once, and that of a `Box` wherever a stream may be dropped.
    last: Option<Arc<Last<T>>>,
    misses: u32,
}

/// A chunk that was parsed.
#[derive(Debug)]
struct Last<T> {
    /// Its text is left out.
    event: T,
    data: String,
    /// Where the text stands in the data, its quotes included.
    text: Range<usize>,
}

impl<T> Default for Template<T> {
    fn default() -> Self {
        Self { last: None, misses: 0 }
    }
}

impl<T: StreamEvent> Template<T> {
    /// Decodes a chunk.
    pub fn chunk(&mut self, frame: Frame<'_>) -> Result<T, DecodeError> {
        if let Some((last, text)) = self.likeness(&frame) {
            let mut event = last.event.clone();
            if let Some((place, _)) = event.news() {
                *place = text.into_owned();
            }
            event.reframe(frame);
            self.misses = 0;
            return Ok(event);
        }
        let mut event = T::from_frame(frame)?;
        if self.misses < MAX_MISSES && event.news().is_some() {
            self.misses += 1;
            if let Some(last) = Last::new(&event, frame.data.unwrap_or_default()) {
                self.last = Some(Arc::new(last));
            }
        }
        Ok(event)
    }

    /// The last chunk and another text, if that is all there is to the frame.
    fn likeness<'f>(&self, frame: &Frame<'f>) -> Option<(&Last<T>, Cow<'f, str>)> {
        let last = self.last.as_deref()?;
        let (before, after) = (&last.data[..last.text.start], &last.data[last.text.end..]);
        let text = string(frame.data?.strip_prefix(before)?.strip_suffix(after)?)?;
        Some((last, text))
    }

    /// Whether a frame is the last chunk with another text.
    #[cfg(test)]
    pub(crate) fn is_like(&self, frame: &Frame<'_>) -> bool {
        self.likeness(frame).is_some()
    }
}

impl<T: StreamEvent> Last<T> {
    /// `None` if the event has no text that could be another, or none to be found.
    fn new(event: &T, data: &str) -> Option<Self> {
        if data.len() > MAX_DATA {
            return None;
        }
        let mut event = event.clone();
        let (text, path) = event.news()?;
        let value = wire::peek_at(data, path)?;
        let is_text = string(value)? == mem::take(text);
        let from = value.as_ptr() as usize - data.as_ptr() as usize;
        is_text.then(|| Self { event, data: data.to_owned(), text: from..from + value.len() })
    }
}

/// What a JSON string says; `None` if it is none, or more than one. What isn't quite JSON is left to those who repair it.
fn string(value: &str) -> Option<Cow<'_, str>> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    match inner.bytes().find(|byte| matches!(byte, b'"' | b'\\' | ..b' ')) {
        None => Some(Cow::Borrowed(inner)),
        Some(b'\\') => serde_json::from_str(value).ok().map(Cow::Owned),
        Some(_) => None,
    }
}
