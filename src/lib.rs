//! Rust client for the MKA1 API.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod auth;
mod body;
mod call;
#[cfg(feature = "llm-chat")]
mod chat;
mod client;
mod error;
#[cfg(test)]
mod fixture;
mod generated;
mod json;
mod options;
mod plan;
mod redirect;
mod response;
mod retry;
mod send;
pub mod sse;
mod stream;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
mod wire;

pub use auth::TokenProvider;
pub use call::{Call, Operation};
#[cfg(feature = "llm-chat")]
pub use chat::{CollectedChoice, CollectedMessage, MessageCollector, TextStream};
pub use client::{Client, ClientBuilder};
pub use error::{Error, ErrorBuilder, ErrorKind, Result, TimeoutPhase};
pub use generated::{funcs, groups, operations, types};
pub use json::DecodeError;
pub use options::RequestOptions;
pub use response::{FromResponse, Response};
pub use retry::RetryConfig;
pub use stream::{EventStream, StreamEnd, StreamEvent};
pub use wire::{Nullable, OpenEnum, UnknownValue, UnknownVariant};

#[doc(hidden)]
pub use call::OperationSpec;
#[doc(hidden)]
pub use response::Exchange;
#[doc(hidden)]
pub use stream::{EventRoles, Frame};
