//! Features are additive: what is not so is named.

use serde_json::{Value, json};
use xtask::additive::lines;
use xtask::check;
use xtask::repository::Repository;

/// `cats` give a shape, which is one of a union; `dogs` give the union's circle by itself as well.
fn repository(circle: Value) -> Repository {
    let get = |group: &str, schema: &str| {
        json!({ "get": { "operationId": group, "x-speakeasy-group": group, "x-speakeasy-name-override": "get",
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": {
                "$ref": format!("#/components/schemas/{schema}") } } } } } } })
    };
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": "small", "version": "1" },
        "paths": { "/cat": get("cats", "Shape"), "/dog": get("dogs", "Circle") },
        "components": { "schemas": {
            "Shape": { "oneOf": [{ "$ref": "#/components/schemas/Circle" }, { "$ref": "#/components/schemas/Square" }] },
            "Circle": { "type": "object", "required": ["type"], "properties": { "type": { "const": "circle" } } },
            "Square": { "type": "object", "required": ["type"], "properties": { "type": { "const": "square" } } },
        } },
    });
    let schema = document["components"]["schemas"]["Circle"].as_object_mut().unwrap();
    schema.extend(circle.as_object().unwrap().clone());
    let features = ["cats", "dogs"].map(|name| (name.to_owned(), Vec::new()));
    Repository {
        root: std::env::temp_dir(),
        document: document.to_string(),
        overlays: Vec::new(),
        names: String::new(),
        features: features.into(),
    }
}

fn found(repository: &Repository) -> Vec<String> {
    check::problems(repository).into_iter().filter(|problem| problem.contains("with the feature")).collect()
}

#[test]
fn a_type_that_another_feature_changes_is_named_with_its_cure() {
    let found = found(&repository(json!({})));
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(
        found[0].starts_with("Circle: is another type with the feature cats alone than with all; give"),
        "{found:#?}"
    );
    assert!(found.iter().all(|problem| problem.contains("`x-keep-tag`")), "{found:#?}");
}

#[test]
fn a_struct_that_keeps_its_tag_is_the_same_with_each_feature() {
    assert_eq!(found(&repository(json!({ "x-keep-tag": true }))), Vec::<String>::new());
}

#[test]
fn more_features_may_add_lines_and_traits_and_take_none() {
    let page = "a::T: struct\na::T: impl Clone, Debug\na::T::x: u8\na::U: impl From<u8> for U\n";
    let more =
        "a::T: struct\na::T: impl Clone, Debug, Default\na::T::new() -> T\na::T::x: u8\na::U: impl From<u8> for U\n";
    assert_eq!(lines(page, more), Vec::<&str>::new());
    let less = "a::T: struct\na::T: impl Clone\na::T::x: u16\na::U: impl From<u8> for U\n";
    assert_eq!(lines(page, less), ["a::T: impl Clone, Debug", "a::T::x: u8"]);
}
