//! A line that comes in several pieces: which field it is becomes known as it comes, and its value goes where it belongs.

use super::field::Field;
use super::pending::{Pending, TooLarge};

/// How far into a line the input is.
#[derive(Debug)]
pub(super) enum Line {
    /// At its start.
    Start,
    /// In what may be the name of a field.
    Name(Name),
    /// Right after the colon, where one space is dropped.
    Colon(Field),
    /// In the value of a field.
    Value(Field),
    /// In a field that is ignored.
    Unknown,
    /// In a comment.
    Comment,
}

impl Line {
    /// Reads a `part` of the line that is not its end. `piece` is the one that the part lies in.
    pub(super) fn part(&mut self, mut part: &[u8], piece: &[u8], pending: &mut Pending) -> Result<(), TooLarge> {
        if let Self::Start = self {
            *self = Self::begin(&mut part, piece, pending)?;
        }
        if let Self::Name(name) = self {
            let colon = memchr::memchr(b':', part);
            if !name.push(&part[..colon.unwrap_or(part.len())]) {
                *self = Self::Unknown;
                return Ok(());
            }
            let Some(colon) = colon else { return Ok(()) };
            let field = name.field();
            pending.start(field, piece)?;
            *self = Self::Colon(field);
            part = &part[colon + 1..];
        }
        if let Self::Colon(field) = *self
            && !part.is_empty()
        {
            *self = Self::Value(field);
            part = part.strip_prefix(b" ").unwrap_or(part);
        }
        match *self {
            Self::Value(field) => pending.append(field, part),
            _ => Ok(()),
        }
    }

    /// Reads the start of a line, in one step if the name of a field is all there.
    fn begin(part: &mut &[u8], piece: &[u8], pending: &mut Pending) -> Result<Self, TooLarge> {
        if part.first() == Some(&b':') {
            return Ok(Self::Comment);
        }
        pending.begin();
        let (field, value) = Field::split(part);
        if value.is_empty() {
            return Ok(Self::Name(Name::default()));
        }
        *part = value;
        pending.start(field, piece)?;
        Ok(Self::Value(field))
    }

    /// Ends the line, all of whose parts were read.
    pub(super) fn end(&mut self, piece: &[u8], pending: &mut Pending) -> Result<(), TooLarge> {
        match self {
            Self::Name(name) => {
                let field = name.field();
                pending.start(field, piece)?;
                pending.end(field)?;
            }
            Self::Colon(field) | Self::Value(field) => pending.end(*field)?,
            Self::Start | Self::Unknown | Self::Comment => {}
        }
        *self = Self::Start;
        Ok(())
    }
}

/// The longest name of a field there is, in bytes.
const LONGEST: usize = 5;

/// The beginning of a line without a colon so far.
#[derive(Debug, Default)]
pub(super) struct Name {
    bytes: [u8; LONGEST],
    len: u8,
}

impl Name {
    /// Appends `more`; false if the whole is longer than any name of a field.
    pub(super) fn push(&mut self, more: &[u8]) -> bool {
        let len = usize::from(self.len);
        match self.bytes[len..].get_mut(..more.len()) {
            Some(room) => {
                room.copy_from_slice(more);
                self.len += more.len() as u8;
                true
            }
            None => false,
        }
    }

    fn field(&self) -> Field {
        Field::from_name(&self.bytes[..usize::from(self.len)])
    }
}
