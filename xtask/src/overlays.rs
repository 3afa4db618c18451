//! Whether the overlays are sound: Overlay 1.0 as the specification has it, and nothing in them that says nothing.

use serde_json::Value;

use crate::pipeline::model::{Definition, Model, Shape, Variant};
use crate::pipeline::{Error, load, schema};

/// What is wrong with the form of one overlay. JSONPath itself is judged where it is applied.
pub fn problems(name: &str, text: &str) -> Vec<Error> {
    let overlay = match load::parse(text) {
        Ok(overlay) => overlay,
        Err(error) => return vec![error.within(name)],
    };
    let mut problems = Vec::new();
    let mut fault = |at: &str, problem: String, cure: &str| problems.push(Error::new(at, problem, cure).within(name));
    if !schema::text(&overlay, "overlay").is_some_and(|version| version.starts_with("1.0.")) {
        fault("/overlay", "not an Overlay 1.0 document".into(), "write `overlay: 1.0.0`");
    }
    for key in ["title", "version"] {
        if overlay.get("info").and_then(|info| schema::text(info, key)).is_none() {
            fault(&format!("/info/{key}"), "missing, or no text".into(), "the specification wants one");
        }
    }
    unknown(&overlay, "", &["overlay", "info", "extends", "actions"], &mut fault);
    let actions = overlay.get("actions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if actions.is_empty() {
        fault("/actions", "no list of actions, or an empty one".into(), "give at least one action");
    }
    for (index, action) in actions.iter().enumerate() {
        let at = format!("/actions/{index}");
        unknown(action, &at, &["target", "description", "update", "remove"], &mut fault);
        if schema::text(action, "target").is_none() {
            fault(&at, "no target".into(), "give a JSONPath expression");
        }
        if action.get("update").is_none() && action.get("remove") != Some(&Value::Bool(true)) {
            fault(&at, "neither update nor remove".into(), "say which");
        }
        if action.get("remove").is_some_and(|remove| !remove.is_boolean()) {
            fault(&format!("{at}/remove"), "neither true nor false".into(), "say which");
        }
    }
    problems
}

fn unknown(value: &Value, at: &str, known: &[&str], fault: &mut impl FnMut(&str, String, &str)) {
    let Some(map) = value.as_object() else {
        return fault(at, "no object".into(), "write one");
    };
    for key in map.keys().filter(|key| !known.contains(&key.as_str()) && !key.starts_with("x-")) {
        fault(&schema::child(at, key), "not a field of the specification".into(), "remove it, or begin it with `x-`");
    }
}

/// Entries of the overlays that describe values, variants, groups or parameters which are not there.
pub fn dead(merged: &Value, model: &Model) -> Vec<String> {
    let mut dead = Vec::new();
    schemas(merged, "", model, &mut dead);
    for (group, _) in schema::object(merged, "x-groups") {
        let path =
            |group: &[String]| group.iter().map(|name| name.trim_start_matches("r#")).collect::<Vec<_>>().join(".");
        let is_used = model.operations.iter().any(|operation| {
            let path = path(&operation.group);
            path == *group || path.strip_prefix(group.as_str()).is_some_and(|rest| rest.starts_with('.'))
        });
        if !is_used {
            dead.push(format!("x-groups: no operation is in the group {group}"));
        }
    }
    dead
}

fn schemas(value: &Value, at: &str, model: &Model, dead: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for key in ["x-enum-docs", "x-enum-names", "x-variants"] {
                entries(value, key, at, model, dead);
            }
            for (key, child) in map.iter().filter(|(key, _)| !key.starts_with("x-")) {
                schemas(child, &schema::child(at, key), model, dead);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| schemas(item, &format!("{at}/{index}"), model, dead));
        }
        _ => {}
    }
}

fn entries(node: &Value, key: &str, at: &str, model: &Model, dead: &mut Vec<String>) {
    let said: Vec<(&String, &Value)> = schema::object(node, key).collect();
    if said.is_empty() {
        return;
    }
    // A schema that no type is made of (a tag that its union writes, a member of a union of texts) is judged with what it went into.
    let made: Vec<&Definition> = model.types.values().filter(|there| there.pointers.iter().any(|p| p == at)).collect();
    if made.is_empty() {
        return;
    }
    for (entry, says) in said {
        let is_there = made.iter().any(|definition| match &definition.shape {
            Shape::Enum(values) => values.iter().any(|value| value.wire == *entry),
            Shape::Objects { variants, .. } | Shape::ByType(variants) => {
                variants.iter().any(|variant| says_of(entry, says, variant))
            }
            Shape::Struct { .. } => false,
        });
        if !is_there {
            dead.push(format!("#{at}/{key}: nothing is called {entry:?} there"));
        }
    }
}

/// Whether an entry of `x-variants` reached a variant: by its key, or by what it gave it.
fn says_of(entry: &String, says: &Value, variant: &Variant) -> bool {
    variant.keys.contains(entry)
        || variant.fit.required.contains(entry)
        || variant.ty.named() == Some(entry)
        || schema::text(says, "name") == Some(&variant.rust)
}
