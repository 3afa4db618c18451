//! An embedded server that speaks MKA1's wire format, for tests without a network, a key or a bill.
//!
//! It is a real HTTP server on loopback, so that what a test runs through is what runs in production: sockets, HTTP, the
//! event stream, the client. What it answers is scripted ([`Script`]): chunks, delays, errors, and every way in which a
//! connection can break. It knows what it was sent ([`Request`]), and whether the client hung up ([`Outcome`]). Without
//! a script it is a small chat service of its own ([`Chat`]).
//!
//! The module comes with the Cargo feature `testing`:
//!
//! ```toml
//! [dev-dependencies]
//! mka1 = { version = "0.1", features = ["testing"] }
//! ```
//!
//! # A test
//!
//! ```
//! use futures::TryStreamExt;
//! use mka1::{Client, RequestOptions, ResumePolicy};
//! use mka1::testing::{CHAT_STREAM_PATH, Script, Server};
//! use mka1::types::{ChatCompletionRequest, ChatMessage};
//!
//! /// The code under test.
//! async fn ask(client: &Client, question: &str) -> mka1::Result<String> {
//!     let request = ChatCompletionRequest::new("auto", [ChatMessage::user(question)]);
//!     let events = client.llm().chat().create_chat_completion_stream(request).await?;
//!     events.text().try_collect().await
//! }
//!
//! # /*
//! #[tokio::test]
//! # */
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() { a_cut_is_an_error().await }
//! async fn a_cut_is_an_error() {
//!     let server = Server::start().await.unwrap();
//!     let client = server.client();
//!
//!     // Played once each, in this order. A stream that is cut is taken up again, unless the client is told not to.
//!     server.reply(Script::stream().text_chunks(["Hel", "lo"]).finish("stop"));
//!     server.reply(Script::stream().text_chunks(["Hel"]).cut());
//!
//!     assert_eq!(ask(&client, "Hi").await.unwrap(), "Hello");
//!     let client = client.with_options(RequestOptions::new().resume(ResumePolicy::none()));
//!     assert!(ask(&client, "Hi").await.unwrap_err().is_interrupted());
//!
//!     let sent = server.last_request().unwrap();
//!     assert_eq!(sent.path(), CHAT_STREAM_PATH);
//!     assert_eq!(sent.json::<serde_json::Value>().unwrap()["messages"][0]["content"], "Hi");
//! }
//! ```
//!
//! # Time
//!
//! Delays run on tokio's clock, and the server runs on the test's own runtime. Under
//! `#[tokio::test(start_paused = true)]` an hour of silence takes no time, and [`Request::received_at`] tells how long
//! a client waited between two attempts.
//!
//! # Bytes
//!
//! Streams are framed as MKA1 frames them: LF line ends, one space after the colon, one write for each event, the empty
//! comment at the start and every five seconds of waiting. [`Event`] and [`Script::raw`] write anything else. To cut a
//! stream at each of its bytes, take [`Script::body`] and [`Script::truncate`].

mod chat;
mod completion;
mod event;
mod exchange;
mod log;
mod play;
mod request;
mod respond;
mod script;
mod server;
mod socket;
#[cfg(test)]
mod tests;

pub use chat::{CHAT_PATH, CHAT_STREAM_PATH, Chat, Resume};
pub use completion::Completion;
pub use event::Event;
pub use request::{Outcome, Request};
pub use respond::Respond;
pub use script::Script;
pub use server::Server;
