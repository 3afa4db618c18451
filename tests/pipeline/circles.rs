//! Schemas that hold themselves and each other: what is equal is found to be, however they do it.

use serde_json::{Map, Value, json};

use super::documents::{document, file, run, types};

/// A schema that holds a text and the schema `next`, called `rust`.
fn link(rust: &str, text: &str, next: &str) -> Value {
    json!({ "type": "object", "x-rust-name": rust, "required": [text], "properties": {
        text: { "type": "string" }, "next": { "$ref": format!("#/components/schemas/{next}") } } })
}

/// Circles of links, each of so many; the links of all have the same names in turn.
fn circles(sizes: &[usize], names: usize, text: impl Fn(usize, usize) -> &'static str) -> Value {
    let mut schemas = Map::new();
    let mut properties = Map::new();
    for (circle, size) in sizes.iter().enumerate() {
        for link_ in 0..*size {
            let next = format!("C{circle}L{}", (link_ + 1) % size);
            schemas.insert(
                format!("C{circle}L{link_}"),
                link(&format!("Link{}", link_ % names), text(circle, link_), &next),
            );
        }
        properties.insert(format!("c{circle}"), json!({ "$ref": format!("#/components/schemas/C{circle}L0") }));
    }
    schemas.insert("Thing".into(), json!({ "type": "object", "properties": properties }));
    Value::Object(schemas)
}

#[test]
fn circles_of_any_size_that_say_the_same_are_one() {
    let generated = run(&document(circles(&[2, 4, 6, 120], 2, |_, _| "text"))).unwrap();
    assert_eq!(generated.warnings, Vec::<String>::new());
    let types = file(&generated, "types.rs");
    assert_eq!(types.matches("pub struct Link").count(), 2, "{types}");
}

#[test]
fn one_link_that_differs_tells_the_whole_circle_from_another() {
    let odd = |circle: usize, link: usize| if circle == 1 && link == 17 { "other" } else { "text" };
    let generated = run(&document(circles(&[20, 20], 1, odd))).unwrap();
    let types = file(&generated, "types.rs");
    // Those of the first are one; of the second, none is like another.
    assert_eq!(types.matches("pub struct ").count(), 1 + 1 + 20, "{types}");
    assert_eq!(generated.warnings.len(), 20, "{:?}", generated.warnings);
}

#[test]
fn a_circle_written_out_once_is_the_circle() {
    let types = types(json!({
        "Thing": { "type": "object", "properties": {
            "tree": { "$ref": "#/components/schemas/Tree" },
            "written": { "x-rust-name": "Tree", "type": "object", "properties": {
                "leaves": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } } } } } },
        "Tree": { "type": "object", "properties": {
            "leaves": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } } } },
    }));
    assert!(types.contains("pub tree: Option<Tree>") && types.contains("pub written: Option<Tree>"), "{types}");
}

#[test]
fn schemas_that_all_hold_all_take_no_longer_than_they_are_long() {
    let names: Vec<String> = (0..60).map(|index| format!("All{index}")).collect();
    let properties: Map<String, Value> =
        names.iter().map(|name| (name.clone(), json!({ "$ref": format!("#/components/schemas/{name}") }))).collect();
    let mut schemas: Map<String, Value> =
        (names.iter()).map(|name| (name.clone(), json!({ "type": "object", "properties": properties }))).collect();
    schemas.insert("Thing".into(), json!({ "type": "object", "properties": properties }));
    assert_eq!(types(Value::Object(schemas)).matches("pub struct ").count(), 61);
}

/// A row of schemas, each of which holds the next as `holds` has it.
fn row(length: usize, holds: impl Fn(Value) -> Value) -> Value {
    let mut schemas: Map<String, Value> = (0..length)
        .map(|index| {
            let next = json!({ "$ref": format!("#/components/schemas/Next{}", index + 1) });
            (format!("Next{index}"), holds(next))
        })
        .collect();
    schemas
        .insert(format!("Next{length}"), json!({ "type": "object", "properties": { "text": { "type": "string" } } }));
    schemas.insert("Thing".into(), json!({ "$ref": "#/components/schemas/Next0" }));
    Value::Object(schemas)
}

#[test]
fn a_long_way_from_schema_to_schema_is_walked_to_its_end() {
    let in_object = |next: Value| json!({ "type": "object", "properties": { "next": next } });
    assert_eq!(types(row(1_000, in_object)).matches("pub struct ").count(), 1_001);
}

#[test]
fn what_stands_too_deep_within_the_rest_is_any_json() {
    let in_list = |next: Value| json!({ "type": "array", "items": next });
    let generated = run(&document(row(5_000, in_list))).unwrap();
    let warns = |of: &str| generated.warnings.iter().filter(|warning| warning.contains(of)).count();
    assert_eq!(warns("too deep within other schemas"), 1, "{:?}", generated.warnings);
    assert!(warns("too many lists or maps within each other") > 100);
}
