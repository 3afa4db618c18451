//! Reads a body a little ahead of whoever takes it, so that many pieces come by one wake-up.
//!
//! hyper hands over one HTTP chunk at a time, and servers put each event into one. Taken one by one, every event costs a turn of the runtime at
//! least; where the reader is the future of `#[tokio::main]`, it wakes one thread and then another, for ten times the work of the event itself.

use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::StreamExt;
use tokio::task::AbortHandle;

use crate::error::Error;

#[cfg(test)]
mod tests;

/// Where pieces of so many bytes wait for the reader, no more are read.
const LIMIT: usize = 16 * 1024;

/// So many pieces pay for a turn that the reader is kept waiting in vain.
const TURN: u32 = 16;

type Piece = Result<Bytes, Error>;

/// Reads ahead, from now on until the stream is dropped. It needs a runtime, as does whatever a response comes from.
pub(crate) fn read_ahead(source: BoxStream<'static, Piece>) -> BoxStream<'static, Piece> {
    let (filler, reader) = pair(source);
    let task = tokio::spawn(filler).abort_handle();
    Box::pin(Guarded { reader, task })
}

/// The side that reads from the source, and the side that takes.
fn pair<S: Stream<Item = Piece> + Unpin>(source: S) -> (Filler<S>, Reader) {
    let shared = Arc::new(Shared::default());
    let filler = Filler { source, shared: shared.clone(), waits: false, credit: 0 };
    (filler, Reader { shared, taken: VecDeque::new() })
}

/// A reader and its filler, which ends with it.
struct Guarded {
    reader: Reader,
    task: AbortHandle,
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stream for Guarded {
    type Item = Piece;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Piece>> {
        Pin::new(&mut self.reader).poll_next(cx)
    }
}

/// What has been read and not been taken.
#[derive(Default)]
struct Shared(Mutex<State>);

#[derive(Default)]
struct State {
    pieces: VecDeque<Piece>,
    /// What they take in memory.
    size: usize,
    end: Option<End>,
    /// Waits for a piece.
    reader: Option<Waker>,
    /// Waits for room.
    filler: Option<Waker>,
}

enum End {
    /// That of the body, or an error.
    Reached,
    /// The filler is gone, as it is when its runtime is shut down.
    Lost,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever holds it doesn't panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Filler<S> {
    source: S,
    shared: Arc<Shared>,
    /// Whether a turn of the runtime is waited for before the reader is told: a source that waited to be taken from has more by then.
    waits: bool,
    /// What such a turn is paid with, so that those in vain are rare where pieces come one by one.
    credit: u32,
}

impl<S: Stream<Item = Piece> + Unpin> Future for Filler<S> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            ready!(this.poll_room(cx));
            let Poll::Ready(piece) = this.source.poll_next_unpin(cx) else {
                this.tell(cx);
                return Poll::Pending;
            };
            let is_end = !matches!(piece, Some(Ok(_)));
            if let Some(piece) = piece {
                this.put(piece);
            }
            if is_end {
                this.end(End::Reached);
                return Poll::Ready(());
            }
        }
    }
}

impl<S> Filler<S> {
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.shared.lock();
        if state.size < LIMIT {
            return Poll::Ready(());
        }
        state.filler = Some(cx.waker().clone());
        wake(state, |state| &mut state.reader);
        Poll::Pending
    }

    fn put(&mut self, piece: Piece) {
        let mut state = self.shared.lock();
        state.size += mem::size_of::<Piece>() + piece.as_ref().map_or(0, Bytes::len);
        state.pieces.push_back(piece);
        self.waits = false;
        self.credit = TURN.min(self.credit + 1);
    }

    /// The source has nothing more: tells the reader of what there is, now or after a turn.
    fn tell(&mut self, cx: &mut Context<'_>) {
        let state = self.shared.lock();
        if state.reader.is_none() || state.pieces.is_empty() {
            return;
        }
        if !self.waits && self.credit == TURN {
            self.waits = true;
            drop(state);
            cx.waker().wake_by_ref();
            return;
        }
        if mem::take(&mut self.waits) {
            self.credit = 0;
        }
        wake(state, |state| &mut state.reader);
    }

    fn end(&mut self, end: End) {
        let mut state = self.shared.lock();
        state.end.get_or_insert(end);
        wake(state, |state| &mut state.reader);
    }
}

impl<S> Drop for Filler<S> {
    fn drop(&mut self) {
        // Unless it has reached the end.
        self.end(End::Lost);
    }
}

struct Reader {
    shared: Arc<Shared>,
    taken: VecDeque<Piece>,
}

impl Stream for Reader {
    type Item = Piece;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Piece>> {
        let this = self.get_mut();
        if this.taken.is_empty() {
            ready!(this.poll_take(cx));
        }
        Poll::Ready(this.taken.pop_front())
    }
}

impl Reader {
    /// Takes all there is: nothing at the end.
    fn poll_take(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.shared.lock();
        if !state.pieces.is_empty() {
            mem::swap(&mut self.taken, &mut state.pieces);
            state.size = 0;
            wake(state, |state| &mut state.filler);
            return Poll::Ready(());
        }
        match state.end {
            Some(End::Reached) => Poll::Ready(()),
            Some(End::Lost) => {
                state.end = Some(End::Reached);
                self.taken.push_back(Err(Error::interrupted("the runtime that read the response was shut down")));
                Poll::Ready(())
            }
            None => {
                state.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Wakes who waits, without the lock: who is woken may want it.
fn wake(mut state: MutexGuard<'_, State>, who: impl FnOnce(&mut State) -> &mut Option<Waker>) {
    let waker = who(&mut state).take();
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}
