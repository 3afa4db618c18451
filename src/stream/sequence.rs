//! Numbered events: whether one follows on the last, and where to go on after a cut.

use super::reading::{Reading, Role};
use super::{Admission, Position, fingerprint};
use crate::call::Elsewhere;
use crate::error::Error;
use crate::{sse, wire};

/// Watches the numbers of a stream's events.
pub(super) struct Sequence {
    /// How the rest is found, if not by the request that began the stream.
    elsewhere: Option<Elsewhere>,
    last: Option<i64>,
    /// Of the last event: a number that comes again with other content counts nothing.
    fingerprint: u64,
    /// Whether numbers have been worth their name so far.
    is_numbered: bool,
    /// What the stream is about, by its id.
    id: Option<String>,
    /// Whether it can be asked for.
    is_kept: bool,
    /// Nothing has come since the stream was taken up.
    pub(super) just_resumed: bool,
    /// Whether the stream was only given the end of what it had missed.
    pub(super) is_rebuilt: bool,
}

impl Sequence {
    pub(super) fn new(elsewhere: Option<Elsewhere>) -> Self {
        Self {
            elsewhere,
            last: None,
            fingerprint: 0,
            is_numbered: true,
            id: None,
            is_kept: true,
            just_resumed: false,
            is_rebuilt: false,
        }
    }

    pub(super) fn last(&self) -> Option<i64> {
        self.last
    }

    pub(super) fn position(&self) -> Option<Position> {
        let number = self.last.filter(|_| self.is_numbered)?;
        match (&self.elsewhere, &self.id) {
            (Some(_), None) => None,
            (Some(_), Some(_)) if !self.is_kept => None,
            (_, id) => Some(Position::Sequence { number, id: id.clone() }),
        }
    }

    pub(super) fn resume(&mut self) {
        self.just_resumed = true;
    }

    pub(super) fn admit(&mut self, event: &sse::Event, reading: &Reading<'_>) -> Result<Admission, Error> {
        self.identify(event);
        let Some(number) = reading.number.filter(|_| self.is_numbered) else { return Ok(Admission::Take) };
        let just_resumed = std::mem::take(&mut self.just_resumed);
        let is_next = self.last.is_none_or(|last| last.checked_add(1) == Some(number));
        if reading.role.is_end() {
            // It holds all that there was, whatever its own number.
            self.is_rebuilt = just_resumed && !is_next && reading.role != Role::Error;
        } else if let Some(last) = self.last.filter(|_| !is_next) {
            if number > last {
                self.just_resumed = just_resumed;
                let missing = match number - last {
                    2 => format!("event {} is missing", last + 1),
                    _ => format!("events {} to {} are missing", last + 1, number - 1),
                };
                return Err(Error::discontinuity(missing));
            }
            if just_resumed || self.is_repeat(event, number) {
                self.just_resumed = just_resumed;
                return Ok(Admission::Skip);
            }
            self.is_numbered = false;
        }
        self.last = Some(number);
        self.fingerprint = fingerprint(event);
        Ok(Admission::Take)
    }

    fn is_repeat(&self, event: &sse::Event, number: i64) -> bool {
        self.last == Some(number) && self.fingerprint == fingerprint(event)
    }

    /// Finds out by which id the rest could be asked for.
    fn identify(&mut self, event: &sse::Event) {
        let (Some(elsewhere), None, Some(data)) = (&self.elsewhere, &self.id, event.data.as_deref()) else { return };
        let Some(id) = wire::peek_at(data, elsewhere.id).and_then(wire::string) else { return };
        let is = |path, value| wire::peek_at(data, path) == Some(value);
        self.is_kept = !is(elsewhere.stored, "false") || is(elsewhere.background, "true");
        self.id = Some(id.into_owned());
    }
}
