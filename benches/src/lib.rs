//! What the table and the gate are made of.

#[cfg(feature = "http")]
pub mod builds;
pub mod decoders;
#[cfg(feature = "http")]
pub mod http;
pub mod inputs;
pub mod responses;
pub mod rounds;
#[cfg(feature = "http")]
pub mod server;
#[cfg(feature = "http")]
pub mod table;
pub mod typed;
pub mod work;
