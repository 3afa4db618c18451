//! A line of the surface, and all of them in order.

use std::collections::BTreeSet;

/// A line and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The path by which it is sorted.
    pub path: String,
    /// Of lines with one path, those with a lower rank come first: what an item is, what it implements, what it has.
    pub rank: u8,
    pub text: String,
    /// The type, trait or module that it is part of.
    pub owner: String,
}

/// What is public, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface(BTreeSet<Line>);

impl Surface {
    pub fn new(lines: impl IntoIterator<Item = Line>) -> Self {
        Self(lines.into_iter().collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What this has and the other has not.
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).cloned().collect())
    }

    /// The lines as text, a blank one between owners.
    pub fn page(&self) -> String {
        let lines: Vec<&Line> = self.0.iter().collect();
        let paragraphs = lines.chunk_by(|a, b| a.owner == b.owner);
        let paragraphs =
            paragraphs.map(|lines| lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>());
        paragraphs.collect::<Vec<_>>().join("\n")
    }
}

/// `text [a, b]`, or just `text`.
pub fn flagged(text: String, flags: &[&str]) -> String {
    if flags.is_empty() { text } else { format!("{text} [{}]", flags.join(", ")) }
}
