//! Optional members in which null is a value of its own.

use serde::de::{Deserialize, Deserializer};

/// For `deserialize_with`: what is there is `Some`, null too. Together with `default` this keeps `{"data": null}`
/// (`Some(Value::Null)`) apart from `{}` (`None`) in an `Option<serde_json::Value>`.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
