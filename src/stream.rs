//! The events of a response, one by one, as the caller asks for them.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::body::Body;
use crate::error::{Error, ErrorKind};
use crate::plan::Plan;
use crate::response::{Exchange, FromResponse};
use crate::{sse, wire};

mod frame;
#[cfg(test)]
mod tests;

pub use frame::{EventRoles, Frame, StreamEvent};

const EVENT_STREAM: &str = "text/event-stream";

/// A stream of events.
///
/// It is pulled: a piece is read from the network only when the events before it have been taken, so a slow reader holds the
/// server back instead of filling memory. There is no task behind it. Dropping it closes the connection, and with it, as far as the
/// server cares, ends the work. Dropping a `next()` that isn't ready loses nothing, so it can stand in a `select!`.
///
/// # How it ends
/// - With the event that says so (`done`), which is given out. The connection is closed at once, even if the server keeps its end open.
/// - With a sentinel (`[DONE]`), which isn't.
/// - With the body. Some servers end a complete stream that way, and it cannot be told from one that the server cut short, but cleanly.
/// - With an error: the server sent one as an event ([`ErrorKind::Event`](crate::ErrorKind::Event)), the connection broke or the body ended in
///   the middle of an event (`Interrupted`), nothing came for too long (`Timeout`), or an event was too large (`TooLarge`).
///
/// Then it gives `None` for ever, and [`ended`](Self::ended) tells which it was.
///
/// An event that doesn't fit its type is an error too (`Decode`, with the event's data as its body), **but not the end**: the
/// events after it can be read if you care to.
///
/// ```no_run
/// use futures::TryStreamExt;
/// use mka1::{EventStream, StreamEvent};
///
/// async fn count<T: StreamEvent>(mut events: EventStream<T>) -> mka1::Result<usize> {
///     let mut count = 0;
///     while let Some(_event) = events.try_next().await? {
///         count += 1;
///     }
///     Ok(count)
/// }
/// ```
#[must_use = "nothing is read from a stream until it is polled"]
pub struct EventStream<T> {
    status: StatusCode,
    headers: HeaderMap,
    /// Gone once the stream has ended.
    body: Option<Body>,
    decoder: sse::Decoder,
    last_chunk_index: Option<u64>,
    ended: Option<StreamEnd>,
    /// What was asked; enough to ask again.
    plan: Arc<Plan>,
    event: PhantomData<fn() -> T>,
}

/// How a stream of events ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StreamEnd {
    /// With the event that says so.
    Done,
    /// With a sentinel such as `[DONE]`.
    Sentinel,
    /// With the body, and nothing said. That may be all there was, or not.
    Closed,
    /// With an error.
    Failed,
}

impl StreamEnd {
    /// Its name in logs: `done`, `sentinel`, `closed` or `failed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Sentinel => "sentinel",
            Self::Closed => "closed",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for StreamEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<T> EventStream<T> {
    /// The status of the response, 200 as a rule.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The place of the last chunk that came, counted from 0 over the chunks of the whole answer; `None` before the first one.
    ///
    /// In a stream that was asked to go on after a chunk, counting goes on there too. A chunk that didn't fit its type counts.
    pub fn last_chunk_index(&self) -> Option<u64> {
        self.last_chunk_index
    }

    /// The last event id that the server gave.
    pub fn last_event_id(&self) -> Option<&str> {
        self.decoder.last_event_id()
    }

    /// How the stream ended; `None` while it hasn't.
    pub fn ended(&self) -> Option<StreamEnd> {
        self.ended
    }

    /// Lets the connection go.
    fn end(&mut self, end: StreamEnd) {
        self.ended = Some(end);
        self.body = None;
    }

    fn fail(&mut self, error: Error) -> Error {
        self.end(StreamEnd::Failed);
        self.complete(error)
    }

    /// Adds what an error should tell about the place where it happened.
    pub(crate) fn complete(&self, error: Error) -> Error {
        let error = error.with_operation(self.plan.spec.id).with_last_chunk_index(self.last_chunk_index);
        // That the response began well says nothing about an error that came after: its own status, or none.
        match (error.kind(), error.status()) {
            (ErrorKind::Event, None) => error,
            _ => error.with_response(self.status, self.headers.clone()),
        }
    }
}

impl<T: StreamEvent> EventStream<T> {
    fn new(exchange: Exchange) -> Self {
        let max_event_size = exchange.plan.client.shared().max_event_size;
        Self {
            status: exchange.status,
            headers: exchange.headers,
            body: Some(exchange.body),
            decoder: sse::Decoder::new().with_dataless_events(true).with_max_event_size(max_event_size),
            last_chunk_index: exchange.plan.chunk_index(),
            ended: None,
            plan: exchange.plan,
            event: PhantomData,
        }
    }

