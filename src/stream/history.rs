//! What a stream of chunks has given out: enough to tell whether what comes after a cut joins on.

use std::collections::HashMap;

use super::join::Join;
use super::reading::Role;
use super::{Admission, EventRoles, Position, fingerprint};
use crate::error::Error;
use crate::{sse, wire};

/// A stream of more chunks than this cannot be taken up any more: what it takes to recognise them must not grow for ever.
const MAX_CHUNKS: usize = 1 << 16;

/// The chunks so far, by fingerprints: eight bytes for each, sixteen where the server gives ids.
pub(super) struct History {
    roles: &'static EventRoles,
    /// The index of the first: not 0 in a stream that the caller has taken up by hand.
    pub(super) base: u64,
    /// Of each chunk's data.
    pub(super) chunks: Vec<u64>,
    ids: Ids,
    answer: Answer,
    /// Whether the first chunk is marked as such, and not every chunk is.
    opening: bool,
    /// The server began again from the first chunk when it was asked to go on.
    starts_again: bool,
    /// There were too many chunks.
    is_over: bool,
    join: Option<Join>,
}

/// Whose chunks these are: the id in their data.
enum Answer {
    Unknown,
    One(u64),
    /// It differs from chunk to chunk, so it says nothing.
    Several,
}

/// Event ids, as long as they tell chunks apart.
struct Ids {
    of_chunks: Vec<u64>,
    usable: bool,
    /// Of the first chunk, where they count up.
    first_number: Option<u64>,
}

impl History {
    pub(super) fn new(roles: &'static EventRoles, base: u64) -> Self {
        Self {
            roles,
            base,
            chunks: Vec::new(),
            ids: Ids { of_chunks: Vec::new(), usable: true, first_number: None },
            answer: Answer::Unknown,
            opening: false,
            starts_again: false,
            is_over: false,
            join: None,
        }
    }

    /// Notes a chunk that is given out.
    pub(super) fn record(&mut self, event: &sse::Event) {
        if self.is_over {
            return;
        }
        self.ids.record(event.id.as_deref());
        // Two chunks show what is the same for all and what marks the first.
        if self.chunks.len() < 2 {
            self.answer = match (&self.answer, self.answer_of(event)) {
                (Answer::Unknown, Some(id)) => Answer::One(id),
                (Answer::One(known), Some(id)) if *known == id => Answer::One(id),
                (Answer::Unknown, None) => Answer::Unknown,
                _ => Answer::Several,
            };
            self.opening = if self.chunks.is_empty() { self.opens(event) } else { self.opening && !self.opens(event) };
        }
        self.chunks.push(fingerprint(event));
        if self.chunks.len() > MAX_CHUNKS {
            self.chunks = Vec::new();
            self.ids.give_up();
            self.is_over = true;
        }
    }

    /// After which chunk to go on; `None` if it could not be told whether what comes then joins on.
    pub(super) fn position(&self) -> Option<Position> {
        let last = self.base.checked_add(u64::try_from(self.chunks.len()).ok()?)?.checked_sub(1)?;
        let is_whole = self.base == 0 && !self.chunks.is_empty();
        (!self.starts_again && !self.is_over && (is_whole || self.ids.places().is_some()))
            .then_some(Position::Chunk(last))
    }

    /// What comes from now on comes from a server that was asked to go on.
    pub(super) fn resume(&mut self) {
        self.join = Some(Join::default());
    }

    /// The connection broke.
    pub(super) fn cut(&mut self) {
        if let Some(join) = self.join.take() {
            self.starts_again |= join.has_begun_again(self);
        }
    }

    pub(super) fn admit(&mut self, event: &sse::Event, role: Role) -> Result<Admission, Error> {
        let Some(mut join) = self.join.take() else { return Ok(Admission::Take) };
        let admission = match role {
            Role::Chunk => join.chunk(self, event),
            Role::Other => Ok(join.other(event)),
            // What the server says is wrong counts for more than what we make of it.
            Role::Error => Ok(Admission::Take),
            Role::Done | Role::Unfinished | Role::Sentinel => join.end(self).map(|mut events| {
                events.push_back(event.clone());
                Admission::Release(events)
            }),
        };
        self.starts_again |= join.has_begun_again(self);
        if matches!(admission, Ok(Admission::Hold)) {
            self.join = Some(join);
        }
        admission
    }

    /// The body ended in good order: what was held back comes out now.
    pub(super) fn close(&mut self) -> Result<Admission, Error> {
        match self.join.take() {
            Some(mut join) => join.end(self).map(Admission::Release),
            None => Ok(Admission::Take),
        }
    }

    /// Whether a chunk is certainly of another answer.
    pub(super) fn is_foreign(&self, event: &sse::Event) -> bool {
        match (&self.answer, self.answer_of(event)) {
            (Answer::One(known), Some(id)) => *known != id,
            _ => false,
        }
    }

    /// Whether a chunk is certainly the first of an answer. It takes two to see what marks the first.
    pub(super) fn is_opening(&self, event: &sse::Event) -> bool {
        self.opening && self.chunks.len() > 1 && self.opens(event)
    }

    /// Places of the chunks by their ids; `None` where ids don't tell them apart.
    pub(super) fn places(&self) -> Option<HashMap<u64, usize>> {
        self.ids.places()
    }

    /// By how many chunks an id is ahead of the next one; `None` where ids don't count.
    pub(super) fn ahead(&self, id: &str) -> Option<i128> {
        let next = i128::from(self.ids.first_number?) + i128::try_from(self.chunks.len()).ok()?;
        Some(i128::from(id.parse::<u64>().ok()?) - next)
    }

    fn answer_of(&self, event: &sse::Event) -> Option<u64> {
        let id = wire::peek_at(event.data.as_deref()?, path(self.roles.answer)?)?;
        Some(super::hash(id.as_bytes()))
    }

    fn opens(&self, event: &sse::Event) -> bool {
        let Some(path) = path(self.roles.opening) else { return false };
        let found = event.data.as_deref().and_then(|data| wire::peek_at(data, path));
        found.is_some_and(|value| value != "null")
    }
}

/// No path leads nowhere, rather than to the whole.
fn path(path: &'static [&'static str]) -> Option<&'static [&'static str]> {
    (!path.is_empty()).then_some(path)
}

impl Ids {
    fn record(&mut self, id: Option<&str>) {
        let Some(id) = id.filter(|_| self.usable) else { return self.give_up() };
        let hash = super::hash(id.as_bytes());
        // An id stays in force for the events after it: this chunk has none of its own.
        if self.of_chunks.last() == Some(&hash) {
            return self.give_up();
        }
        let place = u64::try_from(self.of_chunks.len()).unwrap_or(u64::MAX);
        let number: Option<u64> = id.parse().ok();
        if place == 0 {
            self.first_number = number;
        } else if self.first_number.and_then(|first| first.checked_add(place)) != number {
            self.first_number = None;
        }
        self.of_chunks.push(hash);
    }

    fn give_up(&mut self) {
        *self = Self { of_chunks: Vec::new(), usable: false, first_number: None };
    }

    fn places(&self) -> Option<HashMap<u64, usize>> {
        let places: HashMap<u64, usize> = self.of_chunks.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        (self.usable && !places.is_empty() && places.len() == self.of_chunks.len()).then_some(places)
    }
}
