//! Any input, cut in any way, under any limit: no panic, the same events as uncut, those of the reference, and bounded.

#![no_main]

#[path = "../../tests/sse/outcome.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod outcome;
#[path = "../../tests/sse/reference.rs"]
mod reference;

use libfuzzer_sys::fuzz_target;
use mka1::sse::Decoder;

use outcome::{End, decode, decode_at_last};

fuzz_target!(|input: (u8, &[u8], &[u8])| {
    let (settings, cuts, bytes) = input;
    let dataless = settings & 1 == 1;
    let limit = match settings >> 1 {
        127 => usize::MAX,
        limit => usize::from(limit),
    };
    let decoder = || Decoder::new().with_dataless_events(dataless).with_max_event_size(limit);

    let whole = decode(decoder(), [bytes]);
    assert_eq!(decode(decoder(), bytes.chunks(1)), whole);
    assert_eq!(decode(decoder(), pieces(bytes, cuts)), whole);
    assert_eq!(decode_at_last(decoder(), pieces(bytes, cuts)), whole);

    if whole.end != End::TooLarge {
        assert_eq!(whole, reference::decode(bytes, dataless));
    }
    for event in &whole.events {
        let len = |text: &Option<mka1::sse::ByteString>| text.as_ref().map_or(0, |text| text.len());
        // A byte that is no UTF-8 becomes three that are.
        assert!(len(&event.event).saturating_add(len(&event.data)) <= limit.saturating_mul(3));
    }
});

/// Pieces of the lengths that `cuts` says, and then the rest.
fn pieces<'a>(bytes: &'a [u8], cuts: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut rest = bytes;
    for cut in cuts {
        let (piece, after) = rest.split_at(usize::from(*cut).min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}
