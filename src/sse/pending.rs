//! The event being built: what its lines have set so far, held within the limit.

use std::mem;
use std::time::Duration;

use bytes::Bytes;
use bytestring::ByteString;

use super::buffer::Buffer;
use super::event::Event;
use super::field::Field;
use super::joined::Joined;
use super::text;

/// Names and ids are put together in blocks of this many bytes.
const SMALL_BLOCK: usize = 1024;

/// The event would be larger than the limit.
pub(super) struct TooLarge;

/// What the lines since the last blank one have set.
pub(super) struct Pending {
    /// The most bytes that the fields of one event may hold.
    limit: usize,
    /// How many they hold.
    held: usize,
    /// Whether a line that isn't a comment has come.
    begun: bool,
    /// The value of the last `event` field, unless it was empty.
    event: Option<ByteString>,
    data: Data,
    /// The id that is to last from this event on; an empty one resets it.
    id: Option<ByteString>,
    /// The `retry` of this block.
    retry: Option<Duration>,
    /// The id that lasts from the events before.
    last_id: Option<ByteString>,
    /// The last `retry` of all.
    reconnection_time: Option<Duration>,
    joined: Joined,
    /// Where ids, and names that cross pieces, are put together. They are small and many, and an id may be kept for long: sharing the
    /// memory of a piece would keep all of it.
    small: Buffer,
    digits: Digits,
}

/// Where the data is.
#[derive(Clone, Copy)]
enum Data {
    None,
    /// One line, in this range of the current piece.
    Here {
        from: usize,
        to: usize,
    },
    /// In `joined`.
    Joined,
}

/// The value of a `retry` field, digit by digit.
enum Digits {
    Empty,
    Number(u64),
    Bad,
}

impl Pending {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            held: 0,
            begun: false,
            event: None,
            data: Data::None,
            id: None,
            retry: None,
            last_id: None,
            reconnection_time: None,
            joined: Joined::new(),
            small: Buffer::new(SMALL_BLOCK),
            digits: Digits::Empty,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Whether the input is in the middle of an event, between lines.
    pub(super) fn is_begun(&self) -> bool {
        self.begun
    }

    pub(super) fn last_id(&self) -> Option<&ByteString> {
        self.last_id.as_ref()
    }

    pub(super) fn reconnection_time(&self) -> Option<Duration> {
        self.reconnection_time
    }

    /// Lets go of the unfinished event, for good.
    pub(super) fn abandon(&mut self) {
        *self =
            Self { last_id: self.last_id.take(), reconnection_time: self.reconnection_time, ..Self::new(self.limit) };
    }

    /// Takes a whole line that isn't blank, nor a comment, and ends at `to` in `piece`.
    #[inline]
    pub(super) fn line(&mut self, line: &[u8], to: usize, piece: &Bytes) -> Result<(), TooLarge> {
        self.begun = true;
        let (field, value) = Field::split(line);
        let from = to - value.len();
        match field {
            Field::Data if matches!(self.data, Data::None) => {
                self.data = Data::Here { from, to };
                self.hold(value.len())
            }
            Field::Event => {
                self.hold(value.len())?;
                let name = match value {
                    b"" => None,
                    name => known_name(name).or_else(|| Some(text::share(piece, from..to))),
                };
                self.set_event(name, value.len())
            }
            Field::Unknown => Ok(()),
            Field::Data | Field::Id | Field::Retry => {
                self.start(field, piece)?;
                self.append(field, value)?;
                self.end(field)
            }
        }
    }

