//! Changes of types and their fields.

use serde_json::{Value, json};
use xtask::rules::*;

use super::documents::{at, found, one, push, remove, undone};

const REQUEST: &str = "/components/schemas/Request";
const THING: &str = "/components/schemas/Thing";

fn set(document: &mut Value, schema: &str, field: &str, value: Value) {
    at(document, schema)["properties"][field] = value;
}

#[test]
fn an_added_field_is_minor_unless_a_request_must_have_it() {
    let text = || json!({ "type": "string" });
    assert_eq!(found(|d| set(d, REQUEST, "tag", text())), one(FIELD_ADDED, "Request", "field tag"));
    assert_eq!(found(|d| set(d, THING, "tag", text())), one(FIELD_ADDED, "Thing", "field tag"));
    let required = |schema: &'static str| {
        move |d: &mut Value| {
            set(d, schema, "tag", text());
            push(d, &format!("{schema}/required"), json!("tag"));
        }
    };
    assert_eq!(found(required(REQUEST)), one(FIELD_REQUIRED_ADDED, "Request", "field tag"));
    assert_eq!(found(required(THING)), one(FIELD_ADDED, "Thing", "field tag"));
}

#[test]
fn a_required_constant_of_a_request_fills_itself_in() {
    let constant = found(|d| {
        set(d, REQUEST, "version", json!({ "const": "v1" }));
        push(d, &format!("{REQUEST}/required"), json!("version"));
    });
    assert!(constant.contains(&(FIELD_ADDED, "Request".into(), "field version".into())), "{constant:?}");
    assert!(constant.iter().all(|(rule, ..)| rule.class == Class::Minor), "{constant:?}");
}

#[test]
fn a_removed_field_is_breaking() {
    assert_eq!(found(|d| remove(d, &format!("{THING}/properties"), "note")), one(FIELD_REMOVED, "Thing", "field note"));
}

#[test]
fn a_retyped_field_is_breaking() {
    let retyped = found(|d| set(d, THING, "note", json!({ "type": "integer" })));
    assert_eq!(retyped, one(FIELD_RETYPED, "Thing", "field note"));
}

#[test]
fn a_field_required_or_no_longer_is_breaking() {
    let required = |d: &mut Value| push(d, &format!("{THING}/required"), json!("note"));
    assert_eq!(found(required), one(FIELD_REQUIRED, "Thing", "field note"));
    assert_eq!(undone(required), one(FIELD_OPTIONAL, "Thing", "field note"));
}

#[test]
fn null_allowed_or_no_longer_is_breaking() {
    let edit = |d: &mut Value| set(d, THING, "note", json!({ "type": ["string", "null"] }));
    assert_eq!(found(edit), one(FIELD_NULLABLE, "Thing", "field note"));
    assert_eq!(undone(edit), one(FIELD_NULLABLE, "Thing", "field note"));
}

#[test]
fn required_and_nullable_is_an_option_like_optional_in_a_response_but_not_in_a_request() {
    let edit = |schema: &'static str, field: &'static str, ty: &'static str| {
        move |d: &mut Value| {
            set(d, schema, field, json!({ "type": [ty, "null"] }));
            push(d, &format!("{schema}/required"), json!(field));
        }
    };
    assert_eq!(found(edit(THING, "note", "string")), one(FIELD_PRESENCE, "Thing", "field note"));
    assert_eq!(found(edit(REQUEST, "size", "integer")), one(FIELD_REQUIRED, "Request", "field size"));
}

#[test]
fn arguments_of_new_in_another_order_are_breaking() {
    let old = super::documents::edited(|d| push(d, &format!("{REQUEST}/required"), json!("size")));
    let mut new = old.clone();
    at(&mut new, REQUEST)["properties"] = json!({ "size": { "type": "integer" }, "name": { "type": "string" } });
    let changes = super::documents::between(&old, &new);
    assert_eq!(changes.list.iter().map(|change| change.rule).collect::<Vec<_>>(), [CONSTRUCTOR_CHANGED]);
}

#[test]
fn a_default_is_a_patch_since_it_is_not_sent() {
    let changed = found(|d| set(d, THING, "note", json!({ "type": "string", "default": "none" })));
    assert_eq!(changed[0], (DEFAULT_CHANGED, "Thing".into(), "field note".into()));
    assert!(changed.iter().all(|(rule, ..)| rule.class == Class::Patch), "{changed:?}");
}

#[test]
fn further_properties_are_a_field() {
    let edit = |d: &mut Value| at(d, THING)["additionalProperties"] = json!({ "type": "string" });
    assert_eq!(found(edit), one(EXTRA_ADDED, "Thing", "extra"));
    assert_eq!(undone(edit), one(EXTRA_REMOVED, "Thing", "extra"));
}

#[test]
fn a_renamed_schema_is_one_change_and_not_one_wherever_it_is_used() {
    let renamed = found(|d| {
        at(d, "/components/schemas/Kind")["x-rust-name"] = json!("Size");
    });
    let breaking: Vec<_> = renamed.into_iter().filter(|(rule, ..)| rule.class == Class::Breaking).collect();
    assert_eq!(breaking, one(TYPE_RENAMED, "Size", ""));
}

#[test]
fn a_type_of_another_kind_is_breaking() {
    let remade = found(|d| {
        *at(d, "/components/schemas/Kind") = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    });
    assert_eq!(remade, one(TYPE_REMADE, "Kind", ""));
}

#[test]
fn a_type_that_is_gone_is_breaking_and_one_that_came_is_minor() {
    let edit =
        |d: &mut Value| set(d, THING, "note", json!({ "type": "object", "properties": { "a": { "type": "string" } } }));
    let came = found(edit);
    assert!(came.contains(&(TYPE_ADDED, "ThingNote".into(), String::new())), "{came:?}");
    let gone = undone(edit);
    assert!(gone.contains(&(TYPE_REMOVED, "ThingNote".into(), String::new())), "{gone:?}");
}

#[test]
fn a_type_that_requests_have_too_gets_setters_and_one_they_no_longer_have_loses_them() {
    let edit = |d: &mut Value| set(d, REQUEST, "size", json!({ "$ref": "#/components/schemas/Problem" }));
    assert!(found(edit).contains(&(TYPE_SENT, "Problem".into(), String::new())));
    assert!(undone(edit).contains(&(TYPE_NOT_SENT, "Problem".into(), String::new())));
}

#[test]
fn a_format_is_a_patch_wherever_it_stands() {
    let changed = found(|d| set(d, THING, "note", json!({ "type": "string", "format": "date-time" })));
    assert_eq!(changed, one(UNSEEN, "Thing", "schema Thing /properties/note/format"));
}

#[test]
fn a_schema_that_nothing_uses_is_seen_too() {
    let added = found(|d| d["components"]["schemas"]["Unused"] = json!({ "type": "object" }));
    assert_eq!(added, one(UNSEEN, "schema Unused", "schema Unused"));
}
