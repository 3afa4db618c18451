//! Which schemas are one type: by all that is Rust about them, and by none of their docs.
//!
//! Schemas may hold themselves and each other in circles of any size, so that a walk into them need not end. Each is read once, up to the
//! references in it (`form`); which of them are equal is decided for all at once, in rounds (`classes`).

mod classes;
mod form;

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{names, schema};
use form::Form;

/// The schemas that were met, and the numbers of the types that they are.
#[derive(Default)]
pub struct Identity {
    pointers: Vec<String>,
    index: HashMap<String, usize>,
    forms: Vec<Form>,
    /// Equal numbers are equal types. A schema keeps its number, whatever is met later.
    types: Vec<usize>,
    /// By form, references in it being types.
    by_form: HashMap<u64, usize>,
    next: usize,
}

impl Identity {
    /// Begins with all schemas that are referred to from what stands at `roots`: to decide for many at once is less work.
    pub fn reaching<'r>(document: &Value, roots: impl Iterator<Item = &'r str>) -> Self {
        let mut identity = Self::default();
        let mut open: Vec<&Value> = roots.filter_map(|at| schema::at(document, at)).collect();
        while let Some(node) = open.pop() {
            if let Ok(Some(target)) = schema::reference(node, "")
                && !identity.index.contains_key(&target)
                && let Some(node) = schema::at(document, &target)
            {
                identity.meet(&target);
                open.push(node);
            }
            match node {
                Value::Object(map) => open.extend(map.values()),
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        identity.read(document);
        identity.decide();
        identity
    }

    /// The number of the type that the schema at `at` is, whatever it is called.
    pub fn of(&mut self, document: &Value, at: &str) -> usize {
        let unit = self.meet(at);
        if unit == self.types.len() {
            self.read(document);
            let alone = self.forms.len() == unit + 1 && !self.forms[unit].targets().contains(&unit);
            // Most schemas stand where they are used, and refer to those that are known.
            if alone { self.number(unit) } else { self.decide() }
        }
        self.types[unit]
    }

    fn meet(&mut self, at: &str) -> usize {
        if let Some(unit) = self.index.get(at) {
            return *unit;
        }
        let unit = self.pointers.len();
        self.index.insert(at.to_owned(), unit);
        self.pointers.push(at.to_owned());
        unit
    }

    /// Reads what was met, and what is met while reading.
    fn read(&mut self, document: &Value) {
        while let Some(at) = self.pointers.get(self.forms.len()).cloned() {
            let form = schema::at(document, &at)
                .map_or_else(Form::nothing, |node| form::read(document, node, &mut |target| self.meet(target)));
            self.forms.push(form);
        }
    }

    /// Numbers one that refers to numbered ones only.
    fn number(&mut self, unit: usize) {
        let known = self.by_form.entry(self.forms[unit].hash(&self.types));
        let number = *known.or_insert(self.next);
        self.next = self.next.max(number + 1);
        self.types.push(number);
    }

    /// Numbers all.
    fn decide(&mut self) {
        let classes = classes::of(&self.forms);
        let mut numbers: HashMap<usize, usize> = classes.iter().copied().zip(self.types.iter().copied()).collect();
        for class in &classes[self.types.len()..] {
            let number = *numbers.entry(*class).or_insert(self.next);
            self.next = self.next.max(number + 1);
            self.types.push(number);
        }
        self.by_form = self.forms.iter().map(|form| form.hash(&self.types)).zip(self.types.iter().copied()).collect();
    }
}

/// Whether a schema can become a type with a name.
pub fn is_nominal(node: &Value) -> bool {
    let mut keys = node.as_object().into_iter().flat_map(Map::keys);
    keys.any(|key| matches!(key.as_str(), "allOf" | "oneOf" | "anyOf" | "enum" | "const" | "properties"))
}

/// The name that the document and the overlay give the component at `at`.
pub fn declared_name(node: &Value, at: &str) -> String {
    schema::text(node, "x-rust-name").map_or_else(|| component_name(at), str::to_owned)
}

/// The name that follows from a component's key.
pub fn component_name(at: &str) -> String {
    names::type_name(&schema::unescape(at.rsplit('/').next().unwrap_or_default()))
}
