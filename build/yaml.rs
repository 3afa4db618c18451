//! YAML as JSON: what JSON has no words for is read as what is meant, or is an error that names the place.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Error, schema};

/// Reads one document. Keys are texts, as they are written (`200`, `true`); tags of applications are dropped; merge keys (`<<`) are merged.
pub fn parse(text: &str) -> Result<Value, Error> {
    let at = RefCell::new(String::new());
    let mut value = Node { at: &at }
        .deserialize(yaml_serde::Deserializer::from_str(text))
        .map_err(|error| Error::new(at.borrow().as_str(), format!("not YAML: {error}"), "correct the file"))?;
    merge(&mut value, "")?;
    Ok(value)
}

/// A node, and where it stands: what is at the end of a walk that failed is what it failed at.
#[derive(Clone, Copy)]
struct Node<'p> {
    at: &'p RefCell<String>,
}

impl Node<'_> {
    fn enter(&self, token: &str) -> usize {
        let mut at = self.at.borrow_mut();
        let outside = at.len();
        *at = schema::child(&at, token);
        outside
    }

    fn leave(&self, outside: usize) {
        self.at.borrow_mut().truncate(outside);
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what JSON can say")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value);
        Ok(Value::Number(number.ok_or_else(|| E::custom(format!("{value} is no number in JSON")))?))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let outside = self.enter(&items.len().to_string());
            let item = access.next_element_seed(self)?;
            self.leave(outside);
            match item {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let outside = self.enter(&key);
            if map.contains_key(&key) {
                return Err(A::Error::custom("a second entry of this name"));
            }
            map.insert(key, access.next_value_seed(self)?);
            self.leave(outside);
        }
        Ok(Value::Object(map))
    }

    /// A tag of an application, and what it stands before.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (_, tagged) = access.variant::<String>()?;
        tagged.newtype_variant_seed(self)
    }
}

/// Puts the entries of merge keys beside the others, which win: <https://yaml.org/type/merge.html>.
fn merge(value: &mut Value, at: &str) -> Result<(), Error> {
    match value {
        Value::Object(map) => {
            for (key, child) in map.iter_mut() {
                merge(child, &schema::child(at, key))?;
            }
            let merged = match map.shift_remove("<<") {
                None => return Ok(()),
                Some(Value::Array(items)) => items,
                Some(one) => vec![one],
            };
            for other in merged {
                let Value::Object(other) = other else {
                    return Err(Error::new(schema::child(at, "<<"), "merges what has no entries", "merge a mapping"));
                };
                for (key, child) in other {
                    map.entry(key).or_insert(child);
                }
            }
            Ok(())
        }
        Value::Array(items) => {
            items.iter_mut().enumerate().try_for_each(|(index, item)| merge(item, &format!("{at}/{index}")))
        }
        _ => Ok(()),
    }
}
