//! A native program: tokio's timers, sockets, and a file system.

use std::time::SystemTime;

mod files;
mod http;
mod read_ahead;

pub(crate) use http::*;
pub(crate) use read_ahead::read_ahead;
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};

/// The time of day.
pub(crate) fn wall_clock() -> SystemTime {
    SystemTime::now()
}
