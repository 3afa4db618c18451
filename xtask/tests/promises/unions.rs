//! Changes of enums and unions.

use serde_json::{Value, json};
use xtask::rules::*;

use super::documents::{at, found, one, push, undone};

const KIND: &str = "/components/schemas/Kind/enum";
const PART: &str = "/components/schemas/Part";

#[test]
fn an_added_value_is_minor_and_a_removed_one_breaking() {
    let edit = |d: &mut Value| push(d, KIND, json!("huge"));
    assert_eq!(found(edit), one(VALUE_ADDED, "Kind", "value huge"));
    assert_eq!(undone(edit), one(VALUE_REMOVED, "Kind", "value huge"));
}

#[test]
fn a_value_that_takes_the_name_of_another_is_breaking() {
    // Two values that Rust writes the same way: the first keeps the name.
    let changed = found(|d| *at(d, KIND) = json!(["SMALL", "small", "large"]));
    assert!(changed.contains(&(VALUE_RENAMED, "Kind".into(), "value small".into())), "{changed:?}");
}

fn add_variant(d: &mut Value) {
    d["components"]["schemas"]["Roof"] = json!({ "type": "object", "required": ["type"], "properties": {
        "type": { "const": "roof" } } });
    push(d, &format!("{PART}/oneOf"), json!({ "$ref": "#/components/schemas/Roof" }));
}

#[test]
fn an_added_variant_is_minor_and_a_removed_one_breaking() {
    assert!(found(add_variant).contains(&(VARIANT_ADDED, "Part".into(), "variant Roof".into())));
    assert!(found(add_variant).iter().all(|(rule, ..)| rule.class == Class::Minor), "{:?}", found(add_variant));
    assert!(undone(add_variant).contains(&(VARIANT_REMOVED, "Part".into(), "variant Roof".into())));
}

#[test]
fn a_variant_that_holds_something_else_is_breaking() {
    let mixed = |ty: &str| {
        let ty = json!({ "type": ty });
        move |d: &mut Value| {
            at(d, "/components/schemas/Thing/properties")["note"] =
                json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": ty }] });
        }
    };
    let (old, new) = (super::documents::edited(mixed("string")), super::documents::edited(mixed("integer")));
    let changes = super::documents::between(&old, &new);
    let found: Vec<_> = changes.list.iter().map(|change| (change.rule, change.part.as_str())).collect();
    assert_eq!(found, [(VARIANT_RETYPED, "variant List")]);
}

#[test]
fn another_tag_is_seen() {
    let told = found(|d| {
        for (schema, value) in [("Wheel", "wheel"), ("Door", "door")] {
            let node = at(d, &format!("/components/schemas/{schema}"));
            node["properties"]["kind"] = json!({ "const": value });
            node["required"] = json!(["type", "kind"]);
        }
        at(d, PART)["discriminator"]["propertyName"] = json!("kind");
    });
    assert!(told.iter().any(|(rule, place, _)| *rule == VARIANT_TOLD && place == "Part"), "{told:?}");
}
