//! Reads a document (JSON or YAML), checks that it is one we can take, and drops its prose.

use serde_json::Value;

use super::{Error, paths};

/// Parses JSON, or YAML where the text does not begin with a brace.
pub fn parse(text: &str) -> Result<Value, Error> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|e| Error::new("", format!("not JSON: {e}"), "correct the file"))
    } else {
        yaml_serde::from_str(text).map_err(|e| Error::new("", format!("not YAML: {e}"), "correct the file"))
    }
}

/// An OpenAPI 3.0 or 3.1 document with paths.
pub fn document(text: &str) -> Result<Value, Error> {
    let mut document = parse(text)?;
    let version = document.get("openapi").and_then(Value::as_str).unwrap_or_default();
    if !(version.starts_with("3.0.") || version.starts_with("3.1.")) {
        return Err(Error::new(
            "/openapi",
            format!("version {version:?} is not supported"),
            "use an OpenAPI 3.0 or 3.1 document",
        ));
    }
    if !document.get("paths").is_some_and(Value::is_object) {
        return Err(Error::new("/paths", "no paths", "use a document that has operations"));
    }
    paths::gather(&mut document)?;
    Ok(document)
}

/// Keywords whose value maps names to things; the names are not keywords.
const NAME_MAPS: [&str; 19] = [
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "paths",
    "content",
    "encoding",
    "mapping",
    "variables",
];

/// Keywords that hold data, not more document.
const DATA: [&str; 3] = ["default", "const", "enum"];

/// Removes descriptions, summaries, titles and examples.
pub fn strip_prose(value: &mut Value) {
    strip(value, false);
}

fn strip(value: &mut Value, names: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, false)),
        Value::Object(map) => {
            if !names {
                map.retain(|key, value| match key.as_str() {
                    "description" | "summary" | "title" => !value.is_string(),
                    "example" | "examples" | "externalDocs" => false,
                    _ => true,
                });
            }
            for (key, child) in map.iter_mut() {
                if names {
                    strip(child, false);
                } else if !DATA.contains(&key.as_str()) {
                    let is_names = child.is_object() && NAME_MAPS.contains(&key.as_str());
                    strip(child, is_names);
                }
            }
        }
        _ => {}
    }
}
