//! Applies an OpenAPI Overlay 1.0 document: <https://spec.openapis.org/overlay/v1.0.0.html>.

use serde_json::Value;
use serde_json_path::JsonPath;

use super::{Error, schema};

/// Runs the actions in order; a target that matches nothing is a warning, since the next document may lack it.
pub fn apply(overlay: &Value, name: &str, document: &mut Value, warnings: &mut Vec<String>) -> Result<(), Error> {
    let version = overlay.get("overlay").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("1.0.") {
        return Err(invalid("/overlay", format!("version {version:?} is not supported"), "write 1.0.0"));
    }
    let actions = overlay
        .get("actions")
        .and_then(Value::as_array)
        .ok_or_else(|| invalid("/actions", "no list of actions".into(), "give at least one action"))?;
    for (index, action) in actions.iter().enumerate() {
        let at = format!("/actions/{index}");
        let target = action
            .get("target")
            .and_then(Value::as_str)
            .ok_or_else(|| invalid(&at, "no target".into(), "give a JSONPath expression"))?;
        let pointers =
            matches(target, document).map_err(|e| invalid(&format!("{at}/target"), e, "write an RFC 9535 JSONPath"))?;
        if pointers.is_empty() {
            warnings.push(format!("{name}#{at}: the target {target} matches nothing"));
        }
        if action.get("remove") == Some(&Value::Bool(true)) {
            // Backwards, so that an array's later elements go before earlier ones move them.
            pointers.iter().rev().for_each(|pointer| remove(document, pointer));
        } else if let Some(update) = action.get("update") {
            for pointer in &pointers {
                if let Some(node) = document.pointer_mut(pointer) {
                    merge(node, update, &format!("{name}#{at}"), warnings);
                }
            }
        } else {
            return Err(invalid(&at, "neither update nor remove".into(), "say which"));
        }
    }
    Ok(())
}

fn invalid(pointer: &str, problem: String, cure: &str) -> Error {
    Error::new(pointer, problem, cure)
}

/// JSON pointers of the nodes that a JSONPath selects, in document order.
fn matches(path: &str, document: &Value) -> Result<Vec<String>, String> {
    if let Some(pointer) = plain(path) {
        let found = schema::at(document, &pointer).is_some();
        return Ok(found.then_some(pointer).into_iter().collect());
    }
    let path = JsonPath::parse(path).map_err(|e| e.to_string())?;
    let located = path.query_located(document);
    Ok(located.iter().map(|node| node.location().to_json_pointer()).collect())
}

/// The pointer of a path that has names only, `$.paths['/a'].get`: most are such, and need no query.
fn plain(path: &str) -> Option<String> {
    let mut pointer = String::new();
    let mut rest = path.strip_prefix('$')?;
    while !rest.is_empty() {
        let (name, tail) = match rest.strip_prefix("['") {
            Some(quoted) => quoted.split_once("']")?,
            None => {
                let name = rest.strip_prefix('.')?;
                name.split_at(name.find(['.', '[']).unwrap_or(name.len()))
            }
        };
        // Where a name has more to it than that, the query decides what it means; so it does of arrays, which have no names.
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_plain = |byte: u8| is_name(byte) || b"/{}-.:".contains(&byte);
        let is_shorthand = rest.starts_with('.');
        let fits = name.bytes().all(|byte| if is_shorthand { is_name(byte) } else { is_plain(byte) });
        if !fits || name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        pointer = schema::child(&pointer, name);
        rest = tail;
    }
    Some(pointer)
}

/// Objects merge key by key, arrays are appended to, everything else is replaced. `at` is the action, for warnings.
pub fn merge(node: &mut Value, update: &Value, at: &str, warnings: &mut Vec<String>) {
    merge_into(node, update, false, at, warnings);
}

/// `properties`: the keys are names of properties, not keywords.
fn merge_into(node: &mut Value, update: &Value, properties: bool, at: &str, warnings: &mut Vec<String>) {
    match (node, update) {
        (Value::Object(node), Value::Object(update)) => {
            for (key, value) in update {
                match node.get_mut(key) {
                    Some(child) => merge_into(child, value, !properties && key == "properties", at, warnings),
                    // A description of what is not there would make a property of its own.
                    None if properties && !value.as_object().is_some_and(|map| map.keys().any(|k| is_shape(k))) => {
                        warnings.push(format!("{at}: no property {key:?} to describe"));
                    }
                    None => drop(node.insert(key.clone(), value.clone())),
                }
            }
        }
        (Value::Array(node), Value::Array(update)) => node.extend(update.iter().cloned()),
        (Value::Array(node), update) => node.push(update.clone()),
        (node, update) => *node = update.clone(),
    }
}

/// Keywords that say what a value looks like, unlike annotations.
fn is_shape(keyword: &str) -> bool {
    !(keyword.starts_with("x-") || matches!(keyword, "description" | "default" | "deprecated"))
}

/// Takes the node at `pointer` out of its parent.
pub fn remove(document: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    match document.pointer_mut(parent) {
        Some(Value::Object(map)) => {
            map.shift_remove(&schema::unescape(key));
        }
        Some(Value::Array(items)) => {
            if let Ok(index) = key.parse::<usize>()
                && index < items.len()
            {
                items.remove(index);
            }
        }
        _ => {}
    }
}
