//! The one error of the crate.
//!
//! [`Error`] is opaque: it is asked, not matched. What a failed response says is read by [`body`], whatever service wrote it.

mod body;
mod headers;
mod kind;
mod make;
pub(crate) mod retry_after;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use bytes::Bytes;
use headers::Masked;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::fmt;
use std::time::Duration;
use text::one_line;

pub use kind::{ErrorKind, TimeoutPhase};
pub use make::ErrorBuilder;

/// A result whose error is an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Characters of a message that are shown on one line, and of a body in `Debug`.
const SHOWN_MESSAGE: usize = 300;
const SHOWN_BODY: usize = 500;

/// Why a call failed.
///
/// [`kind`](Self::kind) tells how far it got, the predicates (`is_…`, [`never_sent`](Self::never_sent)) what may be done about it.
/// What the server said is in [`message`](Self::message) and [`code`](Self::code), whichever of its services answered, and untouched
/// in [`status`](Self::status), [`headers`](Self::headers) and [`body`](Self::body).
///
/// It never shows a token: what was sent is not kept, and headers that hold secrets are masked in `Debug`.
///
/// ```
/// # fn handle(error: mka1::Error) {
/// if error.is_rate_limited() {
///     eprintln!("slow down: try again in {:?}", error.retry_after());
/// } else if error.never_sent() {
///     eprintln!("nothing has happened yet: {error}");
/// } else {
///     eprintln!("{}: {} (request {:?})", error.kind(), error.message(), error.request_id());
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    phase: Option<TimeoutPhase>,
    message: String,
    code: Option<String>,
    request_id: Option<String>,
    status: Option<StatusCode>,
    headers: Option<HeaderMap>,
    body: Option<Bytes>,
    retry_after: Option<Duration>,
    operation: Option<&'static str>,
    attempts: u32,
    last_chunk_index: Option<u64>,
    last_sequence_number: Option<i64>,
    source: Option<BoxError>,
}

impl Error {
    /// What went wrong, by how far the request got.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The status of the response, if one had come. For an error event it is the status that its data names: that of the response,
    /// which had begun well, would say nothing.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The headers of the response, if one had come.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.headers.as_ref()
    }

    /// The server's word for what is wrong, such as `BAD_REQUEST` or `not_found`; a number is given as text.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What is wrong, for people: the server's words where it found some, ours otherwise.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What the server sent: the body of a failed response (as far as it was read), the data of an error event, or what could not be
    /// decoded.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.0.body.as_ref()
    }

    /// The name under which the server's logs know the request, from the body or the headers. Give it to whoever runs the service.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the server asks to wait before the next attempt (`retry-after-ms`, `Retry-After`), counted from when its response came.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Decodes what the server sent as a type of your own: the body of a failed response, or the `data` within an error event (the whole
    /// event where it has none).
    ///
    /// # Errors
    /// Of the kind [`Decode`](ErrorKind::Decode), when it doesn't fit, or nothing was sent.
    ///
    /// ```
    /// # use mka1::Error;
    /// #[derive(serde::Deserialize)]
    /// struct Quota {
    ///     limit: u32,
    /// }
    ///
    /// let error = Error::from_event(r#"{"code":"QUOTA","status":429,"message":"No tokens left","data":{"limit":1000}}"#);
    /// assert_eq!(error.details::<Quota>()?.limit, 1000);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn details<T: DeserializeOwned>(&self) -> Result<T> {
        let body = self.0.body.as_deref().unwrap_or_default();
        let inner = if self.0.kind == ErrorKind::Event { event_data(body) } else { None };
        let details = inner.as_ref().map_or(body, |data| data.get().as_bytes());
        crate::json::from_slice(details).map_err(|error| Self::decode(error, details))
    }

    /// The index of the last chunk that the stream had given before it failed, from which it may be resumed.
    #[must_use]
    pub fn last_chunk_index(&self) -> Option<u64> {
        self.0.last_chunk_index
    }

    /// The number of the last event that the stream had given before it failed, where its events are numbered: those of responses and
    /// of agent runs are.
    #[must_use]
    pub fn last_sequence_number(&self) -> Option<i64> {
        self.0.last_sequence_number
    }

    /// How often the request was sent, or tried to be. 0 when it didn't come to that.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The operation that failed, by its id in the API's document, such as `createChatCompletionStream`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Which time limit ran out, if one did.
    #[must_use]
    pub fn timeout_phase(&self) -> Option<TimeoutPhase> {
        self.0.phase
    }

    /// Whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout
    }

    /// Whether there was no connection to the server, also when connecting took too long.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect || self.0.phase == Some(TimeoutPhase::Connect)
    }

    /// Whether the response had begun and was cut.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.0.kind == ErrorKind::Interrupted
    }

    /// Whether a stream that was taken up after a cut didn't go on where it was.
    #[must_use]
    pub fn is_discontinuity(&self) -> bool {
        self.0.kind == ErrorKind::Discontinuity
    }

    /// Whether the response has a status that says it failed.
    #[must_use]
    pub fn is_status(&self) -> bool {
        self.0.kind == ErrorKind::Status
    }

    /// Whether the stream sent an error event.
    #[must_use]
    pub fn is_event(&self) -> bool {
        self.0.kind == ErrorKind::Event
    }

    /// Whether what came doesn't fit its type.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// Whether the server refused because there were too many requests (status 429, also in an error event).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.status == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the server doesn't accept the token (status 401, also in an error event).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.0.status == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether it is certain that the server has not seen the request, so that sending it again cannot repeat any work.
    #[must_use]
    pub fn never_sent(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Config | ErrorKind::Token) || self.is_connect()
    }
}

