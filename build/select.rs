//! Which operations are generated: those whose group's Cargo feature is on.

use serde_json::Value;

use super::{Error, schema};

/// An operation of the document that was selected.
#[derive(Debug)]
pub struct Selected {
    pub pointer: String,
    pub method: String,
    pub path: String,
    pub group: Vec<String>,
}

/// What the client has methods for already.
pub const CLIENT: [&str; 6] = ["builder", "clone", "from_env", "request_options", "shared", "with_options"];

/// The methods that an operation may have.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Selected operations in document order.
pub fn operations(document: &Value, enabled: &dyn Fn(&str) -> bool) -> Result<Vec<Selected>, Error> {
    let mut selected = Vec::new();
    for (path, item) in schema::object(document, "paths") {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let group = group(operation);
            if enabled(&feature(&group)) {
                let pointer = schema::child(&schema::child("/paths", path), method);
                selected.push(Selected { pointer, method: method.into(), path: path.clone(), group });
            }
        }
    }
    Ok(selected)
}

/// `llm.chat` from `x-speakeasy-group`, else the first tag, else `default`.
fn group(operation: &Value) -> Vec<String> {
    let tag = || operation.get("tags")?.get(0)?.as_str();
    let group = schema::text(operation, "x-speakeasy-group").or_else(tag).unwrap_or("default");
    let mut group: Vec<String> = group.split('.').map(super::names::snake).collect();
    // The first is reached by a method of the client, which has others.
    if let Some(first) = group.first_mut().filter(|first| CLIENT.contains(&first.as_str())) {
        first.push('_');
    }
    group
}

/// The Cargo feature a group belongs to: one for each top-level group, and one for each group under `llm`.
pub fn feature(group: &[String]) -> String {
    match group {
        [llm, second, ..] if llm == "llm" => format!("llm-{second}"),
        [first, ..] => first.trim_start_matches("r#").trim_end_matches('_').to_owned(),
        [] => "default".into(),
    }
    .replace('_', "-")
}
