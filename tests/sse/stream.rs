//! The stream adapter pulls, is fused, loses nothing, and tells how the source ended.

use std::error::Error as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::channel::mpsc;
use futures::stream::{self, FusedStream, Stream};
use futures::{FutureExt, StreamExt, TryStreamExt};
use mka1::sse::{Bytes, Decoder, Error, Event, Events};

use super::outcome::data;

type Item = Result<&'static str, io::ErrorKind>;

fn collect(items: Vec<Item>) -> Vec<Result<Event, Error<io::ErrorKind>>> {
    Events::new(stream::iter(items)).collect().now_or_never().unwrap()
}

#[test]
fn a_clean_end_is_the_end() {
    assert_eq!(collect(vec![]), []);
    assert_eq!(collect(vec![Ok("data: 1\n\nda"), Ok("ta: 2\n\n")]), [Ok(data("1")), Ok(data("2"))]);
    assert_eq!(collect(vec![Ok("data: 1\n\n: bye")]), [Ok(data("1"))]);
}

#[test]
fn a_cut_inside_an_event_is_an_error() {
    for cut in
        ["d", "data", "data: 2", "data: 2\n", "data: 2\r", "event: x\n", "id: 3\n", "retry: 3\n", "x\n", "\u{feff}data"]
    {
        assert_eq!(collect(vec![Ok("data: 1\n\n"), Ok(cut)]), [Ok(data("1")), Err(Error::Incomplete)], "{cut:?}");
    }
}

#[test]
fn an_error_of_the_source_comes_after_the_events_before_it_and_is_the_last() {
    let items = vec![Ok("data: 1\n\ndata: 2"), Err(io::ErrorKind::ConnectionReset), Ok("\n\n")];
    assert_eq!(collect(items), [Ok(data("1")), Err(Error::Transport(io::ErrorKind::ConnectionReset))]);
}

#[test]
fn an_event_beyond_the_limit_is_an_error_and_the_last() {
    let source = stream::iter([Ok::<_, io::ErrorKind>("data: 1\n\ndata: 12345\n\ndata: 2\n\n")]);
    let events = Events::with_decoder(source, Decoder::new().with_max_event_size(4));
    let all: Vec<_> = events.collect().now_or_never().unwrap();
    assert_eq!(all, [Ok(data("1")), Err(Error::TooLarge { limit: 4 })]);
}

/// Counts how often it is asked; panics if it is asked after its end.
struct Counting {
    pieces: Vec<Item>,
    asked: usize,
    ended: bool,
}

impl Counting {
    fn new(pieces: impl Into<Vec<Item>>) -> Self {
        let mut pieces = pieces.into();
        pieces.reverse();
        Self { pieces, asked: 0, ended: false }
    }
}

impl Stream for Counting {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Item>> {
        assert!(!self.ended, "polled after its end");
        self.asked += 1;
        let piece = self.pieces.pop();
        self.ended = !matches!(piece, Some(Ok(_)));
        Poll::Ready(piece)
    }
}

#[test]
fn the_source_is_not_asked_while_there_are_events() {
    let mut events = Events::new(Counting::new([Ok("data: 1\n\ndata: 2\n\ndata: 3"), Ok("\n\n"), Ok("data: 4\n\n")]));
    for (asked, text) in [(1, "1"), (1, "2"), (2, "3"), (3, "4")] {
        assert_eq!(events.next().now_or_never(), Some(Some(Ok(data(text)))));
        assert_eq!(events.get_ref().asked, asked);
    }
}

#[test]
fn the_source_is_not_asked_after_the_end() {
    for last in [Ok("data: cut"), Ok("data: 1\n\n"), Err(io::ErrorKind::BrokenPipe)] {
        let mut events = Events::new(Counting::new([last]));
        assert!(!events.is_terminated());
        while events.next().now_or_never().unwrap().is_some() {}
        assert!(events.is_terminated());
        assert_eq!(events.next().now_or_never(), Some(None));
    }
}

#[test]
fn dropping_a_wait_loses_nothing() {
    let (mut sender, receiver) = mpsc::channel::<Item>(8);
    let mut events = Events::new(receiver);
    for piece in ["da", "ta: ", "1\n", "\ndata: 2\n\n"] {
        assert_eq!(events.next().now_or_never(), None);
        sender.try_send(Ok(piece)).unwrap();
    }
    assert_eq!(events.next().now_or_never(), Some(Some(Ok(data("1")))));
    assert_eq!(events.next().now_or_never(), Some(Some(Ok(data("2")))));
    assert_eq!(events.next().now_or_never(), None);
    drop(sender);
    assert_eq!(events.next().now_or_never(), Some(None));
}

#[test]
fn what_is_needed_to_connect_again_can_be_asked_for() {
    let source = stream::iter([Ok::<_, io::Error>("id: 7\nretry: 20\ndata: 1\n\nid: 8\ndata: cut")]);
    let mut events = Events::new(source);
    assert!(events.try_next().now_or_never().unwrap().unwrap().is_some());
    assert!(matches!(events.try_next().now_or_never(), Some(Err(Error::Incomplete))));
    assert_eq!(events.last_event_id(), Some("7"));
    assert_eq!(events.reconnection_time().map(|time| time.as_millis()), Some(20));
}

#[test]
fn the_source_can_be_had_back() {
    let mut events = Events::new(Counting::new([Ok("data: 1\n\n")]));
    events.get_mut().asked = 10;
    assert!(events.next().now_or_never().is_some());
    assert_eq!(events.into_inner().asked, 11);
}

#[test]
fn sources_that_must_be_pinned_and_other_kinds_of_bytes_will_do() {
    let source = stream::once(async { Ok::<Vec<u8>, io::Error>(b"data: 1\n\n".to_vec()) });
    let event = Events::new(Box::pin(source)).next().now_or_never().unwrap().unwrap();
    assert_eq!(event.unwrap(), data("1"));

    let source = std::pin::pin!(stream::once(async { Ok::<Bytes, io::Error>(Bytes::from_static(b"data: 1\n\n")) }));
    let event = Events::new(source).next().now_or_never().unwrap().unwrap();
    assert_eq!(event.unwrap(), data("1"));
}

#[test]
fn the_error_of_the_source_is_the_cause() {
    let error = Error::Transport(io::Error::other("reset"));
    assert_eq!(error.to_string(), "the source of the event stream failed");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("reset"));
    assert!(Error::<io::Error>::Incomplete.source().is_none());
}
