//! What the tests of the network have in common: a chat stream as bytes, servers that cut it, and what a client makes of it.

mod certificate;
pub mod crowd;
mod cut;
mod frame;
mod http1;
mod http2;
mod listener;
mod reference;
mod request;
mod told;

pub use certificate::Identity;
pub use cut::{Again, Case, Cut, Moment, Play};
pub use http1::Http1;
pub use http2::Http2;
pub use reference::{BODY, TEXTS, chunks_before, events_between};
pub use told::{Told, told};
