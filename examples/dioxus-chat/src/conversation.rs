//! What was said, and the mutation that brings the answer.

use dioxus::prelude::*;
use mka1::dioxus::Mutation;
use mka1::operations::LlmChatCreateChatCompletionStream;
use mka1::types::{ChatCompletionRequest, ChatMessage};

pub type Answer = Mutation<LlmChatCreateChatCompletionStream, ChatCompletionRequest>;

#[derive(Clone, Copy, PartialEq)]
pub enum Role {
    User,
    Assistant,
}

/// A message that doesn't change any more.
#[derive(Clone, PartialEq)]
pub struct Turn {
    pub role: Role,
    pub text: String,
}

/// The conversation so far: the turns that are over, and the answer to the last of them.
#[derive(Clone, Copy, PartialEq)]
pub struct Conversation {
    pub turns: Signal<Vec<Turn>>,
    pub answer: Answer,
}

impl Conversation {
    /// Asks, after everything that was said.
    pub fn ask(mut self, question: &str) {
        if self.answer.pending() || question.trim().is_empty() {
            return;
        }
        let text = self.answer.text();
        if !text.is_empty() {
            self.turns.push(Turn { role: Role::Assistant, text });
        }
        self.turns.push(Turn { role: Role::User, text: question.trim().to_owned() });
        self.ask_again();
    }

    /// Asks the last question, in the place of what came of it.
    pub fn ask_again(self) {
        let messages = self.turns.read().iter().map(Turn::message).collect::<Vec<_>>();
        self.answer.mutate(ChatCompletionRequest::new("auto", messages));
    }
}

impl Turn {
    fn message(&self) -> ChatMessage {
        match self.role {
            Role::User => ChatMessage::user(self.text.as_str()),
            Role::Assistant => ChatMessage::assistant(self.text.as_str()),
        }
    }
}
