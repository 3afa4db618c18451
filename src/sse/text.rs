//! From bytes to text: UTF-8 is checked once per field, and what isn't UTF-8 becomes U+FFFD.
//!
//! The standard decodes the whole stream before it looks for lines. Doing it field by field comes out the same: line
//! ends, colons and spaces are ASCII, and an ASCII byte always ends a broken sequence and starts anew.

use std::ops::Range;

use bytes::Bytes;
use bytestring::ByteString;

/// Text of this length and more, unless it is ASCII, is checked by SIMD and copied: together that takes a third of what the check takes
/// that comes with sharing, which goes through such text by the character.
const LARGE: usize = 16 * 1024;

/// The text in `range` of `bytes`, sharing its memory if it is UTF-8, but for what is [large](LARGE).
#[inline(always)]
pub(super) fn share(bytes: &Bytes, range: Range<usize>) -> ByteString {
    if range.len() >= LARGE
        && let Some(text) = copy_large(&bytes[range.clone()])
    {
        return text;
    }
    ByteString::try_from(bytes.slice(range.clone())).unwrap_or_else(|_| repair(&bytes[range]))
}

/// A copy of large text that isn't ASCII; `None` if it is, or is no text.
fn copy_large(bytes: &[u8]) -> Option<ByteString> {
    if bytes.is_ascii() {
        return None;
    }
    simdutf8::basic::from_utf8(bytes).ok().map(ByteString::from)
}

/// Writes U+FFFD for every maximal subpart of an ill-formed sequence, as the WHATWG decoder does.
#[cold]
pub(super) fn repair(bytes: &[u8]) -> ByteString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
