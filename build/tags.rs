//! Takes constant tags out of structs that only ever stand in unions, which write the tag themselves.
//!
//! Uses are those among the enabled features. Where a struct stands elsewhere with another feature, the overlay says `x-keep-tag`, so
//! that it is the same with each; `cargo xtask spec check` finds those that lack it.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::model::{Model, Shape, Type};
use super::schema;

/// Strips tag fields where that loses nothing.
pub fn strip(model: &mut Model, document: &Value) {
    let mut uses: HashMap<String, Uses> = HashMap::new();
    for definition in model.types.values() {
        match &definition.shape {
            Shape::Objects { tag: Some(tag), variants, .. } => {
                for variant in variants {
                    let shared = |key| variants.iter().filter(|other| other.keys.contains(key)).count() > 1;
                    match (&variant.ty, variant.keys.as_slice()) {
                        (Type::Named(name), [value]) if !shared(value) => {
                            uses.entry(name.clone()).or_default().add(tag, value);
                        }
                        (ty, _) => mark_elsewhere(ty, &mut uses),
                    }
                }
            }
            shape => shape.parts().into_iter().for_each(|ty| mark_elsewhere(ty, &mut uses)),
        }
    }
    for operation in &model.operations {
        for ty in operation.types() {
            mark_elsewhere(ty, &mut uses);
        }
    }

    let mut strippable: HashSet<String> = uses
        .iter()
        .filter(|(name, uses)| uses.only_tag().is_some_and(|(tag, value)| has_tag(model, name, tag, value)))
        .map(|(name, _)| name.clone())
        .filter(|name| !keeps(model, document, name))
        .collect();
    // A union is stripped whole or not at all, and a struct only if all its unions are.
    loop {
        let before = strippable.len();
        for definition in model.types.values() {
            if let Shape::Objects { variants, .. } = &definition.shape {
                let names = || variants.iter().filter_map(|variant| variant.ty.named());
                if !names().all(|name| strippable.contains(name)) {
                    strippable.retain(|name| names().all(|other| other != name));
                }
            }
        }
        if strippable.len() == before {
            break;
        }
    }

    for (name, definition) in &mut model.types {
        match &mut definition.shape {
            Shape::Struct { fields, .. } if strippable.contains(name) => {
                if let Some((tag, _)) = uses.get(name).and_then(Uses::only_tag) {
                    fields.retain(|field| field.wire != *tag);
                }
            }
            Shape::Objects { tag: Some(_), variants, stripped, .. } => {
                let is_stripped = |ty: &Type| matches!(ty, Type::Named(name) if strippable.contains(name));
                *stripped = !variants.is_empty() && variants.iter().all(|variant| is_stripped(&variant.ty));
            }
            _ => {}
        }
    }
    drop_unused(model);
}

#[derive(Default)]
struct Uses {
    /// As a variant of a tagged union: the first tag and its value.
    tag: Option<(String, String)>,
    /// With another tag, or not as a variant.
    elsewhere: bool,
}

impl Uses {
    fn add(&mut self, tag: &str, value: &str) {
        let (first, its_value) = self.tag.get_or_insert_with(|| (tag.to_owned(), value.to_owned()));
        self.elsewhere |= first != tag || its_value != value;
    }

    fn only_tag(&self) -> Option<(&String, &String)> {
        self.tag.as_ref().filter(|_| !self.elsewhere).map(|(tag, value)| (tag, value))
    }
}

fn mark_elsewhere(ty: &Type, uses: &mut HashMap<String, Uses>) {
    if let Some(name) = ty.named() {
        uses.entry(name.to_owned()).or_default().elsewhere = true;
    }
}

fn has_tag(model: &Model, name: &str, tag: &str, value: &str) -> bool {
    match model.types.get(name).map(|definition| &definition.shape) {
        Some(Shape::Struct { fields, .. }) => {
            fields.iter().any(|field| field.wire == tag && field.required && field.constant.as_deref() == Some(value))
        }
        _ => false,
    }
}

/// Whether the overlay says that the tag stays.
fn keeps(model: &Model, document: &Value, name: &str) -> bool {
    let pointers = model.types.get(name).map(|definition| definition.pointers.as_slice()).unwrap_or_default();
    let says = |at: &String| schema::at(document, at)?.get("x-keep-tag")?.as_bool();
    pointers.iter().any(|at| says(at) == Some(true))
}

/// One-value enums whose only use was a tag.
fn drop_unused(model: &mut Model) {
    let mut reached: HashSet<String> = HashSet::new();
    let mut open: Vec<String> =
        model.operations.iter().flat_map(|o| o.types()).filter_map(Type::named).map(str::to_owned).collect();
    open.extend(model.types.iter().filter(|(_, definition)| definition.form).map(|(name, _)| name.clone()));
    while let Some(name) = open.pop() {
        if reached.insert(name.clone())
            && let Some(definition) = model.types.get(&name)
        {
            open.extend(definition.shape.parts().into_iter().filter_map(Type::named).map(str::to_owned));
        }
    }
    model.types.retain(|name, _| reached.contains(name));
}
