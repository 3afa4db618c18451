//! Enums of texts, and unions: their values and variants.

use super::{Changes, text};
use crate::pipeline::model::{EnumValue, Shape, Variant};
use crate::rules;

pub fn values(name: &str, old: &[EnumValue], new: &[EnumValue], changes: &mut Changes) {
    let find = |list: &[EnumValue], wire: &str| list.iter().position(|value| value.wire == wire);
    for was in old {
        let part = format!("value {}", was.wire);
        match find(new, &was.wire).map(|at| &new[at]) {
            None => changes.add(rules::VALUE_REMOVED, name, part, &was.rust, ""),
            Some(is) if is.rust != was.rust => changes.add(rules::VALUE_RENAMED, name, part, &was.rust, &is.rust),
            Some(is) if is.doc != was.doc => changes.add(rules::DOCS_CHANGED, name, part, "", ""),
            Some(_) => {}
        }
    }
    for is in new.iter().filter(|is| find(old, &is.wire).is_none()) {
        changes.add(rules::VALUE_ADDED, name, format!("value {}", is.wire), "", &is.rust);
    }
}

fn variants(shape: &Shape) -> &[Variant] {
    match shape {
        Shape::Objects { variants, .. } | Shape::ByType(variants) => variants,
        _ => &[],
    }
}

/// Two unions, whichever way their variants are told apart.
pub fn compare(name: &str, was: &Shape, is: &Shape, changes: &mut Changes) {
    let (old, new) = (variants(was), variants(is));
    let is_new = |variant: &Variant| !old.iter().any(|other| other.rust == variant.rust);
    // By name; else by what it holds, if that is new under another name.
    let find = |variant: &Variant| {
        let by_name = new.iter().find(|other| other.rust == variant.rust);
        by_name
            .or_else(|| new.iter().find(|other| is_new(other) && other.ty == variant.ty && other.keys == variant.keys))
    };
    let mut renamed = Vec::new();
    for before in old {
        let part = format!("variant {}", before.rust);
        let Some(after) = find(before) else {
            changes.add(rules::VARIANT_REMOVED, name, part, text::of(&before.ty), "");
            continue;
        };
        if before.rust != after.rust {
            renamed.push(after.rust.clone());
            changes.add(rules::VARIANT_RENAMED, name, part, &before.rust, &after.rust);
        } else if before.ty != after.ty {
            changes.add(rules::VARIANT_RETYPED, name, part, text::of(&before.ty), text::of(&after.ty));
        } else if (&before.keys, &before.fit) != (&after.keys, &after.fit) {
            changes.add(rules::VARIANT_TOLD, name, part, before.keys.join(", "), after.keys.join(", "));
        } else if before.doc != after.doc {
            changes.add(rules::DOCS_CHANGED, name, part, "", "");
        }
    }
    for after in new.iter().filter(|after| is_new(after) && !renamed.contains(&after.rust)) {
        changes.add(rules::VARIANT_ADDED, name, format!("variant {}", after.rust), "", text::of(&after.ty));
    }
    conversions(name, old, new, changes);
    told(name, was, is, changes);
}

/// `From` what one variant holds and no other: another variant of the same type takes it away.
fn conversions(name: &str, old: &[Variant], new: &[Variant], changes: &mut Changes) {
    let count = |list: &[Variant], variant: &Variant| list.iter().filter(|other| other.ty == variant.ty).count();
    for variant in old.iter().filter(|variant| count(old, variant) == 1 && count(new, variant) > 1) {
        changes.add(rules::CONVERSION_LOST, name, format!("From<{}>", text::of(&variant.ty)), "", "");
    }
    for variant in new.iter().filter(|variant| count(new, variant) == 1 && count(old, variant) > 1) {
        changes.add(rules::CONVERSION_GAINED, name, format!("From<{}>", text::of(&variant.ty)), "", "");
    }
}

fn told(name: &str, was: &Shape, is: &Shape, changes: &mut Changes) {
    if told_by(was) != told_by(is) {
        changes.add(rules::VARIANT_TOLD, name, "", told_by(was), told_by(is));
    }
    match (events(was), events(is)) {
        (None, Some(_)) => changes.add(rules::EVENTS_GAINED, name, "events", "", ""),
        (Some(_), None) => changes.add(rules::EVENTS_LOST, name, "events", "", ""),
        (was, is) if was != is => changes.add(rules::EVENTS_CHANGED, name, "events", "", ""),
        _ => {}
    }
}

fn told_by(shape: &Shape) -> &str {
    match shape {
        Shape::Objects { tag: Some(tag), .. } => tag,
        Shape::Objects { .. } => "properties",
        _ => "JSON type",
    }
}

fn events(shape: &Shape) -> Option<&crate::pipeline::model::Roles> {
    match shape {
        Shape::Objects { events, .. } => events.as_deref(),
        _ => None,
    }
}
