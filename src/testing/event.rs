//! One server-sent event, framed as MKA1 frames it.

use std::fmt::Write as _;

use bytes::Bytes;
use serde::Serialize;

/// One event of a stream, written field by field in the order MKA1 uses: comments, `event`, `retry`, `id`, `data`.
///
/// ```
/// use mka1::testing::Event;
///
/// let event = Event::message(&serde_json::json!({"n": 1})).id("0");
/// assert_eq!(event.to_bytes(), "event: message\nid: 0\ndata: {\"n\":1}\n\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    comments: Vec<String>,
    name: Option<String>,
    retry: Option<u64>,
    id: Option<String>,
    data: Option<String>,
}

impl Event {
    /// An event with a name and nothing else. MKA1 does send such events.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// An event without a name, as OpenAI's format has it.
    pub fn nameless() -> Self {
        Self::default()
    }

    /// A `message` event, the one that carries a chunk.
    pub fn message<T: Serialize + ?Sized>(data: &T) -> Self {
        Self::named("message").data(data)
    }

    /// Sets the data, as compact JSON.
    ///
    /// A value that has no JSON (a map with keys that are not strings) becomes the error's text.
    pub fn data<T: Serialize + ?Sized>(self, data: &T) -> Self {
        let json = serde_json::to_string(data).unwrap_or_else(|error| error.to_string());
        self.data_text(json)
    }

    /// Sets the data to text sent as it is, JSON or not; each line of it becomes a `data` line.
    pub fn data_text(mut self, data: impl Into<String>) -> Self {
        self.data = Some(data.into());
        self
    }

    /// Sets the event's id.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the time to wait before reconnecting, in milliseconds.
    pub fn retry(mut self, milliseconds: u64) -> Self {
        self.retry = Some(milliseconds);
        self
    }

    /// Puts a comment before the event; again for another.
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.comments.push(text.into());
        self
    }

    /// The bytes on the wire: LF line ends, one space after each colon, a blank line at the end.
    pub fn to_bytes(&self) -> Bytes {
        let mut out = String::new();
        let mut line = |field: &str, value: &str| {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{field}: {value}");
        };
        for comment in &self.comments {
            line("", comment);
        }
        if let Some(name) = &self.name {
            line("event", name);
        }
        if let Some(retry) = self.retry {
            line("retry", &retry.to_string());
        }
        if let Some(id) = &self.id {
            line("id", id);
        }
        for data in self.data.iter().flat_map(|data| data.split('\n')) {
            line("data", data);
        }
        out.push('\n');
        out.into()
    }
}

/// The comment MKA1 sends at the start of a stream, and every five seconds while it waits.
pub(super) const EMPTY_COMMENT: Bytes = Bytes::from_static(b": \n\n");
