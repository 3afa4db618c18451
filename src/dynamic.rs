//! Operations by their id, with arguments as JSON: for tools that learn at run time what to call.
#![allow(dead_code, reason = "which of these are used depends on the features")]

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_util::TryStreamExt;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::{Map, Value};

use crate::call::{Call, Operation};
use crate::download::Download;
use crate::error::Error;
use crate::response::Response;
use crate::stream::{EventStream, StreamEvent};
use crate::upload::Upload;

include!(concat!(env!("OUT_DIR"), "/dynamic.rs"));

/// The arguments of a call by name: parameters by their names on the wire, the request body as `body`. A body that the API does not ask
/// for may be left out.
///
/// A file is an object: `file_name` and `content_type`, if wanted, and the content as `text`, or as `bytes` (a list of numbers).
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    values: Map<String, Value>,
    /// Where these stand, for errors.
    within: &'static str,
}

impl Arguments {
    /// The arguments of one call.
    pub fn new(values: Map<String, Value>) -> Self {
        Self { values, within: "" }
    }

    fn required<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Error> {
        self.optional(name)?.ok_or_else(|| Error::config(format!("the argument `{}{name}` is missing", self.within)))
    }

    fn optional<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Error> {
        let Some(value) = self.values.remove(name) else { return Ok(None) };
        let value = crate::json::from_str(&value.to_string());
        value.map(Some).map_err(|error| Error::config(format!("the argument `{}{name}`: {error}", self.within)))
    }

    /// A body that may be left out is sent all the same: an object without members, which says as much.
    fn required_or_empty<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, Error> {
        self.values.entry(name).or_insert_with(|| Value::Object(Map::new()));
        self.required(name)
    }

    fn form(&mut self, name: &'static str) -> Result<Self, Error> {
        Ok(Self { values: self.required(name)?, within: "body." })
    }

    fn upload(&mut self, name: &'static str) -> Result<Upload, Error> {
        self.required::<File>(name).map(Upload::from)
    }

    fn upload_or_empty(&mut self, name: &'static str) -> Result<Upload, Error> {
        Ok(self.optional_upload(name)?.unwrap_or_else(|| Upload::from_bytes("")))
    }

    fn optional_upload(&mut self, name: &'static str) -> Result<Option<Upload>, Error> {
        Ok(self.optional::<File>(name)?.map(Upload::from))
    }

    fn uploads(&mut self, name: &'static str) -> Result<Vec<Upload>, Error> {
        Ok(self.required::<Vec<File>>(name)?.into_iter().map(Upload::from).collect())
    }

    fn optional_uploads(&mut self, name: &'static str) -> Result<Option<Vec<Upload>>, Error> {
        let files = self.optional::<Vec<File>>(name)?;
        Ok(files.map(|files| files.into_iter().map(Upload::from).collect()))
    }

    fn finish(self) -> Result<(), Error> {
        if self.values.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = self.values.keys().map(|name| format!("`{}{name}`", self.within)).collect();
        Err(Error::config(format!("the operation has no argument {}", names.join(", "))))
    }
}

#[derive(serde::Deserialize)]
struct File {
    file_name: Option<String>,
    content_type: Option<String>,
    text: Option<String>,
    bytes: Option<Vec<u8>>,
}

impl From<File> for Upload {
    fn from(file: File) -> Self {
        let content = file.bytes.unwrap_or_else(|| file.text.unwrap_or_default().into_bytes());
        let upload = Upload::from_bytes(content);
        let upload = file.file_name.into_iter().fold(upload, Upload::file_name);
        file.content_type.into_iter().fold(upload, Upload::content_type)
    }
}

/// A text argument, for which any plain value will do.
pub(crate) struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            value @ (Value::Number(_) | Value::Bool(_)) => Ok(Self(value.to_string())),
            _ => Err(serde::de::Error::custom("expected a text")),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a call gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The content.
    pub body: ReplyBody,
}

/// The content of a reply.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ReplyBody {
    /// Decoded as its type and written out again.
    Json(Value),
    /// All events of a stream.
    Events(Vec<Value>),
    /// Bytes as they came.
    Bytes(Bytes),
}

fn json(value: impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|error| Error::config(format!("the result cannot be written as JSON: {error}")))
}

/// What a call can give, in JSON.
pub(crate) trait IntoReply {
    fn into_reply(self) -> impl Future<Output = Result<Reply, Error>> + Send;
}

impl<T: Serialize + Send> IntoReply for Response<T> {
    async fn into_reply(self) -> Result<Reply, Error> {
        let (status, headers, value) = self.into_parts();
        Ok(Reply { status, headers, body: ReplyBody::Json(json(value)?) })
    }
}

impl<T: StreamEvent + Serialize + Send> IntoReply for EventStream<T> {
    async fn into_reply(mut self) -> Result<Reply, Error> {
        let (status, headers) = (self.status(), self.headers().clone());
        let mut events = Vec::new();
        while let Some(event) = self.try_next().await? {
            events.push(json(event)?);
        }
        Ok(Reply { status, headers, body: ReplyBody::Events(events) })
    }
}

impl IntoReply for Download {
    async fn into_reply(self) -> Result<Reply, Error> {
        let (status, headers) = (self.status(), self.headers().clone());
        Ok(Reply { status, headers, body: ReplyBody::Bytes(self.bytes().await?) })
    }
}

/// Decodes what a failed call was answered with: as the type that the operation's docs name for the status, written out again.
///
/// # Errors
/// Of the kind [`Config`](crate::ErrorKind::Config), when the operation declares no payload for the status of the error, and of the kind
/// [`Decode`](crate::ErrorKind::Decode), when what was sent is not of its type.
pub fn decode_error(operation: &str, error: &Error) -> Result<Value, Error> {
    let payloads = payloads(operation).ok_or_else(|| unknown(operation))?;
    let status = error.status().map(|status| status.as_u16().to_string()).unwrap_or_default();
    let range = status.get(..1).map(|first| format!("{first}XX")).unwrap_or_default();
    // What is declared of the status itself, else of its range, else of all statuses.
    let declared = [status.as_str(), range.as_str(), "default"];
    let found = declared.iter().find_map(|name| payloads.iter().find(|(status, _)| status.eq_ignore_ascii_case(name)));
    let (_, decode) = found
        .ok_or_else(|| Error::config(format!("`{operation}` declares no error payload for the status {status:?}")))?;
    decode(error)
}

/// A status as the document writes it (`404`, `4XX`, `default`), and what decodes its payload.
type Payload = (&'static str, fn(&Error) -> Result<Value, Error>);

fn details<T: DeserializeOwned + Serialize>(error: &Error) -> Result<Value, Error> {
    json(error.details::<T>()?)
}

type Pending = Pin<Box<dyn Future<Output = Result<Reply, Error>> + Send>>;
type Prepared = Result<Pending, Error>;
type Prepare = fn(&crate::Client, Arguments, crate::RequestOptions) -> Prepared;

fn run<O: Operation<Output: IntoReply + Send>>(call: Call<O>) -> Pending {
    Box::pin(async { call.await?.into_reply().await })
}

fn unknown(operation: &str) -> Error {
    Error::config(format!("no operation `{operation}` in the enabled features; OPERATIONS lists those that there are"))
}
