//! What changed between two documents, as Rust callers see it.
//!
//! The models are compared, not the documents: only they know Rust names, which of two equal schemas are one type, what is an argument
//! and what a setter. No library does this part. Those on crates.io that compare OpenAPI documents (`schemadoc-diff`, `anicca`) work on
//! 3.0 JSON, class by what a server's wire clients see, and have rested for years; those that compare Rust APIs
//! (`cargo-semver-checks`, `cargo-public-api`) need both versions built and rustdoc's unstable output, and can't tell which line of the
//! document a change comes from. Reading a document is another matter: [`crate::validity`] leaves that to `oas3`.

mod fields;
mod operations;
mod parameters;
mod text;
mod types;
mod unions;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use crate::pipeline::model::{Model, Shape, Type};
use crate::revision::Revision;
use crate::rules::{self, Class, Rule};

/// One change, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub rule: Rule,
    /// The type, or the operation as it is called: `FileObject`, `llm.files.list`.
    pub place: String,
    /// The `operationId`, where the place is an operation.
    pub operation: Option<String>,
    /// The part of it: `field purpose`. Empty for the whole.
    pub part: String,
    pub was: String,
    pub is: String,
}

/// All changes, worst first.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub list: Vec<Change>,
}

impl Changes {
    fn add(&mut self, rule: Rule, place: &str, part: impl Into<String>, was: impl Into<String>, is: impl Into<String>) {
        self.list.push(Change {
            rule,
            place: place.to_owned(),
            operation: None,
            part: part.into(),
            was: was.into(),
            is: is.into(),
        });
    }

    pub fn count(&self, class: Class) -> usize {
        self.list.iter().filter(|change| change.rule.class == class).count()
    }

    /// The worst there is.
    pub fn class(&self) -> Option<Class> {
        self.list.iter().map(|change| change.rule.class).min()
    }
}

/// Compares two revisions.
pub fn compare(old: &Revision, new: &Revision) -> Changes {
    let mut changes = Changes::default();
    let renamed = renamed(&old.model, &new.model);
    // Under the new names, so that a renamed type is one change and not one wherever it is used.
    let mut old_model = old.model.clone();
    let with = |name: &str| renamed.get(name).cloned().map(Type::Named);
    old_model.types.values_mut().for_each(|there| there.shape.parts_mut().into_iter().for_each(|ty| ty.replace(&with)));
    old_model.operations.iter_mut().for_each(|operation| operation.types_mut().for_each(|ty| ty.replace(&with)));

    let pairs = operations::pairs(&old_model, &new.model);
    operations::compare(&pairs, &mut changes);
    types::compare(&old_model, &new.model, &renamed, &mut changes);
    boxed(old, new, &mut changes);
    let seen: BTreeSet<String> = changes.list.iter().map(|change| change.place.clone()).collect();
    wire::compare(old, new, &pairs, &seen, &mut changes);

    let ids = old.model.operations.iter().chain(&new.model.operations);
    let ids: BTreeMap<String, &String> = ids.map(|operation| (text::operation(operation), &operation.id)).collect();
    for change in &mut changes.list {
        change.operation = ids.get(&change.place).map(|id| (*id).clone());
    }
    changes
        .list
        .sort_by(|a, b| (a.rule.class, &a.place, a.rule, &a.part).cmp(&(b.rule.class, &b.place, b.rule, &b.part)));
    changes.list.dedup();
    changes
}

/// Where a `Box` came or went, of what is on both sides.
fn boxed(old: &Revision, new: &Revision, changes: &mut Changes) {
    let has = |model: &Model, (name, part): &(String, String)| match model.types.get(name).map(|there| &there.shape) {
        Some(Shape::Struct { fields, .. }) => fields.iter().any(|field| field.wire == *part && !field.internal),
        Some(Shape::Objects { variants, .. } | Shape::ByType(variants)) => variants.iter().any(|v| v.rust == *part),
        _ => false,
    };
    for place in old.boxed.symmetric_difference(&new.boxed) {
        if has(&old.model, place) && has(&new.model, place) {
            let say = |revision: &Revision| if revision.boxed.contains(place) { "Box" } else { "plain" };
            changes.add(rules::BOXED, &place.0, format!("part {}", place.1), say(old), say(new));
        }
    }
}

/// Types that are made of the same schemas as before, under another name.
fn renamed(old: &Model, new: &Model) -> BTreeMap<String, String> {
    let gone = old.types.iter().filter(|(name, _)| !new.types.contains_key(*name));
    let came: Vec<_> = new.types.iter().filter(|(name, _)| !old.types.contains_key(*name)).collect();
    let pairs = gone.filter_map(|(name, was)| {
        let same = came.iter().find(|(_, is)| is.pointers.iter().any(|at| was.pointers.contains(at)));
        same.map(|(other, _)| (name.clone(), (*other).clone()))
    });
    pairs.collect()
}
