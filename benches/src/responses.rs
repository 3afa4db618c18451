//! Events of the responses API, a union of some seventy variants: each as the union and as its own struct alone.

use std::hint::black_box;

use mka1::sse::Event;
use mka1::types::{
    ResponseCustomToolCallInputDeltaEvent, ResponseEvent, ResponseMcpCallArgumentsDeltaEvent,
    ResponseOutputTextDeltaEvent, ResponseRefusalDeltaEvent,
};
use mka1::{Frame, StreamEvent};
use serde::de::DeserializeOwned;

/// One variant, from the first to the last, or none that is known.
pub struct Variant {
    pub tag: &'static str,
    /// Decodes the data as the variant's struct and nothing else. What is unknown is compared with the first variant's.
    alone: fn(&str) -> bool,
}

pub const VARIANTS: [Variant; 5] = [
    Variant { tag: "response.output_text.delta", alone: alone::<ResponseOutputTextDeltaEvent> },
    Variant { tag: "response.refusal.delta", alone: alone::<ResponseRefusalDeltaEvent> },
    Variant { tag: "response.mcp_call_arguments.delta", alone: alone::<ResponseMcpCallArgumentsDeltaEvent> },
    Variant { tag: "response.custom_tool_call_input.delta", alone: alone::<ResponseCustomToolCallInputDeltaEvent> },
    Variant { tag: "response.later_version.delta", alone: alone::<ResponseOutputTextDeltaEvent> },
];

/// Events of one run.
pub const EVENTS: usize = 2_000;

impl Variant {
    pub fn events(&self) -> Vec<Event> {
        let event = |index: usize| {
            let mut event = Event::default();
            event.data = Some(self.data(index).into());
            event
        };
        (0..EVENTS).map(event).collect()
    }

    fn data(&self, index: usize) -> String {
        format!(
            concat!(
                r#"{{"type":"{tag}","sequence_number":{index},"item_id":"msg_67c9fdcecf488190bdd9a0409de3a1ec","#,
                r#""output_index":0,"content_index":0,"delta":" answer"}}"#
            ),
            tag = self.tag,
            index = index
        )
    }

    pub fn alone(&self, events: &[Event]) -> usize {
        events.iter().filter_map(|event| event.data.as_deref()).filter(|data| (self.alone)(data)).count()
    }
}

/// As the client does it.
pub fn union(events: &[Event]) -> usize {
    let decode = |event: &&Event| black_box(ResponseEvent::from_frame(Frame::new(event.name(), event))).is_ok();
    events.iter().filter(decode).count()
}

fn alone<T: DeserializeOwned>(data: &str) -> bool {
    black_box(serde_json::from_str::<T>(data)).is_ok()
}
