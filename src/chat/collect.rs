//! The whole answer of a chat stream, put together from its chunks.

use futures_util::TryStreamExt;

use crate::types::{
    ChatCompletionChunk, ChatCompletionEvent, ChatContent, ChatContentPart, ChatDelta, ChatFinishReason,
    ChatFunctionCall, ChatLogprobs, ChatMessage, ChatRole, ChatToolCall, ChatToolCallDelta, ChatUsage,
};
use crate::{Error, EventStream, Nullable, StreamEnd};

/// What a chat stream said, whole.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CollectedCompletion {
    /// Identifier of the completion.
    pub id: String,
    /// Time of creation, in seconds since the Unix epoch.
    pub created: i64,
    /// Model, as the server names it.
    pub model: String,
    /// The answers, by index: one, unless `n` asked for more.
    pub choices: Vec<CollectedChoice>,
    /// Tokens used, where the stream said so.
    pub usage: Option<ChatUsage>,
    /// Identifier of the server's configuration.
    pub system_fingerprint: Option<String>,
    /// Model that answered.
    pub resolved_model: Option<String>,
    /// Provider whose model answered.
    pub resolved_provider: Option<String>,
    /// Place where the model ran.
    pub resolved_serving_location: Option<String>,
    /// How the stream ended.
    pub ended: Option<StreamEnd>,
}

/// One answer.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CollectedChoice {
    /// Which of the answers this is, counted from 0.
    pub index: i64,
    /// Its text.
    pub content: String,
    /// Parts of the content that are not text, in order.
    pub parts: Vec<ChatContentPart>,
    /// Why the model refuses, if it does.
    pub refusal: Option<String>,
    /// What the model thought before, where it shows that.
    pub reasoning: Option<String>,
    /// Tools that the model asks for.
    pub tool_calls: Vec<ChatToolCall>,
    /// Why the answer ended; `None` if the stream ended before it did.
    pub finish_reason: Option<ChatFinishReason>,
    /// Log-probabilities of the tokens, where asked for.
    pub logprobs: Option<ChatLogprobs>,
}

impl CollectedCompletion {
    /// The text of the first answer.
    pub fn content(&self) -> &str {
        self.choices.first().map_or("", |choice| &choice.content)
    }

    /// The tools that the first answer asks for.
    pub fn tool_calls(&self) -> &[ChatToolCall] {
        self.choices.first().map_or(&[], |choice| &choice.tool_calls)
    }

    /// Why the first answer ended.
    pub fn finish_reason(&self) -> Option<&ChatFinishReason> {
        self.choices.first()?.finish_reason.as_ref()
    }
}

/// The answer as a message of the conversation that goes on.
impl From<CollectedChoice> for ChatMessage {
    fn from(choice: CollectedChoice) -> Self {
        let content = match (choice.content.is_empty(), choice.parts.is_empty()) {
            (true, true) => None,
            (false, true) => Some(ChatContent::Text(choice.content)),
            (no_text, _) => {
                let text = (!no_text).then(|| ChatContentPart::text(choice.content));
                Some(ChatContent::Parts(text.into_iter().chain(choice.parts).collect()))
            }
        };
        let mut message = Self::new(ChatRole::Assistant, content);
        message.tool_calls = Some(choice.tool_calls).filter(|calls| !calls.is_empty());
        message
    }
}

impl EventStream<ChatCompletionEvent> {
    /// Reads the stream to its end and puts the whole answer together: content, refusal, reasoning, tool calls merged by index,
    /// finish reason, usage.
    ///
    /// # Errors
    /// The first error of the stream; what came before it is lost then. To keep it, push the chunks into a [`CompletionCollector`]
    /// yourself. A stream without a single chunk is an error too
    /// ([`Interrupted`](crate::ErrorKind::Interrupted)).
    ///
    /// ```no_run
    /// # async fn example(client: mka1::Client) -> mka1::Result<()> {
    /// use mka1::types::{ChatCompletionRequest, ChatMessage};
    ///
    /// let request = ChatCompletionRequest::new("auto", [ChatMessage::user("Say hello")]);
    /// let message = client.llm().chat().create_chat_completion_stream(request).await?.collect_message().await?;
    /// println!("{} ({:?})", message.content(), message.finish_reason());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn collect_message(mut self) -> Result<CollectedCompletion, Error> {
        let mut collector = CompletionCollector::new();
        while let Some(event) = self.try_next().await? {
            if let ChatCompletionEvent::Message(message) = event {
                collector.push(message.data);
            }
        }
        let ended = self.ended();
        match collector.finish() {
            Some(message) => Ok(CollectedCompletion { ended, ..message }),
            None => Err(self.complete(Error::interrupted("the stream ended before its first chunk"))),
        }
    }
}

