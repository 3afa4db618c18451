//! What the server is to answer: status, headers, a body piece by piece, and how it ends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use bytes::Bytes;
use serde::Serialize;

use super::completion::{Completion, Usage};
use super::event::{EMPTY_COMMENT, Event};

/// One scripted reply. Steps are played in the order in which they were added, each piece of the body as one write.
///
/// ```
/// use std::time::Duration;
/// use mka1::testing::Script;
///
/// // Two chunks, then the connection is reset while the third is awaited.
/// let script = Script::stream().text_chunks(["Hel", "lo"]).delay(Duration::from_secs(7)).reset();
/// ```
///
/// A mistake in a script (a header name that HTTP doesn't allow, say) isn't passed over: the reply becomes a 500 whose
/// body says what is wrong.
#[derive(Clone)]
#[must_use = "a script does nothing until a server is given it"]
pub struct Script {
    pub(super) head: Head,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) head_delay: Duration,
    pub(super) steps: Vec<Step>,
    pub(super) ending: Ending,
    pub(super) keep_alive: Option<Duration>,
    pub(super) body_limit: Option<u64>,
    pub(super) write_size: Option<usize>,
    pub(super) missing: Option<u64>,
    pub(super) mistake: Option<String>,
    completion: Completion,
    text_chunks: u64,
}

/// Whether the status line is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    Sent,
    Never,
    Cut,
    Reset,
}

/// What happens after the last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Clean,
    Cut,
    Reset,
    Hang,
}

#[derive(Clone)]
pub(super) enum Step {
    Write(Bytes),
    /// Waiting for the next value, with keep-alives.
    Wait(Duration),
    /// Waiting without a sign of life.
    Silence(Duration),
    /// Pieces made one by one, when they are due.
    Series {
        next: u64,
        count: u64,
        make: Arc<dyn Fn(u64) -> Bytes + Send + Sync>,
    },
}

impl Script {
    /// A reply with this status and no body yet. A number that is no HTTP status is a mistake.
    pub fn status(status: u16) -> Self {
        let mut script = Self {
            head: Head::Sent,
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            head_delay: Duration::ZERO,
            steps: Vec::new(),
            ending: Ending::Clean,
            keep_alive: None,
            body_limit: None,
            write_size: None,
            missing: None,
            mistake: None,
            completion: Completion::new("auto"),
            text_chunks: 0,
        };
        match StatusCode::from_u16(status) {
            Ok(code) if !code.is_informational() => script.status = code,
            _ => script.mistake(format!("{status} cannot be the status of a reply")),
        }
        script
    }

    /// An answer of 200 with a JSON body.
    pub fn json<T: Serialize + ?Sized>(body: &T) -> Self {
        Self::status(200).json_body(body)
    }

