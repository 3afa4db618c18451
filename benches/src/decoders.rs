//! The decoders that are compared, ours and the peers', and two floors below which none can be.

use std::convert::Infallible;
use std::hint::black_box;
use std::num::NonZeroUsize;

use bytes::Bytes;
use eventsource_stream::Eventsource;
use futures::executor::block_on;
use futures::{Stream, StreamExt, stream};
use mka1::sse;
use sse_core::{SseDecoder, SseEvent};
use sse_stream::SseByteStream;

/// Something that reads an event stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decoder {
    /// `mka1::sse::Decoder`.
    Mka1,
    /// `mka1::sse::Events`.
    Mka1Stream,
    SseCore,
    SseStream,
    EventsourceStream,
    /// Finds the lines and checks that they are UTF-8.
    Scan,
    /// Finds the lines.
    Lines,
}

impl Decoder {
    pub const ALL: [Self; 7] = [
        Self::Mka1,
        Self::Mka1Stream,
        Self::SseCore,
        Self::SseStream,
        Self::EventsourceStream,
        Self::Scan,
        Self::Lines,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Mka1 => "mka1",
            Self::Mka1Stream => "mka1 as a stream",
            Self::SseCore => "sse-core",
            Self::SseStream => "sse-stream",
            Self::EventsourceStream => "eventsource-stream",
            Self::Scan => "lines and UTF-8",
            Self::Lines => "lines",
        }
    }

    /// Whether it only shows what must be done at least.
    pub fn is_floor(self) -> bool {
        matches!(self, Self::Scan | Self::Lines)
    }

    /// Reads it all, and tells how many events there were; a floor sees blank lines.
    pub fn run(self, pieces: &[Bytes]) -> usize {
        match self {
            Self::Mka1 => mka1(pieces, |_| {}),
            Self::Mka1Stream => drain(sse::Events::new(source(pieces))),
            Self::SseCore => sse_core(pieces, |_| {}),
            Self::SseStream => drain(SseByteStream::new(source(pieces))),
            Self::EventsourceStream => drain(source(pieces).eventsource()),
            Self::Scan => scan(pieces, |line| simdutf8::basic::from_utf8(line).is_ok()),
            Self::Lines => scan(pieces, |_| true),
        }
    }
}

/// Our decoder, as it is used by the client.
pub fn mka1(pieces: &[Bytes], mut each: impl FnMut(&sse::Event)) -> usize {
    let mut decoder = sse::Decoder::new().with_dataless_events(true);
    let mut events = 0;
    for piece in pieces {
        decoder.push(piece.clone());
        while let Ok(Some(event)) = decoder.next_event() {
            each(&event);
            black_box(event);
            events += 1;
        }
    }
    events
}

/// With our limit: its own is below the largest of the events.
pub fn sse_core(pieces: &[Bytes], mut each: impl FnMut(&str)) -> usize {
    let mut decoder = SseDecoder::with_limit(const { NonZeroUsize::new(64 << 20).unwrap() });
    let mut events = 0;
    for piece in pieces {
        let mut piece = piece.clone();
        while let Some(Ok(SseEvent::Message(event))) = decoder.next(&mut piece) {
            each(&event.data);
            black_box(event);
            events += 1;
        }
    }
    events
}

pub fn sse_stream(pieces: &[Bytes], mut each: impl FnMut(&str)) -> usize {
    let events = SseByteStream::new(source(pieces));
    let seen = events.fold(0, |seen, event| {
        if let Some(data) = event.as_ref().ok().and_then(|event| event.data.as_deref()) {
            each(data);
        }
        black_box(&event);
        std::future::ready(seen + 1)
    });
    block_on(seen)
}

fn source(pieces: &[Bytes]) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin + '_ {
    stream::iter(pieces).map(|piece| Ok(piece.clone()))
}

fn drain(events: impl Stream) -> usize {
    block_on(events.fold(0, |seen, event| {
        black_box(event);
        std::future::ready(seen + 1)
    }))
}

fn scan(pieces: &[Bytes], check: impl Fn(&[u8]) -> bool) -> usize {
    let mut blank = 0;
    for piece in pieces {
        let mut from = 0;
        for to in memchr::memchr_iter(b'\n', piece) {
            if from == to {
                blank += 1;
            } else {
                black_box(check(&piece[from..to]));
            }
            from = to + 1;
        }
        black_box(check(&piece[from..]));
    }
    blank
}
