//! Gives the schemas of a new document the component names that they have in the one so far.
//!
//! Upstream may serve a schema inline where the document here has a component, or under another key. Component keys are what Rust names come
//! from and what the overlays point at, so they stay: both documents are walked side by side from the operations, and where the old one
//! refers to a component that the new one lacks, what stands there becomes that component. What the schemas say is not touched, nor is a
//! key that the lock or an overlay knows already: the document so far may be older than those, and have others.

mod members;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::pipeline::{schema, select};

const SCHEMAS: &str = "/components/schemas";

/// Aligns `new` with `old`; `known` are the keys that have a name.
pub fn align(old: &Value, new: &mut Value, known: &BTreeSet<String>) {
    let mut walk = Walk { old, new, known, seen: BTreeSet::new(), renamed: BTreeMap::new() };
    for (was, is) in walk.operations() {
        walk.operation(&was, &is);
    }
    let renamed = std::mem::take(&mut walk.renamed);
    if !renamed.is_empty() {
        rename(new, &renamed);
    }
}

struct Walk<'d> {
    old: &'d Value,
    new: &'d mut Value,
    known: &'d BTreeSet<String>,
    /// Pairs of places that were looked at: schemas may hold themselves.
    seen: BTreeSet<(String, String)>,
    /// Components of the new document that have another key in the old one.
    renamed: BTreeMap<String, String>,
}

impl Walk<'_> {
    /// Operations of both documents: by id, else by path and method.
    fn operations(&self) -> Vec<(String, String)> {
        let list = |document: &Value| {
            let paths = schema::object(document, "paths").flat_map(|(path, item)| {
                let at = schema::child("/paths", path);
                let methods = select::METHODS.into_iter().filter_map(move |method| Some((method, item.get(method)?)));
                methods.map(move |(method, node)| (schema::child(&at, method), id(node))).collect::<Vec<_>>()
            });
            paths.collect::<Vec<_>>()
        };
        let old = list(self.old);
        let pairs = list(self.new).into_iter().filter_map(|(at, id)| {
            let by_id = old.iter().find(|(_, other)| id.is_some() && *other == id);
            let same = by_id.or_else(|| old.iter().find(|(other, _)| *other == at))?;
            Some((same.0.clone(), at))
        });
        pairs.collect()
    }

    fn operation(&mut self, was: &str, is: &str) {
        let key = |node: &Value| (node.get("name").cloned(), node.get("in").cloned());
        let names = |document: &Value, at: &str| {
            let list = document.pointer(at).and_then(|node| node.get("parameters")?.as_array().cloned());
            list.unwrap_or_default().iter().map(key).collect::<Vec<_>>()
        };
        let (old, new) = (names(self.old, was), names(self.new, is));
        for (index, name) in new.iter().enumerate() {
            if let Some(other) = old.iter().position(|other| other == name) {
                self.visit(&format!("{was}/parameters/{other}/schema"), &format!("{is}/parameters/{index}/schema"));
            }
        }
        self.contents(&format!("{was}/requestBody"), &format!("{is}/requestBody"));
        let responses = self.new.pointer(is).map(|node| schema::object(node, "responses"));
        let statuses: Vec<String> = responses.into_iter().flatten().map(|(status, _)| status.clone()).collect();
        for status in statuses {
            self.contents(
                &schema::child(&format!("{was}/responses"), &status),
                &schema::child(&format!("{is}/responses"), &status),
            );
        }
    }

    fn contents(&mut self, was: &str, is: &str) {
        let kinds = self.new.pointer(is).map(|node| schema::object(node, "content"));
        let kinds: Vec<String> = kinds.into_iter().flatten().map(|(kind, _)| kind.clone()).collect();
        for kind in kinds {
            let of = |at: &str| format!("{}/schema", schema::child(&format!("{at}/content"), &kind));
            self.visit(&of(was), &of(is));
        }
    }

    /// A schema in both documents.
    fn visit(&mut self, was: &str, is: &str) {
        if !self.seen.insert((was.to_owned(), is.to_owned())) {
            return;
        }
        let (Some(old), Some(new)) = (self.old.pointer(was), self.new.pointer(is)) else { return };
        let target = |node: &Value| schema::reference(node, "").ok().flatten();
        match (target(old), target(new)) {
            (Some(was), Some(is)) => {
                self.note_renamed(&was, &is);
                self.visit(&was, &is);
            }
            (Some(component), None) => {
                // What is inside first, so that what stands here is compared with the component as it will be.
                self.children(&component, is);
                self.hoist(old, &component, is);
            }
            (None, Some(is)) => self.visit(was, &is),
            (None, None) => {
                self.split_null(was, is);
                self.children(was, is);
            }
        }
    }

    fn children(&mut self, was: &str, is: &str) {
        let (Some(old), Some(new)) = (self.old.pointer(was), self.new.pointer(is)) else { return };
        let mut steps: Vec<(String, String)> = Vec::new();
        for (name, _) in schema::object(new, "properties") {
            let step = schema::child("/properties", name);
            steps.push((step.clone(), step));
        }
        for key in ["items", "additionalProperties"] {
            steps.push((format!("/{key}"), format!("/{key}")));
        }
        let parts = new.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        steps.extend((0..parts).map(|index| (format!("/allOf/{index}"), format!("/allOf/{index}"))));
        steps.extend(members::pairs((self.old, old), (self.new, new)));
        for (before, after) in steps {
            self.visit(&format!("{was}{before}"), &format!("{is}{after}"));
        }
    }

    /// Makes a component of what stands at `is`, or a reference where the component is there already and says the same.
    fn hoist(&mut self, site: &Value, component: &str, is: &str) {
        let Some(key) = key_of(component) else { return };
        let Some(mut schema) = self.new.pointer(is).cloned().filter(Value::is_object) else { return };
        let mut reference = json!({ "$ref": format!("#{component}") });
        // What the old document says beside the reference stays beside it.
        for (beside, _) in site.as_object().into_iter().flatten().filter(|(beside, _)| *beside != "$ref") {
            let own = self.old.pointer(component).is_some_and(|component| component.get(beside).is_some());
            if let (false, Some(map)) = (own, schema.as_object_mut())
                && let Some(value) = map.shift_remove(beside)
            {
                reference[beside] = value;
            }
        }
        match self.new.pointer(component) {
            Some(there) if !alike(there, &schema) => return,
            Some(_) => {}
            None => {
                let Some(root) = self.new.as_object_mut() else { return };
                let components = root.entry("components").or_insert_with(|| json!({}));
                let Some(components) = components.as_object_mut() else { return };
                let schemas = components.entry("schemas").or_insert_with(|| json!({}));
                let Some(schemas) = schemas.as_object_mut() else { return };
                schemas.insert(key, schema);
            }
        }
        if let Some(node) = self.new.pointer_mut(is) {
            *node = reference;
        }
    }

    /// `X or null` in one schema, where the old document has a union of `X` and `null`, becomes that union.
    fn split_null(&mut self, was: &str, is: &str) {
        let Some(old) = self.old.pointer(was) else { return };
        let Some(key) = ["anyOf", "oneOf"].into_iter().find(|key| old.get(*key).is_some()) else { return };
        if schema::only_member(self.old, old, was).is_none() {
            return;
        }
        let Some(node) = self.new.pointer_mut(is) else { return };
        let other = match node.get("type").and_then(Value::as_array).map(Vec::as_slice) {
            Some([other, null] | [null, other]) if null == "null" => other.clone(),
            _ => return,
        };
        let Some(mut inner) = node.as_object().cloned() else { return };
        inner.insert("type".to_owned(), other);
        if let Some(values) = inner.get_mut("enum").and_then(Value::as_array_mut) {
            values.retain(|value| !value.is_null());
        }
        let mut union = json!({});
        for beside in old.as_object().into_iter().flatten().map(|(beside, _)| beside).filter(|beside| *beside != key) {
            if let Some(value) = inner.shift_remove(beside) {
                union[beside] = value;
            }
        }
        union[key] = json!([inner, { "type": "null" }]);
        *node = union;
    }

    /// A component that the old document has under another key, and neither has under both.
    fn note_renamed(&mut self, was: &str, is: &str) {
        let is_known = |at: &str| key_of(at).map(|key| self.known.contains(&key));
        let is_free = self.new.pointer(was).is_none() && self.old.pointer(is).is_none();
        let helps = is_known(was) == Some(true) && is_known(is) == Some(false);
        if helps && is_free && !self.renamed.values().any(|at| at == was) {
            self.renamed.entry(is.to_owned()).or_insert_with(|| was.to_owned());
        }
    }
}

