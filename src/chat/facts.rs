//! What the chunks of a chat stream say of the stream, and what is news in each.

use crate::stream::facts::replace;
use crate::stream::{StreamFacts, TokenUsage};
use crate::types::{ChatCompletionEvent, ChatContent, ChatDelta};
use crate::wire::Nullable;

/// Notes what an event says.
pub(crate) fn note(event: &ChatCompletionEvent, facts: &mut StreamFacts) {
    let Some(chunk) = event.chunk() else { return };
    replace(&mut facts.id, Some(&chunk.id));
    replace(&mut facts.model, chunk.resolved_model.as_deref().or(Some(&chunk.model)));
    replace(&mut facts.provider, chunk.resolved_provider.as_deref());
    replace(&mut facts.serving_location, chunk.resolved_serving_location.value().map(String::as_str));
    if let Some(usage) = &chunk.usage {
        facts.usage =
            Some(TokenUsage { input: usage.prompt_tokens, output: usage.completion_tokens, total: usage.total_tokens });
    }
}

/// The text that a chunk adds to the first of its answers: to the arguments of a call, the reasoning, or the content.
pub(crate) fn news(event: &mut ChatCompletionEvent) -> Option<(&mut String, &'static [&'static str])> {
    let ChatCompletionEvent::Message(message) = event else { return None };
    let ChatDelta { content, reasoning, tool_calls, .. } = &mut message.data.choices.first_mut()?.delta;
    // Content comes last: it may be there, and empty, beside the others.
    if let Some(calls) = tool_calls {
        let arguments = calls.first_mut()?.function.as_mut()?.arguments.as_mut()?;
        Some((arguments, &["choices", "[]", "delta", "tool_calls", "[]", "function", "arguments"]))
    } else if let Nullable::Value(reasoning) = reasoning {
        Some((reasoning, &["choices", "[]", "delta", "reasoning"]))
    } else if let Nullable::Value(ChatContent::Text(text)) = content {
        Some((text, &["choices", "[]", "delta", "content"]))
    } else {
        None
    }
}
