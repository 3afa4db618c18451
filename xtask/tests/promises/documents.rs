//! Small documents, and what is found between two of them.

use serde_json::{Value, json};
use xtask::diff::{self, Changes};
use xtask::pipeline::schema;
use xtask::repository::Repository;
use xtask::revision::Revision;
use xtask::rules::Rule;

/// A checkout that holds `document` and nothing else.
pub fn repository(document: &Value) -> Repository {
    Repository {
        root: std::env::temp_dir(),
        document: document.to_string(),
        overlays: Vec::new(),
        names: String::new(),
        features: [("things".to_owned(), Vec::new())].into(),
    }
}

/// Every place of a value, as pointers.
pub fn places(value: &Value) -> Vec<String> {
    fn add(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        match value {
            Value::Object(map) => map.iter().for_each(|(key, child)| add(child, &schema::child(at, key), all)),
            Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| add(item, &format!("{at}/{i}"), all)),
            _ => {}
        }
    }
    let mut all = Vec::new();
    add(value, "", &mut all);
    all
}

/// `POST /things/{id}`, which sends a `Request` and gives a `Thing`.
pub fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "small", "version": "1" },
        "paths": { "/things/{id}": { "post": {
            "operationId": "makeThing",
            "x-speakeasy-group": "things",
            "x-speakeasy-name-override": "make",
            "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "limit", "in": "query", "schema": { "type": "integer" } },
            ],
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Request" } } } },
            "responses": {
                "200": { "description": "", "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Thing" } } } },
                "400": { "description": "", "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Problem" } } } },
            },
        }}},
        "components": { "schemas": {
            "Request": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string" },
                "size": { "type": "integer" } } },
            "Thing": { "type": "object", "required": ["id", "kind"], "properties": {
                "id": { "type": "string" },
                "kind": { "$ref": "#/components/schemas/Kind" },
                "note": { "type": "string" },
                "part": { "$ref": "#/components/schemas/Part" } } },
            "Kind": { "type": "string", "enum": ["small", "large"] },
            "Problem": { "type": "object", "properties": { "message": { "type": "string" } } },
            "Part": { "oneOf": [
                    { "$ref": "#/components/schemas/Wheel" }, { "$ref": "#/components/schemas/Door" } ],
                "discriminator": { "propertyName": "type" } },
            "Wheel": { "type": "object", "required": ["type"], "properties": {
                "type": { "const": "wheel" }, "spokes": { "type": "integer" } } },
            "Door": { "type": "object", "required": ["type"], "properties": {
                "type": { "const": "door" }, "colour": { "type": "string" } } },
        }},
    })
}

pub const OPERATION: &str = "/paths/~1things~1{id}/post";

/// The document with an edit.
pub fn edited(edit: impl FnOnce(&mut Value)) -> Value {
    let mut document = document();
    edit(&mut document);
    document
}

pub fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

/// Takes the member `key` out of the object at `pointer`.
pub fn remove(document: &mut Value, pointer: &str, key: &str) {
    at(document, pointer).as_object_mut().unwrap().shift_remove(key).unwrap();
}

pub fn push(document: &mut Value, pointer: &str, value: Value) {
    at(document, pointer).as_array_mut().unwrap().push(value);
}

pub fn between(old: &Value, new: &Value) -> Changes {
    let repository = repository(old);
    let read = |document: &Value| Revision::read("a document", &document.to_string(), &repository).unwrap();
    diff::compare(&read(old), &read(new))
}

/// What an edit of the small document is reported as: rule, place, part.
pub fn found(edit: impl FnOnce(&mut Value)) -> Vec<(Rule, String, String)> {
    listed(&between(&document(), &edited(edit)))
}

/// The same, of the edit taken back.
pub fn undone(edit: impl FnOnce(&mut Value)) -> Vec<(Rule, String, String)> {
    listed(&between(&edited(edit), &document()))
}

fn listed(changes: &Changes) -> Vec<(Rule, String, String)> {
    changes.list.iter().map(|change| (change.rule, change.place.clone(), change.part.clone())).collect()
}

pub fn one(rule: Rule, place: &str, part: &str) -> Vec<(Rule, String, String)> {
    vec![(rule, place.to_owned(), part.to_owned())]
}
