//! Rust client for the MKA1 API.
//!
//! ```no_run
//! use futures::TryStreamExt;
//! use mka1::Client;
//! use mka1::types::{ChatCompletionRequest, ChatMessage};
//!
//! # async fn example() -> mka1::Result<()> {
//! let request = ChatCompletionRequest::new("auto", [ChatMessage::user("Say hello")]);
//!
//! let client = Client::from_env()?;
//! let mut events = client.llm().chat().create_chat_completion_stream(request).await?;
//! while let Some(event) = events.try_next().await? {
//!     if let Some(chunk) = event.chunk() {
//!         print!("{}", chunk.text());
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # The shape of it
//!
//! A call goes through few things, in this order:
//!
//! 1. A [`Client`] holds connections, credentials and defaults. Make one and keep it; clones are cheap.
//! 2. Its [groups] have the operations of the API as methods: `client.llm().chat().create_chat(…)`. Each is a function in [`funcs`] too.
//!    What they send and give back are the [`types`].
//! 3. A method gives a [`Call`], which takes [`RequestOptions`] and the operation's optional parameters. Nothing is sent before it is awaited.
//! 4. Awaited, it gives a [`Response<T>`](Response), or an [`EventStream<T>`](EventStream) whose events come one by one. Both have the status and headers.
//! 5. What goes wrong on the way is an [`Error`]. Its [`kind`](Error::kind) says how far the call got.
//!
//! Types and operations are generated at compile time from the API's OpenAPI document; the rest is written by hand.
//!
//! # Streams
//!
//! An [`EventStream`] is pulled: nothing is read ahead of the caller, and dropping it closes the connection. It ends at the event that says
//! so, and tells afterwards [how it ended](EventStream::ended). Chat streams have two shortcuts: `text()`, just the text, and
//! `collect_message()`, the whole answer.
//!
//! # Errors and retries
//!
//! There is one error type, with predicates such as [`is_rate_limited`](Error::is_rate_limited) and [`never_sent`](Error::never_sent). A failed call is
//! repeated only where that cannot repeat its work: see [`RetryConfig`].
//!
//! # What the API may add
//!
//! Structs and enums of the API are `#[non_exhaustive]`. Values and variants that this version doesn't know are kept as
//! [`UnknownValue`] and [`UnknownVariant`] and written back as they came; fields that it doesn't know are ignored. A field that may be absent is
//! an [`Option`], one that may also be null a [`Nullable`].
//!
//! # On their own
//!
//! - [`sse`] decodes event streams of any server, by the WHATWG rules.
//! - `testing` (feature `testing`) is an embedded server that speaks MKA1's wire format, for tests.
//!
//! # In a web page
//!
//! For `wasm32-unknown-unknown` the crate sends by `fetch` and waits by the browser's timers; no runtime is needed. Streams, time limits, retries and
//! resumption are the same. The README tells what a browser does its own way.
//!
//! # Cargo features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `llm-chat` | yes | `client.llm().chat()`, its types and [helpers](chat) |
//! | a feature for each other group: `llm-responses`, `llm-files`, `agents`, `sandbox`, `auth`, … | | its operations, and the types that they use |
//! | `full` | | all groups |
//! | `rustls` | yes | TLS by rustls, with the platform's certificates |
//! | `native-tls` | | TLS by the platform's own library |
//! | `http2` | | HTTP/2 where the server offers it |
//! | `dioxus` | | hooks for Dioxus, one for each operation: `mka1::dioxus` |
//! | `testing` | | the embedded server |
//!
//! Without `rustls` and `native-tls` only `http://` can be reached.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
// Whether a type is `Send` is found by looking at all that it holds; in large documents types hold types in long rows.
#![recursion_limit = "2048"]
#![deny(missing_docs)]
#![warn(unreachable_pub)]
// What comes from the network must not be able to end the caller's program.
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod auth;
mod body;
mod call;
#[cfg(feature = "llm-chat")]
pub mod chat;
mod client;
#[cfg(feature = "dioxus")]
pub mod dioxus;
mod download;
#[cfg(feature = "dynamic")]
#[doc(hidden)]
pub mod dynamic;
mod error;
#[cfg(test)]
mod fixture;
mod generated;
mod json;
mod options;
mod pages;
mod payload;
mod plan;
mod platform;
mod redirect;
mod response;
#[cfg(any(feature = "agent-runs", feature = "llm-responses"))]
pub mod responses;
mod retry;
mod send;
pub mod sse;
mod stream;
#[cfg(all(feature = "testing", not(target_family = "wasm")))]
pub mod testing;
mod time;
mod trace;
mod upload;
mod wire;

pub use auth::TokenProvider;
pub use call::{Call, Operation};
pub use client::{Client, ClientBuilder};
pub use download::Download;
pub use error::{Error, ErrorBuilder, ErrorKind, Result, TimeoutPhase};
#[cfg(feature = "dioxus")]
pub use generated::hooks;
pub use generated::{funcs, groups, operations, types};
pub use json::DecodeError;
pub use options::RequestOptions;
pub use pages::{Items, Pages, Paginated};
pub use response::{FromResponse, Response};
pub use retry::RetryConfig;
pub use stream::{EventStream, ResumePolicy, StreamEnd, StreamEvent, StreamFacts, TokenUsage};
pub use upload::Upload;
pub use wire::{Nullable, OpenEnum, UnknownValue, UnknownVariant};

/// The HTTP client underneath, for its types: `StatusCode`, `HeaderMap`, a [`Client`](reqwest::Client) of your own.
#[doc(no_inline)]
pub use reqwest;

#[doc(hidden)]
pub use call::{Credential, Elsewhere, OperationSpec, Resume};
#[doc(hidden)]
pub use pages::{PageParameter, PagePlace};
#[doc(hidden)]
pub use response::Exchange;
#[doc(hidden)]
pub use stream::{EventRoles, Frame, Template};

/// The code in the README compiles, and runs where it can.
#[cfg(all(doctest, feature = "llm-chat", feature = "testing"))]
#[doc = include_str!("../README.md")]
mod readme {}
