//! The text of a JSON value, whatever it is read from.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// How `serde_json` is asked for the text of a value, and how it hands it over (as an object with this one key). Asked by this name it
/// lends the text where there is one to lend, which neither `&RawValue` (fails elsewhere) nor `Box<RawValue>` (always copies) can.
/// A deserializer that doesn't know the name gives the value itself, which is then written out as JSON.
const TOKEN: &str = "$serde_json::private::RawValue";

/// A JSON value as text: borrowed from the input where that is text in memory.
pub(super) struct Raw<'de>(Cow<'de, str>);

impl<'de> Raw<'de> {
    /// The text of an object of which reading has begun: its members as they come.
    pub(super) fn of_map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        RawVisitor.visit_map(map)
    }

    /// The text of a list of which reading has begun: its items as they come.
    pub(super) fn of_seq<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        RawVisitor.visit_seq(seq)
    }

    /// Text that is at hand, taken for JSON.
    pub(super) fn lend(text: &'de str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// A scalar written as JSON.
    pub(super) fn of<E: Error>(value: impl serde::Serialize) -> Result<Self, E> {
        serde_json::to_string(&value).map(|text| Self(Cow::Owned(text))).map_err(E::custom)
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The text to keep. It is checked: only `serde_json` vouches for what it lends.
    pub(super) fn to_box(&self) -> Box<RawValue> {
        boxed(&self.0)
    }
}

/// JSON text as a value of its own, and any other text as a JSON string.
pub(super) fn boxed(text: &str) -> Box<RawValue> {
    let json = serde_json::from_str(text).or_else(|_| serde_json::value::to_raw_value(text));
    json.unwrap_or_else(|_| RawValue::NULL.to_owned())
}

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TOKEN, RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
        let mut text = String::from("{");
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let Some(key) = key else {
                return map.next_value_seed(TextSeed).map(Raw);
            };
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(Raw::of::<A::Error>(key)?.text());
            text.push(':');
            text.push_str(map.next_value::<Raw<'de>>()?.text());
        }
        text.push('}');
        Ok(Raw(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw<'de>, A::Error> {
        let mut text = String::from("[");
        while let Some(item) = seq.next_element::<Raw<'de>>()? {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(item.text());
        }
        text.push(']');
        Ok(Raw(Cow::Owned(text)))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw<'de>, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_none<E: Error>(self) -> Result<Raw<'de>, E> {
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<Raw<'de>, E> {
        Ok(Raw(Cow::Borrowed("null")))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Raw<'de>, E> {
        Raw::of(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Raw<'de>, E> {
        Raw::of(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Raw<'de>, E> {
        Raw::of(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Raw<'de>, E> {
        Raw::of(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Raw<'de>, E> {
        Raw::of(value)
    }
}

/// Reads a key: `None` when it is [`TOKEN`].
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<String>, E> {
        Ok((key != TOKEN).then(|| key.to_owned()))
    }
}

/// Reads a string, borrowed where it can be.
struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text))
    }
}
