//! Text is shared where it lies in one piece, copied once where it doesn't, and pieces are let go as they are read.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use mka1::sse::{Bytes, Decoder};

fn addresses(bytes: &[u8]) -> Range<usize> {
    let start = bytes.as_ptr() as usize;
    start..start + bytes.len()
}

#[test]
fn text_within_a_piece_is_not_copied() {
    let piece = Bytes::from("event: some.name\ndata: one\n\ndata: two\n\n".to_owned());
    let memory = addresses(&piece);
    let mut decoder = Decoder::new();
    decoder.push(piece);
    while let Some(event) = decoder.next_event().unwrap() {
        for text in [event.event, event.data].into_iter().flatten() {
            assert!(memory.contains(&addresses(text.as_bytes()).start), "{text}");
        }
    }
}

#[test]
fn memory_for_text_that_crosses_pieces_is_used_again() {
    let mut decoder = Decoder::new();
    let mut used = HashSet::new();
    for _ in 0..10_000 {
        decoder.push("event: some.name\nid: 123\ndata: 0123456789");
        assert_eq!(decoder.next_event(), Ok(None));
        decoder.push("0123456789\n\n");
        let event = decoder.next_event().unwrap().unwrap();
        used.insert(addresses(event.data.unwrap().as_bytes()).start / 4096);
    }
    assert!(used.len() <= 4, "{} pages", used.len());
}

/// Memory that tells whether it is still in use.
struct Owned(Arc<[u8]>);

impl AsRef<[u8]> for Owned {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn watched(text: &str) -> (Bytes, Arc<[u8]>) {
    let memory: Arc<[u8]> = text.as_bytes().into();
    (Bytes::from_owner(Owned(memory.clone())), memory)
}

/// Nothing can be read twice that is no longer there: so every byte is looked at once, however an event is cut.
#[test]
fn pieces_are_let_go_once_they_are_read() {
    let mut decoder = Decoder::new();
    for text in [
        ": comment",
        "\nevent: na",
        "me\nid: 1\nda",
        "ta: begin",
        " and go on",
        " and on\ndata: more",
        "\n",
        "unknown",
        "\n",
    ] {
        let (piece, memory) = watched(text);
        decoder.push(piece);
        assert_eq!(decoder.next_event(), Ok(None));
        assert_eq!(Arc::strong_count(&memory), 1, "{text:?}");
    }
}

#[test]
fn an_id_does_not_keep_the_piece_it_came_in() {
    let (piece, memory) = watched("id: 1\ndata: text\n\n");
    let mut decoder = Decoder::new();
    decoder.push(piece);
    drop(decoder.next_event());
    assert_eq!(decoder.next_event(), Ok(None));
    assert_eq!(decoder.last_event_id(), Some("1"));
    assert_eq!(Arc::strong_count(&memory), 1);
}

#[test]
fn a_failed_decoder_keeps_nothing() {
    let (piece, memory) = watched("data: 12345\n\ndata: 1\n\n");
    let mut decoder = Decoder::new().with_max_event_size(4);
    decoder.push(piece.clone());
    decoder.push(piece);
    assert!(decoder.next_event().is_err());
    assert_eq!(Arc::strong_count(&memory), 1);
}
