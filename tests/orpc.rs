//! The client against the real oRPC, on which the chat stream is built: a server of ours in Node (`orpc/server.mjs`) that answers in
//! every way its model names.
//!
//! Runs where Node and npm are and the packages of `orpc/package-lock.json` have been installed, which `MKA1_REQUIRE_NODE=1 cargo test
//! --test orpc` does, into the target directory. With that variable a machine that cannot is a failure; without it the tests say so
//! and pass.

#![cfg(feature = "llm-chat")]

#[path = "orpc/node.rs"]
mod node;
#[path = "orpc/outcome.rs"]
mod outcome;

#[path = "orpc/chunks.rs"]
mod chunks;
#[path = "orpc/cuts.rs"]
mod cuts;
#[path = "orpc/ends.rs"]
mod ends;
#[path = "orpc/errors.rs"]
mod errors;
#[path = "orpc/events.rs"]
mod events;
#[path = "orpc/refusals.rs"]
mod refusals;
#[path = "orpc/requests.rs"]
mod requests;
#[path = "orpc/resumption.rs"]
mod resumption;
