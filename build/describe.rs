//! Docs of what the overlay doesn't describe: by the glossary, which knows properties and parameters by their names, and by where a type is used.

use std::collections::BTreeMap;

use serde_json::Value;

use super::model::{Body, Definition, Model, Operation, Output, Shape, Type};
use super::schema;

/// Fills in the docs that are missing.
pub fn fill(model: &mut Model, document: &Value) {
    let glossary = |key: &str, name: &str| {
        let entries = document.get(key).and_then(|entries| schema::text(entries, name));
        entries.unwrap_or_default().to_owned()
    };
    for operation in &mut model.operations {
        for parameter in operation.parameters.iter_mut().filter(|parameter| is_empty(&parameter.doc)) {
            parameter.doc = glossary("x-parameter-docs", &parameter.wire);
        }
    }
    let mut uses = uses(model);
    for (name, definition) in &mut model.types {
        if is_empty(&definition.doc) {
            definition.doc = uses.remove(name).unwrap_or_default();
        }
        if let Shape::Struct { fields, .. } = &mut definition.shape {
            for field in fields.iter_mut().filter(|field| is_empty(&field.doc)) {
                field.doc = glossary("x-property-docs", &field.wire);
            }
        }
    }
}

fn is_empty(doc: &str) -> bool {
    doc.trim().is_empty()
}

/// What each type is for: the first use counts, operations before other types.
fn uses(model: &Model) -> BTreeMap<String, String> {
    let mut uses = BTreeMap::new();
    let mut say = |ty: &Type, what: String| {
        if let Some(name) = ty.named() {
            let item = if matches!(ty, Type::Array(_)) { ", an item" } else { "" };
            uses.entry(name.to_owned()).or_insert_with(|| format!("{what}{item}."));
        }
    };
    for operation in &model.operations {
        let call = call(operation);
        match &operation.body {
            Some(Body::Json { ty, .. }) => say(ty, format!("Request of {call}")),
            Some(Body::Form(name)) => say(&Type::Named(name.clone()), format!("Form that {call} sends")),
            Some(Body::Raw) | None => {}
        }
        match &operation.output {
            Output::Json(ty) | Output::OptionalJson(ty) => say(ty, format!("Response of {call}")),
            Output::Events(ty) => say(ty, format!("Event in the stream of {call}")),
            Output::Empty | Output::Download => {}
        }
        for (status, ty) in &operation.errors {
            say(ty, format!("Payload of an error of {call} with status {status}"));
        }
        for parameter in &operation.parameters {
            say(&parameter.ty, format!("Value of `{}`, a parameter of {call}", parameter.wire));
        }
    }
    for (name, definition) in &model.types {
        for (ty, place) in places(name, definition) {
            say(ty, place);
        }
    }
    uses
}

fn call(operation: &Operation) -> String {
    let path: Vec<&str> = operation.group.iter().map(|part| part.trim_start_matches("r#")).collect();
    format!("`client.{}().{}`", path.join("()."), operation.name.trim_start_matches("r#"))
}

/// The types that a definition is made of, and where in it.
fn places<'d>(name: &'d str, definition: &'d Definition) -> Vec<(&'d Type, String)> {
    match &definition.shape {
        Shape::Struct { fields, extra } => {
            let fields = fields.iter().map(|field| (&field.ty, format!("The `{}` of [`{name}`]", field.wire)));
            fields.chain(extra.iter().map(|ty| (ty, format!("Any other property of [`{name}`]")))).collect()
        }
        Shape::Enum(_) => Vec::new(),
        Shape::Objects { tag: Some(tag), variants, .. } => {
            let is = |keys: &[String]| format!("[`{name}`] whose `{tag}` is `{}`", keys.join("` or `"));
            variants.iter().map(|variant| (&variant.ty, is(&variant.keys))).collect()
        }
        Shape::Objects { variants, .. } | Shape::ByType(variants) => {
            variants.iter().map(|variant| (&variant.ty, format!("One kind of [`{name}`]"))).collect()
        }
    }
}
