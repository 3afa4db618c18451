//! Generated documents: whatever a schema looks like, the outcome is Rust or one clear error, never a panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::documents::{document, run};

/// Names that a document may use and Rust may not, and some that collide.
fn name() -> BoxedStrategy<String> {
    prop_oneof![
        "[a-z]{1,6}",
        Just("type".to_owned()),
        Just("self".to_owned()),
        Just("Self".to_owned()),
        Just("new".to_owned()),
        Just("Option".to_owned()),
        Just("2d-size".to_owned()),
        Just("".to_owned()),
        Just("$".to_owned()),
        Just("größe".to_owned()),
        Just("名前".to_owned()),
        Just("fooBar".to_owned()),
        Just("foo_bar".to_owned()),
        Just("x".repeat(300)),
        any::<String>(),
    ]
    .boxed()
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!(true)),
        Just(json!({ "type": "string" })),
        Just(json!({ "type": "string", "format": "binary" })),
        Just(json!({ "type": ["integer", "null"] })),
        Just(json!({ "type": ["string", "integer"] })),
        Just(json!({ "type": "number", "nullable": true })),
        Just(json!({ "type": "null" })),
        Just(json!({ "$ref": "#/components/schemas/Thing" })),
        Just(json!({ "$ref": "#/components/schemas/Other" })),
        Just(json!({ "type": 7, "properties": 3, "anyOf": "x" })),
        name().prop_map(|value| json!({ "const": value })),
        prop::collection::vec(name(), 0..4).prop_map(|values| json!({ "type": "string", "enum": values })),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let objects = (prop::collection::btree_map(name(), inner.clone(), 0..4), prop::collection::vec(name(), 0..2))
            .prop_map(|(properties, mut required)| {
                required.extend(properties.keys().next().cloned());
                json!({ "type": "object", "properties": properties, "required": required })
            })
            .boxed();
        prop_oneof![
            objects.clone(),
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            inner.clone().prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
            prop::collection::vec(inner.clone(), 0..4).prop_map(|members| json!({ "anyOf": members })),
            prop::collection::vec(objects, 0..4)
                .prop_map(|members| json!({ "oneOf": members, "discriminator": { "propertyName": "type" } })),
            prop::collection::vec(inner, 0..3).prop_map(|parts| json!({ "allOf": parts })),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_schema_becomes_rust_or_a_clear_error(thing in schema(), other in schema()) {
        let document = document(json!({ "Thing": thing, "Other": other }));
        match run(&document) {
            // `run` has parsed what it made: it is Rust.
            Ok(generated) => prop_assert_eq!(generated.files, run(&document).unwrap().files),
            Err(error) => {
                prop_assert!(!error.problem.contains("not Rust"), "{}", error);
                prop_assert!(!error.problem.starts_with("progenitor"), "{}", error);
            }
        }
    }
}
