//! The stream adapter: pieces of bytes from any source in, events out.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_core::stream::FusedStream;

use super::decoder::Decoder;
use super::error::Error;
use super::event::Event;

/// A stream of [`Event`]s, decoded from a stream of byte pieces such as the body of an HTTP response.
///
/// It pulls: the source is only asked for more when every event of what came before was handed out. A future that waits
/// for the next event may be dropped at any time; nothing is lost. After an error, or the end, there is nothing more:
/// the source isn't polled again, and all further items are `None`.
///
/// The source has to be `Unpin`; pin one that isn't: `Events::new(Box::pin(source))`.
///
/// ```
/// use futures::{StreamExt, stream};
/// use mka1::sse::{Error, Events};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let pieces = ["data: a\n\ndata: b", "\n\n", "data: cut off"].map(Ok::<_, std::io::Error>);
/// let mut events = Events::new(stream::iter(pieces));
///
/// let mut texts = Vec::new();
/// while let Some(event) = events.next().await {
///     match event {
///         Ok(event) => texts.extend(event.data),
///         Err(error) => assert!(matches!(error, Error::Incomplete)),
///     }
/// }
/// assert_eq!(texts, ["a", "b"]);
/// # });
/// ```
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct Events<S> {
    source: S,
    decoder: Decoder,
    ended: bool,
}

impl<S> Events<S> {
    /// Events by the standard's rules, with a limit of 64 MiB per event.
    pub fn new(source: S) -> Self {
        Self::with_decoder(source, Decoder::new())
    }

    /// Events by the rules that `decoder` is set to.
    ///
    /// ```
    /// use mka1::sse::{Decoder, Events};
    ///
    /// # let body = futures::stream::empty::<Result<mka1::sse::Bytes, std::io::Error>>();
    /// let events = Events::with_decoder(body, Decoder::new().with_max_event_size(1024 * 1024));
    /// ```
    pub fn with_decoder(source: S, decoder: Decoder) -> Self {
        Self { source, decoder, ended: false }
    }

    /// The id that a client sends as `Last-Event-ID` when it connects again; see [`Decoder::last_event_id`].
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        self.decoder.last_event_id()
    }

    /// How long the server wants a client to wait before it connects again; see [`Decoder::reconnection_time`].
    #[must_use]
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.decoder.reconnection_time()
    }

    /// The source of the bytes.
    pub fn get_ref(&self) -> &S {
        &self.source
    }

    /// The source of the bytes, to be changed. Bytes taken from it are missing from the events.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.source
    }

    /// The source of the bytes. Events that were not taken are lost.
    pub fn into_inner(self) -> S {
        self.source
    }
}

impl<S, B, E> Stream for Events<S>
where
    S: Stream<Item = Result<B, E>> + Unpin,
    B: Into<Bytes>,
{
    type Item = Result<Event, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.ended {
            match this.decoder.next_event() {
                Ok(Some(event)) => return Poll::Ready(Some(Ok(event))),
                Ok(None) => {}
                Err(error) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error.into())));
                }
            }
            match ready!(Pin::new(&mut this.source).poll_next(cx)) {
                Some(Ok(piece)) => this.decoder.push(piece),
                Some(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(Error::Transport(error))));
                }
                None => {
                    this.ended = true;
                    if let Err(error) = this.decoder.finish() {
                        return Poll::Ready(Some(Err(error.into())));
                    }
                }
            }
        }
        Poll::Ready(None)
    }
}

impl<S, B, E> FusedStream for Events<S>
where
    S: Stream<Item = Result<B, E>> + Unpin,
    B: Into<Bytes>,
{
    fn is_terminated(&self) -> bool {
        self.ended
    }
}
