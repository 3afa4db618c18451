//! The event being built: what its lines have set so far, held within the limit.

use std::mem;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use bytestring::ByteString;

use super::event::Event;
use super::field::Field;
use super::settled::{self, Settled};
use super::text;

/// Room for ids and names is taken this much at a time.
const SMALL_BLOCK: usize = 1024;

/// A buffer for data that crosses pieces starts with this much room.
const MIN_BUFFER: usize = 4 * 1024;

/// A buffer for more data than this isn't kept for the next event.
const MAX_KEPT_BUFFER: usize = 1024 * 1024;

/// The event would be larger than the limit.
pub(super) struct TooLarge;

/// What the lines since the last blank one have set.
pub(super) struct Pending {
    /// The most bytes that the fields of one event may hold.
    limit: usize,
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
    /// Where data is put together that doesn't lie in one piece.
    joined: BytesMut,
    /// What came before that of large data.
    settled: Settled,
    /// How large the last joined data was: the next is likely to be about as large.
    likely: usize,
    /// Where the ids, and names that cross pieces, are put. They are small and many, and an id may be kept for long: sharing
    /// the memory of a piece would keep all of it.
    small: BytesMut,
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
            begun: false,
            event: None,
            data: Data::None,
            id: None,
            retry: None,
            last_id: None,
            reconnection_time: None,
            joined: BytesMut::new(),
            settled: Settled::default(),
            likely: 0,
            small: BytesMut::new(),
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
                self.make_room(value.len())?;
                self.data = Data::Here { from, to };
                Ok(())
            }
            Field::Event => {
                self.make_room(value.len())?;
                self.event = match value {
                    b"" => None,
                    name => known_name(name).or_else(|| Some(text::share(piece, from..to))),
                };
                self.make_room(0)
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
                    make_buffer(&mut self.joined, self.likely, MIN_BUFFER);
                    self.data = Data::Joined;
                } else {
                    self.make_room(1)?;
                    self.join(piece);
                    self.joined.extend_from_slice(b"\n");
                }
            }
            Field::Event | Field::Id => make_buffer(&mut self.small, 0, SMALL_BLOCK),
            Field::Retry => self.digits = Digits::Empty,
            Field::Unknown => {}
        }
        Ok(())
    }

    /// Appends to the value that was [started](Self::start).
    pub(super) fn append(&mut self, field: Field, value: &[u8]) -> Result<(), TooLarge> {
        match field {
            Field::Data => self.append_data(value)?,
            Field::Event | Field::Id => {
                self.make_room(self.small.len().saturating_add(value.len()))?;
                self.small.extend_from_slice(value);
            }
            Field::Retry => self.digits.append(value),
            Field::Unknown => {}
        }
        Ok(())
    }

    /// Appends to a `data` value that was [started](Self::start).
    #[inline]
    pub(super) fn append_data(&mut self, value: &[u8]) -> Result<(), TooLarge> {
        let held = self.joined_len().saturating_add(self.text_len());
        if held.saturating_add(value.len()) > self.limit {
            return Err(TooLarge);
        }
        if value.len() >= settled::DIRECT && self.append_directly(value) {
            return Ok(());
        }
        self.joined.extend_from_slice(value);
        if self.joined.len() >= settled::BLOCK {
            self.settled.take(&mut self.joined, self.likely);
        }
        Ok(())
    }

    /// Makes text of it at once, if there is text already. Apart, since small pieces are many, and pay for every instruction.
    #[inline(never)]
    fn append_directly(&mut self, value: &[u8]) -> bool {
        let is_large = self.settled.len() > 0;
        if is_large {
            self.settled.extend(&mut self.joined, value);
        }
        is_large
    }

    /// Ends the value that was [started](Self::start). A name or an id may have grown as it was made text.
    pub(super) fn end(&mut self, field: Field) -> Result<(), TooLarge> {
        match field {
            Field::Event => {
                self.event = match &*self.small {
                    b"" => None,
                    name => known_name(name).or_else(|| Some(text::take_short(&mut self.small))),
                };
                self.small.clear();
            }
            Field::Id => {
                if memchr::memchr(0, &self.small).is_none() {
                    self.id = Some(text::take_short(&mut self.small));
                }
                self.small.clear();
            }
            Field::Retry => {
                if let Digits::Number(millis) = self.digits {
                    self.retry = Some(Duration::from_millis(millis));
                    self.reconnection_time = self.retry;
                }
            }
            Field::Data | Field::Unknown => {}
        }
        self.make_room(0)
    }

    /// Puts data that lies in `piece` where more can be added to it, and where it outlasts the piece.
    #[inline]
    pub(super) fn join(&mut self, piece: &[u8]) {
        if let Data::Here { from, to } = self.data {
            make_buffer(&mut self.joined, self.likely.max(to - from), MIN_BUFFER);
            self.joined.extend_from_slice(&piece[from..to]);
            self.data = Data::Joined;
        }
    }

    /// A blank line: ends the block, and gives the event if the block is one.
    #[inline]
    pub(super) fn dispatch(&mut self, piece: &Bytes, dataless: bool) -> Option<Event> {
        if !mem::take(&mut self.begun) {
            return None;
        }
        if let Some(id) = self.id.take() {
            self.last_id = Some(id).filter(|id| !id.is_empty());
        }
        let event = self.event.take();
        let retry = self.retry.take();
        let data = match mem::replace(&mut self.data, Data::None) {
            Data::None if dataless && event.is_some() => None,
            Data::None => return None,
            Data::Here { from, to } => Some(text::share(piece, from..to)),
            Data::Joined => Some(self.take_joined()),
        };
        Some(Event { event, data, id: self.last_id.clone(), retry })
    }

    fn take_joined(&mut self) -> ByteString {
        let len = self.joined_len();
        self.likely = len.min(MAX_KEPT_BUFFER);
        let text = if self.settled.len() > 0 {
            mem::take(&mut self.settled).finish(&self.joined)
        } else {
            let bytes = self.joined.split().freeze();
            text::share(&bytes, 0..len)
        };
        self.joined.clear();
        if len > MAX_KEPT_BUFFER {
            self.joined = BytesMut::new();
        }
        text
    }

    /// The length of the data that was put together.
    #[inline]
    fn joined_len(&self) -> usize {
        self.settled.len().saturating_add(self.joined.len())
    }

    /// The length of the name and the id.
    fn text_len(&self) -> usize {
        let event = self.event.as_ref().map_or(0, |event| event.len());
        let id = self.id.as_ref().map_or(0, |id| id.len());
        event.saturating_add(id)
    }

    /// Checks that `more` bytes can be held within the limit.
    fn make_room(&self, more: usize) -> Result<(), TooLarge> {
        let data = match self.data {
            Data::None => 0,
            Data::Here { from, to } => to - from,
            Data::Joined => self.joined_len(),
        };
        let held = data.saturating_add(self.text_len());
        if held.saturating_add(more) > self.limit { Err(TooLarge) } else { Ok(()) }
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

/// Takes memory for a buffer that is to hold `more`: at least `block`, again and again, so that it is seldom taken.
fn make_buffer(buffer: &mut BytesMut, more: usize, block: usize) {
    if buffer.capacity() == 0 {
        *buffer = BytesMut::with_capacity(more.max(block));
    } else {
        buffer.reserve(more);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// How often the buffer moves while data of `lines` lines, each of `pieces` pieces, is put together.
    fn moves(lines: usize, pieces: usize, piece: &[u8]) -> usize {
        let mut pending = Pending::new(usize::MAX);
        let mut moves = 0;
        let mut capacity = 0;
        for _ in 0..lines {
            assert!(pending.start(Field::Data, b"").is_ok());
            for _ in 0..pieces {
                assert!(pending.append(Field::Data, piece).is_ok());
                moves += usize::from(pending.joined.capacity() > capacity);
                capacity = pending.joined.capacity();
            }
            assert!(pending.end(Field::Data).is_ok());
        }
        moves
    }

    /// Work that doubles with the input is linear: copies are made at 4 KiB, 8 KiB, 16 KiB and so on.
    #[test]
    fn twice_the_data_moves_the_buffer_once_more() {
        for piece in [&[b'x'; 1][..], &[b'x'; 64], &[b'x'; 1460]] {
            let pieces = (1 << 20) / piece.len();
            let (one, eight) = (moves(1, pieces, piece), moves(1, 8 * pieces, piece));
            assert!(eight <= one + 3, "{one} moves for 1 MiB, {eight} for 8 MiB, pieces of {}", piece.len());
            assert!(moves(pieces, 1, piece) <= one + 1, "lines cost no more than pieces");
        }
    }

    #[test]
    fn the_next_event_finds_a_buffer_of_the_size_of_the_last() {
        let mut pending = Pending::new(usize::MAX);
        for _ in 0..3 {
            assert!(pending.start(Field::Data, b"").is_ok());
            let likely = pending.likely;
            assert!(pending.joined.capacity() >= likely);
            assert!(pending.append(Field::Data, &[b'x'; 100_000]).is_ok());
            pending.begin();
            assert!(pending.dispatch(&Bytes::new(), false).is_some());
        }
        assert_eq!(pending.likely, 100_000);
    }

    #[test]
    fn a_large_buffer_is_not_kept() {
        let mut pending = Pending::new(usize::MAX);
        pending.begin();
        assert!(pending.start(Field::Data, b"").is_ok());
        assert!(pending.append(Field::Data, &vec![b'x'; MAX_KEPT_BUFFER + 1]).is_ok());
        assert!(pending.dispatch(&Bytes::new(), false).is_some());
        assert_eq!(pending.joined.capacity(), 0);
    }
}