    /// What an event means for the caller; `None` if it was the end and nothing else.
    fn take(&mut self, event: &sse::Event) -> Option<Result<T, Error>> {
        let roles = T::ROLES;
        let tag = roles.tag.and_then(|tag| wire::tag(event.data.as_deref()?, tag));
        let name = tag.as_deref().unwrap_or_else(|| event.name());
        let is_chunk = tag.is_some() || name == roles.chunk;
        let is_nameless = event.event.is_none() || roles.tag.is_some();
        if roles.error.contains(&name) {
            return Some(Err(self.fail(Error::from_event(event.data.as_deref().unwrap_or_default()))));
        }
        if let (true, Some(done)) = (roles.done.contains(&name), roles.done.first()) {
            self.end(StreamEnd::Done);
            if tag.is_some() {
                self.count();
            }
            return Some(self.decode(Frame::new(done, event)));
        }
        let is_sentinel = roles.sentinel.is_some() && event.data.as_deref().map(str::trim) == roles.sentinel;
        if is_sentinel && (is_chunk || is_nameless) {
            self.end(StreamEnd::Sentinel);
            return None;
        }
        let item = match self.decode(Frame::new(name, event)) {
            Err(_) if event.data.as_deref().is_some_and(is_error_body) => {
                Err(self.fail(Error::from_event(event.data.as_deref().unwrap_or_default())))
            }
            item => item,
        };
        if is_chunk && self.ended.is_none() {
            self.count();
        }
        Some(item)
    }

    fn count(&mut self) {
        self.last_chunk_index = Some(self.last_chunk_index.map_or(0, |last| last.saturating_add(1)));
    }

    fn decode(&self, frame: Frame<'_>) -> Result<T, Error> {
        T::from_frame(frame)
            .map_err(|error| self.complete(Error::decode(error, frame.data.unwrap_or_default().as_bytes())))
    }
}

/// OpenAI-style servers have no error events: they send `{"error": …}` where a chunk should be.
fn is_error_body(data: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Body {
        error: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_str::<Body>(data).is_ok_and(|body| body.error.is_some())
}

impl<T: StreamEvent> Stream for EventStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while let Some(body) = &mut this.body {
            match this.decoder.next_event() {
                Ok(Some(event)) => match this.take(&event) {
                    Some(item) => return Poll::Ready(Some(item)),
                    None => continue,
                },
                Ok(None) => {}
                Err(sse::DecodeError::TooLarge { limit }) => {
                    return Poll::Ready(Some(Err(
                        this.fail(Error::too_large(format!("an event is larger than the limit of {limit} bytes")))
                    )));
                }
            }
            match ready!(Pin::new(body).poll_next(cx)) {
                Some(Ok(bytes)) => this.decoder.push(bytes),
                Some(Err(error)) => return Poll::Ready(Some(Err(this.fail(error)))),
                None => match this.decoder.finish() {
                    Ok(()) => this.end(StreamEnd::Closed),
                    Err(incomplete) => return Poll::Ready(Some(Err(this.fail(Error::interrupted(incomplete))))),
                },
            }
        }
        Poll::Ready(None)
    }
}

impl<T: StreamEvent> FusedStream for EventStream<T> {
    fn is_terminated(&self) -> bool {
        self.ended.is_some()
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("operation", &self.plan.spec.id)
            .field("status", &self.status)
            .field("last_chunk_index", &self.last_chunk_index)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

impl<T: StreamEvent> FromResponse for EventStream<T> {
    async fn from_exchange(exchange: Exchange) -> Result<Self, Error> {
        match exchange.media_type() {
            _ if exchange.status == StatusCode::NOT_MODIFIED => Err(exchange.into_status_error().await),
            // A server that says nothing is taken at our word.
            None => Ok(Self::new(exchange)),
            Some(found) if found == EVENT_STREAM => Ok(Self::new(exchange)),
            Some(found) => Err(exchange.into_unexpected::<T>(&found).await),
        }
    }
}
