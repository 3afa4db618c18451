//! What a user of the decoder may rely on beyond what comes out in the end: when it comes, and what is told apart.

use std::time::Duration;

use mka1::sse::{Bytes, DecodeError, Decoder, Event};

use super::outcome::{EventExt, data, dataless};

fn next(decoder: &mut Decoder, piece: &'static str) -> Option<Event> {
    decoder.push(piece);
    decoder.next_event().unwrap()
}

#[test]
fn an_event_that_a_lone_cr_ends_is_there_at_once() {
    let mut decoder = Decoder::new();
    assert_eq!(next(&mut decoder, "data: x\r\r"), Some(data("x")));
    assert_eq!(next(&mut decoder, "\ndata: y\r"), None);
    assert_eq!(next(&mut decoder, "\n\r"), Some(data("y")));
    assert_eq!(next(&mut decoder, "\n"), None);
    assert_eq!(decoder.finish(), Ok(()));
}

#[test]
fn an_event_is_there_with_its_last_byte() {
    for text in ["data: x\n\n", "data: x\r\r", "data: x\r\n\r", "data: x\n\r", "\u{feff}data: x\r\n\n"] {
        let mut decoder = Decoder::new();
        let (last, before) = text.as_bytes().split_last().unwrap();
        for byte in before {
            decoder.push(vec![*byte]);
            assert_eq!(decoder.next_event(), Ok(None));
        }
        decoder.push(vec![*last]);
        assert_eq!(decoder.next_event(), Ok(Some(data("x"))));
    }
}

#[test]
fn events_wait_until_they_are_taken() {
    let mut decoder = Decoder::new();
    decoder.push("data: 1\n\ndata: 2\n\ndata");
    decoder.push(": 3\n\n");
    decoder.push("");
    decoder.push("data: 4\n\n");
    assert!(decoder.finish().is_err(), "input is left to be read");
    for n in ["1", "2", "3", "4"] {
        assert_eq!(decoder.next_event(), Ok(Some(data(n))));
    }
    assert_eq!(decoder.next_event(), Ok(None));
    assert_eq!(decoder.next_event(), Ok(None));
    assert_eq!(decoder.finish(), Ok(()));
}

#[test]
fn a_decoder_without_input_ends_cleanly() {
    let mut decoder = Decoder::default();
    decoder.push(Bytes::new());
    assert_eq!(decoder.next_event(), Ok(None));
    assert_eq!(decoder.finish(), Ok(()));
    assert_eq!((decoder.last_event_id(), decoder.reconnection_time()), (None, None));
}

#[test]
fn a_name_that_was_given_can_be_told_from_the_default() {
    let mut decoder = Decoder::new();
    let event = next(&mut decoder, "event: message\ndata: x\n\n").unwrap();
    assert_eq!((event.name(), event.event.as_deref()), ("message", Some("message")));
    let event = next(&mut decoder, "data: x\n\n").unwrap();
    assert_eq!((event.name(), event.event.as_deref()), ("message", None));
}

#[test]
fn an_id_counts_from_its_blank_line_on() {
    let mut decoder = Decoder::new();
    assert_eq!(next(&mut decoder, "id: 1\n"), None);
    assert_eq!(decoder.last_event_id(), None);
    assert_eq!(next(&mut decoder, "\n"), None);
    assert_eq!(decoder.last_event_id(), Some("1"));
    assert_eq!(next(&mut decoder, "id: 2\ndata: cut"), None);
    assert_eq!(decoder.last_event_id(), Some("1"));
}

#[test]
fn a_retry_counts_from_its_line_on() {
    let mut decoder = Decoder::new();
    assert_eq!(next(&mut decoder, "retry: 150"), None);
    assert_eq!(decoder.reconnection_time(), None);
    assert_eq!(next(&mut decoder, "0\n"), None);
    assert_eq!(decoder.reconnection_time(), Some(Duration::from_millis(1500)));
}

#[test]
fn data_less_events_come_only_where_they_are_asked_for() {
    let text = "event: done\nid: 1\nretry: 5\n\nevent:\n\nid: 2\n\n";
    let mut decoder = Decoder::new();
    assert_eq!(next(&mut decoder, text), None);
    assert_eq!(decoder.last_event_id(), Some("2"));

    let mut decoder = Decoder::new().with_dataless_events(true);
    assert_eq!(next(&mut decoder, text), Some(dataless("done").id("1").retry(5)));
    assert_eq!(decoder.next_event(), Ok(None), "a block without a name is never an event without data");
    assert_eq!(decoder.last_event_id(), Some("2"));
}

#[test]
fn a_failed_decoder_stays_failed() {
    let mut decoder = Decoder::new().with_max_event_size(3);
    let failure = Err(DecodeError::TooLarge { limit: 3 });
    decoder.push("id: 7\nretry: 9\n\ndata: 1234\n\ndata: x\n\n");
    assert_eq!(decoder.next_event(), failure);
    assert_eq!(decoder.next_event(), failure);
    decoder.push("\n\ndata: x\n\n");
    assert_eq!(decoder.next_event(), failure);
    assert!(decoder.finish().is_err());
    assert_eq!(decoder.last_event_id(), Some("7"), "what is needed to connect again is still there");
    assert_eq!(decoder.reconnection_time(), Some(Duration::from_millis(9)));
}

#[test]
fn the_text_of_a_stream_is_not_in_the_debug_output() {
    let mut decoder = Decoder::new();
    decoder.push("id: secret\n\ndata: secret");
    assert_eq!(decoder.next_event(), Ok(None));
    assert!(!format!("{decoder:?}").contains("secret"));
}

#[test]
fn errors_say_what_happened_in_a_line() {
    let mut decoder = Decoder::new().with_max_event_size(3);
    decoder.push("data: 1234");
    let too_large = decoder.next_event().unwrap_err();
    assert_eq!(too_large.to_string(), "an event is larger than the limit of 3 bytes");
    assert_eq!(decoder.finish().unwrap_err().to_string(), "the event stream ended in the middle of an event");
}

#[test]
fn a_decoder_can_be_sent_and_shared() {
    fn check<T: Send + Sync + Unpin + 'static>() {}
    check::<Decoder>();
    check::<Event>();
}
