//! Reading JSON Schema as OpenAPI documents use it: pointers, references, null members, JSON types.

use serde_json::{Map, Value};

use super::Error;

/// One JSON pointer token, escaped (RFC 6901).
pub fn escape(token: &str) -> String {
    if !token.contains(['~', '/']) {
        return token.to_owned();
    }
    token.replace('~', "~0").replace('/', "~1")
}

/// The text of an escaped JSON pointer token.
pub fn unescape(token: &str) -> String {
    let mut parts = token.split('~');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (sign, rest) = match part.as_bytes().first() {
            Some(b'0') => ("~", &part[1..]),
            Some(b'1') => ("/", &part[1..]),
            _ => ("~", part),
        };
        text.push_str(sign);
        text.push_str(rest);
    }
    text
}

/// `pointer` with one more token.
pub fn child(pointer: &str, token: &str) -> String {
    let mut child = String::with_capacity(pointer.len() + 1 + token.len());
    child.push_str(pointer);
    child.push('/');
    child.push_str(&escape(token));
    child
}

/// The node at a pointer, as `Value::pointer` finds it: this is most of what the stages do, and few tokens have anything to unescape.
pub fn at<'v>(document: &'v Value, pointer: &str) -> Option<&'v Value> {
    if pointer.is_empty() {
        return Some(document);
    }
    let mut rest = Some(pointer.strip_prefix('/')?);
    let mut node = document;
    while let Some(tokens) = rest {
        let token = match tokens.split_once('/') {
            Some((token, more)) => {
                rest = Some(more);
                token
            }
            None => {
                rest = None;
                tokens
            }
        };
        node = match node {
            Value::Object(map) if token.contains('~') => map.get(&unescape(token))?,
            Value::Object(map) => map.get(token)?,
            // No index is written with a sign, nor with a zero in front.
            Value::Array(_) if token.starts_with('+') || (token.starts_with('0') && token.len() > 1) => return None,
            Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(node)
}

/// Where a local `$ref` points; references to other files are refused.
pub fn reference(schema: &Value, at: &str) -> Result<Option<String>, Error> {
    let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return Ok(None) };
    match reference.strip_prefix('#') {
        Some(pointer) if pointer.is_empty() || pointer.starts_with('/') => {
            // References may be percent-encoded (RFC 6901, section 6).
            Ok(Some(percent_encoding::percent_decode_str(pointer).decode_utf8_lossy().into_owned()))
        }
        _ => Err(Error::new(
            child(at, "$ref"),
            format!("reference {reference:?} leaves the document"),
            "bundle the document into one file",
        )),
    }
}

/// The node at `pointer`, or the error that names the broken reference.
pub fn node<'d>(document: &'d Value, pointer: &str) -> Result<&'d Value, Error> {
    at(document, pointer).ok_or_else(|| Error::new(pointer, "nothing is here", "mend the reference that points here"))
}

/// Follows references, and unions that are `X or null`, to the schema that says something.
pub fn unwrap(document: &Value, pointer: &str) -> Result<String, Error> {
    unwrapped(document, pointer, node(document, pointer)?).map(|(at, _)| at)
}

/// The same from a schema that was found already, with what is there.
pub fn unwrapped<'d>(document: &'d Value, pointer: &str, schema: &'d Value) -> Result<(String, &'d Value), Error> {
    let (mut at, mut schema) = (pointer.to_owned(), schema);
    // A chain longer than the document has nodes on it can only be a circle.
    for _ in 0..64 {
        let next = match target(document, schema, &at)? {
            Some(target) => Some(target),
            None => only_member(document, schema, &at),
        };
        match next {
            Some(next) => (at, schema) = next,
            None => return Ok((at, schema)),
        }
    }
    Err(Error::new(pointer, "a circle of references", "break it"))
}

/// Where the `$ref` at `at` points, if there is one, and what is there.
fn target<'d>(document: &'d Value, schema: &Value, at: &str) -> Result<Option<(String, &'d Value)>, Error> {
    let Some(target) = reference(schema, at)? else { return Ok(None) };
    match self::at(document, &target) {
        Some(schema) => Ok(Some((target, schema))),
        None => Err(Error::new(
            child(at, "$ref"),
            format!("a reference to #{target}, where nothing is"),
            "mend the reference, or add what it points to",
        )),
    }
}

