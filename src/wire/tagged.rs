//! Unions that carry a tag: the tag is read from the text, then the text as the variant it names.

use super::fit::{self, Fit};
use super::raw::Raw;
use super::unknown::UnknownVariant;
use super::{members, variant};
use crate::error::text::one_line;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use std::ops::Range;

/// A value of a union, with its tag found and nothing else read.
///
/// No tree is built, and text in memory is borrowed. Where the tag is given twice the first counts.
pub(crate) struct Tagged<'de> {
    raw: Raw<'de>,
    union: &'static str,
    key: &'static str,
    tag: Tag,
}

enum Tag {
    /// Not an object, no such member, or not a string.
    None,
    /// Where it lies in the text.
    Plain(Range<usize>),
    /// It was written with escapes.
    Escaped(String),
}

impl<'de> Tagged<'de> {
    /// Reads a value of `union`, whose tag is the member `key`.
    pub(crate) fn read<D: Deserializer<'de>>(
        deserializer: D,
        union: &'static str,
        key: &'static str,
    ) -> Result<Self, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        let tag = find(raw.text(), key);
        Ok(Self { raw, union, key, tag })
    }

    /// A value of `union` that is all of `text`. Whether that is JSON shows when a variant is read from it.
    pub(crate) fn of(text: &'de str, union: &'static str, key: &'static str) -> Self {
        Self { raw: Raw::lend(text), union, key, tag: find(text, key) }
    }

    /// The tag; `None` when there is none, or it isn't a string.
    pub(crate) fn tag(&self) -> Option<&str> {
        match &self.tag {
            Tag::None => None,
            Tag::Plain(range) => self.raw.text().get(range.clone()),
            Tag::Escaped(tag) => Some(tag),
        }
    }

    /// The variant that the object is nearest to, of those that share its tag.
    pub(crate) fn nearest(&self, variants: &[Fit]) -> Option<usize> {
        fit::nearest(self.raw.text(), variants)
    }

    /// Decodes the whole as one variant.
    pub(crate) fn variant<T: DeserializeOwned, E: Error>(&self) -> Result<T, E> {
        variant::decode(self.raw.text(), || {
            format!("{} ({} \"{}\")", self.union, self.key, one_line(self.tag().unwrap_or_default(), 64))
        })
    }

    /// Keeps the whole as it came.
    pub(crate) fn unknown(&self) -> UnknownVariant {
        UnknownVariant::from_raw(self.raw.to_box())
    }

    /// The same where nobody has checked yet that it is JSON.
    pub(crate) fn checked<E: Error>(&self) -> Result<UnknownVariant, E> {
        serde_json::from_str(self.raw.text()).map(UnknownVariant::from_raw).map_err(E::custom)
    }
}

fn find(text: &str, key: &str) -> Tag {
    let Some(value) = members::Members::find(text, key) else { return Tag::None };
    match members::string(value) {
        None => Tag::None,
        Some(std::borrow::Cow::Owned(tag)) => Tag::Escaped(tag),
        Some(std::borrow::Cow::Borrowed(tag)) => {
            let start = tag.as_ptr().addr() - text.as_ptr().addr(); // a slice of `text`
            Tag::Plain(start..start + tag.len())
        }
    }
}
