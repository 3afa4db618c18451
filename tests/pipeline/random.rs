//! Whole random documents, sound and not: the outcome is Rust or an error that names its place, never a panic.
//!
//! `MKA1_PIPELINE_CASES` says how many of each; by default as many as take a few seconds.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::documents::run;
use super::pipeline::{self, Error, Inputs};

/// Keys of components; some are hard to make Rust names of, some make the same.
const KEYS: [&str; 8] = ["Pet", "pet", "Error", "Vec", "a/b~c", "größe", "2d", "v1.Pet"];
/// Names of properties, parameters and values.
const NAMES: [&str; 12] =
    ["id", "type", "kind", "self", "new", "fooBar", "foo_bar", "$ref", "", "+1", "properties", "名"];

fn key() -> impl Strategy<Value = &'static str> {
    select(&KEYS[..])
}

fn name() -> impl Strategy<Value = &'static str> {
    select(&NAMES[..])
}

fn reference(kind: &'static str) -> impl Strategy<Value = Value> {
    key().prop_map(
        move |key| json!({ "$ref": format!("#/components/{kind}/{}", key.replace('~', "~0").replace('/', "~1")) }),
    )
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => reference("schemas"),
        1 => Just(json!({})),
        1 => Just(json!(true)),
        3 => select(vec!["string", "integer", "number", "boolean", "object", "array", "null"]).prop_map(|ty| json!({ "type": ty })),
        1 => Just(json!({ "type": "string", "format": "binary" })),
        1 => Just(json!({ "type": ["string", "null"] })),
        1 => Just(json!({ "type": ["string", "integer"], "nullable": true })),
        1 => name().prop_map(|value| json!({ "const": value })),
        1 => Just(json!({ "enum": [1, 2.5, null, "x", true, { "a": 1 }, [1]] })),
        1 => vec(name(), 1..4).prop_map(|values| json!({ "type": "string", "enum": values })),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let object = (btree_map(name(), inner.clone(), 0..4), vec(name(), 0..3), any::<bool>());
        let object = object.prop_map(|(properties, required, nullable)| {
            json!({ "type": "object", "properties": properties, "required": required, "nullable": nullable })
        }).boxed();
        prop_oneof![
            3 => object.clone(),
            1 => inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            1 => inner.clone().prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
            1 => (object, inner.clone()).prop_map(|(mut object, values)| {
                object["additionalProperties"] = values;
                object
            }),
            2 => (select(vec!["oneOf", "anyOf", "allOf"]), vec(inner.clone(), 0..4)).prop_map(|(of, members)| json!({ of: members })),
            1 => (vec(reference("schemas"), 1..4), name()).prop_map(|(members, tag)| {
                let mapping: Map<String, Value> =
                    members.iter().enumerate().map(|(index, to)| (format!("k{index}"), to["$ref"].clone())).collect();
                json!({ "oneOf": members, "discriminator": { "propertyName": tag, "mapping": mapping } })
            }),
        ]
    })
}

fn content() -> impl Strategy<Value = Value> {
    const KINDS: [&str; 7] = [
        "application/json",
        "application/json; charset=utf-8",
        "multipart/form-data",
        "text/event-stream",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "*/*",
    ];
    btree_map(select(&KINDS[..]), prop::option::of(schema()), 0..3).prop_map(|kinds| {
        let media = |schema: Option<Value>| schema.map_or_else(|| json!({}), |schema| json!({ "schema": schema }));
        kinds.into_iter().map(|(kind, schema)| (kind.to_owned(), media(schema))).collect::<Map<_, _>>().into()
    })
}

fn parameter() -> impl Strategy<Value = Value> {
    let place = select(vec!["query", "header", "cookie", "path"]);
    let plain =
        (name(), place, any::<bool>(), prop::option::of(schema())).prop_map(|(name, place, required, schema)| {
            let mut parameter = json!({ "name": name, "in": place, "required": required });
            if let Some(schema) = schema {
                parameter["schema"] = schema;
            }
            parameter
        });
    prop_oneof![3 => plain, 1 => reference("parameters")]
}

fn response() -> impl Strategy<Value = Value> {
    let plain = content().prop_map(|content| json!({ "description": "", "content": content }));
    prop_oneof![3 => plain, 1 => reference("responses")]
}

fn operation() -> impl Strategy<Value = Value> {
    let body =
        prop_oneof![2 => content().prop_map(|content| json!({ "content": content })), 1 => reference("requestBodies")];
    let statuses = select(vec!["200", "201", "204", "2XX", "304", "400", "default"]);
    let parts = (
        prop::option::of(key()),
        vec(parameter(), 0..3),
        prop::option::of(body),
        btree_map(statuses, response(), 0..3),
        prop::option::of(select(vec![
            json!([]),
            json!([{ "key": [] }]),
            json!([{ "key": [], "other": [] }]),
            json!([{}]),
        ])),
    );
    parts.prop_map(|(tag, parameters, body, responses, security)| {
        let mut operation = json!({ "parameters": parameters, "responses": responses, "x-any": { "thing": null } });
        let more = [("tags", tag.map(|tag| json!([tag]))), ("requestBody", body), ("security", security)];
        for (key, value) in more {
            if let Some(value) = value {
                operation[key] = value;
            }
        }
        operation
    })
}

