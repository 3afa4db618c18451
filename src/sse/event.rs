//! One event, as it was dispatched.

use std::time::Duration;

use bytestring::ByteString;

/// One event of an event stream.
///
/// The texts share the memory of the network piece they came in where they can, so cloning an event is cheap, and
/// keeping one keeps that piece. Copy the text (`to_string()`) of events that are kept for long.
///
/// ```
/// use mka1::sse::Decoder;
///
/// let mut decoder = Decoder::new();
/// decoder.push("data: one\ndata: two\n\n");
/// let event = decoder.next_event()?.expect("an event");
///
/// assert_eq!(event.name(), "message");
/// assert_eq!(event.data.as_deref(), Some("one\ntwo"));
/// # Ok::<_, mka1::sse::DecodeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The value of the `event` field; `None` if there was none or an empty one. [`name`](Self::name) fills in the default.
    pub event: Option<ByteString>,
    /// The `data` lines, joined by LF. `None` only if the decoder keeps [data-less events](super::Decoder::with_dataless_events).
    pub data: Option<ByteString>,
    /// The last event id at this event: an `id` lasts for the events after it too. `None` if none was set, or an empty one.
    pub id: Option<ByteString>,
    /// The `retry` field of this very event: how long to wait before connecting again.
    pub retry: Option<Duration>,
}

impl Event {
    /// The event's name: the `event` field, or `"message"` if it was not given.
    ///
    /// ```
    /// assert_eq!(mka1::sse::Event::default().name(), "message");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.event.as_deref().unwrap_or("message")
    }
}
