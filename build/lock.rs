//! The names in `openapi/names.lock`: what has a Rust name keeps it, whatever is added around it or renamed upstream.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{Error, identity, schema, select};

/// Rust names by wire name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// By `operationId`, with `:stream` behind it for the streaming method of two: groups and method, as in `llm.chat.create`.
    pub operations: BTreeMap<String, String>,
    /// By the component's key.
    pub schemas: BTreeMap<String, String>,
}

impl Lock {
    /// Reads lines such as `schema Wire = Rust`; `#` begins a comment.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut lock = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fault =
                |problem: &str| Error::new("", format!("line {}: {problem}", index + 1), "write `schema Wire = Rust`");
            // The wire name may hold anything but a line break; the Rust name holds no ` = `.
            let (what, rust) = line.rsplit_once(" = ").ok_or_else(|| fault("no ` = `"))?;
            let (kind, wire) = what.split_once(' ').ok_or_else(|| fault("no wire name"))?;
            let names = match kind {
                "operation" => &mut lock.operations,
                "schema" => &mut lock.schemas,
                _ => return Err(fault("neither an operation nor a schema")),
            };
            if names.insert(wire.to_owned(), rust.to_owned()).is_some() {
                return Err(fault("a second line of this name"));
            }
        }
        Ok(lock)
    }

    /// Gives names to what the overlay does not name.
    pub fn apply(&self, document: &mut Value) {
        let methods = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
        let methods = methods.filter_map(|(_, item)| item.as_object_mut()).flatten();
        for (_, operation) in methods.filter(|(method, _)| select::METHODS.contains(&method.as_str())) {
            let id = schema::text(operation, "operationId");
            let name = id.and_then(|id| self.operations.get(id)).and_then(|name| name.rsplit('.').next());
            if let (Some(name), Some(operation)) = (name, operation.as_object_mut()) {
                let name = name.trim_start_matches("r#");
                operation.entry("x-rust-name").or_insert_with(|| name.into());
            }
        }
        let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
        for (key, node) in schemas.into_iter().flatten() {
            if let (Some(name), true) = (self.schemas.get(key), identity::is_nominal(node))
                && let Some(node) = node.as_object_mut()
            {
                node.entry("x-rust-name").or_insert_with(|| name.as_str().into());
            }
        }
    }

    /// Where the document has the schema that a Rust name belongs to.
    pub fn holders(&self, document: &Value) -> HashMap<String, String> {
        let schemas = schema::at(document, "/components/schemas");
        let mut holders = HashMap::new();
        for (key, name) in &self.schemas {
            if schemas.is_some_and(|schemas| schemas.get(key).is_some_and(identity::is_nominal)) {
                holders.entry(name.clone()).or_insert_with(|| schema::child("/components/schemas", key));
            }
        }
        holders
    }
}
