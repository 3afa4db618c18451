//! From a place in JSON text to the path of the value there, such as `choices[0].delta.content`.
//!
//! `serde_json` tells line and column, people need the path. The text is read once up to that place, by brackets, commas and strings
//! alone: it needs no recursion, takes any bytes, and remembers no more than the first [`DEPTH`] levels.

use crate::error::text::one_line;
use std::fmt::Write as _;
use std::ops::Range;

/// Levels that a path shows.
const DEPTH: usize = 128;
/// Characters that a path shows, and those of one property's name.
const PATH_CHARS: usize = 400;
const KEY_CHARS: usize = 64;

enum Level {
    Array(usize),
    Object(Option<Range<usize>>),
}

/// The path of the value that ends at `end`, holds it, or is about to begin there.
pub(super) fn at(text: &[u8], end: usize) -> String {
    let text = text.get(..end).unwrap_or(text);
    let mut levels: Vec<Level> = Vec::new();
    let mut deeper = 0_usize; // levels below those that are remembered
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let start = at;
                let (length, complete) = string(text.get(at..).unwrap_or_default());
                at += length;
                if let (true, 0, Some(Level::Object(key @ None))) = (complete, deeper, levels.last_mut()) {
                    *key = Some(start..at - 1);
                }
            }
            b'{' | b'[' if levels.len() >= DEPTH => deeper += 1,
            b'{' => levels.push(Level::Object(None)),
            b'[' => levels.push(Level::Array(0)),
            b'}' | b']' if deeper > 0 => deeper -= 1,
            b'}' | b']' => drop(levels.pop()),
            b',' if deeper == 0 => match levels.last_mut() {
                Some(Level::Array(index)) => *index += 1,
                Some(Level::Object(key)) => *key = None,
                None => {}
            },
            _ => {}
        }
    }
    one_line(&render(text, &levels), PATH_CHARS)
}

/// A path below another: `a` and `[0].b` give `a[0].b`.
pub(super) fn join(outer: &str, inner: &str) -> String {
    let dot = if outer.is_empty() || inner.is_empty() || inner.starts_with('[') { "" } else { "." };
    one_line(&format!("{outer}{dot}{inner}"), PATH_CHARS)
}

/// What follows an opening quote: bytes up to and with the closing one, and whether there is one.
fn string(rest: &[u8]) -> (usize, bool) {
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'"', b'\\', rest.get(at..).unwrap_or_default()) {
        at += found;
        if rest.get(at) == Some(&b'"') {
            return (at + 1, true);
        }
        at += 2;
    }
    (rest.len(), false)
}

fn render(text: &[u8], levels: &[Level]) -> String {
    let mut path = String::new();
    for level in levels {
        match level {
            Level::Array(index) => {
                let _ = write!(path, "[{index}]");
            }
            Level::Object(None) => {}
            Level::Object(Some(key)) => {
                let key = String::from_utf8_lossy(text.get(key.clone()).unwrap_or_default());
                if !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-$@".contains(&b)) {
                    path = join(&path, &one_line(&key, KEY_CHARS));
                } else {
                    let _ = write!(path, "[\"{}\"]", one_line(&key, KEY_CHARS));
                }
            }
        }
    }
    path
}
