//! Text that JavaScript takes for text: strings cut inside a surrogate pair.
//!
//! A server that cuts text by UTF-16 unit sends `"\ud83d"` in one chunk and `"\ude00"` in the next. `serde_json` refuses either, and
//! no Rust string can hold them, so each becomes U+FFFD. The repair keeps the length, and with it every position in the text.

/// The text with lone surrogates replaced; `None` when there are none.
pub(super) fn text(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut repaired: Option<String> = None;
    let mut kept = 0; // everything before this is in `repaired`
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', bytes.get(at..).unwrap_or_default()) {
        let escape = at + found;
        at = escape
            + match unit(bytes, escape) {
                Some(0xD800..=0xDBFF) if matches!(unit(bytes, escape + 6), Some(0xDC00..=0xDFFF)) => 12,
                Some(0xD800..=0xDFFF) => {
                    let out = repaired.get_or_insert_with(|| String::with_capacity(text.len()));
                    out.push_str(text.get(kept..escape).unwrap_or_default());
                    out.push_str("\\ufffd");
                    kept = escape + 6;
                    6
                }
                Some(_) => 6,
                None => 2, // any other escape, `\\` above all
            };
    }
    let mut repaired = repaired?;
    repaired.push_str(text.get(kept..).unwrap_or_default());
    Some(repaired)
}

/// The UTF-16 unit of a `\uXXXX` escape at this place.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(6)?)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, &digit| Some(unit * 16 + char::from(digit).to_digit(16)?))
}