prop_compose! {
    fn document()(
        version in select(vec!["3.0.3", "3.1.0"]),
        schemas in vec(schema(), KEYS.len()),
        parameters in vec((name(), schema()), KEYS.len()),
        contents in vec((content(), content()), KEYS.len()),
        items in btree_map(
            select(vec!["/", "/pets", "/pets/{id}", "/pets/{id}/{type}", "/größe/{}"]),
            (vec(parameter(), 0..2), btree_map(select(vec!["get", "post", "put", "head"]), operation(), 0..3)),
            1..4,
        ),
        ids in any::<bool>(),
    ) -> Value {
        let mut paths = Map::new();
        for (path, (shared, operations)) in items {
            let mut item = Map::from_iter([("parameters".to_owned(), json!(shared))]);
            for (method, mut operation) in operations {
                if ids {
                    operation["operationId"] = json!(format!("{method} {path}"));
                }
                item.insert(method.to_owned(), operation);
            }
            paths.insert(path.to_owned(), item.into());
        }
        let keyed = |values: Vec<Value>| KEYS.iter().map(|key| (*key).to_owned()).zip(values).collect::<Map<_, _>>();
        let parameters = parameters.into_iter().map(|(name, schema)| json!({ "name": name, "in": "query", "schema": schema }));
        let (bodies, responses): (Vec<_>, Vec<_>) = (contents.into_iter())
            .map(|(body, response)| (json!({ "content": body }), json!({ "description": "", "content": response })))
            .unzip();
        json!({
            "openapi": version,
            "info": { "title": "random", "version": "1" },
            "paths": paths,
            "components": {
                "schemas": keyed(schemas),
                "parameters": keyed(parameters.collect()),
                "requestBodies": keyed(bodies),
                "responses": keyed(responses),
                "securitySchemes": { "key": { "type": "http", "scheme": "bearer" } },
            },
        })
    }
}

/// Every place of a value.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, child)| places(child, &pipeline::schema::child(at, key), all));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), all));
        }
        _ => {}
    }
}

#[derive(Clone, Debug)]
enum Fault {
    /// Another value in its place.
    Put(Value),
    /// A reference to itself, or to what it is in.
    Circle(Index),
    Gone,
}

fn fault() -> impl Strategy<Value = Fault> {
    let wrong = select(vec![
        json!(null),
        json!(-7.5),
        json!("größe"),
        json!([]),
        json!({}),
        json!([[{ "a": [] }]]),
        json!({ "$ref": "#" }),
        json!({ "$ref": "#/paths" }),
        json!({ "$ref": "#/components/schemas/Nowhere" }),
        json!({ "$ref": "other.yaml#/Pet" }),
        json!({ "$ref": "#/%zz/~9" }),
        json!({ "$ref": 3 }),
    ]);
    prop_oneof![3 => wrong.prop_map(Fault::Put), 1 => any::<Index>().prop_map(Fault::Circle), 1 => Just(Fault::Gone)]
}

fn inject(document: &mut Value, place: &Index, fault: &Fault) {
    let mut all = Vec::new();
    places(document, "", &mut all);
    // The whole document is no place in it.
    let Some(at) = (all.len() > 1).then(|| all[1..][place.index(all.len() - 1)].clone()) else { return };
    let put = match fault {
        Fault::Put(value) => value.clone(),
        Fault::Circle(above) => {
            let ends: Vec<usize> = at.match_indices('/').map(|(end, _)| end).chain([at.len()]).collect();
            json!({ "$ref": format!("#{}", &at[..ends[above.index(ends.len())]]) })
        }
        Fault::Gone => {
            let (parent, key) = at.rsplit_once('/').unwrap();
            match document.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.shift_remove(&pipeline::schema::unescape(key))),
                Some(Value::Array(items)) => drop(items.remove(key.parse().unwrap())),
                _ => {}
            }
            return;
        }
    };
    if let Some(node) = document.pointer_mut(&at) {
        *node = put;
    }
}

/// An error is one of the document, and says where.
fn is_clear(error: &Error) -> bool {
    let ours = ["not Rust", "panicked", "progenitor", "bug of the pipeline"];
    error.pointer.starts_with('/') && !ours.iter().any(|words| error.to_string().contains(words))
}

fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("MKA1_PIPELINE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 2_000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn any_sound_document_becomes_rust_and_in_yaml_the_same(document in document()) {
        match run(&document) {
            Ok(generated) => {
                let text = yaml_serde::to_string(&document).unwrap();
                let again = pipeline::run(&Inputs { document: &text, ..Inputs::default() }, &|_| true);
                prop_assert_eq!(generated.files, again.unwrap().files);
            }
            // Circles of nothing but references, or of `allOf`, have no meaning.
            Err(error) => prop_assert!(is_clear(&error) && error.to_string().contains("circle"), "{}", error),
        }
    }

    #[test]
    fn any_faulty_document_becomes_rust_or_an_error_that_names_its_place(
        document in document(),
        faults in vec((any::<Index>(), fault()), 1..4),
    ) {
        let mut document = document;
        for (place, fault) in &faults {
            inject(&mut document, place, fault);
        }
        if let Err(error) = run(&document) {
            prop_assert!(is_clear(&error), "{}", error);
        }
    }
}

#[test]
fn what_a_document_must_have_is_missed_by_name() {
    let whole = json!({ "openapi": "3.0.3", "info": { "title": "t", "version": "1" }, "paths": {} });
    assert!(run(&whole).is_ok());
    for (key, outcome) in [("openapi", Some("#/openapi: ")), ("paths", Some("#/paths: ")), ("info", None)] {
        let mut without = whole.clone();
        without.as_object_mut().unwrap().remove(key);
        let error = run(&without).err().map(|error| error.to_string());
        assert_eq!(error.is_some(), outcome.is_some(), "{error:?}");
        assert!(error.unwrap_or_default().starts_with(outcome.unwrap_or_default()));
    }
}
