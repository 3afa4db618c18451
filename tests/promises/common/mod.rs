//! What the promises have in common: a question, streams read to their end, and what they said in short.

mod raw;

pub use raw::Raw;

use futures::StreamExt;
use mka1::testing::{Script, Server};
use mka1::types::{ChatCompletionEvent, ChatCompletionRequest, ChatMessage};
use mka1::{Client, ClientBuilder, Error, EventStream, ResumePolicy, RetryConfig, StreamEnd};
use serde_json::{Value, json};

pub type Events = EventStream<ChatCompletionEvent>;
pub type Item = Result<ChatCompletionEvent, Error>;

/// The shortest question.
pub fn hi() -> ChatCompletionRequest {
    ChatCompletionRequest::new("auto", [ChatMessage::user("Hi")])
}

/// A client to be set up further.
pub fn builder(server: &Server) -> ClientBuilder {
    Client::builder().base_url(server.url()).bearer_token("mk-secret")
}

/// A client that makes one attempt, and takes no stream up again.
pub fn once(server: &Server) -> Client {
    builder(server).retry(RetryConfig::none()).resume(ResumePolicy::none()).build().unwrap()
}

/// Asks for a stream.
pub async fn stream(client: &Client) -> Result<Events, Error> {
    client.llm().chat().create_chat_completion_stream(hi()).await
}

/// A stream that plays this script, and is not taken up again. The server is to be kept.
pub async fn open(script: Script) -> (Server, Events) {
    let server = Server::start().await.unwrap();
    server.reply(script);
    let events = stream(&once(&server)).await.unwrap();
    (server, events)
}

/// Why there is no stream when the server plays this script.
pub async fn refused(script: Script) -> Error {
    let server = Server::start().await.unwrap();
    server.reply(script);
    stream(&once(&server)).await.unwrap_err()
}

/// The stream that plays this script, read to its end.
pub async fn played(script: Script) -> Told {
    let (_server, events) = open(script).await;
    Told::by(events).await
}

/// All that a stream said.
pub struct Told {
    pub items: Vec<Item>,
    pub ended: Option<StreamEnd>,
    pub last_chunk_index: Option<u64>,
    pub last_event_id: Option<String>,
}

impl Told {
    pub async fn by(mut events: Events) -> Self {
        let mut items = Vec::new();
        while let Some(item) = events.next().await {
            items.push(item);
        }
        Self {
            items,
            ended: events.ended(),
            last_chunk_index: events.last_chunk_index(),
            last_event_id: events.last_event_id().map(str::to_owned),
        }
    }

    /// One word for each item: see [`outline`].
    pub fn outline(&self) -> Vec<String> {
        self.items.iter().map(outline).collect()
    }

    /// The events as JSON. There must be no error among them.
    pub fn json(&self) -> Vec<Value> {
        self.items.iter().map(|item| serde_json::to_value(item.as_ref().unwrap()).unwrap()).collect()
    }

    /// The error that is the last item.
    pub fn error(mut self) -> Error {
        self.items.pop().unwrap().unwrap_err()
    }
}

/// A chunk's text, `<name>` of any other event, `!kind` of an error.
pub fn outline(item: &Item) -> String {
    match item {
        Ok(ChatCompletionEvent::Message(message)) => message.data.text().into_owned(),
        Ok(ChatCompletionEvent::Done(_)) => "<done>".to_owned(),
        Ok(ChatCompletionEvent::Unknown(event)) => format!("<{}>", event.tag("event").unwrap_or_default()),
        Ok(_) => unreachable!("there are three kinds of events"),
        Err(error) => format!("!{}", error.kind()),
    }
}

/// The JSON of a chunk with this delta.
pub fn chunk(delta: &Value) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 7, "model": "auto",
        "choices": [{ "index": 0, "delta": delta, "finish_reason": null }],
    })
}

/// The JSON of a chunk with this text.
pub fn text_chunk(text: &str) -> Value {
    chunk(&json!({ "content": text }))
}
