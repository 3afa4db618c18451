//! Which schemas are one type: a fingerprint of all that is Rust about a schema, and of none of its docs.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::{names, schema};

/// Fingerprints by pointer.
#[derive(Default)]
pub struct Identity {
    known: HashMap<String, u64>,
    /// What is being looked at, for schemas that hold themselves.
    path: Vec<String>,
}

/// Keywords that decide what Rust type a schema becomes.
const SHAPE: [&str; 14] = [
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "format",
    "items",
    "nullable",
    "oneOf",
    "properties",
    "required",
    "type",
    "x-rust-use",
];

impl Identity {
    /// The fingerprint of the schema at `at`, whatever it is called.
    pub fn of(&mut self, document: &Value, at: &str) -> u64 {
        self.find(document, at).0
    }

    /// The fingerprint, and the outermost schema on the way that it leads back to.
    fn find(&mut self, document: &Value, at: &str) -> (u64, usize) {
        if let Some(known) = self.known.get(at) {
            return (*known, usize::MAX);
        }
        let depth = self.path.len();
        self.path.push(at.to_owned());
        let mut hasher = DefaultHasher::new();
        let mut back = usize::MAX;
        if let Some(node) = schema::at(document, at) {
            self.hash(document, node, at, &mut hasher, &mut back);
        }
        self.path.pop();
        let hash = hasher.finish();
        // Within a circle the fingerprint depends on where it was entered, so it is not kept.
        if back >= depth {
            self.known.insert(at.to_owned(), hash);
            back = usize::MAX;
        }
        (hash, back)
    }

    fn hash(&mut self, document: &Value, node: &Value, at: &str, hasher: &mut DefaultHasher, back: &mut usize) {
        let is_top = self.path.last().is_some_and(|top| top == at);
        match node {
            Value::Object(map) => {
                if let Ok(Some(target)) = schema::reference(node, at) {
                    return self.hash_target(document, at, &target, hasher, back);
                }
                if is_name_map(at) {
                    // Their order is that of the fields.
                    for (name, property) in map {
                        name.hash(hasher);
                        self.hash(document, property, &schema::child(at, name), hasher, back);
                    }
                } else {
                    let listed = map.contains_key("enum") || map.contains_key("const");
                    for key in SHAPE.into_iter().filter(|key| !(listed && *key == "type")) {
                        let Some(value) = map.get(key) else { continue };
                        match key {
                            "oneOf" => "anyOf".hash(hasher),
                            "format" if value != "binary" => continue,
                            // Whether null is allowed belongs to the place, not the type.
                            "nullable" if is_top => continue,
                            "required" => {
                                schema::required(node).into_iter().collect::<BTreeSet<_>>().hash(hasher);
                                continue;
                            }
                            key => key.hash(hasher),
                        }
                        self.hash(document, value, &schema::child(at, key), hasher, back);
                    }
                    if !is_top {
                        map.get("x-rust-name").map(Value::to_string).hash(hasher);
                    }
                }
                u8::MAX.hash(hasher);
            }
            Value::Array(items) => {
                let of_top = at.rsplit_once('/').is_some_and(|(of, _)| self.path.last().is_some_and(|top| top == of));
                let is_null = |item: &Value| item.is_null() || item == "null" || schema::is_null(document, item);
                // In no list of a schema that matters here does the order.
                let mut hashes = Vec::new();
                for (index, item) in items.iter().enumerate().filter(|(_, item)| !(of_top && is_null(item))) {
                    let mut own = DefaultHasher::new();
                    self.hash(document, item, &format!("{at}/{index}"), &mut own, back);
                    hashes.push(own.finish());
                }
                hashes.sort_unstable();
                hashes.hash(hasher);
            }
            scalar => scalar.to_string().hash(hasher),
        }
    }

    fn hash_target(&mut self, document: &Value, at: &str, target: &str, hasher: &mut DefaultHasher, back: &mut usize) {
        let Some(node) = schema::at(document, target) else { return };
        // An enum in a union with a text becomes the union's, whatever it is called.
        let in_union = at.rsplit_once('/').is_some_and(|(list, _)| list.ends_with("Of"));
        if is_nominal(node) && !(in_union && schema::texts(node).is_some()) {
            declared_name(node, target).hash(hasher);
        }
        if let Some(depth) = self.path.iter().position(|at| at == target) {
            *back = (*back).min(depth);
            return;
        }
        let (hash, further) = self.find(document, target);
        *back = (*back).min(further);
        hash.hash(hasher);
    }
}

/// Whether the keys of the object at `at` are names of properties, not keywords.
fn is_name_map(at: &str) -> bool {
    at.ends_with("/properties")
}

/// Whether a schema can become a type with a name.
pub fn is_nominal(node: &Value) -> bool {
    let has = |key: &str| node.get(key).is_some();
    has("allOf") || has("oneOf") || has("anyOf") || has("enum") || has("const") || has("properties")
}

/// The name that the document and the overlay give the component at `at`.
pub fn declared_name(node: &Value, at: &str) -> String {
    schema::text(node, "x-rust-name").map_or_else(|| component_name(at), str::to_owned)
}

/// The name that follows from a component's key.
pub fn component_name(at: &str) -> String {
    names::type_name(&schema::unescape(at.rsplit('/').next().unwrap_or_default()))
}
