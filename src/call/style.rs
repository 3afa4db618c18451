//! Arguments that are lists or objects, in the styles of OpenAPI: `simple`, delimited, `deepObject`. (OpenAPI 3.1, "Style Values")

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{Call, Operation};
use crate::Error;

#[allow(dead_code, reason = "which of these are used depends on the features")]
impl<O: Operation> Call<O> {
    /// Adds one query parameter for a list, if there is anything in it.
    pub(crate) fn set_query_joined(
        self,
        name: &'static str,
        delimiter: &str,
        values: impl IntoIterator<Item = impl fmt::Display>,
    ) -> Self {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() { self } else { self.set_query(name, joined(values, delimiter)) }
    }

    /// Adds a query parameter `name[key]` for each member of an object.
    pub(crate) fn set_query_deep(self, name: &'static str, value: &(impl Serialize + ?Sized)) -> Self {
        match json(name, value) {
            Ok(Value::Object(members)) => self.change(|request| {
                for (key, value) in members {
                    super::push(request, format!("{name}[{key}]").into(), value);
                }
                Ok(())
            }),
            Ok(value) => self.set_query_json(name, &value),
            Err(error) => self.fail(error),
        }
    }
}

/// The items of a list, with a delimiter between.
#[allow(dead_code, reason = "which of these are used depends on the features")]
pub(crate) fn joined(values: impl IntoIterator<Item = impl fmt::Display>, delimiter: &str) -> String {
    values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>().join(delimiter)
}

/// What is more than a text or a number in a path or a header: a text as it is; a list, or the keys and values of an object, by commas.
#[allow(dead_code, reason = "which of these are used depends on the features")]
pub(crate) fn written(value: &impl Serialize) -> String {
    match serde_json::to_value(value).unwrap_or_default() {
        Value::Array(items) => joined(items.iter().map(written), ","),
        Value::Object(members) => joined(members.iter().flat_map(|(key, value)| [key.clone(), written(value)]), ","),
        Value::String(text) => text,
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

pub(super) fn json(name: &str, value: &(impl Serialize + ?Sized)) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|error| Error::config(format!("`{name}` cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_go_into_a_path_or_a_header_with_commas() {
        assert_eq!(written(&json!("a")), "a");
        assert_eq!(written(&json!(["a", 1, true])), "a,1,true");
        assert_eq!(written(&json!({ "level": 2, "role": "admin" })), "level,2,role,admin");
        assert_eq!(written(&json!(["a", ["b"], { "c": 1 }])), "a,b,c,1");
        assert_eq!(written(&json!(null)), "");
    }
}
