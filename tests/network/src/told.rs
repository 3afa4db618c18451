//! What a client makes of a stream that is cut, in short.

use futures::StreamExt;
use mka1::types::{ChatCompletionEvent, ChatCompletionRequest, ChatMessage};
use mka1::{Client, Error, StreamEnd};

use crate::cut::{Case, Moment, Play};

/// All that a stream said.
#[derive(Debug, PartialEq)]
pub struct Told {
    /// A chunk's text, `<done>`, or `!` and the kind of an error.
    pub items: Vec<String>,
    /// `None` where there was no stream.
    pub ended: Option<StreamEnd>,
    /// What the requests asked to go on after, the first of them nothing.
    pub asked: Vec<Option<usize>>,
}

/// Plays a case and reads the stream to its end.
pub async fn told(client: &Client, play: &Play, case: Case) -> Told {
    play.begin(case);
    let mut events = match client.llm().chat().create_chat_completion_stream(hi()).await {
        Ok(events) => events,
        Err(error) => return Told { items: vec![outline(&Err(error))], ended: None, asked: play.asked() },
    };
    let mut items = Vec::new();
    if case.moment == Moment::AfterReading {
        while items.len() < case.chunks() {
            items.push(outline(&events.next().await.expect("a chunk before the cut")));
        }
        play.taken();
    }
    while let Some(item) = events.next().await {
        items.push(outline(&item));
    }
    Told { items, ended: events.ended(), asked: play.asked() }
}

/// The shortest question.
pub(crate) fn hi() -> ChatCompletionRequest {
    ChatCompletionRequest::new("auto", [ChatMessage::user("Hi")])
}

pub(crate) fn outline(item: &Result<ChatCompletionEvent, Error>) -> String {
    match item {
        Ok(ChatCompletionEvent::Message(message)) => message.data.text().into_owned(),
        Ok(ChatCompletionEvent::Done(_)) => "<done>".to_owned(),
        Ok(other) => format!("{other:?}"),
        Err(error) => format!("!{}", error.kind()),
    }
}
