//! Unions of objects without a tag: the variant is told by the members that are there.

use super::fit::{self, Fit};
use super::raw::Raw;
use super::unknown::UnknownVariant;
use super::variant;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};

/// A value of a union, of which only the names of members are looked at.
pub(crate) struct Keyed<'de> {
    raw: Raw<'de>,
    union: &'static str,
}

impl<'de> Keyed<'de> {
    /// Reads a value of `union`.
    pub(crate) fn read<D: Deserializer<'de>>(deserializer: D, union: &'static str) -> Result<Self, D::Error> {
        Ok(Self { raw: Raw::deserialize(deserializer)?, union })
    }

    /// The variant that the object is, of those that have all they require; `None` where none has.
    pub(crate) fn fitting(&self, variants: &[Fit]) -> Option<usize> {
        fit::fitting(self.raw.text(), variants)
    }

    /// Decodes the whole as one variant.
    pub(crate) fn variant<T: DeserializeOwned, E: Error>(&self) -> Result<T, E> {
        variant::decode(self.raw.text(), || self.union.to_owned())
    }

    /// Keeps the whole as it came.
    pub(crate) fn unknown(&self) -> UnknownVariant {
        UnknownVariant::from_raw(self.raw.to_box())
    }
}
