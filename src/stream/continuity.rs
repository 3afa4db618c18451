//! Whether an event is the next one, whichever way its stream is taken up after a cut.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use super::EventRoles;
use super::history::History;
use super::reading::Reading;
use super::sequence::Sequence;
use crate::call::Resume;
use crate::error::Error;
use crate::sse;

/// What a stream remembers so as to go on after a cut.
pub(super) enum Continuity {
    /// Nothing: a cut is its end.
    None,
    Chunks(Box<History>),
    Sequence(Box<Sequence>),
}

/// What becomes of an event.
#[derive(Debug)]
pub(super) enum Admission {
    Take,
    /// It has come before.
    Skip,
    /// It is kept until more is known.
    Hold,
    /// It is known now: these are to be taken.
    Release(VecDeque<sse::Event>),
}

/// After what a stream is to go on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Position {
    /// Nothing has come.
    Start,
    Chunk(u64),
    /// The number of an event, and what the stream is about where that has to be said.
    Sequence {
        number: i64,
        id: Option<String>,
    },
}

impl Continuity {
    pub(super) fn new(resume: &Resume, roles: &'static EventRoles, base: u64, is_on: bool) -> Self {
        match resume {
            Resume::Sequence { elsewhere, .. } => Self::Sequence(Box::new(Sequence::new(*elsewhere))),
            Resume::ChunkIndex(_) if is_on => Self::Chunks(Box::new(History::new(roles, base))),
            Resume::ChunkIndex(_) | Resume::Never => Self::None,
        }
    }

    pub(super) fn admit(&mut self, event: &sse::Event, reading: &Reading<'_>) -> Result<Admission, Error> {
        match self {
            Self::None => Ok(Admission::Take),
            Self::Chunks(history) => history.admit(event, reading.role),
            Self::Sequence(sequence) => sequence.admit(event, reading),
        }
    }

    /// Notes a chunk that is given out.
    pub(super) fn record(&mut self, event: &sse::Event) {
        if let Self::Chunks(history) = self {
            history.record(event);
        }
    }

    /// The body ended in good order.
    pub(super) fn close(&mut self) -> Result<Admission, Error> {
        match self {
            Self::Chunks(history) => history.close(),
            _ => Ok(Admission::Take),
        }
    }

    /// The connection broke.
    pub(super) fn cut(&mut self) {
        if let Self::Chunks(history) = self {
            history.cut();
        }
    }

    /// Where to go on; `None` if the stream cannot.
    pub(super) fn position(&self) -> Option<Position> {
        match self {
            Self::None => None,
            Self::Chunks(history) => history.position(),
            Self::Sequence(sequence) => sequence.position(),
        }
    }

    /// The stream has been taken up again.
    pub(super) fn resume(&mut self) {
        match self {
            Self::None => {}
            Self::Chunks(history) => history.resume(),
            Self::Sequence(sequence) => sequence.resume(),
        }
    }

    /// Whether the stream has just been taken up, and nothing of it came that was new.
    pub(super) fn is_joining(&self) -> bool {
        match self {
            Self::None => false,
            Self::Chunks(_) => true,
            Self::Sequence(sequence) => sequence.just_resumed,
        }
    }

    pub(super) fn sequence(&self) -> Option<&Sequence> {
        match self {
            Self::Sequence(sequence) => Some(sequence),
            _ => None,
        }
    }
}

/// By which an event's content is known again.
pub(super) fn fingerprint(event: &sse::Event) -> u64 {
    hash(event.data.as_deref().unwrap_or_default().as_bytes())
}

pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(bytes);
    hasher.finish()
}
