//! The events of a response, one by one, as the caller asks for them.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytestring::ByteString;
use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_core::stream::FusedStream;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use sync_wrapper::SyncFuture;

use crate::body::Body;
use crate::error::{Error, ErrorKind, TimeoutPhase};
use crate::plan::Plan;
use crate::response::{Exchange, FromResponse};
use crate::sse;
use crate::time::{Duration, Instant};
use crate::trace::StreamTrace;

mod continuity;
pub(crate) mod facts;
mod frame;
mod history;
mod join;
mod policy;
mod reading;
mod reconnect;
mod sequence;
mod template;
#[cfg(test)]
mod tests;

use continuity::{Admission, Continuity, fingerprint, hash};
use reading::{Reading, Role};
use reconnect::reconnect;

pub(crate) use continuity::Position;
pub use facts::{StreamFacts, TokenUsage};
pub use frame::{EventRoles, Frame, StreamEvent};
pub use policy::ResumePolicy;
pub use template::Template;

const SERVING_LOCATION: &str = "x-mka1-serving-location";
const EVENT_STREAM: &str = "text/event-stream";

/// A stream of events.
///
/// It is pulled: an event is decoded when it is asked for, and a slow reader holds the server back instead of filling memory. From the network no
/// more than 16 KiB are read ahead, by a small task that ends with the stream; in a web page the browser does so. Dropping the stream closes the
/// connection, and with it, as far as the server cares, ends the work. Dropping a `next()` that isn't ready loses nothing, so it can stand in a
/// `select!`.
///
/// # How it ends
/// - With the event that says so (`done`), which is given out. The connection is closed at once, even if the server keeps its end open.
/// - With a sentinel (`[DONE]`), which isn't.
/// - With the body. Some servers end a complete stream that way, and it cannot be told from one that the server cut short, but cleanly.
/// - With an error: the server sent one as an event ([`ErrorKind::Event`](crate::ErrorKind::Event)), an event was too large (`TooLarge`), or the
///   stream was cut and could not be taken up again: the connection broke or the body ended in the middle of an event (`Interrupted`), nothing came
///   for too long (`Timeout`), or what came afterwards doesn't go on from there (`Discontinuity`).
///
/// A cut as such is no end: the stream goes on where it was, as [`ResumePolicy`] says, and [`resumptions`](Self::resumptions) counts it.
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
#[must_use = "a stream that is dropped closes its connection"]
pub struct EventStream<T> {
    status: StatusCode,
    headers: HeaderMap,
    connection: Connection,
    decoder: sse::Decoder,
    /// Events that were held back after a cut and are to be taken before any other.
    ready: VecDeque<sse::Event>,
    last_chunk_index: Option<u64>,
    /// The id that was in force when the last connection broke, until this one brings another.
    inherited_id: Option<ByteString>,
    ended: Option<StreamEnd>,
    continuity: Continuity,
    facts: StreamFacts,
    resumptions: u32,
    /// How long the stream has been without a connection.
    lost: Duration,
    deadline: Option<Instant>,
    trace: StreamTrace,
    /// What was asked; enough to ask again.
    plan: Arc<Plan>,
    template: Template<T>,
}

enum Connection {
    Open(Body),
    /// It broke, and another one is on its way.
    Lost(Box<Attempt>),
    Closed,
}

/// The way to another connection.
struct Attempt {
    /// What became of the last one; given out when there is no other.
    error: Error,
    since: Instant,
    /// Only ever polled by whoever owns it, so that others may hold a reference to it.
    reconnect: SyncFuture<BoxFuture<'static, Result<Exchange, Error>>>,
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
    /// With an event that says that the answer is not whole: it failed, was cancelled, or ran into a limit.
    Incomplete,
    /// By [`cancel`](EventStream::cancel).
    Cancelled,
    /// With an error.
    Failed,
}