/// The `data` in the data of an error event, unless it is null.
fn event_data(body: &[u8]) -> Option<Box<RawValue>> {
    #[derive(serde::Deserialize)]
    struct Event {
        data: Option<Box<RawValue>>,
    }
    crate::json::from_slice::<Event>(body).ok()?.data
}

/// One line: `429 Too Many Requests: Rate limit exceeded (createChatCompletionStream)`.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = one_line(&self.0.message, SHOWN_MESSAGE);
        let status = match (self.0.kind, self.0.status) {
            (ErrorKind::Status | ErrorKind::Event, Some(status)) => {
                format!("{} {}", status.as_str(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
            }
            _ => String::new(),
        };
        if self.0.kind == ErrorKind::Event {
            f.write_str(if status.is_empty() { "error event: " } else { "error event " })?;
        }
        match status.as_str() {
            "" => f.write_str(&message)?,
            // The message is the status itself, for want of another.
            status if status.ends_with(&message) => f.write_str(status)?,
            status => write!(f, "{status}: {message}")?,
        }
        match (self.0.operation, self.0.attempts) {
            (Some(operation), attempts @ 2..) => write!(f, " ({operation}, {attempts} attempts)"),
            (Some(operation), _) => write!(f, " ({operation})"),
            (None, attempts @ 2..) => write!(f, " ({attempts} attempts)"),
            (None, _) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &*self.0;
        let mut fields = f.debug_struct("Error");
        fields.field("kind", &error.kind).field("message", &one_line(&error.message, SHOWN_BODY));
        let mut known = |name, value: Option<&dyn fmt::Debug>| {
            if let Some(value) = value {
                fields.field(name, value);
            }
        };
        known("phase", error.phase.as_ref().map(|phase| phase as _));
        known("status", error.status.as_ref().map(|status| status as _));
        known("code", error.code.as_ref().map(|code| code as _));
        known("request_id", error.request_id.as_ref().map(|id| id as _));
        known("retry_after", error.retry_after.as_ref().map(|wait| wait as _));
        known("operation", error.operation.as_ref().map(|id| id as _));
        known("attempts", Some(&error.attempts as _).filter(|_| error.attempts > 0));
        known("last_chunk_index", error.last_chunk_index.as_ref().map(|index| index as _));
        known("last_sequence_number", error.last_sequence_number.as_ref().map(|number| number as _));
        known("headers", error.headers.as_ref().map(Masked).as_ref().map(|headers| headers as _));
        let body = error.body.as_ref().map(|body| shown(body));
        known("body", body.as_ref().map(|body| body as _));
        known("source", error.source.as_ref().map(|source| source as _));
        fields.finish()
    }
}

/// The beginning of a body.
fn shown(body: &[u8]) -> String {
    // A character has four bytes at most.
    let beginning = body.get(..SHOWN_BODY * 4 + 4).unwrap_or(body);
    one_line(&String::from_utf8_lossy(beginning), SHOWN_BODY)
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}
