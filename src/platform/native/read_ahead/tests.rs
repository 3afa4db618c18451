//! Promises about reading ahead. Both sides are polled by hand where their order matters.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Wake;
use std::thread;

use futures_util::{FutureExt, stream};
use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;

/// Tells whether it was woken since it was last asked, and counts.
#[derive(Default)]
struct Alarm {
    rings: AtomicBool,
    count: AtomicUsize,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.rings.store(true, Ordering::Relaxed);
        self.count.fetch_add(1, Ordering::Relaxed);
    }
}

/// A future or stream that is polled when it was woken, and at first.
struct Polled<P> {
    inner: P,
    alarm: Arc<Alarm>,
}

impl<P> Polled<P> {
    fn new(inner: P) -> Self {
        let alarm = Arc::new(Alarm { rings: AtomicBool::new(true), ..Alarm::default() });
        Self { inner, alarm }
    }

    fn is_woken(&self) -> bool {
        self.alarm.rings.swap(false, Ordering::Relaxed)
    }

    fn wake_ups(&self) -> usize {
        self.alarm.count.load(Ordering::Relaxed)
    }
}

impl<S: Stream<Item = Piece> + Unpin> Polled<Filler<S>> {
    /// Whether it was woken, and so has had a turn.
    fn turn(&mut self) -> bool {
        let is_woken = self.is_woken();
        if is_woken {
            let _ = self.inner.poll_unpin(&mut Context::from_waker(&Waker::from(self.alarm.clone())));
        }
        is_woken
    }
}

impl Polled<Reader> {
    /// What it gives; `None` if it wasn't woken. Whoever is given a piece asks for the next.
    fn turn(&mut self) -> Option<Poll<Option<Piece>>> {
        let waker = Waker::from(self.alarm.clone());
        let given = self.is_woken().then(|| self.inner.poll_next_unpin(&mut Context::from_waker(&waker)));
        self.alarm.rings.fetch_or(matches!(given, Some(Poll::Ready(Some(_)))), Ordering::Relaxed);
        given
    }
}

/// Gives a piece at every second poll, and says in between that it will: hyper's way.
fn one_by_one(pieces: usize, size: usize) -> impl Stream<Item = Piece> + Unpin {
    let steps = (0..pieces).flat_map(move |n| [None, Some(Ok(Bytes::from(vec![n.to_le_bytes()[0]; size])))]);
    script(steps.collect())
}

/// `None` is a wait that is over at once.
fn script(steps: VecDeque<Option<Piece>>) -> impl Stream<Item = Piece> + Unpin {
    let mut steps = steps;
    stream::poll_fn(move |cx| match steps.pop_front() {
        Some(Some(piece)) => Poll::Ready(Some(piece)),
        Some(None) => {
            cx.waker().wake_by_ref();
            Poll::Pending
        }
        None => Poll::Ready(None),
    })
}

fn bytes(text: &'static str) -> Piece {
    Ok(Bytes::from_static(text.as_bytes()))
}

async fn all(mut pieces: impl Stream<Item = Piece> + Unpin) -> Vec<Result<Bytes, ErrorKind>> {
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        all.push(piece.map_err(|error| error.kind()));
    }
    all
}

#[tokio::test]
async fn pieces_come_in_order_and_then_the_end() {
    let pieces = ["a", "b", "c"];
    let read = all(read_ahead(stream::iter(pieces).map(bytes).boxed())).await;
    assert_eq!(read, pieces.map(|piece| Ok(Bytes::from(piece))));
}

#[tokio::test]
async fn an_error_comes_after_what_was_read_before_it_and_ends_the_stream() {
    let source = stream::iter([bytes("a"), Err(Error::interrupted("cut")), bytes("b")]);
    assert_eq!(all(read_ahead(source.boxed())).await, [Ok(Bytes::from("a")), Err(ErrorKind::Interrupted)]);
}

#[test]
fn a_runtime_that_is_shut_down_cuts_the_stream() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let first = runtime();
    let source = stream::iter([bytes("a")]).chain(stream::pending());
    let mut pieces = first.block_on(async { read_ahead(source.boxed()) });
    let a = first.block_on(pieces.next());
    drop(first);
    assert_eq!(a.unwrap().unwrap(), "a");
    assert_eq!(runtime().block_on(all(pieces)), [Err(ErrorKind::Interrupted)]);
}

#[tokio::test]
async fn dropping_the_stream_lets_the_source_go() {
    let (held, gone) = tokio::sync::oneshot::channel::<()>();
    let source = stream::pending().map(move |piece| {
        let _held = &held;
        piece
    });
    let pieces = read_ahead(source.boxed());
    drop(pieces);
    assert!(gone.await.is_err(), "nothing is sent, but the source is dropped");
}

