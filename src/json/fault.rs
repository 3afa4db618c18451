//! Where JSON doesn't fit its type, and why; also through values that are decoded apart from the text around them.
//!
//! The variant of a union is decoded from its own text (see [`Tagged`](crate::wire::Tagged)), so `serde_json` counts lines and
//! columns from the start of that text, and for the error as a whole reports some place after it. What is known of the inner fault is
//! therefore left in a thread local for whoever explains the outer one. That costs nothing until something fails.

use super::path;
use crate::error::text::one_line;
use std::cell::RefCell;
use std::fmt;

/// Characters of a reason that are kept; reasons quote the values they complain about.
const REASON_CHARS: usize = 300;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) path: String,
    pub(crate) reason: String,
    /// The reason already says in which variant of which union.
    in_variant: bool,
}

/// A fault inside a value that was decoded from its own text.
struct Inner {
    fault: Fault,
    /// What the outer decoder was told: tells this fault from one that was never asked for.
    message: String,
    /// Address of the value's text. It lies inside the outer text unless the value had to be copied.
    start: usize,
}

thread_local! {
    static LAST_INNER: RefCell<Option<Inner>> = const { RefCell::new(None) };
}

impl Fault {
    /// A fault of the value as a whole.
    pub(crate) fn whole(reason: &str) -> Self {
        Self { reason: one_line(reason, REASON_CHARS), ..Self::default() }
    }

    /// Explains why `text` could not be read.
    #[cold]
    pub(crate) fn find(text: &[u8], error: &serde_json::Error) -> Self {
        let message = without_position(error);
        if let Some(inner) = take_inner(&message) {
            let start = inner.start.wrapping_sub(text.as_ptr().addr());
            let start = if start < text.len() { start } else { offset(text, error) };
            return Self { path: path::join(&path::at(text, start), &inner.fault.path), ..inner.fault };
        }
        let path = path::at(text, offset(text, error));
        let path = missing_field(&message).map_or(path.clone(), |field| path::join(&path, field));
        Self { path, ..Self::whole(&message) }
    }

    /// Explains why a variant, such as `ChatContentPart (type "text")`, could not be read from its `text`. The answer is what the
    /// outer decoder is to be told; when the outer fault is looked for, this one is found by it.
    #[cold]
    pub(crate) fn in_variant(variant: &str, text: &str, error: &serde_json::Error) -> String {
        let mut fault = Self::find(text.as_bytes(), error);
        let message = one_line(&format!("{variant}{fault}"), 2 * REASON_CHARS);
        if !fault.in_variant {
            // The innermost union is the one to name: those around it can be told from the path.
            fault.reason = format!("{variant}: {}", fault.reason);
            fault.in_variant = true;
        }
        let inner = Inner { fault, message: message.clone(), start: text.as_ptr().addr() };
        // Without the thread local (its thread is ending) the path is only less exact.
        let _ = LAST_INNER.try_with(|last| last.replace(Some(inner)));
        message
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, " at {}", self.path)?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// The fault this message tells of, if it is one of a variant.
fn take_inner(message: &str) -> Option<Inner> {
    LAST_INNER.try_with(|last| last.take().filter(|inner| inner.message == message)).ok().flatten()
}

/// What `serde_json` says, less the ` at line 1 column 20` after it.
fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    message.strip_suffix(&position).map_or(message.clone(), str::to_owned)
}

/// How many bytes had been read when the fault was found.
fn offset(text: &[u8], error: &serde_json::Error) -> usize {
    let lines_before = error.line().saturating_sub(1);
    let line = match lines_before.checked_sub(1) {
        None => 0,
        Some(nth) => memchr::memchr_iter(b'\n', text).nth(nth).map_or(text.len(), |newline| newline + 1),
    };
    line.saturating_add(error.column()).min(text.len())
}

fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.strip_suffix('`')
}
