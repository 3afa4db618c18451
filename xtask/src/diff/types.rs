//! Types: which are new, gone or renamed, and what became of the others.

use std::collections::BTreeMap;

use super::{Changes, fields, unions};
use crate::pipeline::model::{Definition, Model, Shape};
use crate::rules;

/// `old` is under the new names already; `renamed` says what was called otherwise.
pub fn compare(old: &Model, new: &Model, renamed: &BTreeMap<String, String>, changes: &mut Changes) {
    for (name, was) in &old.types {
        let now = renamed.get(name).unwrap_or(name);
        if now != name {
            changes.add(rules::TYPE_RENAMED, now, "", name, now);
        }
        match new.types.get(now) {
            Some(is) => both(now, was, is, changes),
            None => changes.add(rules::TYPE_REMOVED, name, "", kind(&was.shape), ""),
        }
    }
    for (name, is) in &new.types {
        if !old.types.contains_key(name) && !renamed.values().any(|now| now == name) {
            changes.add(rules::TYPE_ADDED, name, "", "", kind(&is.shape));
        }
    }
}

fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Struct { .. } => "struct",
        Shape::Enum(_) => "enum",
        Shape::Objects { .. } | Shape::ByType(_) => "union",
    }
}

fn both(name: &str, was: &Definition, is: &Definition, changes: &mut Changes) {
    if was.doc != is.doc {
        changes.add(rules::DOCS_CHANGED, name, "", "", "");
    }
    // Only structs have what being sent brings.
    if let (Shape::Struct { .. }, Shape::Struct { .. }) = (&was.shape, &is.shape) {
        match (was.sent, is.sent) {
            (false, true) => changes.add(rules::TYPE_SENT, name, "", "", ""),
            (true, false) => changes.add(rules::TYPE_NOT_SENT, name, "", "", ""),
            _ => {}
        }
        if was.form != is.form {
            let say = |form| if form { "form" } else { "JSON" };
            changes.add(rules::TYPE_FORM, name, "", say(was.form), say(is.form));
        }
    }
    match (&was.shape, &is.shape) {
        (Shape::Struct { fields: a, extra: x }, Shape::Struct { fields: b, extra: y }) => {
            fields::compare(name, (a, b), was.sent && is.sent, changes);
            fields::extra(name, x.as_ref(), y.as_ref(), changes);
        }
        (Shape::Enum(a), Shape::Enum(b)) => unions::values(name, a, b, changes),
        (Shape::Objects { .. } | Shape::ByType(_), Shape::Objects { .. } | Shape::ByType(_)) => {
            unions::compare(name, &was.shape, &is.shape, changes);
        }
        (was, is) => changes.add(rules::TYPE_REMADE, name, "", kind(was), kind(is)),
    }
}
