//! What an event type has to say about itself, and what it is given to decode.

use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use super::StreamFacts;
use crate::error::Error;
use crate::json::{self, DecodeError};
use crate::sse;
use crate::wire::{Nullable, Tagged, UnknownVariant};

/// The events of a stream, as a type. Generated; there is nothing to implement by hand.
pub trait StreamEvent: Clone + Send + Sync {
    /// The type's name, for errors.
    #[doc(hidden)]
    const NAME: &'static str;

    /// What the names of events mean.
    #[doc(hidden)]
    const ROLES: EventRoles;

    /// Decodes one event that is neither an error nor a sentinel.
    #[doc(hidden)]
    fn from_frame(frame: Frame<'_>) -> Result<Self, DecodeError>;

    /// The text that is news in a chunk, and the path to it in the data. In most chunks of an answer all else stays the same. Where the text
    /// stands doesn't depend on what it says.
    #[doc(hidden)]
    fn news(&mut self) -> Option<(&mut String, &'static [&'static str])> {
        None
    }

    /// Takes over what the frame says besides its data.
    #[doc(hidden)]
    fn reframe(&mut self, _frame: Frame<'_>) {}

    /// Notes what the event says of its stream.
    #[doc(hidden)]
    fn note(&self, _facts: &mut StreamFacts) {}

    /// Adds what the event says to the text of the answer so far; the error is that of an answer that is no success. Where events were lost
    /// for good (`is_rebuilt`), the last one has the whole text.
    #[doc(hidden)]
    fn render(&self, _text: &mut String, _is_rebuilt: bool) -> Result<(), Error> {
        Ok(())
    }
}

/// What the names of a stream's events mean.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct EventRoles {
    /// The member of the data that decides instead of the event's name, where there is one.
    pub tag: Option<&'static str>,
    /// Carries a piece of the answer. The index of a chunk counts these. With a tag, every event does that isn't an error.
    pub chunk: &'static str,
    /// Are the last event of a stream. An event type sees only the first of these names.
    pub done: &'static [&'static str],
    /// Are the last event of a stream whose answer is not whole: it failed, was cancelled, or ran into a limit.
    pub unfinished: &'static [&'static str],
    /// Are an error, and the end.
    pub error: &'static [&'static str],
    /// Data of a nameless event or a chunk that isn't an event but the end.
    pub sentinel: Option<&'static str>,
    /// Whether a stream always says that it ends. A body that ends before that was cut, however cleanly.
    pub always_ends: bool,
    /// The member of the data that numbers the events.
    pub sequence: Option<&'static str>,
    /// Path to what is the same in all chunks of one answer.
    pub answer: &'static [&'static str],
    /// Path to what only the first chunk of an answer has.
    pub opening: &'static [&'static str],
}

/// One event, to be decoded.
#[doc(hidden)]
#[allow(dead_code, reason = "which of these are used depends on the features")]
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The name; `message` for an event without one.
    pub event: &'a str,
    /// The data, if there was any.
    pub data: Option<&'a str>,
    id: Option<&'a str>,
    retry: Option<Duration>,
}

#[allow(dead_code, reason = "which of these are used depends on the features")]
impl<'a> Frame<'a> {
    /// A frame by the name that counts for it, which is not always the one it has.
    pub fn new(name: &'a str, event: &'a sse::Event) -> Self {
        Self { event: name, data: event.data.as_deref(), id: event.id.as_deref(), retry: event.retry }
    }

    /// With the id that is in force where the event brings none: one of an earlier connection.
    pub(crate) fn or_id(self, id: Option<&'a str>) -> Self {
        Self { id: self.id.or(id), ..self }
    }

    /// The data, which must be there.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        match self.data {
            Some(data) => json::from_str(data),
            None => Err(DecodeError::custom::<T>("the event has no data")),
        }
    }

    /// The data, which must be there, as a union that the member `key` tells apart. It is read once, by the variant it turns out to be.
    pub(crate) fn tagged<T>(
        &self,
        union: &'static str,
        key: &'static str,
        read: impl Fn(Tagged<'_>) -> serde_json::Result<T>,
    ) -> Result<T, DecodeError> {
        match self.data {
            Some(data) => json::from_str_by(data, |text| read(Tagged::of(text, union, key))),
            None => Err(DecodeError::custom::<T>("the event has no data")),
        }
    }

    /// The data, if there is any and it isn't `null`.
    pub(crate) fn optional_json<T: DeserializeOwned>(&self) -> Result<Option<T>, DecodeError> {
        self.data.map_or(Ok(None), json_or_text)
    }

    /// The data, which may be missing or `null`, the two being told apart.
    pub(crate) fn nullable_json<T: DeserializeOwned>(&self) -> Result<Nullable<T>, DecodeError> {
        let Some(data) = self.data else { return Ok(Nullable::Absent) };
        json_or_text(data).map(|value: Option<T>| value.map_or(Nullable::Null, Nullable::Value))
    }

    /// The data, if there is any, whatever it is; `null` is a value too.
    pub(crate) fn any_json(&self) -> Result<Option<Value>, DecodeError> {
        self.data.map(json_or_text).transpose()
    }

    /// The event id in force: an id holds for the events after it too.
    pub(crate) fn id(&self) -> Option<String> {
        self.id.map(str::to_owned)
    }

    /// The event's own `retry`, in milliseconds.
    pub(crate) fn retry(&self) -> Option<i64> {
        self.retry.map(|retry| i64::try_from(retry.as_millis()).unwrap_or(i64::MAX))
    }

    /// The whole event as it came.
    pub(crate) fn unknown(&self) -> UnknownVariant {
        UnknownVariant::from_event(self.event, self.data, self.id, self.retry())
    }
}

/// Text that isn't JSON at all counts as a JSON string: servers end streams with words.
#[allow(dead_code, reason = "which of these are used depends on the features")]
fn json_or_text<T: DeserializeOwned>(data: &str) -> Result<T, DecodeError> {
    json::from_str(data).or_else(|error| {
        let is_text = serde_json::from_str::<IgnoredAny>(data).is_err();
        let string = is_text.then(|| serde_json::to_string(data).ok()).flatten();
        string.and_then(|string| json::from_str(&string).ok()).ok_or(error)
    })
}
