//! Hooks for [Dioxus](https://dioxuslabs.com): calls as state of a component.
//!
//! [`hooks`](crate::hooks) has one for every operation of the enabled groups. A `GET` is a [`Query`]: it is sent when the component appears,
//! and again when its arguments change. Everything else is a [`Mutation`]: it is sent by [`mutate`](Mutation::mutate). Both are `Copy`, are read like
//! signals, and so render the component again when there is something new.
//!
//! ```no_run
//! use dioxus_core::Element;
//! use mka1::Client;
//! use mka1::dioxus::use_mka1_provider;
//! use mka1::hooks::{use_llm_chat_create_chat_completion_stream_mutation, use_llm_chat_create_chat_mutation};
//! use mka1::types::{ChatCompletionRequest, ChatMessage};
//!
//! fn app() -> Element {
//!     // For this component and all below it.
//!     use_mka1_provider(Client::from_env);
//!
//!     let answer = use_llm_chat_create_chat_completion_stream_mutation();
//!     let ask = move || answer.mutate(ChatCompletionRequest::new("auto", [ChatMessage::user("Say hello")]));
//!     // In a handler: `ask()`. In the page: what has come so far, whether more is to come, what went wrong.
//!     let (text, pending, error) = (answer.text(), answer.pending(), answer.error());
//!     # let _ = (ask, text, pending, error);
//!     # dioxus_core::VNode::empty()
//! }
//! ```
//!
//! # What holds for all of them
//!
//! - A stream is data that grows: a [`Streamed`] has the text so far, the events so far, and how it ended.
//! - Data and errors are behind an `Arc`, so they can be kept and handed on. `?` takes the error to the nearest error boundary.
//! - When a component goes, what it was waiting for is dropped, and with it the request. So does [`cancel`](Mutation::cancel).
//! - A second `mutate` takes the place of the first, of which nothing is heard any more.
//! - Nothing needs `Send`, so it is the same in a browser.
//! - Nothing panics: a missing or faulty client is the error of every hook below, and a handle whose component is gone is idle.
//!
//! # Queries
//!
//! Queries of one request, whoever makes them, have one state and one request on its way: its URL, headers and body tell it from others. What came
//! is kept for five minutes after the last component that showed it has gone. One that appears meanwhile shows it at once, and asks again if
//! it is older than the query's [`stale_time`](Query::stale_time). [`use_query`] takes any call, with its optional parameters and options:
//!
//! ```no_run
//! # #[cfg(feature = "llm-files")]
//! # fn component() {
//! use std::time::Duration;
//! use mka1::dioxus::use_query;
//!
//! let files = use_query(|client| client.llm().files().list().limit(20)).stale_time(Duration::from_secs(30));
//! # let _ = files;
//! # }
//! ```
//!
//! # Why not on `dioxus-query`
//!
//! It is a good cache, but (0.9) not what is promised here. Its data can't grow while a call goes on. There is no cancelling, and a second mutation
//! doesn't replace the first: whichever ends last wins. Components that appear together each send the request, and one that goes takes its own
//! along, while others wait for it. It tells queries apart by `Hash` of their arguments, which request types don't have, and it takes the whole
//! `dioxus` crate with its macros. What would be left of it is a map and a clock.

mod cache;
mod mutation;
mod observe;
mod provider;
mod query;
mod run;
mod streamed;

pub use mutation::{Mutation, use_mutation};
pub use observe::Observe;
pub use provider::{use_mka1_client, use_mka1_provider};
pub use query::{Query, use_query};
pub use run::Status;
pub use streamed::Streamed;

#[doc(hidden)]
pub use run::Run;

/// What hooks hold of an operation's output: [`Response<T>`](crate::Response) as it is, [`Streamed<T>`] of a stream of `T`, `Response<Bytes>` of a
/// download.
pub type Data<O> = <<O as crate::Operation>::Output as Observe>::Data;
