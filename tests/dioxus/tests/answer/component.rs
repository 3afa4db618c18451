use dioxus::prelude::*;
use mka1::Client;
use mka1::dioxus::use_mka1_provider;
use mka1::hooks::use_llm_chat_create_chat_completion_stream_mutation;
use mka1::types::{ChatCompletionRequest, ChatMessage};

pub fn app() -> Element {
    // For this component and all below it. A client that can't be made is the error of their hooks.
    use_mka1_provider(Client::from_env);
    rsx! {
        Answer { question: "Say hello" }
    }
}

#[component]
fn Answer(question: String) -> Element {
    let answer = use_llm_chat_create_chat_completion_stream_mutation();
    let ask = move |_| answer.mutate(ChatCompletionRequest::new("auto", [ChatMessage::user(question.clone())]));
    rsx! {
        // Grows with every chunk.
        p { aria_live: "polite", "{answer.text()}" }
        if let Some(error) = answer.error() {
            p { role: "alert", "{error}" }
        }
        if answer.pending() {
            button { onclick: move |_| answer.cancel(), "Stop" }
        } else {
            button { onclick: ask, "Ask" }
        }
    }
}
