//! Fields of structs, and what their constructors take.

use super::{Changes, text};
use crate::pipeline::model::{Field, Type};
use crate::rules::{self, Rule};

/// `sent`: on both sides, so that there is a constructor to change.
pub fn compare(name: &str, (old, new): (&[Field], &[Field]), sent: bool, changes: &mut Changes) {
    let find = |list: &'_ [Field], wire: &str| list.iter().position(|field| field.wire == wire);
    for was in old {
        match find(new, &was.wire) {
            Some(at) => both(name, was, &new[at], sent, changes),
            None if was.internal => {}
            None => changes.add(rules::FIELD_REMOVED, name, part(was), text::field(was), ""),
        }
    }
    for is in new.iter().filter(|is| find(old, &is.wire).is_none() && !is.internal) {
        let rule = if sent && is_argument(is) { rules::FIELD_REQUIRED_ADDED } else { rules::FIELD_ADDED };
        changes.add(rule, name, part(is), "", text::field(is));
    }
    let arguments = |list: &[Field], other: &[Field]| {
        let both = list.iter().filter(|field| is_argument(field));
        let both = both.filter(|field| find(other, &field.wire).is_some_and(|at| is_argument(&other[at])));
        both.map(|field| field.wire.clone()).collect::<Vec<_>>()
    };
    let (before, after) = (arguments(old, new), arguments(new, old));
    if sent && before != after {
        changes.add(rules::CONSTRUCTOR_CHANGED, name, "new", before.join(", "), after.join(", "));
    }
}

pub fn extra(name: &str, was: Option<&Type>, is: Option<&Type>, changes: &mut Changes) {
    match (was, is) {
        (None, Some(is)) => changes.add(rules::EXTRA_ADDED, name, "extra", "", text::of(is)),
        (Some(was), None) => changes.add(rules::EXTRA_REMOVED, name, "extra", text::of(was), ""),
        (Some(was), Some(is)) if was != is => {
            changes.add(rules::EXTRA_RETYPED, name, "extra", text::of(was), text::of(is));
        }
        _ => {}
    }
}

fn part(field: &Field) -> String {
    format!("field {}", field.wire)
}

/// Whether `new` takes it: what is required, and not the only value there is.
fn is_argument(field: &Field) -> bool {
    field.required && (field.constant.is_none() || field.nullable)
}

fn both(name: &str, was: &Field, is: &Field, sent: bool, changes: &mut Changes) {
    let mut add = |rule: Rule, before: &str, after: &str| changes.add(rule, name, part(is), before, after);
    match (was.internal, is.internal) {
        (true, true) => return,
        (false, true) => return add(rules::FIELD_HIDDEN, &text::field(was), ""),
        (true, false) => return add(rules::FIELD_SHOWN, "", &text::field(is)),
        (false, false) => {}
    }
    if was.rust != is.rust {
        add(rules::FIELD_RENAMED, &was.rust, &is.rust);
    }
    let (before, after) = (text::field(was), text::field(is));
    if was.ty != is.ty {
        add(rules::FIELD_RETYPED, &before, &after);
    }
    // Each presence is a change of its own beside the type's, so that nothing hides behind it.
    match (was.required, is.required, was.nullable == is.nullable) {
        (true, false, _) if before != after || sent => add(rules::FIELD_OPTIONAL, &before, &after),
        (false, true, _) if before != after || sent => add(rules::FIELD_REQUIRED, &before, &after),
        (true, false, _) | (false, true, _) => add(rules::FIELD_PRESENCE, &before, &after),
        (_, _, false) => add(rules::FIELD_NULLABLE, &before, &after),
        _ => {}
    }
    if was.constant != is.constant {
        let say = |field: &Field| field.constant.clone().unwrap_or_default();
        let is_seen = sent && was.required && is.required && is_argument(was) != is_argument(is);
        add(if is_seen { rules::CONSTRUCTOR_CHANGED } else { rules::CONSTANT_CHANGED }, &say(was), &say(is));
    }
    if was.default != is.default {
        let say = |field: &Field| field.default.as_ref().map(ToString::to_string).unwrap_or_default();
        add(rules::DEFAULT_CHANGED, &say(was), &say(is));
    }
    if was.doc != is.doc {
        add(rules::DOCS_CHANGED, "", "");
    }
}
