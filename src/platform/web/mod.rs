//! A web page, or a worker of one: the browser's timers, and `fetch`.

mod clock;
mod http;

pub(crate) use clock::*;
pub(crate) use http::*;
