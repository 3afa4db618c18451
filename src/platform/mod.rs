//! What differs between a native program and a web page: clock and timers, HTTP, files.
//!
//! Both sides have the same names, so that the rest of the crate doesn't know where it runs. Futures of a page belong to its one thread; they
//! are wrapped where they come from, so that what the crate gives is `Send` everywhere, and no bound differs.

#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(target_family = "wasm")]
mod web;

#[cfg(not(target_family = "wasm"))]
pub(crate) use native::*;
#[cfg(target_family = "wasm")]
pub(crate) use web::*;
