//! Decodes the variant of a union from its text.

use crate::json::Fault;
use serde::de::{DeserializeOwned, Error};
use std::cell::Cell;

/// How deep unions may lie in unions. Each is decoded from its own text, where `serde_json` begins to count its levels anew: without a
/// limit of ours a hostile body could overflow the stack. This leaves room to spare in the usual 2 MiB of a thread, unoptimised too.
const DEPTH: u8 = 64;

thread_local! {
    static DEPTH_NOW: Cell<u8> = const { Cell::new(0) };
}

/// One level down, until it is dropped.
struct Level;

impl Level {
    fn enter() -> Option<Self> {
        let depth = DEPTH_NOW.get();
        (depth < DEPTH).then(|| {
            DEPTH_NOW.set(depth + 1);
            Self
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH_NOW.set(DEPTH_NOW.get().saturating_sub(1));
    }
}

/// Decodes the text of a variant; `name` says which, such as `ChatContentPart (type "text")`, and is asked for on failure only.
pub(super) fn decode<T: DeserializeOwned, E: Error>(text: &str, name: impl FnOnce() -> String) -> Result<T, E> {
    let Some(_level) = Level::enter() else {
        return Err(E::custom(format_args!("{}: recursion limit exceeded", name())));
    };
    serde_json::from_str(text).map_err(|error| fault(text, &name(), &error))
}

#[cold]
fn fault<E: Error>(text: &str, name: &str, error: &serde_json::Error) -> E {
    E::custom(Fault::in_variant(name, text, error))
}
