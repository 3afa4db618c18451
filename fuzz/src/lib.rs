//! `mka1::sse` alone, for the fuzzer.

#[path = "../../src/sse/mod.rs"]
pub mod sse;