/// The key of the component at `at`, which may be inside one.
fn key_of(at: &str) -> Option<String> {
    let key = at.strip_prefix(SCHEMAS)?.strip_prefix('/')?;
    (!key.contains('/')).then(|| schema::unescape(key))
}

/// Whether two schemas say the same. Where a union's members are inline there is nothing that its tag's `mapping` could name.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let is_tag = a.contains_key("propertyName");
            let all = a.keys().chain(b.keys()).filter(|key| !(is_tag && *key == "mapping"));
            all.into_iter().all(|key| a.get(key).zip(b.get(key)).is_some_and(|(a, b)| alike(a, b)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (a, b) => a == b,
    }
}

fn id(operation: &Value) -> Option<String> {
    schema::text(operation, "operationId").map(str::to_owned)
}

/// Puts components under other keys, and turns every reference to them.
fn rename(document: &mut Value, renamed: &BTreeMap<String, String>) {
    let key = |at: &str| schema::unescape(at.rsplit('/').next().unwrap_or_default());
    let keys: BTreeMap<String, String> = renamed.iter().map(|(from, to)| (key(from), key(to))).collect();
    if let Some(schemas) = document.pointer_mut(SCHEMAS).and_then(Value::as_object_mut) {
        let all = std::mem::take(schemas);
        let taken: BTreeSet<String> = all.keys().cloned().collect();
        // One that was made on the way has its key.
        let name = |key: String| keys.get(&key).filter(|to| !taken.contains(*to)).cloned().unwrap_or(key);
        schemas.extend(all.into_iter().map(|(key, schema)| (name(key), schema)));
        let turned = renamed.iter().filter(|(_, to)| !taken.contains(&key(to)));
        let turned: BTreeMap<String, String> =
            turned.map(|(from, to)| (format!("#{from}"), format!("#{to}"))).collect();
        turn(document, &turned);
    }
}

fn turn(value: &mut Value, turned: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(to) = turned.get(text.as_str()) {
                *text = to.clone();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| turn(item, turned)),
        Value::Object(map) => map.values_mut().for_each(|child| turn(child, turned)),
        _ => {}
    }
}