    /// An error as MKA1's own handlers answer it: `{"defined":false,"code":…,"status":…,"message":…}`.
    ///
    /// For the other shapes there are [`Script::status`] and [`Script::json_body`].
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::status(status).json_body(&OrpcError::new(status, code, message))
    }

    /// An event stream as MKA1 begins it: 200, `text/event-stream`, and the empty comment sent at once.
    /// While it waits it sends a keep-alive every five seconds.
    pub fn stream() -> Self {
        let mut script = Self::bare_stream();
        script.keep_alive = Some(Duration::from_secs(5));
        script.raw(EMPTY_COMMENT)
    }

    /// An event stream without the comment at its start and without keep-alives.
    pub fn bare_stream() -> Self {
        let mut script = Self::status(200);
        script.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        script
    }

    /// Takes the request and never answers: the headers don't come, the socket stays open.
    pub fn no_headers() -> Self {
        Self { head: Head::Never, ..Self::status(200) }
    }

    /// Takes the request, then closes the connection without a byte of response.
    pub fn no_response() -> Self {
        Self { head: Head::Cut, ..Self::status(200) }
    }

    /// Takes the request, then resets the connection without a byte of response.
    pub fn no_response_reset() -> Self {
        Self { head: Head::Reset, ..Self::status(200) }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.append(name, value);
            }
            _ => self.mistake(format!("a reply cannot have the header {name:?}: {value:?}")),
        }
        self
    }

    /// Adds a JSON body, and the content type for it unless there is one.
    pub fn json_body<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        self.headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        match serde_json::to_vec(body) {
            Ok(json) => self.raw(json),
            Err(error) => {
                self.mistake(format!("the body has no JSON: {error}"));
                self
            }
        }
    }

    /// Adds bytes to the body, as they are, in one write.
    pub fn raw(mut self, bytes: impl Into<Bytes>) -> Self {
        self.steps.push(Step::Write(bytes.into()));
        self
    }

    /// Adds an event.
    pub fn event(self, event: Event) -> Self {
        self.raw(event.to_bytes())
    }

    /// Adds a `message` event, the one that carries a chunk.
    pub fn message<T: Serialize + ?Sized>(self, data: &T) -> Self {
        self.event(Event::message(data))
    }

    /// Sets whose chunks [`Script::text_chunks`] and [`Script::finish`] make.
    pub fn completion(mut self, completion: Completion) -> Self {
        self.completion = completion;
        self
    }

    /// Adds one `message` event for each piece of text, holding a chat completion chunk. All have the same id.
    pub fn text_chunks<I>(mut self, pieces: I) -> Self
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        for piece in pieces {
            let event = Event::message(&self.completion.text(self.text_chunks == 0, piece.as_ref()));
            self.text_chunks += 1;
            self = self.event(event);
        }
        self
    }

    /// Adds the chunk that ends a completion: the reason for stopping (`stop`, `length`, …) and the usage.
    pub fn finish(self, reason: &str) -> Self {
        let event = Event::message(&self.completion.finish(reason, Usage::new(1, self.text_chunks)));
        self.event(event)
    }

    /// Adds `count` events made one by one as they are due, so that a long stream takes no memory.
    pub fn events<F>(mut self, count: u64, make: F) -> Self
    where
        F: Fn(u64) -> Event + Send + Sync + 'static,
    {
        let make = Arc::new(move |index| make(index).to_bytes());
        self.steps.push(Step::Series { next: 0, count, make });
        self
    }

    /// Adds a `done` event with data. Without one the stream just ends, which MKA1 does too.
    pub fn done<T: Serialize + ?Sized>(self, data: &T) -> Self {
        self.event(Event::named("done").data(data))
    }

    /// Adds a `close` event without data: how a later version of the server's framework says `done`.
    pub fn close(self) -> Self {
        self.event(Event::named("close"))
    }

    /// Adds the nameless `data: [DONE]` that ends a stream in OpenAI's format.
    pub fn done_sentinel(self) -> Self {
        self.event(Event::nameless().data_text("[DONE]"))
    }

    /// Adds an `error` event with this data.
    pub fn error_event<T: Serialize + ?Sized>(self, data: &T) -> Self {
        self.event(Event::named("error").data(data))
    }

    /// Adds a comment on its own.
    pub fn comment(self, text: &str) -> Self {
        self.raw(format!(": {text}\n\n"))
    }

    /// Adds a keep-alive.
    pub fn keep_alive(self) -> Self {
        self.raw(EMPTY_COMMENT)
    }

    /// Waits on tokio's clock, sending keep-alives if it is a [`Script::stream`]. Delays that follow one another add up.
    pub fn delay(mut self, delay: Duration) -> Self {
        match self.steps.last_mut() {
            Some(Step::Wait(before)) => *before = before.saturating_add(delay),
            _ => self.steps.push(Step::Wait(delay)),
        }
        self
    }

    /// Waits on tokio's clock without a sign of life.
    pub fn silence(mut self, delay: Duration) -> Self {
        self.steps.push(Step::Silence(delay));
        self
    }

    /// Waits before the status line is sent.
    pub fn head_delay(mut self, delay: Duration) -> Self {
        self.head_delay = delay;
        self
    }

    /// Sets the time between keep-alives during a [`Script::delay`]; `None` for none.
    pub fn keep_alive_every(mut self, interval: Option<Duration>) -> Self {
        self.keep_alive = interval.filter(|interval| !interval.is_zero());
        self
    }

    /// Sends the body in writes of at most this many bytes.
    pub fn write_size(mut self, bytes: usize) -> Self {
        self.write_size = Some(bytes.max(1));
        self
    }

    /// Sends only the first `bytes` of the body, keep-alives counted, then goes to the ending at once.
    pub fn truncate(mut self, bytes: u64) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// Ends the body as HTTP wants it, and keeps the connection for the next request. The default.
    pub fn end(self) -> Self {
        self.ending(Ending::Clean)
    }

    /// Ends with a FIN where the body's terminating chunk should be.
    pub fn cut(self) -> Self {
        self.ending(Ending::Cut)
    }

    /// Ends with a TCP reset. What the client has not taken from the network yet may be lost with it, as in life.
    pub fn reset(self) -> Self {
        self.ending(Ending::Reset)
    }

    /// Never ends: the socket stays open and silent.
    pub fn hang(self) -> Self {
        self.ending(Ending::Hang)
    }

    /// Promises, in `Content-Length`, this many bytes more than come, then closes the connection.
    pub fn short_body(mut self, missing: u64) -> Self {
        self.missing = Some(missing);
        self.ending(Ending::Cut)
    }

    /// All bytes of the body, without keep-alives: the reference for a test that cuts at each of them.
    pub fn body(&self) -> Bytes {
        let mut body = Vec::new();
        for step in &self.steps {
            match step {
                Step::Write(bytes) => body.extend_from_slice(bytes),
                Step::Series { next, count, make } => (*next..*count).for_each(|index| body.extend(make(index))),
                Step::Wait(_) | Step::Silence(_) => {}
            }
        }
        body.into()
    }

    fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    fn mistake(&mut self, text: String) {
        self.mistake.get_or_insert(text);
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("head", &self.head)
            .field("status", &self.status.as_u16())
            .field("headers", &self.headers)
            .field("steps", &self.steps.len())
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}

/// An error as the server's framework, oRPC, writes it.
#[derive(Serialize)]
pub(super) struct OrpcError<'a> {
    defined: bool,
    code: &'a str,
    status: u16,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<serde_json::Value>,
}

impl<'a> OrpcError<'a> {
    pub(super) fn new(status: u16, code: &'a str, message: &'a str) -> Self {
        Self { defined: false, code, status, message, data: None }
    }
}
