//! Memory is bounded by the limit for an event, and what takes no memory has no limit.

use mka1::sse::{DecodeError, Decoder};

use super::outcome::{End, data, decode};

fn limited(limit: usize) -> Decoder {
    Decoder::new().with_max_event_size(limit)
}

/// Whether `text` fits into `limit`, which may not depend on how it is cut.
fn fits(text: &[u8], limit: usize) -> bool {
    let whole = decode(limited(limit), [text]);
    for at in 0..=text.len() {
        assert_eq!(
            decode(limited(limit), [&text[..at], &text[at..]]),
            whole,
            "cut at {at} of {:?}",
            text.escape_ascii()
        );
    }
    assert_eq!(decode(limited(limit), text.chunks(1)), whole, "{:?}", text.escape_ascii());
    whole.end != End::TooLarge
}

/// The least limit that `text` fits into is `size`.
fn assert_size(text: impl AsRef<[u8]>, size: usize) {
    let text = text.as_ref();
    assert!(fits(text, size), "{:?} fits into {size}", text.escape_ascii());
    if let Some(less) = size.checked_sub(1) {
        assert!(!fits(text, less), "{:?} doesn't fit into {less}", text.escape_ascii());
    }
}

#[test]
fn the_values_of_an_event_count() {
    assert_size("data: 1234\n\n", 4);
    assert_size("data:1234\n\n", 4);
    assert_size("data\n\n", 0);
    assert_size("data: 12\ndata: 34\n\n", 5);
    assert_size("data\ndata\ndata\n\n", 2);
    assert_size("event: abc\n\n", 3);
    assert_size("event: abc\ndata: 1234\n\n", 7);
    assert_size("event: abc\nid: 56789\ndata: 1234\n\n", 12);
    assert_size("data: 1234\nid: 56789\nevent: done\n\n", 13);
}

#[test]
fn an_unfinished_line_counts() {
    assert_size("data: 1234", 4);
    assert_size("event: 1234", 4);
    assert_size("id: 1234", 4);
    assert_size("data: 1\ndata: 12345", 7);
}

#[test]
fn each_event_counts_for_itself() {
    assert_size("data: 1234\n\ndata: 123\n\nevent: a\ndata: 12\n\n", 4);
    assert_size("id: 1234\n\ndata: 123\n\ndata: 12\n\n", 4);
}

#[test]
fn a_value_that_is_replaced_counts_until_then() {
    assert_size("event: 1234\nevent: 12\ndata: 123\n\n", 6);
    assert_size("id: 1234\nid: 12\n\n", 6);
}

#[test]
fn names_and_ids_count_as_they_are_kept_and_data_as_it_came() {
    assert_size(b"event: \xFF\ndata\n\n", 3);
    assert_size(b"id: \xFF\ndata\n\n", 3);
    assert_size(b"data: \xFF\n\n", 1);
}

#[test]
fn events_before_the_one_that_is_too_large_are_given_out() {
    let outcome = decode(limited(4), [&b"data: 1\n\ndata: 12\n\ndata: 12345\n\ndata: 1\n\n"[..]]);
    assert_eq!(outcome.events, [data("1"), data("12")]);
    assert_eq!(outcome.end, End::TooLarge);
}

#[test]
fn the_limit_is_64_mib_unless_it_is_set() {
    let mut decoder = Decoder::new();
    let piece = vec![b'x'; 1 << 20];
    decoder.push("data:");
    for _ in 0..64 {
        decoder.push(piece.clone());
        assert_eq!(decoder.next_event(), Ok(None));
    }
    decoder.push("x");
    assert_eq!(decoder.next_event(), Err(DecodeError::TooLarge { limit: 64 << 20 }));
}

#[test]
fn what_is_not_kept_has_no_limit() {
    let long = "x".repeat(1000);
    let digits = "9".repeat(1000);
    assert_size(format!(": {long}\n"), 0);
    assert_size(format!("unknown: {long}\n"), 0);
    assert_size(format!("{long}\n"), 0);
    assert_size(format!("retry: {digits}\n"), 0);
    assert_size(format!("retry: {long}\n"), 0);
    assert_size(format!("data: 1\n: {long}\nunknown{long}: {long}\ndata: 2\n\n"), 3);
}

#[test]
fn endless_lines_and_fields_that_are_not_kept_go_through() {
    for text in
        [": comment", "\n: comment", "unknown", "\nunknown: x", "\nid: 12", "\nevent: ab", "\nretry: 12", "\n\r"]
    {
        let mut decoder = limited(4);
        decoder.push(":");
        for _ in 0..10_000 {
            decoder.push(text);
            assert_eq!(decoder.next_event(), Ok(None), "{text:?}");
        }
    }
}
