//! Reads a document (JSON or YAML), checks that it is one we can take, and drops its prose.

use serde_json::{Map, Value};

use super::{Error, paths, yaml};

/// Parses JSON or YAML. What begins with a brace may be either, and is most likely JSON.
pub fn parse(text: &str) -> Result<Value, Error> {
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return yaml::parse(text);
    }
    serde_json::from_str(text).or_else(|error| {
        yaml::parse(text).map_err(|_| Error::new("", format!("not JSON: {error}"), "correct the file"))
    })
}

/// An OpenAPI 3.0 or 3.1 document. In 3.1 it may lack paths, and describe only webhooks or components: then no operations come of it.
pub fn document(text: &str) -> Result<Value, Error> {
    let mut document = parse(text)?;
    let version = version(&document)?;
    if document.get("paths").is_none() && version.starts_with("3.1.") {
        document["paths"] = Value::Object(Map::new());
    }
    document["openapi"] = version.into();
    if !document.get("paths").is_some_and(Value::is_object) {
        return Err(Error::new("/paths", "no paths", "use a document that has operations"));
    }
    paths::gather(&mut document)?;
    Ok(document)
}

/// Refuses all but 3.0 and 3.1, which may be shorter than the specification has it: in YAML `3.1` is a number.
fn version(document: &Value) -> Result<String, Error> {
    let said = |key: &str| document.get(key).map(|said| said.as_str().map_or_else(|| said.to_string(), str::to_owned));
    match (said("openapi"), said("swagger")) {
        (Some(version), _) if version.starts_with("3.0.") || version.starts_with("3.1.") => Ok(version),
        (Some(version), _) if version == "3.0" || version == "3.1" => Ok(format!("{version}.0")),
        (Some(version), _) => {
            let problem = format!("version {version:?} is not supported");
            Err(Error::new("/openapi", problem, "use an OpenAPI 3.0 or 3.1 document"))
        }
        (None, Some(version)) => {
            let problem = format!("Swagger {version} is not supported");
            Err(Error::new("/swagger", problem, "convert the document to OpenAPI 3.0 or 3.1"))
        }
        (None, None) => {
            Err(Error::new("/openapi", "no version of OpenAPI is given", "use an OpenAPI 3.0 or 3.1 document"))
        }
    }
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
