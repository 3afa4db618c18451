//! The rules against what is generated: whatever an edit does to the document, public Rust that goes away is reported as breaking, and
//! Rust that only grows is not.

use std::collections::BTreeSet;

use quote::ToTokens;
use serde_json::{Value, json};
use xtask::diff;
use xtask::pipeline;
use xtask::repository::Repository;
use xtask::revision::Revision;
use xtask::rules::{self, Class, Rule};

use super::documents::{document, places, repository};

/// Every public signature, field, variant and conversion of what is generated.
fn surface(repository: &Repository, text: &str) -> Option<BTreeSet<String>> {
    let generated = repository.with_inputs(text, |inputs| pipeline::run(inputs, &|_| true)).ok()?;
    let mut lines = BTreeSet::new();
    for (name, text) in generated.files.iter().filter(|(name, _)| *name != "dynamic.rs") {
        for item in syn::parse_file(text).unwrap().items {
            add(name, &item, &mut lines);
        }
    }
    Some(lines)
}

fn add(file: &str, item: &syn::Item, lines: &mut BTreeSet<String>) {
    let is_public = |visibility: &syn::Visibility| matches!(visibility, syn::Visibility::Public(_));
    match item {
        syn::Item::Struct(item) => {
            lines.insert(format!("{file} struct {}", item.ident));
            for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                lines.insert(format!("{file} {}.{name}: {}", item.ident, field.ty.to_token_stream()));
            }
        }
        syn::Item::Enum(item) => {
            lines.insert(format!("{file} enum {}", item.ident));
            for variant in &item.variants {
                let held = variant.fields.to_token_stream();
                lines.insert(format!("{file} {}::{}{held}", item.ident, variant.ident));
            }
        }
        syn::Item::Fn(item) => drop(lines.insert(signature(file, &item.sig))),
        syn::Item::Impl(block) => {
            let of = block.self_ty.to_token_stream();
            if let Some((path, _)) = &block.trait_ {
                lines.insert(format!("{file} impl {} for {of}", path.to_token_stream()));
            }
            for item in &block.items {
                match item {
                    syn::ImplItem::Fn(item) if is_public(&item.vis) => {
                        lines.insert(format!("{of} {}", signature(file, &item.sig)));
                    }
                    syn::ImplItem::Type(item) => {
                        lines.insert(format!("{file} {of} type {} = {}", item.ident, item.ty.to_token_stream()));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The small document, with a list, a form, a stream, and unions by JSON type.
fn rich() -> Value {
    let mut whole = document();
    let json =
        |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
    whole["paths"]["/things"] = json!({ "get": {
        "operationId": "listThings", "x-speakeasy-group": "things",
        "x-pagination": { "items": "data", "parameter": "after", "from": "next", "more": "more" },
        "parameters": [
            { "name": "after", "in": "query", "schema": { "type": "string" } },
            { "name": "kinds", "in": "query", "schema": {
                "type": "array", "items": { "$ref": "#/components/schemas/Kind" } } },
        ],
        "responses": { "200": { "description": "", "content": json("List") }, "404": { "description": "" } } } });
    whole["paths"]["/files"] = json!({ "post": {
        "operationId": "upload", "x-speakeasy-group": "things.files",
        "requestBody": { "content": { "multipart/form-data": { "schema": { "$ref": "#/components/schemas/Form" } } } },
        "responses": { "204": { "description": "" } } } });
    let mut both = json("Mixed");
    both["text/event-stream"] = json!({ "schema": { "$ref": "#/components/schemas/Event" },
        "x-sse": { "chunk": "message", "done": ["done"], "error": ["error"] } });
    whole["paths"]["/talk"] = json!({ "post": {
        "operationId": "talk", "x-speakeasy-group": "things",
        "requestBody": { "content": json("Talk") },
        "responses": { "200": { "description": "", "content": both } } } });
    let more = json!({
        "List": { "type": "object", "required": ["data"], "properties": {
            "data": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
            "next": { "type": ["string", "null"] }, "more": { "type": "boolean" } } },
        "Form": { "type": "object", "required": ["file"], "properties": {
            "file": { "type": "string", "format": "binary" }, "purpose": { "$ref": "#/components/schemas/Kind" } } },
        "Talk": { "type": "object", "required": ["input"], "properties": {
            "stream": { "type": "boolean" }, "input": { "anyOf": [{ "type": "string" }, { "type": "array", "items": {
                "type": "string" } }] } } },
        "Mixed": { "type": "object", "additionalProperties": { "type": "integer" }, "properties": {
            "value": { "anyOf": [{ "type": "number" }, { "$ref": "#/components/schemas/Mixed" }, { "type": "null" }] } } },
        "Event": { "oneOf": [
            { "type": "object", "required": ["event", "data"], "properties": {
                "event": { "const": "message" }, "data": { "$ref": "#/components/schemas/Problem" } } },
            { "type": "object", "required": ["event", "data"], "properties": {
                "event": { "const": "done" }, "data": { "type": "string" } } } ],
            "discriminator": { "propertyName": "event" } },
    });
    let schemas = whole["components"]["schemas"].as_object_mut().unwrap();
    schemas.extend(more.as_object().unwrap().clone());
    whole
}

/// What callers write: the names of arguments are not theirs.
fn signature(file: &str, signature: &syn::Signature) -> String {
    let types = signature.inputs.iter().map(|input| match input {
        syn::FnArg::Typed(input) => input.ty.to_token_stream().to_string(),
        receiver => receiver.to_token_stream().to_string(),
    });
    let types = types.collect::<Vec<_>>().join(", ");
    format!("{file} fn {}({types}) {}", signature.ident, signature.output.to_token_stream())
}

/// Edits at one place: it goes, or it is something else.
fn edits(whole: &Value, at: &str) -> Vec<Value> {
    let mut edits = Vec::new();
    let (parent, key) = at.rsplit_once('/').unwrap();
    let mut gone = whole.clone();
    match gone.pointer_mut(parent) {
        Some(Value::Object(map)) => drop(map.shift_remove(&key.replace("~1", "/").replace("~0", "~"))),
        Some(Value::Array(items)) => drop(items.remove(key.parse().unwrap())),
        _ => {}
    }
    edits.push(gone);
    // All values at all places would take minutes; each place gets one.
    let values =
        [json!({ "type": "string" }), json!({ "$ref": "#/components/schemas/Thing" }), json!(["kind", "spokes"])];
    let mut other = whole.clone();
    *other.pointer_mut(at).unwrap() = values[at.len() % values.len()].clone();
    edits.push(other);
    edits
}

/// Breaks callers without a trace in signatures: by position, at run time, or in the dynamic entry, which knows arguments by wire name.
const UNTRACED: [Rule; 9] = [
    rules::ARGUMENT_ADDED,
    rules::PARAMETER_REMOVED,
    rules::OPERATION_ID_CHANGED,
    rules::ARGUMENTS_REORDERED,
    rules::CONSTRUCTOR_CHANGED,
    rules::CREDENTIAL_REMOVED,
    rules::OPTION_LOST,
    rules::ERROR_REMOVED,
    rules::ERROR_RETYPED,
];

#[test]
fn rust_that_goes_away_is_breaking_and_rust_that_stays_is_not() {
    let whole = rich();
    let checkout = repository(&whole);
    let old = Revision::read("old", &checkout.document, &checkout).unwrap();
    assert_eq!(old.warnings, Vec::<String>::new());
    let before = surface(&checkout, &checkout.document).unwrap();
    // Below the paths and schemas; what is beside them names a thing.
    let mut all = places(&whole);
    all.retain(|at| at.starts_with("/paths") || at.starts_with("/components"));
    let mut compared = 0;
    for edited in all.iter().flat_map(|at| edits(&whole, at)) {
        let text = edited.to_string();
        let Ok(new) = Revision::read("new", &text, &checkout) else { continue };
        let Some(after) = surface(&checkout, &text) else { continue };
        compared += 1;
        for (old, new, before, after) in [(&old, &new, &before, &after), (&new, &old, &after, &before)] {
            let changes = diff::compare(old, new);
            let lost: Vec<_> = before.difference(after).collect();
            let said =
                || changes.list.iter().map(|c| format!("{}: {} {}", c.rule.name, c.place, c.part)).collect::<Vec<_>>();
            if !lost.is_empty() {
                assert_eq!(changes.class(), Some(Class::Breaking), "{lost:#?}\n{:#?}", said());
            } else if changes.class() == Some(Class::Breaking) {
                let traced =
                    changes.list.iter().find(|c| c.rule.class == Class::Breaking && !UNTRACED.contains(&c.rule));
                assert!(traced.is_none(), "{:?}\n{:#?}", traced, said());
            }
            if before != after {
                assert!(changes.class().is_some_and(|class| class < Class::Patch), "{:#?}", said());
            }
        }
    }
    assert!(compared > 200, "{compared}");
}
