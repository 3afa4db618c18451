//! The text of a chat stream, and nothing else.

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::types::{ChatCompletionChunk, ChatCompletionEvent};
use crate::{Error, EventStream};

impl ChatCompletionChunk {
    /// What the chunk adds to the text of the first answer; empty where it adds something else.
    pub fn text(&self) -> Cow<'_, str> {
        let first = self.choices.iter().find(|choice| choice.index == 0);
        let content = first.and_then(|choice| choice.delta.content.value());
        content.map_or(Cow::Borrowed(""), |content| content.text())
    }
}

impl ChatCompletionEvent {
    /// The chunk, if the event is one.
    pub fn chunk(&self) -> Option<&ChatCompletionChunk> {
        match self {
            Self::Message(message) => Some(&message.data),
            _ => None,
        }
    }
}

/// Adds what an event says to the text of the first answer.
pub(crate) fn render(event: &ChatCompletionEvent, text: &mut String, _is_rebuilt: bool) -> Result<(), Error> {
    if let Some(chunk) = event.chunk() {
        text.push_str(&chunk.text());
    }
    Ok(())
}

impl EventStream<ChatCompletionEvent> {
    /// Just the text, piece by piece as it comes: of the first answer, where `n` asked for more.
    ///
    /// ```no_run
    /// # async fn example(client: mka1::Client) -> mka1::Result<()> {
    /// use futures::TryStreamExt;
    /// use mka1::types::{ChatCompletionRequest, ChatMessage};
    ///
    /// let request = ChatCompletionRequest::new("auto", [ChatMessage::user("Say hello")]);
    /// let mut text = client.llm().chat().create_chat_completion_stream(request).await?.text();
    /// while let Some(piece) = text.try_next().await? {
    ///     print!("{piece}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn text(self) -> TextStream {
        TextStream { events: self }
    }
}

/// The text of a chat stream; made by `EventStream::text`.
///
/// Errors are those of the stream below, which [`events`](Self::events) shows.
#[derive(Debug)]
#[must_use = "nothing is read from a stream until it is polled"]
pub struct TextStream {
    events: EventStream<ChatCompletionEvent>,
}

impl TextStream {
    /// The stream of events below: status, headers, how it ended.
    pub fn events(&self) -> &EventStream<ChatCompletionEvent> {
        &self.events
    }

    /// Back to the stream of events, from here on.
    pub fn into_events(self) -> EventStream<ChatCompletionEvent> {
        self.events
    }
}

impl Stream for TextStream {
    type Item = Result<String, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some(event) = ready!(Pin::new(&mut self.events).poll_next(cx)?) else { return Poll::Ready(None) };
            let text = event.chunk().map(ChatCompletionChunk::text);
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                return Poll::Ready(Some(Ok(text.into_owned())));
            }
        }
    }
}

impl FusedStream for TextStream {
    fn is_terminated(&self) -> bool {
        self.events.is_terminated()
    }
}
