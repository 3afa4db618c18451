//! The push decoder: bytes in, events out.

use std::collections::VecDeque;
use std::fmt;
use std::mem;
use std::time::Duration;

use bytes::Bytes;

use super::error::{DecodeError, Incomplete};
use super::event::Event;
use super::field::Field;
use super::line::{Line, Name};
use super::pending::{Pending, TooLarge};

const BOM: &[u8] = b"\xEF\xBB\xBF";

const DEFAULT_MAX_EVENT_SIZE: usize = 64 * 1024 * 1024;

/// Decodes an event stream from pieces of bytes.
///
/// Push a piece, take events until there are none, push the next. At the end of the input, [`finish`](Self::finish) tells
/// whether it was a clean one. Where the pieces are cut makes no difference to what comes out.
///
/// A decoder is for one response. To connect again, take a new one.
///
/// ```
/// use mka1::sse::Decoder;
///
/// let mut decoder = Decoder::new();
/// let mut texts = Vec::new();
/// for piece in ["data: he", "llo\n\ndata: world\n", "\n"] {
///     decoder.push(piece);
///     while let Some(event) = decoder.next_event()? {
///         texts.extend(event.data);
///     }
/// }
/// decoder.finish()?;
///
/// assert_eq!(texts, ["hello", "world"]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct Decoder {
    /// The piece being read, from `at` on, and those after it.
    piece: Bytes,
    at: usize,
    next: VecDeque<Bytes>,
    /// How many bytes of a byte order mark have come; `None` once the start of the stream is past.
    bom: Option<usize>,
    /// Whether the last byte was the CR that ended a line: a LF right after it belongs to it.
    after_cr: bool,
    line: Line,
    pending: Pending,
    dataless: bool,
    failed: bool,
}

impl Decoder {
    /// A decoder by the standard's rules, with a limit of 64 MiB per event.
    #[must_use]
    pub fn new() -> Self {
        Self {
            piece: Bytes::new(),
            at: 0,
            next: VecDeque::new(),
            bom: Some(0),
            after_cr: false,
            line: Line::Start,
            pending: Pending::new(DEFAULT_MAX_EVENT_SIZE),
            dataless: false,
            failed: false,
        }
    }

    /// Sets how many bytes one event may hold: the values of its `data`, `event` and `id` fields, also of one that isn't
    /// finished yet. The default is 64 MiB.
    ///
    /// More is [`DecodeError::TooLarge`]. It makes no difference where the input is cut. Comments, unknown fields and `retry` take no memory, however long they are, and
    /// so don't count. What was pushed and not yet decoded isn't counted either.
    ///
    /// ```
    /// use mka1::sse::{DecodeError, Decoder};
    ///
    /// let mut decoder = Decoder::new().with_max_event_size(4);
    /// decoder.push(": a long comment\ndata: 1234\n\ndata: 12345");
    /// assert_eq!(decoder.next_event()?.and_then(|event| event.data).as_deref(), Some("1234"));
    /// assert_eq!(decoder.next_event(), Err(DecodeError::TooLarge { limit: 4 }));
    /// # Ok::<_, DecodeError>(())
    /// ```
    #[must_use]
    pub fn with_max_event_size(mut self, bytes: usize) -> Self {
        self.pending.set_limit(bytes);
        self
    }

    /// Sets whether a block that has a name but no `data` is an event, with `data: None`.
    ///
    /// The standard drops it, and so does a decoder by default. Some servers send such events to say something, such as
    /// oRPC its `event: done`.
    ///
    /// ```
    /// use mka1::sse::Decoder;
    ///
    /// let mut decoder = Decoder::new().with_dataless_events(true);
    /// decoder.push("event: done\n\n");
    /// let event = decoder.next_event()?.expect("an event");
    /// assert_eq!((event.name(), event.data.as_deref()), ("done", None));
    /// # Ok::<_, mka1::sse::DecodeError>(())
    /// ```
    #[must_use]
    pub fn with_dataless_events(mut self, keep: bool) -> Self {
        self.dataless = keep;
        self
    }

    /// Adds a piece of input. It is read as events are [asked for](Self::next_event).
    // In place at every caller: there, a piece that isn't kept needs no move.
    #[inline(always)]
    pub fn push(&mut self, piece: impl Into<Bytes>) {
        let piece = piece.into();
        if self.pass(&piece) {
            return;
        }
        if self.piece.is_empty() {
            self.piece = piece;
        } else {
            self.next.push_back(piece);
        }
    }

    /// Whether nothing of the piece needs to be kept. Most small pieces lie within a line of data.
    fn pass(&mut self, piece: &[u8]) -> bool {
        if self.failed || piece.is_empty() {
            return true;
        }
        if !self.piece.is_empty() {
            return false;
        }
        let Line::Value(Field::Data) = self.line else { return false };
        let end = memchr::memchr2(b'\n', b'\r', piece);
        if self.pending.append_data(&piece[..end.unwrap_or(piece.len())]).is_err() {
            self.fail();
            return true;
        }
        let Some(end) = end else { return true };
        self.line = Line::Start;
        (self.at, self.after_cr) = past_line_end(piece, end);
        false
    }

    /// The next event of what was pushed; `None` if it takes more input to tell.
    ///
    /// # Errors
    /// [`DecodeError::TooLarge`] if an event is beyond the limit. The decoder then stays failed: it gives that error again
    /// and takes no more input.
    #[inline]
    pub fn next_event(&mut self) -> Result<Option<Event>, DecodeError> {
        if self.piece.is_empty() && !self.failed { Ok(None) } else { self.read_event() }
    }