#[test]
fn no_more_is_read_than_the_limit_says() {
    const SIZE: usize = 1000;
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let source = stream::repeat_with(move || {
        count.fetch_add(1, Ordering::Relaxed);
        Ok(Bytes::from_static(&[0; SIZE]))
    });
    let (filler, mut reader) = pair(source);
    let mut filler = Polled::new(filler);
    while filler.turn() {}
    let ahead = taken.load(Ordering::Relaxed);
    assert!((LIMIT / 2 / SIZE..=LIMIT / SIZE).contains(&ahead), "{ahead}");
    // What is taken is taken at once, and makes room for as much again.
    for _ in 0..ahead {
        assert!(reader.next().now_or_never().is_some());
        while filler.turn() {}
        assert_eq!(taken.load(Ordering::Relaxed), 2 * ahead);
    }
}

#[test]
fn the_reader_is_told_of_the_first_piece_at_once() {
    let (filler, reader) = pair(one_by_one(1, 10));
    let (mut filler, mut reader) = (Polled::new(filler), Polled::new(reader));
    assert!(reader.turn().unwrap().is_pending());
    // One turn for the wait before the piece, one that takes it.
    assert!(filler.turn() && filler.turn());
    assert_eq!(reader.wake_ups(), 1);
}

#[test]
fn a_burst_wakes_the_reader_once_for_many_pieces() {
    const PIECES: usize = 1000;
    let (filler, reader) = pair(one_by_one(PIECES, 10));
    let (mut filler, mut reader) = (Polled::new(filler), Polled::new(reader));
    let mut read = 0;
    while read < PIECES {
        filler.turn();
        while let Some(Poll::Ready(Some(piece))) = reader.turn() {
            read += usize::from(piece.is_ok());
        }
    }
    assert!(reader.wake_ups() < PIECES / 20, "{}", reader.wake_ups());
}

#[test]
fn a_turn_is_rarely_waited_in_vain() {
    const PIECES: usize = 160;
    let (sender, source) = futures::channel::mpsc::unbounded();
    let (filler, reader) = pair(source);
    let (mut filler, mut reader) = (Polled::new(filler), Polled::new(reader));
    let mut turns = 0;
    for _ in 0..PIECES {
        while reader.turn().is_some_and(|piece| piece.is_ready()) {}
        sender.unbounded_send(bytes("a")).unwrap();
        while filler.turn() {
            turns += 1;
        }
    }
    let in_vain = turns - PIECES;
    assert!((1..=PIECES / 10).contains(&in_vain), "{in_vain}");
}

#[test]
fn threads_lose_no_piece_between_them() {
    const PIECES: usize = 20_000;
    let (filler, reader) = pair(one_by_one(PIECES, 100));
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let filling = thread::spawn(move || runtime().block_on(filler));
    let pieces = runtime().block_on(all(reader));
    filling.join().unwrap();
    assert_eq!(pieces.len(), PIECES);
    assert!(pieces.iter().enumerate().all(|(n, piece)| piece.as_ref().unwrap()[0] == n.to_le_bytes()[0]));
}

/// Lengths of pieces, and waits in between.
fn steps() -> impl Strategy<Value = Vec<Option<usize>>> {
    prop::collection::vec(prop::option::of(prop_oneof![0..40_usize, 0..2 * LIMIT]), 0..60)
}

proptest! {
    /// Nobody is polled without having been woken, so a wake-up that is lost leaves pieces behind.
    #[test]
    fn whoever_runs_first_all_pieces_come(steps in steps(), filler_first in prop::collection::vec(any::<bool>(), 1..50)) {
        let pieces: Vec<_> = steps.iter().flatten().map(|length| Bytes::from(vec![b'x'; *length])).collect();
        let source = script(steps.iter().map(|step| step.map(|length| Ok(Bytes::from(vec![b'x'; length])))).collect());
        let (filler, reader) = pair(source);
        let (mut filler, mut reader) = (Polled::new(filler), Polled::new(reader));
        let (mut read, mut ended) = (Vec::new(), false);
        for filler_first in filler_first.iter().cycle() {
            if *filler_first && filler.turn() {
                continue;
            }
            match reader.turn() {
                Some(Poll::Ready(Some(piece))) => read.push(piece.unwrap()),
                Some(Poll::Ready(None)) => {
                    ended = true;
                    break;
                }
                Some(Poll::Pending) => {}
                None if filler.turn() => {}
                None => break,
            }
        }
        prop_assert!(ended, "nobody was woken after {} of {} pieces", read.len(), pieces.len());
        prop_assert_eq!(read, pieces);
    }
}
