//! For any input, cut anywhere, the decoder gives what the reference gives.

use futures::executor::block_on;
use futures::{StreamExt, stream};
use mka1::sse::{Bytes, Decoder, Error, Events};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::outcome::{End, decode, decode_at_last};
use super::reference;

/// Bytes that mean something to the decoder, far more often than chance would have them.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        4 => select(vec![
            "\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", ":", " ", ": ", "\0", "\u{feff}", "data", "event", "id", "retry", "data: ",
            "event: ", "id: ", "retry: ", "data:", "dat", "datax", "Data", "17", "x", "é", "日", "😀", "message", "done", "error",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => select(vec![
            &b"\xEF"[..], b"\xEF\xBB", b"\xBF", b"\x80", b"\xE2\x82", b"\xF0\x9F\x98", b"\xC0\xAF", b"\xED\xA0\x80", b"\xFF", b"\xF4\x90",
        ]).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 1..4),
    ];
    vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

/// Streams as servers write them, with every kind of line end.
fn well_formed() -> impl Strategy<Value = Vec<u8>> {
    let field = (
        select(vec!["data", "data", "data", "event", "id", "retry", "", "other"]),
        select(vec![":", ": ", ":  "]),
        prop_oneof![
            "[0-9]{0,22}",
            "[a-z ]{0,12}",
            "[^\r\n]{0,40}",
            Just("message".to_owned()),
            Just("done".to_owned())
        ],
    );
    let end = select(vec!["\n", "\r", "\r\n"]);
    let block = vec((field, end.clone()), 0..6).prop_map(|lines| {
        lines.into_iter().map(|((name, colon, value), end)| format!("{name}{colon}{value}{end}")).collect::<String>()
    });
    (any::<bool>(), vec((block, end), 0..8)).prop_map(|(bom, blocks)| {
        let blocks: String = blocks.into_iter().map(|(block, end)| block + end).collect();
        (if bom { "\u{feff}".to_owned() + &blocks } else { blocks }).into_bytes()
    })
}

fn input() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![noise(), well_formed(), vec(any::<u8>(), 0..200)]
}

/// Pieces of the lengths that `cuts` says, again and again; some are empty.
fn pieces<'a>(mut input: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    for cut in cuts.iter().cycle() {
        let (piece, rest) = input.split_at((*cut).min(input.len()));
        pieces.push(piece);
        input = rest;
        if input.is_empty() {
            break;
        }
    }
    pieces
}

fn cuts() -> impl Strategy<Value = Vec<usize>> {
    vec(0_usize..12, 1..8).prop_filter("no progress", |cuts| cuts.iter().any(|cut| *cut > 0))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_input_in_any_pieces_is_decoded_as_the_reference_does(input in input(), cuts in cuts(), dataless: bool) {
        let decoder = || Decoder::new().with_dataless_events(dataless);
        let expected = reference::decode(&input, dataless);
        prop_assert_eq!(&decode(decoder(), [&input[..]]), &expected);
        prop_assert_eq!(&decode(decoder(), input.chunks(1)), &expected);
        prop_assert_eq!(&decode(decoder(), pieces(&input, &cuts)), &expected);
        prop_assert_eq!(&decode_at_last(decoder(), pieces(&input, &cuts)), &expected);
    }

    #[test]
    fn pieces_make_no_difference_to_the_limit(input in input(), cuts in cuts(), limit in 0_usize..40) {
        let decoder = || Decoder::new().with_max_event_size(limit);
        let whole = decode(decoder(), [&input[..]]);
        prop_assert_eq!(&decode(decoder(), input.chunks(1)), &whole);
        prop_assert_eq!(&decode(decoder(), pieces(&input, &cuts)), &whole);
        prop_assert_eq!(&decode_at_last(decoder(), pieces(&input, &cuts)), &whole);
        if whole.end != End::TooLarge {
            prop_assert_eq!(whole, reference::decode(&input, false));
        }
    }

    #[test]
    fn the_stream_gives_what_the_decoder_gives(input in input(), cuts in cuts()) {
        let expected = reference::decode(&input, false);
        let source = stream::iter(pieces(&input, &cuts)).map(|piece| Ok::<_, ()>(Bytes::copy_from_slice(piece)));
        let mut items: Vec<_> = block_on(Events::new(source).collect());
        let end = match items.pop_if(|item| item.is_err()) {
            None => End::Clean,
            Some(error) => {
                prop_assert_eq!(error, Err(Error::Incomplete));
                End::Incomplete
            }
        };
        prop_assert_eq!(items.into_iter().collect::<Result<Vec<_>, _>>(), Ok(expected.events));
        prop_assert_eq!(end, expected.end);
    }
}

/// Data of tens of kilobytes, much of it characters of several bytes, some of it no text at all.
fn large() -> impl Strategy<Value = Vec<u8>> {
    (noise(), 200_usize..2_000).prop_map(|(token, times)| {
        let mut token = token;
        token.retain(|byte| *byte != b'\n' && *byte != b'\r');
        [&b"data: 0"[..], &token.repeat(times), b"\n\n"].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn large_data_in_any_pieces_is_decoded_as_the_reference_does(input in large(), cuts in vec(1_usize..2_000, 1..8)) {
        let expected = reference::decode(&input, false);
        prop_assert_eq!(&decode(Decoder::new(), pieces(&input, &cuts)), &expected);
    }
}
