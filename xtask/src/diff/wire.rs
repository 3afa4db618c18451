//! What the documents say and the model does not show: content types, statuses, limits, formats. So that no change goes unseen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::operations::Pair;
use super::{Changes, text};
use crate::pipeline::model::{Model, Operation};
use crate::pipeline::schema;
use crate::revision::Revision;
use crate::rules;

/// Keywords that no type or method shows, wherever they stand.
const UNSEEN: [&str; 19] = [
    "allowEmptyValue",
    "contentEncoding",
    "contentMediaType",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "explode",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "style",
    "uniqueItems",
];

/// `seen` are the places that have a change already.
pub fn compare(old: &Revision, new: &Revision, pairs: &[Pair<'_>], seen: &BTreeSet<String>, changes: &mut Changes) {
    for (was, is) in pairs.iter().filter_map(|(was, is)| was.zip(*is)) {
        // The streaming method of two has the same operation behind it.
        if is.key == is.id {
            operation(old, new, was, is, seen, changes);
        }
    }
    schemas(old, new, seen, changes);
    let rest = |document: &Value| {
        let mut rest = document.clone();
        if let Some(map) = rest.as_object_mut() {
            map.retain(|key, _| key != "paths");
            if let Some(components) = map.get_mut("components").and_then(Value::as_object_mut) {
                components.retain(|key, _| key != "schemas");
            }
        }
        rest
    };
    let mut found = Vec::new();
    differences(&rest(&old.document), &rest(&new.document), "", &mut found);
    for (at, _) in found {
        changes.add(rules::UNSEEN, "the document", at, "", "");
    }
}

fn operation(
    old: &Revision,
    new: &Revision,
    was: &Operation,
    is: &Operation,
    seen: &BTreeSet<String>,
    changes: &mut Changes,
) {
    let place = text::operation(is);
    let (before, after) = (contents(&old.document, &was.pointer), contents(&new.document, &is.pointer));
    let mut compared = false;
    for (part, kinds) in &before {
        match after.get(part) {
            None if part == "request" => {}
            None => changes.add(rules::STATUS_REMOVED, &place, part, "", ""),
            Some(others) => {
                for kind in kinds.difference(others) {
                    changes.add(rules::CONTENT_REMOVED, &place, part, kind, "");
                }
                for kind in others.difference(kinds) {
                    changes.add(rules::CONTENT_ADDED, &place, part, "", kind);
                }
            }
        }
        compared |= after.get(part) != Some(kinds);
    }
    for part in after.keys().filter(|part| !before.contains_key(*part)) {
        if part != "request" {
            changes.add(rules::STATUS_ADDED, &place, part, "", "");
        }
        compared = true;
    }
    let node = |revision: &Revision, operation: &Operation| {
        let item = operation.pointer.rsplit_once('/').map_or("", |(item, _)| item).to_owned();
        let shared = revision.document.pointer(&format!("{item}/parameters")).cloned().unwrap_or_default();
        let own = revision.document.pointer(&operation.pointer).cloned().unwrap_or_default();
        serde_json::json!({ "": own, "parameters": shared })
    };
    let mut found = Vec::new();
    differences(&node(old, was), &node(new, is), "", &mut found);
    unseen(&place, "", found, compared || seen.contains(&place), changes);
}

/// Content types of the request and of every status.
fn contents(document: &Value, at: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut contents = BTreeMap::new();
    let Some(operation) = document.pointer(at) else { return contents };
    let follow = |node: &Value| {
        let target = schema::reference(node, "").ok().flatten().and_then(|target| document.pointer(&target).cloned());
        target.unwrap_or_else(|| node.clone())
    };
    let kinds = |node: &Value| schema::object(&follow(node), "content").map(|(kind, _)| kind.clone()).collect();
    if let Some(body) = operation.get("requestBody") {
        contents.insert("request".to_owned(), kinds(body));
    }
    for (status, response) in schema::object(operation, "responses") {
        contents.insert(format!("status {status}"), kinds(response));
    }
    contents
}

fn schemas(old: &Revision, new: &Revision, seen: &BTreeSet<String>, changes: &mut Changes) {
    const SCHEMAS: &str = "/components/schemas";
    let list = |revision: &Revision| {
        let schemas = revision.document.pointer(SCHEMAS).and_then(Value::as_object).cloned();
        schemas.unwrap_or_default()
    };
    let (before, after) = (list(old), list(new));
    let (old_types, new_types) = (by_schema(&old.model), by_schema(&new.model));
    let none = BTreeSet::new();
    for (key, was) in &before {
        let names = old_types.get(key).unwrap_or(&none).union(new_types.get(key).unwrap_or(&none));
        let is_seen = names.clone().any(|name| seen.contains(name));
        let place = names.clone().next().map_or_else(|| format!("schema {key}"), Clone::clone);
        let part = format!("schema {key}");
        match after.get(key) {
            Some(is) => {
                let mut found = Vec::new();
                differences(was, is, "", &mut found);
                unseen(&place, &part, found, is_seen, changes);
            }
            None if !is_seen => changes.add(rules::UNSEEN, &place, part, "there", "gone"),
            None => {}
        }
    }
    for key in after.keys().filter(|key| !before.contains_key(*key)) {
        let names = new_types.get(key).unwrap_or(&none);
        if !names.iter().any(|name| seen.contains(name)) {
            let place = names.first().map_or_else(|| format!("schema {key}"), Clone::clone);
            changes.add(rules::UNSEEN, &place, format!("schema {key}"), "", "there");
        }
    }
}

/// The Rust types that are made of a component.
fn by_schema(model: &Model) -> BTreeMap<String, BTreeSet<String>> {
    let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, definition) in &model.types {
        for key in definition.pointers.iter().filter_map(|at| at.strip_prefix("/components/schemas/")) {
            let key = schema::unescape(key.split('/').next().unwrap_or_default());
            types.entry(key).or_default().insert(name.clone());
        }
    }
    types
}

/// Adds the places of unseen keywords; and all others if nothing else tells of a change here.
fn unseen(place: &str, part: &str, found: Vec<(String, bool)>, is_seen: bool, changes: &mut Changes) {
    let places = found.into_iter().filter(|(_, unseen)| *unseen || !is_seen).map(|(at, _)| at);
    let places: BTreeSet<String> = places.collect();
    if !places.is_empty() {
        let mut shown: Vec<String> = places.iter().take(6).cloned().collect();
        if places.len() > shown.len() {
            shown.push(format!("and {} more", places.len() - shown.len()));
        }
        changes.add(rules::UNSEEN, place, format!("{part} {}", shown.join(", ")).trim(), "", "");
    }
}

/// Where two values differ, and whether that is by a keyword that nobody sees.
fn differences(was: &Value, is: &Value, at: &str, found: &mut Vec<(String, bool)>) {
    match (was, is) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let at = schema::child(at, key);
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => differences(a, b, &at, found),
                    // A property of this name is no keyword.
                    _ => found.push((at.clone(), UNSEEN.contains(&key.as_str()) && !in_properties(&at))),
                }
            }
            // In `properties` and lists of schemas the order is that of fields and arguments; the model tells where it counts.
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(index, (a, b))| differences(a, b, &format!("{at}/{index}"), found));
        }
        (a, b) if a == b => {}
        _ => {
            let keyword = at.rsplit('/').next().unwrap_or_default();
            found.push((at.to_owned(), UNSEEN.contains(&keyword) && !in_properties(at)));
        }
    }
}

fn in_properties(at: &str) -> bool {
    at.rsplit('/').nth(1) == Some("properties")
}
