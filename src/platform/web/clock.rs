//! Time in a page: `performance.now`, and timers by `setTimeout`, in the words of `tokio::time`.
//!
//! A page in the background gets its timers late, at about one a second; what they limit is late by as much then.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use send_wrapper::SendWrapper;
use web_time::web::SystemTimeExt;

pub(crate) use web_time::Instant;

/// What `setTimeout` can wait at most: longer waits are made of several.
const LONGEST: u32 = i32::MAX.unsigned_abs();
/// As good as for ever, and safe to add to any moment.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The time of day.
pub(crate) fn wall_clock() -> std::time::SystemTime {
    web_time::SystemTime::now().to_std()
}

/// Ends at a moment.
pub(crate) struct Sleep {
    end: Instant,
    timer: SendWrapper<TimeoutFuture>,
}

pub(crate) fn sleep(wait: Duration) -> Sleep {
    sleep_until(Instant::now() + wait.min(FAR))
}

pub(crate) fn sleep_until(end: Instant) -> Sleep {
    Sleep { end, timer: timer(end) }
}

impl Sleep {
    pub(crate) fn reset(mut self: Pin<&mut Self>, end: Instant) {
        *self = sleep_until(end);
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // First of all, since a timer that went off must not be asked again.
        while Instant::now() < self.end {
            ready!(Pin::new(&mut *self.timer).poll(cx));
            // It was a part of a long wait, or a clock that is kept coarse on purpose says that it went off too early.
            self.timer = timer(self.end);
        }
        Poll::Ready(())
    }
}

fn timer(end: Instant) -> SendWrapper<TimeoutFuture> {
    let left = end.saturating_duration_since(Instant::now());
    let millis = u32::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(LONGEST);
    SendWrapper::new(TimeoutFuture::new(millis.min(LONGEST)))
}

/// The time was over before the future was done.
pub(crate) struct Elapsed;

pub(crate) async fn timeout<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match select(pin!(future), sleep(limit)).await {
        Either::Left((output, _)) => Ok(output),
        Either::Right(((), _)) => Err(Elapsed),
    }
}
