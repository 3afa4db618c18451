//! The fields of an event: which one a whole line is, and its value.

/// What a line sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Data,
    Event,
    Id,
    Retry,
    /// A name the standard doesn't know: ignored.
    Unknown,
}

impl Field {
    /// The names are matched as they are, without folding their case.
    pub(super) fn from_name(name: &[u8]) -> Self {
        match name {
            b"data" => Self::Data,
            b"event" => Self::Event,
            b"id" => Self::Id,
            b"retry" => Self::Retry,
            _ => Self::Unknown,
        }
    }

    /// Splits a line that isn't a comment into its field and its value. That of an unknown field is left out.
    #[inline]
    pub(super) fn split(line: &[u8]) -> (Self, &[u8]) {
        let (field, rest) = if let Some(rest) = line.strip_prefix(b"data") {
            (Self::Data, rest)
        } else if let Some(rest) = line.strip_prefix(b"event") {
            (Self::Event, rest)
        } else if let Some(rest) = line.strip_prefix(b"id") {
            (Self::Id, rest)
        } else if let Some(rest) = line.strip_prefix(b"retry") {
            (Self::Retry, rest)
        } else {
            return (Self::Unknown, b"");
        };
        match rest {
            [] => (field, rest),
            [b':', b' ', value @ ..] | [b':', value @ ..] => (field, value),
            _ => (Self::Unknown, b""),
        }
    }
}
