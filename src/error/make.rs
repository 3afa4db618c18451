//! How errors come to be: one constructor for each kind, what is added on the way to the caller, and the builder for tests.

use super::{BoxError, Error, ErrorKind, Inner, TimeoutPhase, body, headers, retry_after::retry_after};
use crate::json::DecodeError;
use crate::time::wall_clock;
use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use std::fmt;

/// Bytes of a body that could not be decoded which the error keeps.
const KEPT_BODY: usize = 64 * 1024;

impl Error {
    /// The error for a response that says it failed. Its body may be of any shape and content type.
    ///
    /// The client makes its own; this is for test doubles.
    ///
    /// ```
    /// use mka1::Error;
    /// use reqwest::{StatusCode, header::HeaderMap};
    ///
    /// let error = Error::from_status(StatusCode::TOO_MANY_REQUESTS, HeaderMap::new(), r#"{"error":"Rate limit exceeded"}"#);
    /// assert!(error.is_rate_limited());
    /// assert_eq!(error.to_string(), "429 Too Many Requests: Rate limit exceeded");
    /// ```
    #[must_use]
    pub fn from_status(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let said = body::read(&body);
        let reason = || status.canonical_reason().unwrap_or(ErrorKind::Status.sentence()).to_owned();
        let mut error = Self::new(ErrorKind::Status, said.message.unwrap_or_else(reason));
        error.0.code = said.code;
        error.0.request_id = said.request_id;
        error.0.body = Some(body);
        error.with_response(status, headers)
    }

    /// The error for the `data` of an error event, in whatever shape it came; an event without any has none to give.
    ///
    /// The client makes its own; this is for test doubles.
    #[must_use]
    pub fn from_event(data: &str) -> Self {
        let said = body::read(data.as_bytes());
        let mut error =
            Self::new(ErrorKind::Event, said.message.unwrap_or_else(|| ErrorKind::Event.sentence().to_owned()));
        error.0.code = said.code;
        error.0.request_id = said.request_id;
        error.0.status = said
            .status
            .filter(|status| (400..600).contains(status))
            .and_then(|status| StatusCode::from_u16(status).ok());
        error.0.body = (!data.is_empty()).then(|| Bytes::copy_from_slice(data.as_bytes()));
        error
    }

    /// Begins an error of any kind, for test doubles.
    pub fn builder(kind: ErrorKind) -> ErrorBuilder {
        ErrorBuilder {
            kind,
            status: None,
            headers: HeaderMap::new(),
            body: None,
            message: None,
            phase: None,
            source: None,
            last_chunk_index: None,
        }
    }

    #[cold]
    fn new(kind: ErrorKind, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            phase: None,
            message,
            code: None,
            request_id: None,
            status: None,
            headers: None,
            body: None,
            retry_after: None,
            operation: None,
            attempts: 0,
            last_chunk_index: None,
            last_sequence_number: None,
            source: None,
        }))
    }

    /// A kind of error that is explained by its cause.
    fn caused(kind: ErrorKind, source: BoxError) -> Self {
        let source = without_url(source);
        let message = format!("{}: {}", kind.sentence(), root_cause(&*source));
        Self::new(kind, message).with_source(source)
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message.into())
    }

    pub(crate) fn token(source: impl Into<BoxError>) -> Self {
        Self::caused(ErrorKind::Token, source.into())
    }

    #[allow(dead_code, reason = "a browser doesn't tell a page")]
    pub(crate) fn connect(source: impl Into<BoxError>) -> Self {
        Self::caused(ErrorKind::Connect, source.into())
    }

    pub(crate) fn timeout(phase: TimeoutPhase) -> Self {
        let mut error = Self::new(ErrorKind::Timeout, phase.sentence().to_owned());
        error.0.phase = Some(phase);
        error
    }

    pub(crate) fn transport(source: impl Into<BoxError>) -> Self {
        Self::caused(ErrorKind::Transport, source.into())
    }

    pub(crate) fn interrupted(source: impl Into<BoxError>) -> Self {
        Self::caused(ErrorKind::Interrupted, source.into())
    }

    pub(crate) fn discontinuity(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Discontinuity, message.into())
    }

    pub(crate) fn too_large(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::TooLarge, message.into())
    }

    /// For a body, or the data of an event, that doesn't fit its type.
    #[cold]
    pub(crate) fn decode(source: DecodeError, body: &[u8]) -> Self {
        let mut error = Self::new(ErrorKind::Decode, format!("unexpected {source}"));
        error.0.body = Some(Bytes::copy_from_slice(body.get(..KEPT_BODY).unwrap_or(body)));
        error.with_source(source)
    }

    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(without_url(source.into()));
        self
    }

    /// The head of the response in which the error was found. Its status says nothing of an error event.
    pub(crate) fn with_response(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        if self.0.kind != ErrorKind::Event {
            self.0.status = Some(status);
        }
        self.with_headers(headers)
    }

    fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.0.request_id = self.0.request_id.or_else(|| headers::request_id(&headers));
        self.0.retry_after = retry_after(&headers, wall_clock());
        self.0.headers = Some(headers);
        self
    }

    pub(crate) fn with_operation(mut self, id: &'static str) -> Self {
        self.0.operation = Some(id);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// A stream was cut, and this is why it could not be taken up again.
    pub(crate) fn not_resumed(mut self, why: Error) -> Self {
        self.0.message = format!("{}; it could not be resumed: {why}", self.0.message);
        self.0.attempts = why.0.attempts;
        self.with_source(why)
    }

    pub(crate) fn with_last_sequence_number(mut self, number: Option<i64>) -> Self {
        self.0.last_sequence_number = number;
        self
    }

    pub(crate) fn with_last_chunk_index(mut self, index: Option<u64>) -> Self {
        self.0.last_chunk_index = index;
        self
    }
}