/// The single non-null member of a union or the single part of an `allOf`.
pub fn only_member<'s>(document: &Value, schema: &'s Value, at: &str) -> Option<(String, &'s Value)> {
    if schema.get("properties").is_some() {
        return None;
    }
    let mut keys = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| Some((key, schema.get(key)?)));
    let ((key, members), None) = (keys.next()?, keys.next()) else { return None };
    let mut rest = members.as_array()?.iter().enumerate().filter(|(_, member)| !is_null(document, member));
    match (rest.next(), rest.next()) {
        (Some((index, member)), None) => Some((format!("{at}/{key}/{index}"), member)),
        _ => None,
    }
}

/// Whether a union member is just `null`.
pub fn is_null(document: &Value, schema: &Value) -> bool {
    if let Ok(Some(target)) = reference(schema, "") {
        return at(document, &target).is_some_and(|schema| schema.get("$ref").is_none() && is_null(document, schema));
    }
    schema.get("type") == Some(&Value::String("null".into()))
        || schema.get("const") == Some(&Value::Null)
        || schema.get("enum").and_then(Value::as_array).is_some_and(|e| e == &[Value::Null])
}

/// The union's members as pointers, without null ones.
pub fn members(document: &Value, at: &str) -> Option<Vec<String>> {
    members_of(document, at, self::at(document, at)?)
}

/// The same of a schema that was found already.
pub fn members_of(document: &Value, at: &str, schema: &Value) -> Option<Vec<String>> {
    let (key, members) = ["oneOf", "anyOf"].into_iter().find_map(|key| Some((key, schema.get(key)?)))?;
    let members = members.as_array()?;
    Some(
        (0..members.len())
            .filter(|index| !is_null(document, &members[*index]))
            .map(|index| format!("{at}/{key}/{index}"))
            .collect(),
    )
}

/// The JSON type that a schema's instances have, when it is one (`integer` apart from `number`).
pub fn json_type(schema: &Value) -> Option<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => return Some(one),
        Some(Value::Array(types)) => {
            let mut rest = types.iter().filter_map(Value::as_str).filter(|t| *t != "null");
            return match (rest.next(), rest.next()) {
                (Some(one), None) => Some(one),
                _ => None,
            };
        }
        _ => {}
    }
    if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
        return Some("object");
    }
    if schema.get("items").is_some() {
        return Some("array");
    }
    let listed = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let values = schema.get("const").map_or(listed, std::slice::from_ref);
    let mut types = values.iter().filter(|value| !value.is_null()).map(|value| match value {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(n) if n.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        _ => None,
    });
    let first = types.next()??;
    types.try_fold(first, |one, other| match (one, other?) {
        (one, other) if one == other => Some(one),
        ("integer" | "number", "integer" | "number") => Some("number"),
        _ => None,
    })
}

/// The texts of a string enum or constant.
pub fn texts(schema: &Value) -> Option<Vec<&str>> {
    if let Some(constant) = schema.get("const") {
        return constant.as_str().map(|text| vec![text]);
    }
    let values = schema.get("enum")?.as_array()?;
    values.iter().filter(|value| !value.is_null()).map(Value::as_str).collect()
}

/// The text values that property `name` is bound to by the object schema at `at`.
pub fn property_texts(document: &Value, at: &str, name: &str) -> Option<Vec<String>> {
    let property = child(&format!("{at}/properties"), name);
    self::at(document, &property)?;
    let at = unwrap(document, &property).ok()?;
    let texts = texts(self::at(document, &at)?)?;
    Some(texts.into_iter().map(str::to_owned).collect())
}

/// An object's `required` names.
pub fn required(schema: &Value) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.map(|names| names.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// A keyword's object, or an empty one.
pub fn object<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

/// A keyword's text.
pub fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// The only value a schema allows, as JSON text.
pub fn constant(schema: &Value) -> Option<String> {
    let only = schema.get("const").or_else(|| match schema.get("enum")?.as_array()?.as_slice() {
        [only] => Some(only),
        _ => None,
    })?;
    (!only.is_object() && !only.is_array()).then(|| only.to_string())
}
