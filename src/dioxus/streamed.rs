//! A stream as data that grows.

use std::fmt;
use std::sync::Arc;

use crate::error::Error;
use crate::stream::{EventStream, StreamEnd, StreamEvent, StreamFacts};

/// What has come of a stream so far.
pub struct Streamed<T> {
    text: String,
    events: Vec<Arc<T>>,
    facts: StreamFacts,
    resumptions: u32,
    ended: Option<StreamEnd>,
}

impl<T> Streamed<T> {
    /// The text of the answer so far: of the first one, where `n` asked for more. Empty for events that have none.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The events so far, in order.
    pub fn events(&self) -> &[Arc<T>] {
        &self.events
    }

    /// What the stream has said of itself: who answers, and what it takes.
    pub fn facts(&self) -> &StreamFacts {
        &self.facts
    }

    /// How often the stream was cut and taken up again.
    pub fn resumptions(&self) -> u32 {
        self.resumptions
    }

    /// How the stream ended; `None` while it hasn't, and if it was cancelled.
    pub fn ended(&self) -> Option<StreamEnd> {
        self.ended
    }
}

impl<T: StreamEvent> Streamed<T> {
    /// Adds an event; the error is that of an answer that is no success.
    pub(super) fn push(&mut self, event: T, stream: &EventStream<T>) -> Result<(), Error> {
        let outcome = event.render(&mut self.text, stream.is_rebuilt());
        self.events.push(Arc::new(event));
        self.note(stream);
        outcome
    }

    /// Takes over what the stream says of itself.
    pub(super) fn note(&mut self, stream: &EventStream<T>) {
        if self.facts != *stream.facts() {
            self.facts = stream.facts().clone();
        }
        self.resumptions = stream.resumptions();
        self.ended = stream.ended();
    }
}

impl<T> Default for Streamed<T> {
    fn default() -> Self {
        Self { text: String::new(), events: Vec::new(), facts: StreamFacts::default(), resumptions: 0, ended: None }
    }
}

impl<T> Clone for Streamed<T> {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            events: self.events.clone(),
            facts: self.facts.clone(),
            resumptions: self.resumptions,
            ended: self.ended,
        }
    }
}

impl<T> fmt::Debug for Streamed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streamed")
            .field("text", &self.text)
            .field("events", &self.events.len())
            .field("facts", &self.facts)
            .field("resumptions", &self.resumptions)
            .field("ended", &self.ended)
            .finish()
    }
}
