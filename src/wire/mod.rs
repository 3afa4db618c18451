//! What generated types are made of: values that may be absent or null, open enums, and unions that keep what they don't know.

// What of this the generated code uses depends on the features that are on.
#![allow(dead_code, unused_imports, unused_macros)]

mod by_json_type;
mod fit;
pub(crate) mod from_object;
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
pub(crate) use from_object::from_object;
pub(crate) use keyed::Keyed;
pub(crate) use macros::open_enum;
pub use nullable::Nullable;
pub use open_enum::OpenEnum;
pub(crate) use open_enum::{deserialize_open, parse_open};
pub(crate) use page::{Cursor, More, PageItems, Total};
pub(crate) use present::present;
pub(crate) use tagged::Tagged;
pub use unknown::{UnknownValue, UnknownVariant};

/// The values of members of an object, as they stand in its text: read in one pass and without building anything.
pub(crate) fn peek<'a, const N: usize>(text: &'a str, names: [&str; N]) -> [Option<&'a str>; N] {
    let mut found = [None; N];
    let mut wanted = names.iter().filter(|name| !name.is_empty()).count();
    for member in members::Members::of(text) {
        if wanted == 0 {
            break;
        }
        if let Some(place) = (0..N).find(|&place| found[place].is_none() && member.is(names[place])) {
            found[place] = Some(member.value);
            wanted -= 1;
        }
    }
    found
}

/// The value at a path of members; `[]` stands for the first item of a list.
pub(crate) fn peek_at<'a>(text: &'a str, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(text, |text, step| match *step {
        "[]" => members::first_item(text),
        name => members::Members::find(text, name),
    })
}

/// The text of a JSON string, as peeked at.
pub(crate) fn string(value: &str) -> Option<std::borrow::Cow<'_, str>> {
    members::string(value)
}
