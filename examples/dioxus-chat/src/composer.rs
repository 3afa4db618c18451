//! Where the next question is typed.

use dioxus::prelude::*;

use crate::conversation::Conversation;

/// Enter sends, Escape stops the answer.
#[component]
pub fn Composer(
    conversation: Conversation,
    onmounted: EventHandler<MountedEvent>,
    onused: EventHandler<()>,
) -> Element {
    let mut draft = use_signal(String::new);
    let mut sent = use_signal(|| 0);
    let answer = conversation.answer;
    let mut send = move || {
        if !answer.pending() {
            conversation.ask(&draft.take());
            sent += 1;
        }
    };
    rsx! {
        footer {
            label { r#for: "question", "Message" }
            Field { sent: sent(), draft, onmounted, onenter: move |()| send() }
            if answer.pending() {
                button {
                    r#type: "button",
                    class: "stop",
                    onclick: move |_| {
                        answer.cancel();
                        onused.call(());
                    },
                    "Stop"
                }
            } else {
                button {
                    r#type: "button",
                    onclick: move |_| {
                        send();
                        onused.call(());
                    },
                    "Send"
                }
            }
            p { class: "keys",
                kbd { "Enter" }
                " sends, "
                kbd { "Esc" }
                " stops"
            }
        }
    }
}

/// The field itself. It is rendered, and thereby emptied, when something was sent, and at no other time: a page that runs elsewhere
/// hears of letters late, and must not put back what it knew.
#[component]
fn Field(
    sent: usize,
    draft: Signal<String>,
    onmounted: EventHandler<MountedEvent>,
    onenter: EventHandler<()>,
) -> Element {
    let empty = String::new();
    rsx! {
        input {
            id: "question",
            r#type: "text",
            autocomplete: "off",
            placeholder: "Type a message…",
            value: "{empty}",
            onmounted: move |mounted| onmounted.call(mounted),
            oninput: move |event| draft.set(event.value()),
            onkeydown: move |event| {
                if event.key() == Key::Enter && !event.is_composing() {
                    onenter.call(());
                }
            },
        }
    }
}
