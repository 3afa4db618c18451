//! A line of the surface, and the page of all of them.

/// A line and where it belongs.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The path by which it is sorted.
    pub path: String,
    /// Of lines with one path, those with a lower rank come first: what an item is, what it implements, what it has.
    pub rank: u8,
    pub text: String,
    /// The type, trait or module that it is part of.
    pub owner: String,
}

/// Lines in order, a blank one between owners.
pub fn page(mut lines: Vec<Line>) -> String {
    lines.sort();
    lines.dedup();
    let paragraphs = lines.chunk_by(|a, b| a.owner == b.owner);
    let paragraphs = paragraphs.map(|lines| lines.iter().map(|line| format!("{}\n", line.text)).collect::<String>());
    paragraphs.collect::<Vec<_>>().join("\n")
}

/// `text [a, b]`, or just `text`.
pub fn flagged(text: String, flags: &[&str]) -> String {
    if flags.is_empty() { text } else { format!("{text} [{}]", flags.join(", ")) }
}