    /// A line that isn't a comment has begun in pieces.
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }

    /// Starts a value that will be [appended](Self::append) to. `piece` is the current one.
    #[inline]
    pub(super) fn start(&mut self, field: Field, piece: &[u8]) -> Result<(), TooLarge> {
        match field {
            Field::Data => {
                if let Data::None = self.data {
                    self.joined.start();
                    self.data = Data::Joined;
                } else {
                    self.join(piece);
                    self.append_data(b"\n")?;
                }
            }
            Field::Event | Field::Id => self.small.bytes.clear(),
            Field::Retry => self.digits = Digits::Empty,
            Field::Unknown => {}
        }
        Ok(())
    }

    /// Appends to the value that was [started](Self::start).
    pub(super) fn append(&mut self, field: Field, value: &[u8]) -> Result<(), TooLarge> {
        match field {
            Field::Data => return self.append_data(value),
            Field::Event | Field::Id => {
                self.hold(value.len())?;
                self.small.bytes.extend_from_slice(value);
            }
            Field::Retry => self.digits.append(value),
            Field::Unknown => {}
        }
        Ok(())
    }

    /// Appends to a `data` value that was [started](Self::start).
    #[inline]
    pub(super) fn append_data(&mut self, value: &[u8]) -> Result<(), TooLarge> {
        self.hold(value.len())?;
        self.joined.append(value);
        Ok(())
    }

    /// Ends the value that was [started](Self::start).
    pub(super) fn end(&mut self, field: Field) -> Result<(), TooLarge> {
        match field {
            Field::Event => {
                let len = self.small.bytes.len();
                let name = match &*self.small.bytes {
                    b"" => None,
                    name => known_name(name).or_else(|| Some(self.small.share())),
                };
                self.set_event(name, len)
            }
            Field::Id => {
                let len = self.small.bytes.len();
                let id = memchr::memchr(0, &self.small.bytes).is_none().then(|| self.small.share());
                self.set_id(id, len)
            }
            Field::Retry => {
                if let Digits::Number(millis) = self.digits {
                    self.retry = Some(Duration::from_millis(millis));
                    self.reconnection_time = self.retry;
                }
                Ok(())
            }
            Field::Data | Field::Unknown => Ok(()),
        }
    }

    /// Puts data that lies in `piece` where more can be added to it, and where it outlasts the piece.
    #[inline]
    pub(super) fn join(&mut self, piece: &[u8]) {
        if let Data::Here { from, to } = self.data {
            self.joined.start();
            self.data = Data::Joined;
            self.joined.append(&piece[from..to]);
        }
    }

    /// A blank line: ends the block. Whether it is an event.
    #[inline]
    pub(super) fn end_block(&mut self, dataless: bool) -> bool {
        if !mem::take(&mut self.begun) {
            return false;
        }
        self.held = 0;
        if let Some(id) = self.id.take() {
            self.last_id = Some(id).filter(|id| !id.is_empty());
        }
        let is_event = !matches!(self.data, Data::None) || dataless && self.event.is_some();
        if !is_event {
            self.event = None;
            self.retry = None;
        }
        is_event
    }

    /// Takes the event of the block that ended. `piece` is the one that it ended in.
    #[inline]
    pub(super) fn take_event(&mut self, piece: &Bytes) -> Event {
        let data = match mem::replace(&mut self.data, Data::None) {
            Data::None => None,
            Data::Here { from, to } => Some(text::share(piece, from..to)),
            Data::Joined => Some(self.joined.take()),
        };
        Event { event: self.event.take(), data, id: self.last_id.clone(), retry: self.retry.take() }
    }

    /// Replaces the name. The value it came of was counted with `len` bytes.
    fn set_event(&mut self, name: Option<ByteString>, len: usize) -> Result<(), TooLarge> {
        self.held -= len + text_len(&self.event);
        self.event = name;
        self.hold(text_len(&self.event))
    }

    /// Replaces the id, unless it is none. The value it came of was counted with `len` bytes.
    fn set_id(&mut self, id: Option<ByteString>, len: usize) -> Result<(), TooLarge> {
        self.held -= len;
        if id.is_none() {
            return Ok(());
        }
        self.held -= text_len(&self.id);
        self.id = id;
        self.hold(text_len(&self.id))
    }

    /// Counts `more` bytes.
    #[inline]
    fn hold(&mut self, more: usize) -> Result<(), TooLarge> {
        self.held += more;
        if self.held > self.limit { Err(TooLarge) } else { Ok(()) }
    }
}

impl Digits {
    fn append(&mut self, more: &[u8]) {
        for byte in more {
            *self = match (&self, byte) {
                (Self::Bad, _) => return,
                (Self::Empty, b'0'..=b'9') => Self::Number(u64::from(byte - b'0')),
                (Self::Number(n), b'0'..=b'9') => {
                    Self::Number(n.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
                }
                _ => Self::Bad,
            };
        }
    }
}

fn text_len(text: &Option<ByteString>) -> usize {
    text.as_ref().map_or(0, |text| text.len())
}

/// The names that need no memory.
fn known_name(name: &[u8]) -> Option<ByteString> {
    let name = match name {
        b"message" => "message",
        b"done" => "done",
        b"error" => "error",
        _ => return None,
    };
    Some(ByteString::from_static(name))
}
