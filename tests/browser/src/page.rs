//! The client in a web page: what the page's script calls.
#![cfg(target_family = "wasm")]

use std::cell::RefCell;
use std::time::Duration;

use futures::TryStreamExt;
use futures::future::{AbortHandle, abortable};
use js_sys::Function;
use mka1::types::{ChatCompletionRequest, ChatMessage, ComputeStandaloneVolumeCreate, UploadFileRequest};
use mka1::{Client, Error, ResumePolicy, RetryConfig, Upload, reqwest};
use send_wrapper::SendWrapper;
use serde::Deserialize;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// What a test may want of the client, as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    base_url: String,
    /// Of a call as a whole, in milliseconds.
    timeout: Option<u64>,
    /// Of the silence in a response, in milliseconds.
    idle_timeout: Option<u64>,
    /// Where to ask for a token.
    token_url: Option<String>,
    #[serde(default)]
    no_resume: bool,
    #[serde(default)]
    no_retry: bool,
}

/// One conversation, of one question and its answer.
#[wasm_bindgen]
pub struct Chat {
    client: Client,
    asking: RefCell<Option<AbortHandle>>,
}

#[wasm_bindgen]
impl Chat {
    /// A client by these settings.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<Chat, JsError> {
        let settings: Settings = serde_json::from_str(settings)?;
        let mut builder = Client::builder().base_url(settings.base_url);
        builder = match settings.token_url {
            Some(url) => builder.token_provider(move || SendWrapper::new(token(url.clone()))),
            None => builder.bearer_token("test-token"),
        };
        if let Some(limit) = settings.timeout {
            builder = builder.timeout(Duration::from_millis(limit));
        }
        if let Some(limit) = settings.idle_timeout {
            builder = builder.idle_timeout(Duration::from_millis(limit));
        }
        if settings.no_resume {
            builder = builder.resume(ResumePolicy::none());
        }
        if settings.no_retry {
            builder = builder.retry(RetryConfig::none());
        }
        Ok(Self { client: builder.build()?, asking: RefCell::default() })
    }

    /// Streams an answer: `on_text` gets each piece of it. Gives, as JSON, how it went.
    pub async fn ask(&self, prompt: String, on_text: Function) -> String {
        let (answer, handle) = abortable(self.answer(prompt, on_text));
        self.asking.replace(Some(handle));
        // Dropped half-way, the answer takes the stream with it.
        let told = answer.await.unwrap_or_else(|_| Ok(json!({ "end": "dropped" })));
        told.unwrap_or_else(|error| told_of(&error)).to_string()
    }

    /// Drops the stream, wherever it is.
    pub fn stop(&self) {
        if let Some(handle) = self.asking.take() {
            handle.abort();
        }
    }

    /// Asks for an answer that comes whole.
    pub async fn whole(&self, prompt: String) -> String {
        let answer = self.client.llm().chat().create_chat(question(prompt)).await;
        told_as(answer.map(|answer| json!(answer.into_inner())))
    }

    /// Uploads a file; as a stream, if it may.
    pub async fn upload(&self, content: Vec<u8>, streamed: bool) -> String {
        let upload = match streamed {
            false => Upload::from_bytes(content),
            true => {
                let pieces: Vec<_> = content.chunks(3).map(<[u8]>::to_vec).map(Ok::<_, std::io::Error>).collect();
                Upload::from_stream(futures::stream::iter(pieces))
            }
        };
        let request = UploadFileRequest::new(upload.file_name("rain.csv"), "user_data");
        told_as(self.client.llm().files().upload(request).await.map(|file| json!({ "id": file.id })))
    }

    /// Makes a call whose every request has a key of chance.
    pub async fn key(&self) -> String {
        let request = ComputeStandaloneVolumeCreate::new("tests");
        told_as(self.client.compute_volumes().create_standalone_volume(request).await.map(|_| json!({})))
    }

    async fn answer(&self, prompt: String, on_text: Function) -> Result<Value, Error> {
        let mut events = self.client.llm().chat().create_chat_completion_stream(question(prompt)).await?;
        while let Some(event) = events.try_next().await? {
            if let Some(chunk) = event.chunk() {
                // A page that throws has nothing to say to the stream.
                let _ = on_text.call1(&JsValue::NULL, &JsValue::from_str(&chunk.text()));
            }
        }
        let end = events.ended().map(|end| end.as_str());
        Ok(json!({ "end": end, "resumptions": events.resumptions(), "chunks": events.last_chunk_index() }))
    }
}

/// A token for this page, from a server that knows who is there.
async fn token(url: String) -> Result<String, reqwest::Error> {
    reqwest::Client::new().get(url).send().await?.error_for_status()?.text().await
}

fn question(prompt: String) -> ChatCompletionRequest {
    ChatCompletionRequest::new("auto", [ChatMessage::user(prompt)])
}

fn told_as(outcome: Result<Value, Error>) -> String {
    outcome.unwrap_or_else(|error| told_of(&error)).to_string()
}

fn told_of(error: &Error) -> Value {
    json!({
        "error": error.kind().as_str(),
        "message": error.to_string(),
        "phase": error.timeout_phase().map(|phase| format!("{phase:?}")),
        "attempts": error.attempts(),
        "chunks": error.last_chunk_index(),
    })
}
