//! What the client makes of an answer, in a form to compare.

use std::time::Duration;

use futures::StreamExt;
use mka1::operations::LlmChatCreateChatCompletionStream;
use mka1::types::{ChatCompletionChunk, ChatCompletionEvent, ChatCompletionRequest, ChatMessage};
use mka1::{Call, Client, Error, EventStream, ResumePolicy, RetryConfig, StreamEnd};
use serde_json::{Value, json};

use crate::node;

/// Longer than any answer takes; a test that hangs is a failure, not a wait.
const PATIENCE: Duration = Duration::from_secs(60);

/// All that a stream gave.
pub struct Outcome {
    pub items: Vec<Result<ChatCompletionEvent, Error>>,
    pub ended: Option<StreamEnd>,
    pub last_chunk_index: Option<u64>,
    pub last_event_id: Option<String>,
}

/// A client of the server that takes no stream up again; `None` where there is no server.
pub fn client() -> Option<Client> {
    client_with(ResumePolicy::none())
}

/// A client of the server that makes no waits.
pub fn client_with(resume: ResumePolicy) -> Option<Client> {
    let no_waits = RetryConfig::none().initial_interval(Duration::ZERO).jitter(Duration::ZERO);
    let client = Client::builder().base_url(node::url()?).bearer_token("k").retry(no_waits).resume(resume);
    Some(client.build().expect("a client"))
}

/// A request for the answer with this name.
pub fn request(mode: &str) -> ChatCompletionRequest {
    ChatCompletionRequest::new(mode, [ChatMessage::user("hi")])
}

/// The stream that a server gives for a request, read to its end; `None` where there is no server.
pub async fn read(mode: &str) -> Option<Outcome> {
    Some(read_all(client()?.llm().chat().create_chat_completion_stream(request(mode))).await)
}

/// The stream that a call gives, read to its end.
pub async fn read_all(call: Call<LlmChatCreateChatCompletionStream>) -> Outcome {
    in_time(async {
        let mut events: EventStream<ChatCompletionEvent> = call.await.expect("a stream");
        let mut items = Vec::new();
        while let Some(item) = events.next().await {
            items.push(item);
        }
        assert!(events.next().await.is_none(), "a stream that has ended stays so");
        Outcome {
            items,
            ended: events.ended(),
            last_chunk_index: events.last_chunk_index(),
            last_event_id: events.last_event_id().map(str::to_owned),
        }
    })
    .await
}

/// The error with which a request is refused before there is a stream; `None` where there is no server.
pub async fn refusal(mode: &str) -> Option<Error> {
    let call = client()?.llm().chat().create_chat_completion_stream(request(mode));
    Some(in_time(async { call.await.expect_err("a refusal") }).await)
}

/// Fails the test when this takes for ever.
pub async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("an answer in time")
}

/// The event as the wire has it, of a chunk with this text and nothing special.
pub fn message(text: &str) -> Value {
    message_of(json!({ "content": text }))
}

/// The event as the wire has it, of a chunk with this delta.
pub fn message_of(delta: Value) -> Value {
    json!({
        "event": "message",
        "data": {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1_700_000_000,
            "model": "m",
            "choices": [{ "index": 0, "delta": delta, "finish_reason": null }],
        },
    })
}

/// An event with more in it.
pub fn with(mut event: Value, more: Value) -> Value {
    let (Value::Object(event_members), Value::Object(more)) = (&mut event, more) else { panic!("two objects") };
    event_members.extend(more);
    event
}

impl Outcome {
    /// The events as the wire has them.
    ///
    /// # Panics
    /// If there is an error among them.
    pub fn events(&self) -> Vec<Value> {
        let event = |item: &Result<ChatCompletionEvent, Error>| match item {
            Ok(event) => serde_json::to_value(event).expect("JSON"),
            Err(error) => panic!("{error:?}"),
        };
        self.items.iter().map(event).collect()
    }

    /// The texts of the chunks, errors and other events left out.
    pub fn texts(&self) -> Vec<String> {
        let chunks = self.items.iter().filter_map(|item| item.as_ref().ok()?.chunk());
        chunks.map(|chunk: &ChatCompletionChunk| chunk.text().into_owned()).collect()
    }

    /// The error that ended the stream, after nothing but chunks with these texts.
    ///
    /// # Panics
    /// If it went any other way.
    pub fn error_after(&self, texts: &[&str]) -> &Error {
        assert_eq!(
            (self.texts(), self.ended),
            (texts.iter().map(ToString::to_string).collect(), Some(StreamEnd::Failed))
        );
        assert_eq!(self.items.len(), texts.len() + 1, "{:?}", self.items);
        let last_index = texts.len().checked_sub(1).map(|index| index as u64);
        match self.items.last() {
            Some(Err(error)) => {
                assert_eq!((error.last_chunk_index(), self.last_chunk_index), (last_index, last_index));
                assert_eq!(error.operation(), Some("createChatCompletionStream"));
                error
            }
            other => panic!("not an error: {other:?}"),
        }
    }
}
