//! Unions told apart by the type of the JSON value: a string here, a list there.

use super::raw::Raw;
use super::unknown::UnknownVariant;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// A union whose variants differ in their JSON type. What a method isn't written for is kept as unknown, null too.
pub(crate) trait ByJsonType<'de>: Sized {
    /// The union's name.
    const NAME: &'static str;

    /// The variant that keeps JSON of a type this version doesn't know.
    fn unknown(raw: UnknownVariant) -> Self;

    fn string<E: Error>(value: String) -> Result<Self, E> {
        keep(Raw::of(value))
    }

    /// A whole number. One beyond an `i64` is kept as unknown, with all its digits.
    fn integer<E: Error>(value: i64) -> Result<Self, E> {
        keep(Raw::of(value))
    }

    /// A number that isn't whole. Where any number will do, [`integer`](Self::integer) is to be written too.
    fn number<E: Error>(value: f64) -> Result<Self, E> {
        keep(Raw::of(value))
    }

    fn boolean<E: Error>(value: bool) -> Result<Self, E> {
        keep(Raw::of(value))
    }

    fn array<A: SeqAccess<'de>>(items: A) -> Result<Self, A::Error> {
        keep(Raw::of_seq(items))
    }

    fn object<A: MapAccess<'de>>(members: A) -> Result<Self, A::Error> {
        keep(Raw::of_map(members))
    }
}

fn keep<'de, T: ByJsonType<'de>, E>(raw: Result<Raw<'de>, E>) -> Result<T, E> {
    raw.map(|raw| T::unknown(UnknownVariant::from_raw(raw.to_box())))
}

/// Decodes a union by its JSON type, in one pass.
pub(crate) fn by_json_type<'de, D: Deserializer<'de>, T: ByJsonType<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(TypeVisitor(PhantomData))
}

/// The body of an [`array`](ByJsonType::array) that is one type's: a list of anything.
pub(crate) fn list<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(items: A) -> Result<T, A::Error> {
    T::deserialize(SeqAccessDeserializer::new(items))
}

/// The body of an [`object`](ByJsonType::object) that is one type's: a struct, a map, or a union of objects.
pub(crate) fn object<'de, A: MapAccess<'de>, T: Deserialize<'de>>(members: A) -> Result<T, A::Error> {
    T::deserialize(MapAccessDeserializer::new(members))
}

struct TypeVisitor<T>(PhantomData<T>);

impl<'de, T: ByJsonType<'de>> Visitor<'de> for TypeVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NAME)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
        T::string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<T, E> {
        T::string(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::integer(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        match i64::try_from(value) {
            Ok(value) => T::integer(value),
            Err(_) => keep(Raw::of(value)),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        T::number(value)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        T::boolean(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        T::array(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::object(members)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        keep(Raw::of(()))
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        by_json_type(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        by_json_type(deserializer)
    }
}