impl StreamEnd {
    /// Its name in logs, such as `done`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Sentinel => "sentinel",
            Self::Closed => "closed",
            Self::Incomplete => "incomplete",
            Self::Cancelled => "cancelled",
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

    /// Headers that say how the answer came about: `age`, and those whose names begin with `x-cache` or `x-mka1-`.
    pub fn cache_headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        let tells = |name: &str| name == "age" || name.starts_with("x-cache") || name.starts_with("x-mka1-");
        self.headers.iter().filter(move |(name, _)| tells(name.as_str()))
    }

    /// What the stream has said of itself so far: who answers, and what it takes.
    pub fn facts(&self) -> &StreamFacts {
        &self.facts
    }

    /// Tokens used, as far as the stream has said: as a rule its last chunk does.
    pub fn usage(&self) -> Option<TokenUsage> {
        self.facts.usage
    }

    /// The place of the last chunk that came, counted from 0 over the chunks of the whole answer; `None` before the first one.
    ///
    /// In a stream that was asked to go on after a chunk, counting goes on there too. A chunk that didn't fit its type counts.
    pub fn last_chunk_index(&self) -> Option<u64> {
        self.last_chunk_index
    }

    /// The last event id that the server gave.
    pub fn last_event_id(&self) -> Option<&str> {
        self.decoder.last_event_id().or(self.inherited_id.as_deref())
    }

    /// The number of the last event that came, where events are numbered: those of responses and of agent runs are.
    pub fn last_sequence_number(&self) -> Option<i64> {
        self.continuity.sequence()?.last()
    }

    /// How often the stream was cut and taken up again: see [`ResumePolicy`].
    pub fn resumptions(&self) -> u32 {
        self.resumptions
    }

    /// Whether the server, asked to go on after a cut, gave the last event only, since it was done meanwhile. The events in between never came;
    /// what they said is in the last one, and in what `text` and `final_response` give.
    pub fn is_rebuilt(&self) -> bool {
        self.continuity.sequence().is_some_and(|sequence| sequence.is_rebuilt)
    }

    /// Closes the connection, as dropping the stream does. The stream has ended then, and gives `None`.
    pub fn cancel(&mut self) {
        if self.ended.is_none() {
            self.end(StreamEnd::Cancelled);
        }
    }

    /// How the stream ended; `None` while it hasn't.
    pub fn ended(&self) -> Option<StreamEnd> {
        self.ended
    }

    /// Lets the connection go.
    fn end(&mut self, end: StreamEnd) {
        self.ended = Some(end);
        self.connection = Connection::Closed;
        self.ready.clear();
        self.trace.end(end, &self.facts);
    }

    fn fail(&mut self, error: Error) -> Error {
        self.trace.failed(&error);
        self.end(StreamEnd::Failed);
        self.complete(error)
    }

    /// Adds what an error should tell about the place where it happened.
    pub(crate) fn complete(&self, error: Error) -> Error {
        let error = error.with_operation(self.plan.spec.id).with_last_chunk_index(self.last_chunk_index);
        let error = error.with_last_sequence_number(self.last_sequence_number());
        // That the response began well says nothing about an error that came after: its own status, or none.
        match (error.kind(), error.status()) {
            (ErrorKind::Event, None) => error,
            _ => error.with_response(self.status, self.headers.clone()),
        }
    }
}

impl<T: StreamEvent> EventStream<T> {
    fn new(exchange: Exchange) -> Self {
        let plan = exchange.plan;
        let base = plan.chunk_index().map_or(0, |index| index.saturating_add(1));
        Self {
            connection: Connection::Open(exchange.body),
            decoder: decoder(&plan),
            ready: VecDeque::new(),
            last_chunk_index: base.checked_sub(1),
            inherited_id: None,
            ended: None,
            continuity: Continuity::new(&plan.spec.resume, &T::ROLES, base, plan.resume.enabled),
            facts: StreamFacts {
                serving_location: exchange
                    .headers
                    .get(SERVING_LOCATION)
                    .and_then(|value| value.to_str().ok())
                    .map(str::to_owned),
                ..StreamFacts::default()
            },
            resumptions: 0,
            lost: Duration::ZERO,
            deadline: exchange.deadline,
            trace: StreamTrace::new(exchange.span, exchange.started),
            status: exchange.status,
            headers: exchange.headers,
            plan,
            template: Template::default(),
        }
    }

