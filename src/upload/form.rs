//! Multipart forms (RFC 7578), put together anew for every attempt.
#![allow(dead_code, reason = "the feature can be on without a group that sends forms")]

use std::fmt::Display;

use reqwest::multipart;
use serde::Serialize;
use serde_json::Value;

use super::{OCTET_STREAM, Opened, Upload};
use crate::error::Error;
use crate::platform;

/// The parts of a form, in the order in which they are sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    parts: Vec<(&'static str, Part)>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// Why a value can't be written as JSON.
    Unwritten(String),
    File(Upload),
}

impl Form {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn text(mut self, name: &'static str, value: impl Display) -> Self {
        self.parts.push((name, Part::Text(value.to_string())));
        self
    }

    /// What is more than a text as JSON, a text as it is.
    pub(crate) fn json(mut self, name: &'static str, value: impl Serialize) -> Self {
        let part = match serde_json::to_value(value) {
            Ok(Value::String(text)) => Part::Text(text),
            Ok(value) => Part::Text(value.to_string()),
            Err(error) => Part::Unwritten(error.to_string()),
        };
        self.parts.push((name, part));
        self
    }

    pub(crate) fn file(mut self, name: &'static str, upload: Upload) -> Self {
        self.parts.push((name, Part::File(upload)));
        self
    }

    pub(crate) fn is_replayable(&self) -> bool {
        self.parts.iter().all(|(_, part)| match part {
            Part::Text(_) | Part::Unwritten(_) => true,
            Part::File(upload) => upload.is_replayable(),
        })
    }

    /// The form to be sent: files are opened.
    pub(crate) async fn open(&self) -> Result<multipart::Form, Error> {
        let mut form = multipart::Form::new();
        for (name, part) in &self.parts {
            form = match part {
                Part::Text(value) => form.text(*name, value.clone()),
                Part::Unwritten(problem) => {
                    return Err(Error::config(format!("`{name}` cannot be written as JSON: {problem}")));
                }
                Part::File(upload) => form.part(*name, file(upload).await?),
            };
        }
        Ok(form)
    }
}

async fn file(upload: &Upload) -> Result<multipart::Part, Error> {
    let Opened { body, length } = upload.open().await?;
    // Without a name servers take a part for a text.
    let name = upload.file_name.clone().unwrap_or_else(|| "file".to_owned());
    let media_type = upload.media_type().unwrap_or_else(|| guessed(&name));
    let part = platform::part(body, length)
        .mime_str(media_type)
        .map_err(|error| Error::config(format!("`{media_type}` is not a media type")).with_source(error))?;
    Ok(part.file_name(escaped(&name)))
}

/// The media type that a file's name suggests.
fn guessed(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        // What the API lists where the table has a name that it doesn't, or none.
        Some("m4a") => "audio/mp4",
        Some("jsonl") => "application/jsonl",
        Some("ndjson") => "application/x-ndjson",
        _ => mime_guess::from_path(name).first_raw().unwrap_or(OCTET_STREAM),
    }
}

/// A name as forms write it (HTML, "multipart form data"): nothing in it ends the name or the line it stands in.
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