    fn read_event(&mut self) -> Result<Option<Event>, DecodeError> {
        if self.failed {
            return Err(self.too_large());
        }
        while !self.piece.is_empty() {
            if self.at == 0 {
                self.enter();
            }
            match self.read() {
                Ok(true) => return Ok(Some(self.pending.take_event(&self.piece))),
                Ok(false) => self.leave(),
                Err(TooLarge) => return Err(self.fail()),
            }
        }
        Ok(None)
    }

    /// Says how the input ended: to be asked when there is no more of it and [`next_event`](Self::next_event) gave `None`.
    ///
    /// # Errors
    /// [`Incomplete`] if it ended in the middle of an event, that is after a line other than a comment that no blank
    /// line followed, or within such a line; also if input is left to be read. A decoder that failed is in the middle of an
    /// event.
    ///
    /// ```
    /// use mka1::sse::{Decoder, Incomplete};
    ///
    /// let mut decoder = Decoder::new();
    /// decoder.push("data: cut off\n");
    /// assert_eq!(decoder.next_event(), Ok(None));
    /// assert!(decoder.finish().is_err());
    /// ```
    pub fn finish(&self) -> Result<(), Incomplete> {
        let in_bom = self.bom.is_some_and(|matched| matched > 0);
        let in_line = !matches!(self.line, Line::Start | Line::Comment);
        if self.failed || self.has_unread() || in_bom || in_line || self.pending.is_begun() {
            Err(Incomplete)
        } else {
            Ok(())
        }
    }

    /// The id that a client sends as `Last-Event-ID` when it connects again; `None` if no event set one, or the last set
    /// an empty one.
    ///
    /// An id counts from the blank line of its block on, even if the block has no data.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        self.pending.last_id().map(|id| &**id)
    }

    /// How long the server wants a client to wait before it connects again: the last `retry` that has come, whether or
    /// not an event came of it.
    #[must_use]
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.pending.reconnection_time()
    }

    fn has_unread(&self) -> bool {
        self.at < self.piece.len() || !self.next.is_empty()
    }

    /// Starts on a piece, past what belongs to the bytes before it.
    #[inline]
    fn enter(&mut self) {
        if self.bom.is_some() {
            self.skip_bom();
        }
        if mem::take(&mut self.after_cr) && self.piece.first() == Some(&b'\n') {
            self.at = 1;
        }
    }

    /// Lets the piece that was read go.
    #[inline]
    fn leave(&mut self) {
        self.pending.join(&self.piece);
        self.at = 0;
        match self.next.pop_front() {
            Some(piece) => self.piece = piece,
            None => self.piece = Bytes::new(),
        }
    }

    /// Drops one byte order mark; what only began like one is the start of the first line.
    fn skip_bom(&mut self) {
        while let (Some(matched), Some(byte)) = (self.bom, self.piece.get(self.at)) {
            if BOM.get(matched) == Some(byte) {
                self.at += 1;
                self.bom = Some(matched + 1).filter(|matched| *matched < BOM.len());
            } else {
                self.bom = None;
                if matched > 0 {
                    let mut name = Name::default();
                    name.push(&BOM[..matched]);
                    self.line = Line::Name(name);
                    self.pending.begin();
                }
            }
        }
    }

    /// Reads to the end of an event, or of the piece; whether it is an event.
    #[inline]
    fn read(&mut self) -> Result<bool, TooLarge> {
        let Self { piece, at, line, pending, .. } = self;
        while let Some(first) = piece.get(*at) {
            let from = *at;
            let rest = &piece[from..];
            let end = match first {
                b'\n' | b'\r' => Some(0),
                _ => memchr::memchr2(b'\n', b'\r', rest),
            };
            let Some(len) = end else {
                *at = piece.len();
                line.part(rest, piece, pending)?;
                return Ok(false);
            };
            let part = &rest[..len];
            (*at, self.after_cr) = past_line_end(piece, from + len);
            match line {
                Line::Start if len == 0 => {
                    if pending.end_block(self.dataless) {
                        return Ok(true);
                    }
                }
                Line::Start if *first == b':' => {}
                Line::Start => pending.line(part, from + len, piece)?,
                _ => {
                    line.part(part, piece, pending)?;
                    line.end(piece, pending)?;
                }
            }
        }
        Ok(false)
    }

    fn too_large(&self) -> DecodeError {
        DecodeError::TooLarge { limit: self.pending.limit() }
    }

    /// Stops for good and lets go of what is held.
    fn fail(&mut self) -> DecodeError {
        self.failed = true;
        self.piece = Bytes::new();
        self.next = VecDeque::new();
        self.pending.abandon();
        self.too_large()
    }
}

/// Where the line end at `at` is over, and whether it is a CR that a LF may still follow in the next piece.
#[inline]
fn past_line_end(piece: &[u8], at: usize) -> (usize, bool) {
    match piece[at..] {
        [b'\r', b'\n', ..] => (at + 2, false),
        [b'\r'] => (at + 1, true),
        _ => (at + 1, false),
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Decoder {
    /// Shows the settings and the state, not the text that came.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("max_event_size", &self.pending.limit())
            .field("dataless_events", &self.dataless)
            .field("mid_event", &self.finish().is_err())
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}
