//! The clock: every timer of the crate comes from here.

pub(crate) use std::time::Duration;

pub(crate) use crate::platform::{Instant, Sleep, sleep, sleep_until, timeout, wall_clock};

/// A moment in the future, or `None` when it lies so far away that nobody will see it.
pub(crate) fn after(start: Instant, wait: Duration) -> Option<Instant> {
    start.checked_add(wait)
}
