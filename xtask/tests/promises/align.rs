//! A document that says the same in another form gives the same client.

use serde_json::{Value, json};
use xtask::diff;
use xtask::repository::Repository;
use xtask::revision::Revision;
use xtask::rules::Class;
use xtask::{names, vendor};

use super::documents::{at, document, edited, push, repository};

/// Every reference replaced by what it points to, but for schemas that hold themselves.
fn inline(value: &mut Value, schemas: &Value, above: &[String]) {
    let name = value.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"));
    let mut above = above.to_vec();
    if let Some(name) = name.map(str::to_owned).filter(|name| !above.contains(name) && above.len() < 24) {
        let mut target = schemas[&name].clone();
        let beside = value.as_object().unwrap().clone();
        target.as_object_mut().unwrap().extend(beside.into_iter().filter(|(key, _)| key != "$ref"));
        if let Some(tag) = target.get_mut("discriminator").and_then(Value::as_object_mut) {
            tag.remove("mapping");
        }
        *value = target;
        above.push(name);
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(|child| inline(child, schemas, &above)),
        Value::Array(items) => items.iter_mut().for_each(|child| inline(child, schemas, &above)),
        _ => {}
    }
}

/// The text of `new` in a checkout that holds `old`, the names of whose components are locked.
fn aligned(new: &Value, old: &Value) -> String {
    let mut checkout = repository(old);
    let revision = Revision::read("old", &checkout.document, &checkout).unwrap();
    checkout.names = names::text(&names::of(&revision.model));
    vendor::text(&new.to_string(), &checkout.document, &checkout).unwrap()
}

#[test]
fn inline_schemas_become_the_components_they_were() {
    let mut inlined = document();
    let schemas = inlined["components"]["schemas"].take();
    inline(&mut inlined["paths"], &schemas, &[]);
    inlined["components"]["schemas"] = json!({});
    let text = aligned(&inlined, &document());
    let aligned: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(aligned["components"]["schemas"], document()["components"]["schemas"]);
    assert_eq!(aligned["paths"], document()["paths"]);
}

#[test]
fn a_component_under_another_key_keeps_its_own() {
    let renamed: Value = serde_json::from_str(
        &document().to_string().replace("/Wheel\"", "/V2.Wheel\"").replace("\"Wheel\":", "\"V2.Wheel\":"),
    )
    .unwrap();
    assert!(renamed["components"]["schemas"]["V2.Wheel"].is_object());
    let text = aligned(&renamed, &document());
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["components"], document()["components"]);
}

#[test]
fn null_in_the_type_is_the_union_with_null_that_it_was() {
    let union = |inner: Value| edited(|d| at(d, "/components/schemas/Thing/properties")["note"] = inner);
    let old = union(json!({ "anyOf": [{ "$ref": "#/components/schemas/Kind" }, { "type": "null" }] }));
    let new = union(json!({ "type": ["string", "null"], "enum": ["small", "large", null] }));
    let text = aligned(&new, &old);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["components"], old["components"]);
}

#[test]
fn what_changed_inline_is_a_change_and_nothing_else_is() {
    let mut inlined =
        edited(|d| push(d, "/components/schemas/Part/oneOf", json!({ "$ref": "#/components/schemas/Roof" })));
    inlined["components"]["schemas"]["Roof"] =
        json!({ "type": "object", "required": ["type"], "properties": { "type": { "const": "roof" } } });
    let schemas = inlined["components"]["schemas"].take();
    inline(&mut inlined["paths"], &schemas, &[]);
    inlined["components"]["schemas"] = json!({});
    // The new member comes first.
    let text = aligned(&inlined, &document());
    let changes = super::documents::between(&document(), &serde_json::from_str(&text).unwrap());
    assert!(changes.list.iter().any(|change| change.part == "variant Roof"), "{:#?}", changes.list);
    assert!(changes.list.iter().all(|change| change.rule.class == Class::Minor), "{:#?}", changes.list);
}

#[test]
fn the_real_document_with_everything_inline_is_no_breaking_change() {
    let repository = Repository::here().unwrap();
    let mut served: Value = serde_json::from_str(&repository.document).unwrap();
    let groups = [
        "llm.chat",
        "llm.files",
        "llm.speech",
        "agents",
        "billing",
        "auth.teams",
        "llm.batches",
        "usage",
        "llm.vector_stores",
    ];
    for item in served["paths"].as_object_mut().unwrap().values_mut() {
        let item = item.as_object_mut().unwrap();
        item.retain(|_, operation| {
            let group = operation.get("x-speakeasy-group").and_then(Value::as_str);
            group.is_none_or(|group| groups.contains(&group))
        });
    }
    let old = served.clone();
    let schemas = served["components"]["schemas"].take();
    inline(&mut served["paths"], &schemas, &[]);
    // What holds itself is still referred to.
    served["components"]["schemas"] =
        if served["paths"].to_string().contains("\"$ref\"") { schemas } else { json!({}) };
    let text = vendor::text(&served.to_string(), &old.to_string(), &repository).unwrap();
    let read = |text: &str| Revision::read("it", text, &repository).unwrap();
    let changes = diff::compare(&read(&old.to_string()), &read(&text));
    let breaking: Vec<_> = changes.list.iter().filter(|change| change.rule.class != Class::Patch).collect();
    let lines: Vec<_> =
        breaking.iter().map(|c| format!("{}: {} {} {} {}", c.rule.name, c.place, c.part, c.was, c.is)).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn a_key_that_has_a_name_stays_whatever_an_older_document_had() {
    let older: Value = serde_json::from_str(
        &document().to_string().replace("/Wheel\"", "/OldWheel\"").replace("\"Wheel\":", "\"OldWheel\":"),
    )
    .unwrap();
    // Names are locked of the newer one, which comes after the older.
    let mut checkout = repository(&document());
    let revision = Revision::read("new", &checkout.document, &checkout).unwrap();
    checkout.names = names::text(&names::of(&revision.model));
    let text = vendor::text(&document().to_string(), &older.to_string(), &checkout).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["components"], document()["components"]);
}
