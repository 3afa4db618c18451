//! The two chat endpoints, answered as MKA1 answers them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::completion::{Completion, Usage};
use super::event::Event;
use super::request::Request;
use super::respond::Respond;
use super::script::{OrpcError, Script};

/// Where the server streams chat completions in MKA1's own format.
pub const CHAT_STREAM_PATH: &str = "/api/v1/llm/chat/completions/stream";

/// Where the server answers chat completions in OpenAI's format, streamed if the body says so.
pub const CHAT_PATH: &str = "/api/v1/llm/chat/completions";

const MALFORMED: &str =
    "Malformed request. Ensure the request body is properly formatted and the 'Content-Type' header is set correctly.";

/// A model that answers on both chat endpoints, in the format that each of them has.
///
/// It is what a [`Server`](super::Server) does when nothing was scripted. On the streaming endpoint it continues after
/// the chunk that `x-last-chunk-index` names; requests that MKA1 would refuse are refused the same way.
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// use mka1::testing::{CHAT_STREAM_PATH, Chat, Resume, Server};
///
/// let server = Server::start().await?;
/// // Each request gets this answer, and a client that resumes gets it from the start again.
/// server.on("POST", CHAT_STREAM_PATH, Chat::answering(["Hel", "lo"]).resume(Resume::Ignored));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Chat {
    pieces: Option<Vec<String>>,
    pace: Duration,
    ids: bool,
    resume: Resume,
    done: Option<Value>,
}

/// What the streaming endpoint makes of `x-last-chunk-index`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resume {
    /// It goes on with the next chunk.
    #[default]
    Honoured,
    /// It starts again.
    Ignored,
    /// It goes on, but sends this many chunks again first.
    Overlapping(u64),
}

impl Default for Chat {
    fn default() -> Self {
        Self::echo()
    }
}

impl Chat {
    /// Gives a friendly answer that repeats the last user message, at the pace of a fast model.
    pub fn echo() -> Self {
        Self {
            pieces: None,
            pace: Duration::from_millis(40),
            ids: false,
            resume: Resume::Honoured,
            done: Some(Value::Null),
        }
    }

    /// Gives this answer to any question, one chunk a piece, without delay.
    pub fn answering<I>(pieces: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let pieces = pieces.into_iter().map(Into::into).collect();
        Self { pieces: Some(pieces), pace: Duration::ZERO, ..Self::echo() }
    }

    /// Sets how long it takes for each chunk.
    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// Numbers the chunks: each event's id is the chunk's index.
    pub fn ids(mut self) -> Self {
        self.ids = true;
        self
    }

    /// Sets what is made of `x-last-chunk-index`.
    pub fn resume(mut self, resume: Resume) -> Self {
        self.resume = resume;
        self
    }

    /// Sets the data of the `done` event.
    pub fn done(mut self, data: impl Into<Value>) -> Self {
        self.done = Some(data.into());
        self
    }

    /// Ends the stream without a `done` event.
    pub fn without_done(mut self) -> Self {
        self.done = None;
        self
    }

    fn pieces(&self, body: &Value) -> Vec<String> {
        self.pieces.clone().unwrap_or_else(|| {
            let answer = match last_user_text(body) {
                Some(text) => format!(
                    "Hello! You said: \"{text}\" I am the small server that comes with the mka1 crate, not a model, \
                     so I can only repeat it. With MKA1_API_KEY set, this reaches the real thing."
                ),
                None => "Hello! What would you like to say?".to_owned(),
            };
            answer.split_inclusive(' ').map(str::to_owned).collect()
        })
    }

    /// MKA1's format: named events.
    fn stream(&self, completion: &Completion, pieces: &[String], usage: Usage, from: usize) -> Script {
        let mut script = Script::stream();
        let last = pieces.len();
        for index in from..=last {
            let mut event = match pieces.get(index) {
                Some(piece) => Event::message(&completion.text(index == 0, piece)),
                None => Event::message(&completion.finish("stop", usage)),
            };
            if self.ids {
                event = event.id(index.to_string());
            }
            script = script.delay(self.pace).event(event);
        }
        match &self.done {
            Some(data) => script.done(data),
            None => script,
        }
    }

    /// OpenAI's format: nameless events, and `[DONE]`.
    fn openai_stream(&self, completion: &Completion, pieces: &[String], usage: Usage) -> Script {
        let mut script = Script::bare_stream();
        for (index, piece) in pieces.iter().enumerate() {
            let event = Event::nameless().data(&completion.text(index == 0, piece));
            script = script.delay(self.pace).event(event);
        }
        script.event(Event::nameless().data(&completion.finish("stop", usage))).done_sentinel()
    }

