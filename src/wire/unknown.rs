//! What this version of the crate doesn't know, kept as it came.

use super::members::{self, Members};
use super::raw;
use crate::error::Error;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

/// The value of an enum that this version of the crate doesn't know.
///
/// The API adds values over time. One that was added later is kept here and sent back as it came. To make one, convert a string to
/// the enum: it becomes the variant for that string, and this only if there is none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// The value as it is on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for UnknownValue {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for UnknownValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The variant of a union that this version of the crate doesn't know: its JSON, as it came.
///
/// The API adds kinds of content, tools and events over time. One that was added later is kept here and sent back unchanged, so an
/// older client neither fails on it nor loses it. Two of them are equal when their text is.
#[derive(Clone)]
pub struct UnknownVariant(Box<RawValue>);

impl UnknownVariant {
    pub(crate) fn from_raw(raw: Box<RawValue>) -> Self {
        Self(raw)
    }

    /// An event of a stream, as the object that the API's document describes: data that isn't JSON becomes a string.
    pub(crate) fn from_event(event: &str, data: Option<&str>, id: Option<&str>, retry: Option<i64>) -> Self {
        #[derive(serde::Serialize)]
        struct Event<'a> {
            event: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            data: Option<Box<RawValue>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            retry: Option<i64>,
        }
        let data = data.map(raw::boxed);
        let event = serde_json::value::to_raw_value(&Event { event, data, id, retry });
        Self(event.unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }

    /// The JSON text.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// The member that says which variant this is, such as `type`; `None` when this isn't an object, or has no such string.
    #[must_use]
    pub fn tag(&self, name: &str) -> Option<Cow<'_, str>> {
        Members::find(self.get(), name).and_then(members::string)
    }

    /// Decodes it as a type of your own.
    ///
    /// # Errors
    /// Of the kind [`Decode`](crate::error::ErrorKind::Decode), when it doesn't fit.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        crate::json::from_str(self.get()).map_err(|error| Error::decode(error, self.get().as_bytes()))
    }

    /// Decodes it as a tree.
    ///
    /// # Errors
    /// Of the kind [`Decode`](crate::error::ErrorKind::Decode), when it is nested too deeply for a tree.
    pub fn to_value(&self) -> Result<serde_json::Value, Error> {
        self.decode()
    }
}

/// To send what this version has no type for.
impl From<serde_json::Value> for UnknownVariant {
    fn from(value: serde_json::Value) -> Self {
        Self(raw::boxed(&value.to_string()))
    }
}

impl PartialEq for UnknownVariant {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for UnknownVariant {}

impl Hash for UnknownVariant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.get().hash(state);
    }
}

impl fmt::Display for UnknownVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get())
    }
}

impl fmt::Debug for UnknownVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownVariant({})", self.get())
    }
}

impl Serialize for UnknownVariant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for UnknownVariant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        raw::Raw::deserialize(deserializer).map(|raw| Self(raw.to_box()))
    }
}
