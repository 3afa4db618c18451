//! Enums of strings that grow: values this version doesn't know are kept and sent back as they came.

use super::UnknownValue;
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

/// A string enum that keeps values it doesn't know.
///
/// All enums of the API are of this kind; the trait lets code be written over any of them.
pub trait OpenEnum: Sized {
    /// The enum's name.
    const NAME: &'static str;

    /// The variant for a value as it is on the wire, if this version knows it.
    fn from_wire(value: &str) -> Option<Self>;

    /// The variant that keeps a value this version doesn't know.
    fn unknown(value: UnknownValue) -> Self;

    /// The value as it is on the wire.
    fn as_str(&self) -> &str;
}

/// The variant for any text. Known values are never kept as unknown ones.
pub(crate) fn parse_open<E: OpenEnum>(value: &str) -> E {
    E::from_wire(value).unwrap_or_else(|| E::unknown(UnknownValue::new(value)))
}

/// The body of an open enum's `Deserialize`. A known value allocates nothing.
pub(crate) fn deserialize_open<'de, D: Deserializer<'de>, E: OpenEnum>(deserializer: D) -> Result<E, D::Error> {
    let mut read = None;
    deserializer.deserialize_str(TextVisitor { name: E::NAME, read: &mut |text| read = Some(parse_open(text)) })?;
    read.ok_or_else(|| D::Error::custom(format_args!("expected {}, a string", E::NAME)))
}

/// One visitor for all enums, so that each costs little to compile.
struct TextVisitor<'a> {
    name: &'static str,
    read: &'a mut dyn FnMut(&str),
}

impl Visitor<'_> for TextVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, a string", self.name)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        (self.read)(value);
        Ok(())
    }
}
