//! What comes out of a decoder, in a form that can be compared and written down briefly.

use std::time::Duration;

use mka1::sse::{ByteString, Bytes, DecodeError, Decoder, Event};

/// All that can be seen of a decoder that was given an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub events: Vec<Event>,
    pub last_id: Option<String>,
    pub reconnection_time: Option<Duration>,
    pub end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    Clean,
    Incomplete,
    TooLarge,
}

/// Gives `pieces` to `decoder` and takes what comes, after each of them.
pub fn decode<'a>(mut decoder: Decoder, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut events = Vec::new();
    let mut failed = false;
    for piece in pieces {
        decoder.push(Bytes::copy_from_slice(piece));
        failed |= drain(&mut decoder, &mut events).is_err();
    }
    outcome(&decoder, events, failed)
}

/// Gives `pieces` to `decoder` and takes what comes only then.
pub fn decode_at_last<'a>(mut decoder: Decoder, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let mut events = Vec::new();
    pieces.into_iter().for_each(|piece| decoder.push(Bytes::copy_from_slice(piece)));
    let failed = drain(&mut decoder, &mut events).is_err();
    outcome(&decoder, events, failed)
}

fn drain(decoder: &mut Decoder, events: &mut Vec<Event>) -> Result<(), DecodeError> {
    while let Some(event) = decoder.next_event()? {
        events.push(event);
    }
    Ok(())
}

fn outcome(decoder: &Decoder, events: Vec<Event>, failed: bool) -> Outcome {
    Outcome {
        events,
        last_id: decoder.last_event_id().map(str::to_owned),
        reconnection_time: decoder.reconnection_time(),
        end: match decoder.finish() {
            _ if failed => End::TooLarge,
            Ok(()) => End::Clean,
            Err(_) => End::Incomplete,
        },
    }
}

/// An event with this data.
pub fn data(text: &str) -> Event {
    let mut event = Event::default();
    event.data = Some(ByteString::from(text));
    event
}

/// An event with this name and no data.
pub fn dataless(name: &str) -> Event {
    Event::default().named(name)
}

pub trait EventExt {
    fn named(self, name: &str) -> Self;
    fn id(self, id: &str) -> Self;
    fn retry(self, millis: u64) -> Self;
}

impl EventExt for Event {
    fn named(mut self, name: &str) -> Self {
        self.event = Some(name.into());
        self
    }

    fn id(mut self, id: &str) -> Self {
        self.id = Some(id.into());
        self
    }

    fn retry(mut self, millis: u64) -> Self {
        self.retry = Some(Duration::from_millis(millis));
        self
    }
}
