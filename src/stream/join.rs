//! Where a stream that was taken up after a cut joins on to what it had given out before.
//!
//! The server was asked to go on with the next chunk. It may, or it may send chunks again that have come already: the last few, or all from the
//! first one on. Event ids tell, where chunks have them. Else content does: what comes is held back as long as it matches the history from some
//! place on. If that reaches the end of the history it was a repetition; if it doesn't, it is new.

use std::collections::{HashMap, VecDeque};

use super::history::History;
use super::{Admission, fingerprint, hash};
use crate::error::Error;
use crate::sse;

/// What has come since the stream was taken up, until it is known where it belongs.
#[derive(Default)]
pub(super) struct Join {
    held: VecDeque<Held>,
    method: Option<Method>,
    /// The server began with the first chunk of all.
    began_again: bool,
}

struct Held {
    event: sse::Event,
    is_chunk: bool,
}

enum Method {
    Ids(ByIds),
    Content(ByContent),
}

struct ByIds {
    places: HashMap<u64, usize>,
    /// The place that must come next, after a repetition.
    next: Option<usize>,
}

#[derive(Default)]
struct ByContent {
    /// How many chunks have come.
    seen: usize,
    /// Places where a repetition may have begun that goes on.
    candidates: Vec<usize>,
    /// Where the longest one began that has reached the end of the history.
    repeated_from: Option<usize>,
    /// How many chunks matched the history from its start.
    from_start: usize,
    /// One that came is marked as the first of an answer.
    opened: bool,
    /// The first and the last chunk of the history that are like no other. A run without one may come again in any text.
    unique: Option<(usize, usize)>,
}

impl Join {
    /// Holds back an event that is no chunk until it is known whether it is a repetition.
    pub(super) fn other(&mut self, event: &sse::Event) -> Admission {
        self.held.push_back(Held { event: event.clone(), is_chunk: false });
        Admission::Hold
    }

    pub(super) fn chunk(&mut self, history: &History, event: &sse::Event) -> Result<Admission, Error> {
        if history.is_foreign(event) {
            return Err(Error::discontinuity("the server went on with another answer"));
        }
        let is_decided = match self.method.get_or_insert_with(|| Method::of(history, event)) {
            Method::Ids(ids) => {
                let is_new = ids.is_new(history, event, &mut self.began_again)?;
                if !is_new {
                    // Other events among the repeated chunks have come before too.
                    self.held.clear();
                    return Ok(Admission::Hold);
                }
                true
            }
            Method::Content(content) => {
                content.see(history, event);
                content.candidates.is_empty()
            }
        };
        self.held.push_back(Held { event: event.clone(), is_chunk: true });
        if is_decided { self.end(history).map(Admission::Release) } else { Ok(Admission::Hold) }
    }

    /// Decides with what has come: gives the events that are new.
    pub(super) fn end(&mut self, history: &History) -> Result<VecDeque<sse::Event>, Error> {
        let known = history.chunks.len();
        let mut repeated = 0;
        match &self.method {
            Some(Method::Ids(ids)) if self.held.is_empty() && ids.next.is_some_and(|next| next < known) => {
                return Err(unexpected());
            }
            Some(Method::Content(content)) => match content.repeated_from {
                Some(start) => repeated = known - start,
                None if content.is_another() => return Err(unexpected()),
                None => {}
            },
            _ => {}
        }
        self.began_again = self.has_begun_again(history);
        while repeated > 0
            && let Some(held) = self.held.pop_front()
        {
            repeated -= usize::from(held.is_chunk);
        }
        Ok(self.held.drain(..).map(|held| held.event).collect())
    }

    /// Whether the server has begun with the first chunk again, as far as can be told. Where there is only one, that is taken for yes.
    pub(super) fn has_begun_again(&self, history: &History) -> bool {
        let by_content =
            |content: &ByContent| history.base == 0 && (content.is_another() || content.repeated_from == Some(0));
        self.began_again || matches!(&self.method, Some(Method::Content(content)) if by_content(content))
    }
}

impl Method {
    fn of(history: &History, event: &sse::Event) -> Self {
        if let Some(places) = history.places().filter(|_| event.id.is_some()) {
            return Self::Ids(ByIds { places, next: None });
        }
        let mut counts: HashMap<u64, usize> = HashMap::new();
        history.chunks.iter().for_each(|chunk| *counts.entry(*chunk).or_default() += 1);
        let is_unique = |chunk: &u64| counts.get(chunk) == Some(&1);
        let first = history.chunks.iter().position(is_unique);
        let last = history.chunks.iter().rposition(is_unique);
        let candidates = (0..history.chunks.len()).collect();
        Self::Content(ByContent { candidates, unique: first.zip(last), ..ByContent::default() })
    }
}

impl ByIds {
    /// Whether a chunk has not come before. One that cannot come here at all is an error.
    fn is_new(&mut self, history: &History, event: &sse::Event, began_again: &mut bool) -> Result<bool, Error> {
        let id = event.id.as_deref().ok_or_else(unexpected)?;
        if let Some(&place) = self.places.get(&hash(id.as_bytes())) {
            if self.next.is_some_and(|next| next != place) || history.chunks.get(place) != Some(&fingerprint(event)) {
                return Err(unexpected());
            }
            *began_again |= self.next.is_none() && place == 0 && history.base == 0;
            self.next = Some(place + 1);
            return Ok(false);
        }
        if self.next.is_some_and(|next| next < history.chunks.len()) {
            return Err(unexpected());
        }
        match history.ahead(id) {
            None | Some(0) => Ok(true),
            Some(1) => Err(Error::discontinuity("a chunk is missing")),
            Some(missing @ 2..) => Err(Error::discontinuity(format!("{missing} chunks are missing"))),
            // It came before the caller took the stream up by hand.
            Some(_) if history.base > 0 && self.next.is_none() => {
                *began_again = true;
                Ok(false)
            }
            Some(_) => Err(unexpected()),
        }
    }
}

impl ByContent {
    fn see(&mut self, history: &History, event: &sse::Event) {
        let chunk = fingerprint(event);
        let seen = self.seen;
        self.seen += 1;
        self.opened |= history.is_opening(event);
        self.from_start += usize::from(self.from_start == seen && history.chunks.get(seen) == Some(&chunk));
        self.candidates.retain(|start| history.chunks.get(start + seen) == Some(&chunk));
        // At most one ends with this chunk, and it is longer than those that have ended before.
        if let Some(ended) = self.candidates.iter().position(|start| start + self.seen == history.chunks.len()) {
            let start = self.candidates.remove(ended);
            if self.unique.is_some_and(|(_, last)| start <= last) {
                self.repeated_from = Some(start);
            }
        }
    }

    /// Whether it can only be the beginning of an answer, though not of this one. A single chunk that is like the first may come again in any text.
    fn is_another(&self) -> bool {
        let repeats_the_start = self.from_start >= 2 && self.unique.is_some_and(|(first, _)| first < self.from_start);
        self.repeated_from.is_none() && (repeats_the_start || self.opened)
    }
}

fn unexpected() -> Error {
    Error::discontinuity("the server went on with something else than it had sent before")
}