    /// Takes the next event from what has arrived, or else what the network brings into `self`; `None` where there is more to do.
    fn advance(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        if let Some(event) = self.ready.pop_front() {
            return Poll::Ready(self.read(&event, &Reading::of(&T::ROLES, &event)));
        }
        match &mut self.connection {
            Connection::Closed => {
                self.end(StreamEnd::Closed);
                Poll::Ready(None)
            }
            Connection::Lost(attempt) => {
                let outcome = ready!(Pin::new(&mut attempt.reconnect).poll(cx));
                Poll::Ready(self.reconnected(outcome).map(Err))
            }
            Connection::Open(body) => match self.decoder.next_event() {
                Ok(Some(event)) => Poll::Ready(self.admit(event)),
                Err(sse::DecodeError::TooLarge { limit }) => {
                    let error = Error::too_large(format!("an event is larger than the limit of {limit} bytes"));
                    Poll::Ready(Some(Err(self.fail(error))))
                }
                Ok(None) => match ready!(Pin::new(body).poll_next(cx)) {
                    Some(Ok(bytes)) => {
                        self.decoder.push(bytes);
                        Poll::Ready(None)
                    }
                    Some(Err(error)) => Poll::Ready(self.broken(error).map(Err)),
                    None => Poll::Ready(self.closed().map(Err)),
                },
            },
        }
    }

    /// Sees whether an event is the next one, and takes it if it is.
    fn admit(&mut self, event: sse::Event) -> Option<Result<T, Error>> {
        let reading = Reading::of(&T::ROLES, &event);
        match self.continuity.admit(&event, &reading) {
            Ok(Admission::Take) => self.read(&event, &reading),
            Ok(Admission::Skip | Admission::Hold) => None,
            Ok(Admission::Release(events)) => {
                self.ready = events;
                None
            }
            // Asking again may bring what is missing, once.
            Err(error) if !self.continuity.is_joining() => self.broken(error).map(Err),
            Err(error) => Some(Err(self.fail(error))),
        }
    }

    /// The body has ended in good order.
    fn closed(&mut self) -> Option<Error> {
        if let Err(incomplete) = self.decoder.finish() {
            return self.broken(Error::interrupted(incomplete));
        }
        if T::ROLES.always_ends {
            return self.broken(Error::interrupted("the stream ended before it said so"));
        }
        match self.continuity.close() {
            Ok(Admission::Release(events)) => self.ready = events,
            Ok(_) => {}
            Err(error) => return Some(self.fail(error)),
        }
        self.connection = Connection::Closed;
        None
    }

    /// The connection is gone: looks for another one, or gives the error back.
    fn broken(&mut self, error: Error) -> Option<Error> {
        let policy = &self.plan.resume;
        self.continuity.cut();
        let position = match self.continuity.position() {
            Some(position) => Some(position),
            // Nothing has come of it: that is for the rules of retries.
            None if self.last_chunk_index.is_none() && self.plan.retry.allows(self.plan.is_idempotent(), &error) => {
                Some(Position::Start)
            }
            None => None,
        };
        let is_over = error.timeout_phase() == Some(TimeoutPhase::Total)
            || self.resumptions >= policy.max_resumptions
            || self.lost >= policy.max_elapsed;
        let Some(position) = position.filter(|_| policy.enabled && !is_over && self.plan.payload.is_replayable())
        else {
            return Some(self.fail(error));
        };
        self.trace.cut(&error, self.last_chunk_index);
        let left = policy.max_elapsed.saturating_sub(self.lost);
        let least = self.decoder.reconnection_time().unwrap_or_default();
        let reconnect =
            reconnect(self.plan.clone(), position, policy.clone(), self.deadline, self.trace.span(), left, least);
        self.connection =
            Connection::Lost(Box::new(Attempt { error, since: Instant::now(), reconnect: SyncFuture::new(reconnect) }));
        None
    }

