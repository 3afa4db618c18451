//! What the chunks of a chat stream say of the stream.

use crate::stream::facts::replace;
use crate::stream::{StreamFacts, TokenUsage};
use crate::types::ChatCompletionEvent;

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
