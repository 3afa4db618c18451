//! JSON in: decodes what a server sent, and says where and why when it doesn't fit.
//!
//! Decoding that succeeds costs what `serde_json` costs. Everything else happens after a failure: text that only JavaScript takes
//! for text is repaired and read again ([`repair`]), and what is left becomes a [`DecodeError`] with the path of the fault.

mod fault;
mod path;
mod repair;
#[cfg(test)]
mod tests;

use serde::de::DeserializeOwned;
use std::any::type_name;
use std::fmt;

pub(crate) use fault::Fault;

/// Decodes a whole body. Bytes that aren't UTF-8 become U+FFFD first: types are read from text only, so that each is compiled for that once.
pub(crate) fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => from_str(text),
        Err(_) => from_str(&String::from_utf8_lossy(bytes)),
    }
}

/// Decodes a whole text, such as the data of one event.
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    from_str_by(text, |text| serde_json::from_str(text))
}

/// The same for what `read` makes of the text.
pub(crate) fn from_str_by<T>(text: &str, read: impl Fn(&str) -> serde_json::Result<T>) -> Result<T, DecodeError> {
    read(text).or_else(|error| match repair::text(text) {
        Some(repaired) => {
            read(&repaired).map_err(|error| DecodeError::new(type_name::<T>(), repaired.as_bytes(), &error))
        }
        None => Err(DecodeError::new(type_name::<T>(), text.as_bytes(), &error)),
    })
}

/// JSON that doesn't fit the type it was read as.
///
/// It is the [source](std::error::Error::source) of an [`Error`](crate::error::Error) of the kind
/// [`Decode`](crate::error::ErrorKind::Decode), and reads like
/// ``ChatCompletionChunk at choices[0].index: invalid type: string "a", expected i64``.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    type_name: String,
    fault: Fault,
}

impl DecodeError {
    #[cold]
    fn new(type_name: &str, text: &[u8], error: &serde_json::Error) -> Self {
        Self(Box::new(Inner { type_name: short_name(type_name), fault: Fault::find(text, error) }))
    }

    /// A fault that has nothing to do with JSON's own rules, such as an event without data.
    #[cold]
    pub(crate) fn custom<T>(reason: impl AsRef<str>) -> Self {
        Self(Box::new(Inner { type_name: short_name(type_name::<T>()), fault: Fault::whole(reason.as_ref()) }))
    }

    /// Where the fault is, such as `choices[0].delta.content`; empty when it is the whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.fault.path
    }

    /// What is wrong there.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.fault.reason
    }

    /// The type that was expected, such as `Vec<ChatMessage>`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        &self.0.type_name
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0.type_name, self.0.fault)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("type", &self.0.type_name)
            .field("path", &self.0.fault.path)
            .field("reason", &self.0.fault.reason)
            .finish()
    }
}

impl std::error::Error for DecodeError {}

/// `alloc::vec::Vec<mka1::types::ChatMessage>` → `Vec<ChatMessage>`.
fn short_name(name: &str) -> String {
    let mut short = String::new();
    let mut segment = 0; // where the path being read starts in `short`
    for c in name.chars() {
        if c == ':' {
            short.truncate(segment);
        } else {
            short.push(c);
            if c == ' ' || (c.is_ascii_punctuation() && c != '_') {
                segment = short.len();
            }
        }
    }
    short
}
