//! The members of a JSON object, read from its text one at a time and without building anything.
//!
//! Text that isn't JSON ends the iteration early and does no harm.

use std::borrow::Cow;

/// Iterates over the members of the object that `text` is; over nothing when it is something else.
pub(super) struct Members<'a> {
    text: &'a str,
    at: usize,
}

/// One member, as slices of the text.
pub(super) struct Member<'a> {
    /// Between its quotes, escapes and all.
    key: &'a str,
    pub(super) value: &'a str,
}

impl Member<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        if self.key.contains('\\') { unescape(self.key) == Some(Cow::Borrowed(name)) } else { self.key == name }
    }
}

impl<'a> Members<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let at = skip_space(text.as_bytes(), 0);
        // Past the end when it isn't an object.
        Self { text, at: if text.as_bytes().get(at) == Some(&b'{') { at + 1 } else { text.len() } }
    }

    /// The value of the first member of this name.
    pub(super) fn find(text: &'a str, name: &str) -> Option<&'a str> {
        Self::of(text).find(|member| member.is(name)).map(|member| member.value)
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        let bytes = self.text.as_bytes();
        let mut at = skip_space(bytes, self.at);
        if bytes.get(at) == Some(&b',') {
            at = skip_space(bytes, at + 1);
        }
        let key_end = (bytes.get(at) == Some(&b'"')).then(|| skip_string(bytes, at + 1))?;
        let key = self.text.get(at + 1..key_end.checked_sub(1)?)?;
        let colon = skip_space(bytes, key_end);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        let start = skip_space(bytes, colon + 1);
        self.at = skip_value(bytes, start);
        Some(Member { key, value: self.text.get(start..self.at)? })
    }
}

/// What the list that `text` is begins with, and all that follows; `None` when it is empty, or something else.
pub(super) fn first_item(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let open = skip_space(bytes, 0);
    let item = (bytes.get(open) == Some(&b'[')).then(|| skip_space(bytes, open + 1))?;
    bytes.get(item).filter(|byte| **byte != b']').and_then(|_| text.get(item..))
}

/// The text of a JSON string; `None` when the value is none.
pub(super) fn string(value: &str) -> Option<Cow<'_, str>> {
    unescape(value.strip_prefix('"')?.strip_suffix('"')?)
}

fn unescape(inner: &str) -> Option<Cow<'_, str>> {
    if inner.contains('\\') {
        crate::json::from_str(&format!("\"{inner}\"")).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// From behind an opening quote to behind the closing one.
fn skip_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

fn skip_value(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = skip_string(bytes, at + 1),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                at += 1;
            }
            b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r' if depth == 0 => return at,
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return at;
        }
    }
    at
}
