//! Chat completions as MKA1 writes them: whole, and in chunks.

use serde::Serialize;
use serde_json::Value;

/// Makes the JSON of one chat completion: its chunks, which share an id, or the whole.
///
/// ```
/// use mka1::testing::Completion;
///
/// let completion = Completion::new("auto");
/// let chunk = completion.chunk("Hello");
/// assert_eq!(chunk["choices"][0]["delta"]["content"], "Hello");
/// assert_eq!(chunk["id"], completion.first_chunk("")["id"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    id: String,
    model: String,
}

/// The same moment for every completion, so that two runs give the same bytes.
const CREATED: i64 = 1_767_225_600;
const FINGERPRINT: &str = "fp_testing";
const RESOLVED_MODEL: &str = "testing:echo";
const RESOLVED_PROVIDER: &str = "testing";
const SERVING_LOCATION: &str = "loopback";

impl Completion {
    /// A completion by this model, with the id `chatcmpl-test`.
    pub fn new(model: impl Into<String>) -> Self {
        Self { id: "chatcmpl-test".to_owned(), model: model.into() }
    }

    /// Sets the id that all chunks share.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// A chunk that opens the completion: it names the role as well.
    pub fn first_chunk(&self, text: &str) -> Value {
        value(&self.text(true, text))
    }

    /// A chunk with a piece of text.
    pub fn chunk(&self, text: &str) -> Value {
        value(&self.text(false, text))
    }

    /// The last chunk: no text, but the reason for stopping and what was used.
    pub fn last_chunk(&self, finish_reason: &str, prompt_tokens: u64, completion_tokens: u64) -> Value {
        value(&self.finish(finish_reason, Usage::new(prompt_tokens, completion_tokens)))
    }

    /// The whole completion, as it comes when nothing is streamed.
    pub fn whole(&self, text: &str, prompt_tokens: u64, completion_tokens: u64) -> Value {
        value(&self.answer(text, Usage::new(prompt_tokens, completion_tokens)))
    }

    pub(super) fn text<'a>(&'a self, first: bool, text: &'a str) -> Chunk<'a> {
        let delta = Delta { role: first.then_some("assistant"), content: Some(text) };
        self.with_choice(Choice { index: 0, delta, finish_reason: None }, None)
    }

    pub(super) fn finish<'a>(&'a self, reason: &'a str, usage: Usage) -> Chunk<'a> {
        let delta = Delta { role: None, content: None };
        self.with_choice(Choice { index: 0, delta, finish_reason: Some(reason) }, Some(usage))
    }

    pub(super) fn answer<'a>(&'a self, text: &'a str, usage: Usage) -> impl Serialize + 'a {
        let message = Message { role: "assistant", content: text, refusal: None };
        self.object("chat.completion", WholeChoice { index: 0, message, finish_reason: "stop" }, Some(usage))
    }

    fn with_choice<'a>(&'a self, choice: Choice<'a>, usage: Option<Usage>) -> Chunk<'a> {
        self.object("chat.completion.chunk", choice, usage)
    }

    fn object<'a, C>(&'a self, object: &'static str, choice: C, usage: Option<Usage>) -> Object<'a, C> {
        Object {
            id: &self.id,
            object,
            created: CREATED,
            model: &self.model,
            choices: [choice],
            usage,
            system_fingerprint: FINGERPRINT,
            resolved_model: RESOLVED_MODEL,
            resolved_provider: RESOLVED_PROVIDER,
            resolved_serving_location: SERVING_LOCATION,
        }
    }
}

/// Plain data, which always has JSON.
fn value<T: Serialize>(data: &T) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

pub(super) type Chunk<'a> = Object<'a, Choice<'a>>;

// Structs and not `json!`, which would sort the fields: the order on the wire is the server's.
#[derive(Serialize)]
pub(super) struct Object<'a, C> {
    id: &'a str,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: [C; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
    system_fingerprint: &'static str,
    resolved_model: &'static str,
    resolved_provider: &'static str,
    resolved_serving_location: &'static str,
}

#[derive(Serialize)]
pub(super) struct Choice<'a> {
    index: u32,
    delta: Delta<'a>,
    finish_reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
}

#[derive(Serialize)]
struct WholeChoice<'a> {
    index: u32,
    message: Message<'a>,
    finish_reason: &'static str,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
    refusal: Option<&'a str>,
}

#[derive(Clone, Copy, Serialize)]
pub(super) struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
    total_tokens: u64,
}

impl Usage {
    pub(super) fn new(prompt_tokens: u64, completion_tokens: u64) -> Self {
        let total_tokens = prompt_tokens.saturating_add(completion_tokens);
        Self { prompt_tokens, completion_tokens, total_tokens }
    }
}