    /// There is a connection again, or there is none to be had.
    fn reconnected(&mut self, outcome: Result<Exchange, Error>) -> Option<Error> {
        let Connection::Lost(attempt) = std::mem::replace(&mut self.connection, Connection::Closed) else {
            return None;
        };
        self.lost = self.lost.saturating_add(attempt.since.elapsed());
        match outcome {
            Ok(exchange) => {
                self.connection = Connection::Open(exchange.body);
                self.inherited_id = self.last_event_id().map(ByteString::from);
                self.decoder = decoder(&self.plan);
                self.continuity.resume();
                self.resumptions += 1;
                self.trace.resumed(self.resumptions, self.lost);
                None
            }
            Err(why) if why.timeout_phase() == Some(TimeoutPhase::Total) => Some(self.fail(why)),
            Err(why) => Some(self.fail(attempt.error.not_resumed(why))),
        }
    }

    /// What an event means for the caller; `None` if it was the end and nothing else.
    fn read(&mut self, event: &sse::Event, reading: &Reading<'_>) -> Option<Result<T, Error>> {
        let data = event.data.as_deref();
        self.inherited_id = self.inherited_id.take().filter(|_| event.id.is_none());
        // An id stays in force across connections.
        let frame = Frame::new(&reading.name, event).or_id(self.inherited_id.as_deref());
        let item = match reading.role {
            Role::Error => return Some(Err(self.fail(Error::from_event(data.unwrap_or_default())))),
            Role::Sentinel => {
                self.end(StreamEnd::Sentinel);
                return None;
            }
            Role::Chunk => self.template.chunk(frame),
            Role::Done | Role::Unfinished | Role::Other => T::from_frame(frame),
        };
        let is_error =
            item.is_err() && matches!(reading.role, Role::Chunk | Role::Other) && data.is_some_and(is_error_body);
        if is_error {
            return Some(Err(self.fail(Error::from_event(data.unwrap_or_default()))));
        }
        if let Ok(event) = &item {
            event.note(&mut self.facts);
        }
        let item = item.map_err(|error| self.complete(Error::decode(error, data.unwrap_or_default().as_bytes())));
        if reading.counts {
            self.trace.chunk();
            self.last_chunk_index = Some(self.last_chunk_index.map_or(0, |last| last.saturating_add(1)));
            self.continuity.record(event);
        }
        match reading.role {
            Role::Done => self.end(StreamEnd::Done),
            Role::Unfinished => self.end(StreamEnd::Incomplete),
            _ => {}
        }
        Some(item)
    }
}

fn decoder(plan: &Plan) -> sse::Decoder {
    let max_event_size = plan.client.shared().max_event_size;
    sse::Decoder::new().with_dataless_events(true).with_max_event_size(max_event_size)
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
        while self.ended.is_none() {
            if let Some(item) = ready!(self.advance(cx)) {
                return Poll::Ready(Some(item));
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
        if exchange.status == StatusCode::NOT_MODIFIED {
            return Err(exchange.into_status_error().await);
        }
        exchange.into_events::<T>().await.map(Self::new)
    }
}

impl Exchange {
    /// A response of events, which are read ahead from here on.
    async fn into_events<T>(self) -> Result<Self, Error> {
        match self.media_type() {
            Some(found) if found != EVENT_STREAM => Err(self.into_unexpected::<T>(&found).await),
            // A server that says nothing is taken at our word.
            _ => Ok(Self { body: self.body.read_ahead(), ..self }),
        }
    }
}
