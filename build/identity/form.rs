//! What a schema says, without its docs: a tree that ends at references.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value};

use super::{declared_name, is_nominal, schema};

/// A schema or a part of one. What holds no reference is a number already.
pub enum Form {
    Fixed(u64),
    /// A reference: by which name, and to which schema.
    Reference {
        name: Option<String>,
        target: usize,
    },
    List(Vec<Form>),
    /// In any order.
    Set(Vec<Form>),
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

impl Form {
    pub fn nothing() -> Self {
        Self::Fixed(0)
    }

    /// A number for the form where each reference means what `meaning` has for its target.
    pub fn hash(&self, meaning: &[usize]) -> u64 {
        match self {
            Self::Fixed(hash) => *hash,
            Self::Reference { name, target } => hash(&(name, meaning[*target])),
            Self::List(parts) => hash(&parts.iter().map(|part| part.hash(meaning)).collect::<Vec<_>>()),
            Self::Set(parts) => {
                let mut hashes: Vec<u64> = parts.iter().map(|part| part.hash(meaning)).collect();
                hashes.sort_unstable();
                hash(&hashes)
            }
        }
    }

    /// What is referred to, each once.
    pub fn targets(&self) -> Vec<usize> {
        let mut targets = Vec::new();
        self.add_targets(&mut targets);
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    fn add_targets(&self, targets: &mut Vec<usize>) {
        match self {
            Self::Fixed(_) => {}
            Self::Reference { target, .. } => targets.push(*target),
            Self::List(parts) | Self::Set(parts) => parts.iter().for_each(|part| part.add_targets(targets)),
        }
    }

    fn folded(self) -> Self {
        match &self {
            Self::List(parts) | Self::Set(parts) if parts.iter().all(|part| matches!(part, Self::Fixed(_))) => {
                Self::Fixed(self.hash(&[]))
            }
            _ => self,
        }
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn fixed(value: &impl Hash) -> Form {
    Form::Fixed(hash(value))
}

/// Reads a schema; `meet` gives the number of a schema that is referred to.
pub fn read(document: &Value, node: &Value, meet: &mut dyn FnMut(&str) -> usize) -> Form {
    Reading { document, meet }.value(node, Place { is_top: true, ..Place::default() })
}

struct Reading<'d> {
    document: &'d Value,
    meet: &'d mut dyn FnMut(&str) -> usize,
}

#[derive(Clone, Copy, Default)]
struct Place {
    /// The schema itself.
    is_top: bool,
    /// Directly under a keyword of the schema itself.
    of_top: bool,
    in_union: bool,
}

impl Reading<'_> {
    fn value(&mut self, node: &Value, place: Place) -> Form {
        match node {
            Value::Object(map) => match schema::reference(node, "") {
                Ok(Some(target)) => self.reference(&target, place),
                _ => self.keywords(node, map, place.is_top),
            },
            Value::Array(items) => {
                // Whether null is allowed belongs to the place, not the type.
                let is_null = |item: &Value| item.is_null() || item == "null" || schema::is_null(self.document, item);
                let items = items.iter().filter(|item| !(place.of_top && is_null(item))).collect::<Vec<_>>();
                let place = Place { in_union: place.in_union, ..Place::default() };
                // In no list of a schema that matters here does the order.
                Form::Set(items.into_iter().map(|item| self.value(item, place)).collect()).folded()
            }
            scalar => fixed(&scalar.to_string()),
        }
    }

    fn keywords(&mut self, node: &Value, map: &Map<String, Value>, is_top: bool) -> Form {
        let mut parts = Vec::new();
        let listed = map.contains_key("enum") || map.contains_key("const");
        for key in SHAPE.into_iter().filter(|key| !(listed && *key == "type")) {
            let Some(value) = map.get(key) else { continue };
            match (key, value) {
                ("format", format) if format != "binary" => continue,
                ("nullable", _) if is_top => continue,
                _ => {}
            }
            parts.push(fixed(&if key == "oneOf" { "anyOf" } else { key }));
            parts.push(match (key, value) {
                ("required", _) => fixed(&schema::required(node).into_iter().collect::<BTreeSet<_>>()),
                ("properties", Value::Object(properties)) => self.properties(properties),
                _ => self.value(value, Place { is_top: false, of_top: is_top, in_union: key.ends_with("Of") }),
            });
        }
        if !is_top {
            parts.push(fixed(&map.get("x-rust-name").map(Value::to_string)));
        }
        Form::List(parts).folded()
    }

    /// Their order is that of the fields.
    fn properties(&mut self, properties: &Map<String, Value>) -> Form {
        let each = properties.iter().flat_map(|(name, property)| [fixed(name), self.value(property, Place::default())]);
        Form::List(each.collect()).folded()
    }

    fn reference(&mut self, target: &str, place: Place) -> Form {
        // An enum in a union with a text becomes the union's, whatever it is called.
        let has_name = |node: &Value| is_nominal(node) && !(place.in_union && schema::texts(node).is_some());
        let node = schema::at(self.document, target).filter(|node| has_name(node));
        Form::Reference { name: node.map(|node| declared_name(node, target)), target: (self.meet)(target) }
    }
}
