//! The model that answers without a key: it repeats what it is told, fails when asked to, and is cut when asked to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mka1::testing::{Chat, Request, Respond, Script};
use serde_json::Value;

/// Bytes of an answer that come before it is cut.
const CUT_AFTER: u64 = 1_500;

pub struct Model {
    chat: Chat,
    fails: AtomicBool,
}

impl Model {
    pub fn new() -> Self {
        Self { chat: Chat::echo().pace(Duration::from_millis(60)), fails: AtomicBool::new(true) }
    }
}

impl Respond for Model {
    fn respond(&self, request: &Request) -> Script {
        let question = request.json::<Value>().ok();
        let question = question.as_ref().and_then(|body| body["messages"].as_array()?.last()?["content"].as_str());
        match question.unwrap_or_default() {
            // Every other time, so that trying again helps.
            "Show me an error" if self.fails.fetch_xor(true, Ordering::Relaxed) => {
                Script::error(503, "SERVICE_UNAVAILABLE", "The model is busy")
            }
            "Cut the line" if request.header("x-last-chunk-index").is_none() => {
                self.chat.respond(request).truncate(CUT_AFTER).cut()
            }
            _ => self.chat.respond(request),
        }
    }
}
