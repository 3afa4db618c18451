//! What everybody writes around chat completions: messages in one call, the text of a stream, the whole answer of a stream.

mod collect;
mod facts;
mod message;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use facts::{news, note};
pub(crate) use text::render;

pub use collect::{CollectedChoice, CollectedCompletion, CompletionCollector};
pub use text::TextStream;
