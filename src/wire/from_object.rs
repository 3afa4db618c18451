//! How generated structs are read: from an object, member by member.
//!
//! `serde`'s own derive would read them from a list too, which no API sends, and has the code for reading a member at every member.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use std::fmt;

/// Implements `Deserialize` for a struct by its fields, the names of the members, and what a member that is missing means: `required`, `default`
/// or `present`, as the functions of these names say. Other members are ignored.
macro_rules! from_object {
    ($name:ident { $($field:ident = $wire:literal $presence:ident),* $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[allow(non_camel_case_types)]
                enum Key {
                    $($field,)*
                    Other,
                }

                struct Members;

                impl<'de> ::serde::de::Visitor<'de> for Members {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("struct ", stringify!($name)))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(self, mut members: A) -> Result<$name, A::Error> {
                        let key = |name: &str| match name {
                            $($wire => Key::$field,)*
                            _ => Key::Other,
                        };
                        $(let mut $field = None;)*
                        loop {
                            match members.next_key_seed($crate::wire::from_object::KeySeed(key))? {
                                $(Some(Key::$field) => {
                                    $crate::wire::from_object::fill(&mut $field, $wire, &mut members)?;
                                })*
                                Some(Key::Other) => drop(members.next_value::<::serde::de::IgnoredAny>()?),
                                None => break,
                            }
                        }
                        Ok($name { $($field: $crate::wire::from_object::$presence($field, $wire)?,)* })
                    }
                }

                deserializer.deserialize_struct(stringify!($name), &[$($wire),*], Members)
            }
        }
    };
}

pub(crate) use from_object;

/// Reads a name as what it stands for.
pub(crate) struct KeySeed<F>(pub(crate) F);

impl<'de, K, F: FnOnce(&str) -> K> DeserializeSeed<'de> for KeySeed<F> {
    type Value = K;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<K, F: FnOnce(&str) -> K> Visitor<'_> for KeySeed<F> {
    type Value = K;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("field identifier")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<K, E> {
        Ok((self.0)(name))
    }
}

/// Reads the value of a member, which must not have come before.
pub(crate) fn fill<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    member: &mut Option<T>,
    name: &'static str,
    members: &mut A,
) -> Result<(), A::Error> {
    if member.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *member = Some(members.next_value()?);
    Ok(())
}

/// What must be there.
pub(crate) fn required<T, E: Error>(member: Option<T>, name: &'static str) -> Result<T, E> {
    member.ok_or_else(|| E::missing_field(name))
}

/// What is `None`, or absent, when it isn't there.
pub(crate) fn default<T: Default, E>(member: Option<T>, _: &'static str) -> Result<T, E> {
    Ok(member.unwrap_or_default())
}

/// What is `Some` when it is there, null too: this keeps `{"data": null}` (`Some(Value::Null)`) apart from `{}` (`None`) in an
/// `Option<serde_json::Value>`.
pub(crate) fn present<T, E>(member: Option<T>, _: &'static str) -> Result<Option<T>, E> {
    Ok(member)
}