/// The query of a URL may hold secrets, so errors of `reqwest` lose theirs.
fn without_url(source: BoxError) -> BoxError {
    match source.downcast::<reqwest::Error>() {
        Ok(error) => Box::new(error.without_url()),
        Err(source) => source,
    }
}

/// The end of the chain: `reqwest` says "error sending request", its cause says why.
fn root_cause<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error)
}

/// Makes an [`Error`] of any kind, so that test doubles can fail the way the client does.
///
/// ```
/// use mka1::{Error, ErrorKind, TimeoutPhase};
///
/// let error = Error::builder(ErrorKind::Timeout).phase(TimeoutPhase::Idle).last_chunk_index(41).build();
/// assert!(error.is_timeout());
/// assert_eq!(error.last_chunk_index(), Some(41));
/// ```
#[must_use]
pub struct ErrorBuilder {
    kind: ErrorKind,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Option<Bytes>,
    message: Option<String>,
    phase: Option<TimeoutPhase>,
    source: Option<BoxError>,
    last_chunk_index: Option<u64>,
}

/// What it was begun as: the rest is not for logs.
impl fmt::Debug for ErrorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorBuilder").field("kind", &self.kind).field("status", &self.status).finish_non_exhaustive()
    }
}

impl ErrorBuilder {
    /// The status of the response. An error of the kind [`Status`](ErrorKind::Status) has 500 unless it is given.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// The headers of the response.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// The body of the response, or the data of the error event.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// What to say instead of what the body says.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Which time limit ran out, for [`Timeout`](ErrorKind::Timeout); [`Total`](TimeoutPhase::Total) unless it is given.
    pub fn phase(mut self, phase: TimeoutPhase) -> Self {
        self.phase = Some(phase);
        self
    }

    /// The cause.
    pub fn source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The index of the last chunk that a stream had given before it failed.
    pub fn last_chunk_index(mut self, index: u64) -> Self {
        self.last_chunk_index = Some(index);
        self
    }

    /// The error.
    #[must_use]
    pub fn build(self) -> Error {
        let body = self.body.clone().unwrap_or_default();
        let mut error = match self.kind {
            ErrorKind::Status => {
                Error::from_status(self.status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), HeaderMap::new(), body)
            }
            ErrorKind::Event => Error::from_event(&String::from_utf8_lossy(&body)),
            ErrorKind::Timeout => Error::timeout(self.phase.unwrap_or(TimeoutPhase::Total)),
            kind => Error::new(kind, kind.sentence().to_owned()),
        };
        error.0.status = error.0.status.or(self.status);
        if !self.headers.is_empty() {
            error = error.with_headers(self.headers);
        }
        error.0.body = self.body.or(error.0.body);
        error.0.message = self.message.unwrap_or(error.0.message);
        error.0.source = self.source;
        error.with_last_chunk_index(self.last_chunk_index)
    }
}
