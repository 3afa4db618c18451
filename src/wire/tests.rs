//! What generated types promise, on types made the way the generator makes them.

use super::*;
use crate::json;
use serde::de::{DeserializeOwned, Deserializer, SeqAccess};
use serde::{Deserialize, Serialize};
use serde_json::{Value, from_value, json};
use std::fmt::Debug;

mod nullable;
mod objects;
mod open;
mod unions;

/// The text is read as `T` from anything `serde_json` reads from, and every way gives the same; it is written again as it was.
fn round_trip<T: DeserializeOwned + Serialize + PartialEq + Debug>(text: &str) -> T {
    let value = json::from_str::<T>(text).unwrap();
    assert_eq!(json::from_slice::<T>(text.as_bytes()).unwrap(), value);
    assert_eq!(serde_json::from_reader::<_, T>(text.as_bytes()).unwrap(), value);
    assert_eq!(serde_json::to_string(&value).unwrap(), text);
    assert_eq!(serde_json::to_value(&value).unwrap(), json::from_str::<Value>(text).unwrap());
    value
}

fn unknown(text: &str) -> UnknownVariant {
    UnknownVariant::from_raw(raw::boxed(text))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Role {
    User,
    Assistant,
    Unknown(UnknownValue),
}

open_enum! { Role { User = "user", Assistant = "assistant" } }

/// A union with a tag.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type")]
enum Part {
    #[serde(rename = "text")]
    Text(TextPart),
    #[serde(rename = "image_url")]
    Image(ImagePart),
    /// A union within a union.
    #[serde(rename = "group")]
    Group(GroupPart),
    #[serde(untagged)]
    Unknown(UnknownVariant),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct TextPart {
    text: String,
}

from_object! { TextPart { text = "text" required } }

#[derive(Clone, Debug, PartialEq, Serialize)]
struct ImagePart {
    image_url: ImageUrl,
}

from_object! { ImagePart { image_url = "image_url" required } }

#[derive(Clone, Debug, PartialEq, Serialize)]
struct ImageUrl {
    url: String,
}

from_object! { ImageUrl { url = "url" required } }

#[derive(Clone, Debug, PartialEq, Serialize)]
struct GroupPart {
    parts: Vec<Part>,
}

from_object! { GroupPart { parts = "parts" required } }

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Tagged::read(deserializer, "Part", "type")?;
        match raw.tag() {
            Some("text") => raw.variant().map(Self::Text),
            Some("image_url") => raw.variant().map(Self::Image),
            Some("group") => raw.variant().map(Self::Group),
            _ => Ok(Self::Unknown(raw.unknown())),
        }
    }
}

/// A union by JSON type.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
    Part(Part),
    Unknown(UnknownVariant),
}

impl<'de> ByJsonType<'de> for Content {
    const NAME: &'static str = "Content";

    fn unknown(raw: UnknownVariant) -> Self {
        Self::Unknown(raw)
    }

    fn string<E: serde::de::Error>(value: String) -> Result<Self, E> {
        Ok(Self::Text(value))
    }

    fn array<A: SeqAccess<'de>>(items: A) -> Result<Self, A::Error> {
        list(items).map(Self::Parts)
    }

    fn object<A: serde::de::MapAccess<'de>>(members: A) -> Result<Self, A::Error> {
        object(members).map(Self::Part)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_json_type(deserializer)
    }
}

/// A union without a tag.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum File {
    Uploaded(Uploaded),
    Inline(Inline),
    Unknown(UnknownVariant),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Uploaded {
    file_id: String,
}

from_object! { Uploaded { file_id = "file_id" required } }

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Inline {
    file_data: String,
}

from_object! { Inline { file_data = "file_data" required } }

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Keyed::read(deserializer, "File")?;
        let variants = [
            Fit { required: &["file_id"], known: &["file_id"], constants: &[] },
            Fit { required: &["file_data"], known: &["file_data"], constants: &[] },
        ];
        match raw.fitting(&variants) {
            Some(0) => raw.variant().map(Self::Uploaded),
            Some(1) => raw.variant().map(Self::Inline),
            _ => Ok(Self::Unknown(raw.unknown())),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Request {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<File>,
    #[serde(skip_serializing_if = "Nullable::is_absent")]
    max_tokens: Nullable<i64>,
    #[serde(skip_serializing_if = "Nullable::is_absent")]
    stop: Nullable<Content>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Value>,
}

from_object! { Request { messages = "messages" default, file = "file" default, max_tokens = "max_tokens" default, stop = "stop" default, metadata = "metadata" present } }

/// Messages are a union by their role.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "role")]
enum Message {
    #[serde(rename = "user")]
    User(UserMessage),
    #[serde(untagged)]
    Unknown(UnknownVariant),
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct UserMessage {
    content: Content,
}

from_object! { UserMessage { content = "content" required } }

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Tagged::read(deserializer, "Message", "role")?;
        match raw.tag() {
            Some("user") => raw.variant().map(Self::User),
            _ => Ok(Self::Unknown(raw.unknown())),
        }
    }
}
