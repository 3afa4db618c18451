//! The bytes of a response as they come, with an eye on the clock.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sync_wrapper::SyncStream;

use crate::error::{Error, TimeoutPhase};
use crate::platform::{self, Response};
use crate::time::{Duration, Instant, Sleep, sleep_until, timeout};

/// The body of a response. Dropping it closes the connection, unless it was read to its end.
pub(crate) struct Body {
    /// Only ever polled by whoever owns it, so that others may hold a reference to it.
    bytes: SyncStream<BoxStream<'static, Result<Bytes, Error>>>,
    idle: Option<Idle>,
    deadline: Option<Pin<Box<Sleep>>>,
}

/// Runs while somebody waits for bytes, from the moment there are none.
struct Idle {
    limit: Duration,
    /// Since when somebody waits.
    since: Option<Instant>,
    /// Set for the end of this wait, or of an earlier one: setting it anew for every piece would cost more than the rest of it.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Body {
    pub(crate) fn new(
        bytes: BoxStream<'static, Result<Bytes, Error>>,
        idle: Option<Duration>,
        deadline: Option<Instant>,
    ) -> Self {
        let idle = idle.map(|limit| Idle { limit, since: None, timer: None });
        Self { bytes: SyncStream::new(bytes), idle, deadline: deadline.map(|deadline| Box::pin(sleep_until(deadline))) }
    }

    pub(crate) fn of_response(response: Response, idle: Option<Duration>, deadline: Option<Instant>) -> Self {
        Self::new(platform::pieces(response), idle, deadline)
    }

    /// Has it read ahead, as is good for one that comes in many small pieces.
    pub(crate) fn read_ahead(self) -> Self {
        Self { bytes: SyncStream::new(platform::read_ahead(self.bytes.into_inner())), ..self }
    }

    /// All of it.
    pub(crate) async fn read(self) -> Result<Bytes, Error> {
        let mut body = self;
        let Some(first) = body.try_next().await? else { return Ok(Bytes::new()) };
        let Some(second) = body.try_next().await? else { return Ok(first) };
        let mut whole = BytesMut::from(first);
        whole.extend_from_slice(&second);
        while let Some(piece) = body.try_next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    /// What comes of it within these limits. How it ends doesn't matter: what came before is kept.
    pub(crate) async fn read_some(mut self, max_bytes: usize, max_time: Duration) -> Bytes {
        let mut read = BytesMut::new();
        let reading = async {
            while let Some(Ok(piece)) = self.next().await {
                let room = max_bytes - read.len();
                read.extend_from_slice(&piece[..piece.len().min(room)]);
                if piece.len() >= room {
                    break;
                }
            }
        };
        // Running out of time is as good an end as any.
        let _ = timeout(max_time, reading).await;
        read.freeze()
    }
}

impl Stream for Body {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // The bytes first: what has arrived is given out even when the reader came late.
        if let Poll::Ready(piece) = self.bytes.poll_next_unpin(cx) {
            if let Some(idle) = &mut self.idle {
                idle.since = None;
            }
            return Poll::Ready(piece);
        }
        if self.deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(cx).is_ready()) {
            return Poll::Ready(Some(Err(Error::timeout(TimeoutPhase::Total))));
        }
        if self.idle.as_mut().is_some_and(|idle| idle.is_over(cx)) {
            return Poll::Ready(Some(Err(Error::timeout(TimeoutPhase::Idle))));
        }
        Poll::Pending
    }
}

impl Idle {
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        let since = *self.since.get_or_insert_with(Instant::now);
        let Some(end) = since.checked_add(self.limit) else { return false };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(end)));
        while timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= end {
                return true;
            }
            timer.as_mut().reset(end);
        }
        false
    }
}
