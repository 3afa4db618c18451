//! What generated types are made of: values that may be absent or null, open enums, and unions that keep what they don't know.

// What of this the generated code uses depends on the features that are on.
#![allow(dead_code, unused_imports, unused_macros)]

mod by_json_type;
mod fit;
mod keyed;
mod macros;
mod members;
mod nullable;
mod open_enum;
mod page;
mod present;
mod raw;
mod tagged;
#[cfg(test)]
mod tests;
mod unknown;
mod variant;

pub(crate) use by_json_type::{ByJsonType, by_json_type, list, object};
pub(crate) use fit::Fit;
pub(crate) use keyed::Keyed;
pub(crate) use macros::open_enum;
pub use nullable::Nullable;
pub use open_enum::OpenEnum;
pub(crate) use open_enum::{deserialize_open, parse_open};
pub(crate) use page::{Cursor, More, PageItems, Total};
pub(crate) use present::present;
pub(crate) use tagged::Tagged;
pub use unknown::{UnknownValue, UnknownVariant};

/// The text of one member of an object, read without building anything.
pub(crate) fn tag<'a>(text: &'a str, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    members::Members::find(text, name).and_then(members::string)
}