    /// The index of the first chunk to send.
    fn first_index(&self, request: &Request) -> usize {
        let Some(last) = request.header("x-last-chunk-index").and_then(|index| index.parse::<u64>().ok()) else {
            return 0;
        };
        let next = last.saturating_add(1);
        let first = match self.resume {
            Resume::Honoured => next,
            Resume::Ignored => 0,
            Resume::Overlapping(chunks) => next.saturating_sub(chunks),
        };
        usize::try_from(first).unwrap_or(usize::MAX)
    }
}

impl Respond for Chat {
    fn respond(&self, request: &Request) -> Script {
        let Ok(body) = request.json::<Value>() else {
            return Script::error(400, "BAD_REQUEST", MALFORMED);
        };
        let issues = issues(&body);
        if !issues.is_empty() {
            let mut error = OrpcError::new(400, "BAD_REQUEST", "Input validation failed");
            error.data = Some(json!({ "issues": issues }));
            return Script::status(400).json_body(&error);
        }

        let pieces = self.pieces(&body);
        let model = body["model"].as_str().unwrap_or_default();
        let completion = Completion::new(model).id(completion_id(request));
        let usage = Usage::new(words(&body["messages"]), pieces.len() as u64);
        if request.path().ends_with("/stream") {
            self.stream(&completion, &pieces, usage, self.first_index(request))
        } else if body["stream"] == true {
            self.openai_stream(&completion, &pieces, usage)
        } else {
            let work = self.pace.saturating_mul(u32::try_from(pieces.len()).unwrap_or(u32::MAX));
            Script::json(&completion.answer(&pieces.concat(), usage)).head_delay(work)
        }
    }
}

/// The same request gets the same id, so that a resumed completion is recognised as the same one.
fn completion_id(request: &Request) -> String {
    let mut hasher = DefaultHasher::new();
    request.body().hash(&mut hasher);
    format!("chatcmpl-{:016x}", hasher.finish())
}

/// The text of the last user message, cut to what can be repeated politely.
fn last_user_text(body: &Value) -> Option<String> {
    let messages = body["messages"].as_array()?;
    let content = &messages.iter().rev().find(|message| message["role"] == "user")?["content"];
    let text = match content {
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join(" "),
        content => content.as_str()?.to_owned(),
    };
    let short: String = text.chars().take(400).collect();
    Some(if short.len() < text.len() { short + "…" } else { short })
}

/// Words in all strings below: a token count as good as any for a server without a model.
fn words(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.split_whitespace().count() as u64,
        Value::Array(items) => items.iter().map(words).sum(),
        Value::Object(fields) => fields.iter().filter(|(name, _)| *name != "role").map(|(_, item)| words(item)).sum(),
        _ => 0,
    }
}

/// One complaint of the server's validation library, zod.
#[derive(Serialize)]
#[serde(untagged)]
enum Issue {
    Type {
        expected: &'static str,
        code: &'static str,
        path: Vec<&'static str>,
        message: String,
    },
    TooSmall {
        origin: &'static str,
        code: &'static str,
        minimum: u64,
        inclusive: bool,
        path: Vec<&'static str>,
        message: &'static str,
    },
}

fn issues(body: &Value) -> Vec<Issue> {
    let wrong_type = |expected, path: &[&'static str], value: Option<&Value>| Issue::Type {
        expected,
        code: "invalid_type",
        path: path.to_vec(),
        message: format!("Invalid input: expected {expected}, received {}", type_name(value)),
    };
    let Some(fields) = body.as_object() else {
        return vec![wrong_type("object", &[], Some(body))];
    };
    let mut issues = Vec::new();
    let model = fields.get("model");
    if !model.is_some_and(Value::is_string) {
        issues.push(wrong_type("string", &["model"], model));
    }
    match fields.get("messages") {
        Some(Value::Array(messages)) if messages.is_empty() => issues.push(Issue::TooSmall {
            origin: "array",
            code: "too_small",
            minimum: 1,
            inclusive: true,
            path: vec!["messages"],
            message: "Too small: expected array to have >=1 items",
        }),
        Some(Value::Array(_)) => {}
        messages => issues.push(wrong_type("array", &["messages"], messages)),
    }
    issues
}

/// JavaScript's name for the type of a value.
fn type_name(value: Option<&Value>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}
