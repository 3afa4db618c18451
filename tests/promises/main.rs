//! What the crate promises its users, kept over real HTTP against the embedded server, through the public API alone.

// Without it there are no operations to call.
#![cfg(feature = "llm-chat")]

mod chat;
mod collect;
mod common;
mod cuts;
mod ends;
mod error_events;
mod errors;
mod flow;
mod growth;
mod matrix;
mod options;
mod pieces;
mod redirects;
mod resume;
mod retries;
mod secrets;
mod stream;
mod traces;
mod waits;
mod wire;