/// Puts an answer together chunk by chunk, so that what came is there whatever happens next.
///
/// ```
/// # use mka1::types::ChatCompletionChunk;
/// let mut collector = mka1::chat::CompletionCollector::new();
/// for text in ["Hel", "lo"] {
///     let chunk: ChatCompletionChunk = serde_json::from_value(serde_json::json!({
///         "id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m",
///         "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }],
///     }))?;
///     collector.push(chunk);
/// }
/// assert_eq!(collector.finish().unwrap().content(), "Hello");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CompletionCollector {
    message: Option<CollectedCompletion>,
    /// By choice, then by the index of the call.
    calls: Vec<Calls>,
}

#[derive(Clone, Debug, Default)]
struct Calls(Vec<(i64, ChatToolCall)>);

impl CompletionCollector {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a chunk brings.
    pub fn push(&mut self, chunk: ChatCompletionChunk) {
        let message = self.message.get_or_insert_with(|| CollectedCompletion {
            id: chunk.id,
            created: chunk.created,
            model: chunk.model,
            choices: Vec::new(),
            usage: None,
            system_fingerprint: None,
            resolved_model: None,
            resolved_provider: None,
            resolved_serving_location: None,
            ended: None,
        });
        // What is said again replaces: the last chunk knows best.
        replace(&mut message.usage, chunk.usage);
        replace(&mut message.system_fingerprint, chunk.system_fingerprint);
        replace(&mut message.resolved_model, chunk.resolved_model);
        replace(&mut message.resolved_provider, chunk.resolved_provider);
        replace(&mut message.resolved_serving_location, chunk.resolved_serving_location.into_value());
        for choice in chunk.choices {
            let place = message.choices.iter().position(|known| known.index == choice.index).unwrap_or_else(|| {
                message.choices.push(CollectedChoice { index: choice.index, ..CollectedChoice::default() });
                self.calls.push(Calls::default());
                message.choices.len() - 1
            });
            let (known, calls) = (&mut message.choices[place], &mut self.calls[place]);
            known.add(choice.delta, calls);
            replace(&mut known.finish_reason, choice.finish_reason);
            if let Nullable::Value(logprobs) = choice.logprobs {
                append_logprobs(&mut known.logprobs, logprobs);
            }
        }
    }

    /// The answer so far; `None` if no chunk came.
    pub fn finish(self) -> Option<CollectedCompletion> {
        let mut message = self.message?;
        for (choice, mut calls) in message.choices.iter_mut().zip(self.calls) {
            calls.0.sort_by_key(|(index, _)| *index);
            choice.tool_calls = calls.0.into_iter().map(|(_, call)| call).collect();
        }
        message.choices.sort_by_key(|choice| choice.index);
        Some(message)
    }
}

impl CollectedChoice {
    fn add(&mut self, delta: ChatDelta, calls: &mut Calls) {
        match delta.content {
            Nullable::Value(ChatContent::Text(text)) => self.content.push_str(&text),
            Nullable::Value(ChatContent::Parts(parts)) => {
                for part in parts {
                    match part.as_text() {
                        Some(text) => self.content.push_str(text),
                        None => self.parts.push(part),
                    }
                }
            }
            _ => {}
        }
        append(&mut self.refusal, delta.refusal.into_value());
        append(&mut self.reasoning, delta.reasoning.into_value());
        delta.tool_calls.into_iter().flatten().for_each(|call| calls.add(call));
    }
}

impl Calls {
    /// The first piece of a call brings its id and its name, each piece a bit of its arguments.
    fn add(&mut self, delta: ChatToolCallDelta) {
        let place = self.0.iter().position(|(index, _)| *index == delta.index).unwrap_or_else(|| {
            self.0.push((delta.index, ChatToolCall::new("", ChatFunctionCall::new("", ""))));
            self.0.len() - 1
        });
        let call = &mut self.0[place].1;
        if let Some(id) = delta.id.filter(|id| !id.is_empty()) {
            call.id = id;
        }
        if let Some(kind) = delta.r#type {
            call.r#type = kind;
        }
        if let Some(function) = delta.function {
            // Some servers repeat the name in every piece.
            if let Some(name) = function.name.filter(|name| !name.is_empty()) {
                call.function.name = name;
            }
            call.function.arguments.push_str(function.arguments.as_deref().unwrap_or_default());
        }
    }
}

fn replace<T>(known: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *known = new;
    }
}

fn append(known: &mut Option<String>, new: Option<String>) {
    match (known, new) {
        (Some(known), Some(new)) => known.push_str(&new),
        (known, new) => replace(known, new),
    }
}

fn append_logprobs(known: &mut Option<ChatLogprobs>, new: ChatLogprobs) {
    match known {
        None => *known = Some(new),
        Some(known) => {
            known.tokens.extend(new.tokens);
            known.token_logprobs.extend(new.token_logprobs);
            known.top_logprobs.extend(new.top_logprobs);
            known.text_offset.extend(new.text_offset);
        }
    }
}
