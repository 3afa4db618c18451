//! What can go wrong: an event beyond the limit, an end in the middle of one, and the source's own errors.

use std::fmt;

/// Why a [`Decoder`](super::Decoder) gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// An event grew beyond [`Decoder::with_max_event_size`](super::Decoder::with_max_event_size).
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "an event is larger than the limit of {limit} bytes"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// The input ended in the middle of an event, which was therefore not dispatched.
///
/// Given by [`Decoder::finish`](super::Decoder::finish).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Incomplete;

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event stream ended in the middle of an event")
    }
}

impl std::error::Error for Incomplete {}

/// An error in a stream of [`Events`](super::Events), whose source fails with `E`.
///
/// It is the last item of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error<E> {
    /// The source of the bytes failed.
    Transport(E),
    /// An event grew beyond [`Decoder::with_max_event_size`](super::Decoder::with_max_event_size).
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The source ended in the middle of an event. Browsers drop such an event silently; so may you.
    Incomplete,
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(_) => f.write_str("the source of the event stream failed"),
            Self::TooLarge { limit } => DecodeError::TooLarge { limit: *limit }.fmt(f),
            Self::Incomplete => Incomplete.fmt(f),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            Self::TooLarge { .. } | Self::Incomplete => None,
        }
    }
}

impl<E> From<DecodeError> for Error<E> {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::TooLarge { limit } => Self::TooLarge { limit },
        }
    }
}

impl<E> From<Incomplete> for Error<E> {
    fn from(Incomplete: Incomplete) -> Self {
        Self::Incomplete
    }
}
