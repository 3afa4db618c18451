//! What the server was sent, and what became of the answer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, Method};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::time::Instant;

/// A request the server received.
///
/// `Debug` shows neither the token nor other secrets of the headers.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) connection: u64,
    pub(super) progress: Arc<Progress>,
}

/// How far the answer to a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The answer is under way.
    Answering,
    /// The script was played to its end, be it a clean one or a fault it asked for.
    Answered,
    /// The connection went away before that: the client closed it, or the server was stopped.
    Abandoned,
}

impl Request {
    /// The method, such as `POST`.
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path, percent-encoded as it came, without the query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as it came, without the question mark; `None` where there was none.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// All headers. Those that hold secrets are marked as sensitive.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// One header's value, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body's bytes.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body, decoded as JSON.
    ///
    /// # Errors
    /// When the body isn't JSON, or isn't of this type.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.body)
    }

    /// Which connection it came on; connections are counted from 0. Two requests with the same number shared one.
    pub fn connection(&self) -> u64 {
        self.connection
    }

    /// When it came, by tokio's clock, counted from the start of the server.
    pub fn received_at(&self) -> Duration {
        self.progress.received_at
    }

    /// When its answer was over, on the same clock; `None` while it is under way.
    pub fn ended_at(&self) -> Option<Duration> {
        self.progress.end().map(|(_, at)| at)
    }

    /// How far the answer has come.
    pub fn outcome(&self) -> Outcome {
        self.progress.end().map_or(Outcome::Answering, |(outcome, _)| outcome)
    }

    /// Waits until the answer is over, and tells how it went: [`Outcome::Abandoned`] when the client closed the
    /// connection first.
    pub async fn ended(&self) -> Outcome {
        // The sender lives as long as `self`, so there is always an end to wait for.
        let _ = self.progress.end.subscribe().wait_for(Option::is_some).await;
        self.outcome()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .field("connection", &self.connection)
            .field("outcome", &self.outcome())
            .finish()
    }
}

/// Headers whose values never show in `Debug`.
const SECRETS: [&str; 5] = ["authorization", "cookie", "proxy-authorization", "x-analytics-key", "x-huggingface-token"];

/// Marks the headers that hold secrets.
pub(super) fn hide_secrets(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if SECRETS.contains(&name.as_str()) {
            value.set_sensitive(true);
        }
    }
}

/// The part of a request that changes after it was received.
pub(super) struct Progress {
    started: Instant,
    received_at: Duration,
    end: watch::Sender<Option<(Outcome, Duration)>>,
}

impl Progress {
    /// `started` is when the server was.
    pub(super) fn new(started: Instant) -> Self {
        Self { started, received_at: started.elapsed(), end: watch::Sender::new(None) }
    }

    fn end(&self) -> Option<(Outcome, Duration)> {
        *self.end.borrow()
    }

    /// The first outcome stands.
    fn settle(&self, outcome: Outcome) {
        let at = self.started.elapsed();
        self.end.send_if_modified(|end| {
            let first = end.is_none();
            end.get_or_insert((outcome, at));
            first
        });
    }
}

/// Held by whoever answers: dropped before the answer is over, the request counts as abandoned.
pub(super) struct Exchange(pub(super) Arc<Progress>);

impl Exchange {
    pub(super) fn answered(&self) {
        self.0.settle(Outcome::Answered);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.0.settle(Outcome::Abandoned);
    }
}
