//! What everybody does with a response: its text, and the whole of it from a stream.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use futures_util::TryStreamExt;

use crate::stream::facts::replace;
use crate::types::{OutputMessageContent, ResponseEvent, ResponseItem, ResponseObject, ResponseStatus};
use crate::{Error, EventStream, StreamFacts, TokenUsage};

impl ResponseObject {
    /// The text of the answer: all text of the model's messages, in order.
    pub fn text(&self) -> String {
        let messages = self.output.iter().filter_map(|item| match item {
            ResponseItem::OutputMessage(message) => Some(&message.content),
            _ => None,
        });
        let texts = messages.flatten().filter_map(|content| match content {
            OutputMessageContent::OutputText(text) => Some(text.text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    /// Why the response is no success, as an error whose [`details`](Error::details) are the response; `None` if it is one.
    fn failure(&self) -> Option<Error> {
        if self.status == ResponseStatus::Completed {
            return None;
        }
        let data = serde_json::to_string(self).unwrap_or_default();
        let error = Error::from_event(&data);
        Some(match (&self.error, &self.incomplete_details) {
            (Some(_), _) => error,
            (None, Some(details)) => error.with_message(format!("the response is {}: {}", self.status, details.reason)),
            (None, None) => error.with_message(format!("the response is {}", self.status)),
        })
    }
}

impl ResponseEvent {
    /// What the event adds to the text of the answer; empty where it adds something else.
    pub fn text(&self) -> &str {
        match self {
            Self::ResponseOutputTextDelta(event) => &event.delta,
            _ => "",
        }
    }

    /// The response as it is at the end, if the event is the end.
    pub fn final_response(&self) -> Option<&ResponseObject> {
        match self {
            Self::ResponseCompleted(event) => Some(&event.response),
            Self::ResponseFailed(event) => Some(&event.response),
            Self::ResponseIncomplete(event) => Some(&event.response),
            Self::ResponseCancelled(event) => Some(&event.response),
            _ => None,
        }
    }
}

impl EventStream<ResponseEvent> {
    /// Just the text, piece by piece as it comes.
    ///
    /// What a cut took away for good is made up for from the final response, so that the pieces are always the whole text. A response that
    /// failed, was cancelled or is incomplete is an error after its last piece, of the kind [`Event`](crate::ErrorKind::Event); its
    /// [`details`](Error::details) are the `ResponseObject`.
    ///
    /// ```no_run
    /// # async fn example(client: mka1::Client) -> mka1::Result<()> {
    /// use futures::TryStreamExt;
    /// use mka1::types::CreateResponseRequest;
    ///
    /// let request = CreateResponseRequest::new("auto").input("Say hello");
    /// let mut text = client.llm().responses().create_stream(request).await?.text();
    /// while let Some(piece) = text.try_next().await? {
    ///     print!("{piece}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn text(self) -> ResponseText {
        ResponseText { events: self, given: String::new(), next: VecDeque::new() }
    }

    /// Reads the stream to its end and gives the whole response.
    ///
    /// # Errors
    /// The first error of the stream. A response that failed, was cancelled or is incomplete is an error too, of the kind
    /// [`Event`](crate::ErrorKind::Event); its [`details`](Error::details) are the `ResponseObject`, with what there is of the answer.
    pub async fn final_response(mut self) -> Result<ResponseObject, Error> {
        let mut last = None;
        while let Some(event) = self.try_next().await? {
            last = event.final_response().cloned().or(last);
        }
        let response =
            last.ok_or_else(|| self.complete(Error::interrupted("the stream ended before its response did")))?;
        match response.failure() {
            Some(error) => Err(self.complete(error)),
            None => Ok(response),
        }
    }
}

/// The text of a response's stream; made by `EventStream::text`.
///
/// Errors are those of the stream below, which [`events`](Self::events) shows.
#[derive(Debug)]
#[must_use = "nothing is read from a stream until it is polled"]
pub struct ResponseText {
    events: EventStream<ResponseEvent>,
    given: String,
    /// What is to be given before anything else is read.
    next: VecDeque<Result<String, Error>>,
}

impl ResponseText {
    /// The stream of events below: status, headers, how it ended.
    pub fn events(&self) -> &EventStream<ResponseEvent> {
        &self.events
    }

    /// The last event: what of the text never came as a piece, and whether it is whole.
    fn end(&mut self, response: &ResponseObject) {
        if self.events.is_rebuilt() {
            let whole = response.text();
            self.next.push_back(match whole.strip_prefix(&self.given) {
                Some(rest) => Ok(rest.to_owned()),
                None => Err(Error::discontinuity("the final response has another text than the stream had given")),
            });
        }
        self.next.extend(response.failure().map(Err));
    }
}

impl Stream for ResponseText {
    type Item = Result<String, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            match this.next.pop_front() {
                Some(Ok(text)) if text.is_empty() => {}
                Some(Ok(text)) => return Poll::Ready(Some(Ok(text))),
                Some(Err(error)) => return Poll::Ready(Some(Err(this.events.complete(error)))),
                None => {
                    let Some(event) = ready!(Pin::new(&mut this.events).poll_next(cx)?) else {
                        return Poll::Ready(None);
                    };
                    this.given.push_str(event.text());
                    this.next.push_back(Ok(event.text().to_owned()));
                    if let Some(response) = event.final_response() {
                        this.end(response);
                    }
                }
            }
        }
    }
}

impl FusedStream for ResponseText {
    fn is_terminated(&self) -> bool {
        self.next.is_empty() && self.events.is_terminated()
    }
}

/// Notes what an event says of its stream.
pub(crate) fn note(event: &ResponseEvent, facts: &mut StreamFacts) {
    let response = match event {
        ResponseEvent::ResponseCreated(event) => Some(&event.response),
        event => event.final_response(),
    };
    let Some(response) = response else { return };
    replace(&mut facts.id, Some(&response.id));
    replace(&mut facts.model, response.resolved_model.as_deref().or(Some(&response.model)));
    replace(&mut facts.provider, response.resolved_provider.as_deref());
    replace(&mut facts.serving_location, response.resolved_serving_location.value().map(String::as_str));
    let usage = &response.usage;
    // A response that has only begun counts nothing yet.
    if usage.total_tokens > 0 {
        facts.usage =
            Some(TokenUsage { input: usage.input_tokens, output: usage.output_tokens, total: usage.total_tokens });
    }
}

/// Adds what an event says to the text of the answer.
pub(crate) fn render(event: &ResponseEvent, text: &mut String, is_rebuilt: bool) -> Result<(), Error> {
    text.push_str(event.text());
    let Some(response) = event.final_response() else { return Ok(()) };
    if is_rebuilt {
        *text = response.text();
    }
    response.failure().map_or(Ok(()), Err)
}
