//! Reports of changes: for people, for tools, and a draft for the changelog.

mod changelog;
mod json;
mod markdown;

pub use changelog::changelog;
pub use json::json;
pub use markdown::markdown;

use crate::diff::{Change, Changes};
use crate::revision::Revision;
use crate::rules::Class;

/// What a release with these changes is: while the version is `0.x`, a breaking change raises the minor number.
pub fn release(changes: &Changes) -> &'static str {
    match changes.class() {
        Some(Class::Breaking) => "a breaking release: raise the minor number while it is 0.x, the major one after",
        Some(Class::Minor) => {
            "a compatible release with additions: raise the patch number while it is 0.x, the minor one after"
        }
        Some(Class::Patch) => "a patch: nothing that callers compile against changes",
        None => "none: the documents say the same",
    }
}

/// Everything a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Report<'r> {
    pub old: &'r Revision,
    pub new: &'r Revision,
    pub changes: &'r Changes,
}

/// ``` `FileObject`, field `purpose` ```, or what the change is about as a whole; operations with their id.
fn place(change: &Change) -> String {
    let id = change.operation.as_ref().map(|id| format!(" (`{id}`)")).unwrap_or_default();
    let part = if change.part.is_empty() { String::new() } else { format!(", {}", quoted(&change.part)) };
    format!("`{}`{id}{part}", change.place)
}

/// The kind of part as a word, its name as code.
fn quoted(part: &str) -> String {
    match part.split_once(' ') {
        Some((kind, name)) => format!("{kind} `{name}`"),
        None => part.to_owned(),
    }
}

fn difference(change: &Change) -> String {
    match (change.was.as_str(), change.is.as_str()) {
        ("", "") => String::new(),
        (was, "") => format!(": `{was}`"),
        ("", is) => format!(": `{is}`"),
        (was, is) => format!(": `{was}` → `{is}`"),
    }
}
