//! The page: a conversation, the answer that grows, and where the next question is typed.

use std::rc::Rc;

use dioxus::prelude::*;
use mka1::Client;
use mka1::dioxus::{Status, use_mka1_provider};
use mka1::hooks::use_llm_chat_create_chat_completion_stream_mutation;

use crate::composer::Composer;
use crate::conversation::{Conversation, Role};

/// What to ask the server that comes with the example: it knows what the last two are for.
const SUGGESTIONS: [&str; 3] = ["Say hello", "Show me an error", "Cut the line"];

pub fn app(client: Client) -> Element {
    use_mka1_provider(|| Ok(client));
    let answer = use_llm_chat_create_chat_completion_stream_mutation();
    let conversation = Conversation { turns: use_signal(Vec::new), answer };
    // Where what is typed goes, also after a button was used.
    let mut field = use_signal(|| None::<Rc<MountedData>>);
    let focus = move || {
        let field = field.peek().clone();
        spawn(async move {
            if let Some(field) = field {
                // It may be gone by then.
                let _ = field.set_focus(true).await;
            }
        });
    };
    rsx! {
        main {
            onkeydown: move |event| {
                if event.key() == Key::Escape {
                    answer.cancel();
                }
            },
            header {
                h1 { "mka1 chat" }
                p { "Hooks for Dioxus, streaming from the MKA1 API" }
            }
            section { class: "log", role: "log", aria_live: "polite", aria_label: "Conversation", aria_busy: answer.pending(),
                // The newest are first, and shown last: so the browser stays at the end while it grows.
                div { class: "end",
                    Messages { conversation, onask: move |question: &'static str| { conversation.ask(question); focus(); } }
                    Outcome { conversation, onretry: move |()| { conversation.ask_again(); focus(); } }
                }
            }
            Composer { conversation, onmounted: move |mounted: MountedEvent| { field.set(Some(mounted.data())); focus(); }, onused: move |()| focus() }
        }
    }
}

/// What was said.
#[component]
fn Messages(conversation: Conversation, onask: EventHandler<&'static str>) -> Element {
    let turns = conversation.turns.read();
    let text = conversation.answer.text();
    let waits = conversation.answer.pending();
    rsx! {
        if turns.is_empty() {
            div { class: "welcome",
                p { "Ask something, or try one of these." }
                for suggestion in SUGGESTIONS {
                    button { r#type: "button", onclick: move |_| onask.call(suggestion), "{suggestion}" }
                }
            }
        }
        for turn in turns.iter() {
            Message { role: turn.role, text: turn.text.clone() }
        }
        if waits || !text.is_empty() {
            Message { role: Role::Assistant, text, grows: waits }
        }
    }
}

#[component]
fn Message(role: Role, text: String, #[props(default)] grows: bool) -> Element {
    let (class, speaker) = match role {
        Role::User => ("user", "You"),
        Role::Assistant => ("assistant", "Assistant"),
    };
    rsx! {
        article { class: "message {class}", class: if grows { "grows" },
            h2 { "{speaker}" }
            p { "{text}" }
        }
    }
}

/// How the answer ended.
#[component]
fn Outcome(conversation: Conversation, onretry: EventHandler<()>) -> Element {
    let answer = conversation.answer;
    if let Some(error) = answer.error() {
        return rsx! {
            div { class: "outcome error", role: "alert",
                p { "{error}" }
                button { r#type: "button", onclick: move |_| onretry.call(()), "Try again" }
            }
        };
    }
    let Some(data) = answer.data() else { return rsx! {} };
    let model = data.facts().model.clone();
    let tokens = data.facts().usage.map(|usage| format!("{} tokens", usage.total));
    let resumed = (data.resumptions() > 0).then(|| "resumed after a cut".to_owned());
    let note = match answer.status() {
        Status::Done => [model, tokens, resumed].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        Status::Idle => "stopped".to_owned(),
        _ => return rsx! {},
    };
    rsx! {
        p { class: "outcome", "{note}" }
    }
}
