//! Event streams (`text/event-stream`) by the WHATWG rules, for any HTTP client.
//!
//! Two things live here. [`Decoder`] takes bytes in pieces of any size and gives back events. [`Events`] puts a decoder
//! over a [`Stream`](futures_core::Stream) of byte pieces, such as the body of an HTTP response, and is itself a stream
//! of events. Nothing in this module knows about MKA1: it serves any server that speaks the format.
//!
//! ```
//! use futures::{StreamExt, TryStreamExt, stream};
//! use mka1::sse::{Bytes, Events};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! // With reqwest this is `response.bytes_stream()`.
//! let body = stream::iter(["event: greeting\nid: 7\nda", "ta: hello\n\n"]).map(Ok::<_, std::io::Error>);
//!
//! let mut events = Events::new(body);
//! while let Some(event) = events.try_next().await? {
//!     assert_eq!(event.name(), "greeting");
//!     assert_eq!(event.data.as_deref(), Some("hello"));
//!     assert_eq!(event.id.as_deref(), Some("7"));
//! }
//! # Ok::<_, mka1::sse::Error<std::io::Error>>(()) }).unwrap();
//! ```
//!
//! # The rules
//! They are those of the [HTML standard][whatwg], to the letter, for every way in which the bytes may be cut:
//! - lines end in LF, CR or CRLF, mixed as one likes; an event that a lone CR ends is there at once;
//! - one byte order mark is dropped, at the very start;
//! - one space after the colon is dropped; a line without a colon is a field with an empty value;
//! - `data` lines are joined by LF; a block without data is no event (but see [`Decoder::with_dataless_events`]);
//! - `id` lasts until the next one, an empty one resets it, and one that holds NUL is ignored;
//! - `retry` counts if it is made of ASCII digits only. More milliseconds than a `u64` holds count as `u64::MAX`; no
//!   digits at all are no number and are ignored;
//! - bytes that are no UTF-8 become U+FFFD, as many as the WHATWG decoder would write;
//! - an event that the input leaves unfinished is not given out. Here, that can be told from a clean end:
//!   [`Decoder::finish`], [`Error::Incomplete`].
//!
//! # Cost
//! Events share the memory of the piece they came in: text is copied only if it crosses pieces or has several `data`
//! lines (ids, which are short and last, always are, and so is text of 16 KiB and more that isn't ASCII). Work grows linearly with the input whatever the pieces, and the memory held is bounded by
//! [`Decoder::with_max_event_size`].
//!
//! [whatwg]: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

mod buffer;
mod decoder;
mod error;
mod event;
mod field;
mod joined;
mod line;
mod pending;
mod settled;
mod stream;
mod text;

pub use bytes::Bytes;
pub use bytestring::ByteString;

pub use self::decoder::Decoder;
pub use self::error::{DecodeError, Error, Incomplete};
pub use self::event::Event;
pub use self::stream::Events;
