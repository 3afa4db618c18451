//! What schemas become.

use serde_json::json;

use super::documents::{document, file, run, types};

#[test]
fn a_field_is_required_optional_nullable_or_both() {
    let types = types(json!({ "Thing": {
        "type": "object",
        "required": ["plain", "nullable"],
        "properties": {
            "plain": { "type": "string" },
            "nullable": { "type": ["string", "null"] },
            "optional": { "type": "integer", "default": 3 },
            "optionalNullable": { "anyOf": [{ "type": "number" }, { "type": "null" }] },
            "list": { "type": "array", "items": { "type": ["boolean", "null"] } },
            "anything": {},
            "map": { "type": "object", "additionalProperties": { "type": "string" } },
        },
    }}));
    insta::assert_snapshot!(types);
}

#[test]
fn the_words_of_3_0_mean_the_same_as_those_of_3_1() {
    let with = |nullable| {
        types(json!({
            "Thing": { "type": "object", "properties": { "a": nullable } },
            "Other": { "type": "object", "properties": { "b": { "type": "string" } } },
        }))
    };
    assert_eq!(with(json!({ "type": "string", "nullable": true })), with(json!({ "type": ["string", "null"] })));
    assert_eq!(
        with(json!({ "allOf": [{ "$ref": "#/components/schemas/Other" }], "nullable": true })),
        with(json!({ "anyOf": [{ "$ref": "#/components/schemas/Other" }, { "type": "null" }] }))
    );
}

#[test]
fn an_enum_is_open_and_a_constant_fills_itself_in() {
    let types = types(json!({ "Thing": {
        "type": "object",
        "required": ["kind", "size"],
        "properties": {
            "kind": { "type": "string", "const": "thing" },
            "size": { "type": "string", "enum": ["256x256", "response.x.y", "/v1/responses", "unknown"] },
        },
    }}));
    insta::assert_snapshot!(types);
}

#[test]
fn a_text_or_enum_is_one_open_enum() {
    let open = types(json!({ "Thing": { "type": "object", "properties": {
        "a": { "anyOf": [{ "type": "string", "enum": ["x", "y"] }, { "type": "string" }] } } } }));
    assert!(open.contains("pub enum ThingA") && open.contains("pub a: Option<ThingA>"), "{open}");
}

#[test]
fn a_union_is_decoded_by_its_tag() {
    let types = types(json!({
        "Thing": { "type": "object", "required": ["shape"], "properties": { "shape": { "oneOf": [
            { "$ref": "#/components/schemas/Circle" },
            { "type": "object", "required": ["type", "side"], "properties": {
                "type": { "const": "square" }, "side": { "type": "number" } } },
        ], "discriminator": { "propertyName": "type" } } } },
        "Circle": { "type": "object", "required": ["type", "radius"], "properties": {
            "type": { "type": "string", "const": "circle" }, "radius": { "type": "number" } } },
    }));
    insta::assert_snapshot!(types);
}

#[test]
fn a_tag_stays_in_a_struct_that_is_used_elsewhere_too() {
    let types = types(json!({
        "Thing": { "type": "object", "required": ["either", "circle"], "properties": {
            "either": { "anyOf": [{ "$ref": "#/components/schemas/Circle" }, { "$ref": "#/components/schemas/Square" }] },
            "circle": { "$ref": "#/components/schemas/Circle" } } },
        "Circle": { "type": "object", "required": ["type"], "properties": { "type": { "const": "circle" } } },
        "Square": { "type": "object", "required": ["type"], "properties": { "type": { "const": "square" } } },
    }));
    assert!(types.contains("pub r#type: CircleType"), "{types}");
    assert!(types.contains("#[serde(untagged)]\n#[non_exhaustive]"), "{types}");
}

#[test]
fn a_tag_stays_in_a_struct_that_is_said_to_keep_it() {
    let types = types(json!({
        "Thing": { "type": "object", "required": ["either"], "properties": {
            "either": { "anyOf": [{ "$ref": "#/components/schemas/Circle" }, { "$ref": "#/components/schemas/Square" }] } } },
        "Circle": { "type": "object", "required": ["type"], "properties": { "type": { "const": "circle" } }, "x-keep-tag": true },
        "Square": { "type": "object", "required": ["type"], "properties": { "type": { "const": "square" } } },
    }));
    assert!(types.contains("pub r#type: CircleType"), "{types}");
    assert!(types.contains("#[serde(untagged)]\n#[non_exhaustive]"), "{types}");
}

/// The name of a variant's type, and what is made of that, may be those of other variants.
#[test]
fn variants_whose_other_names_are_taken_too_get_one() {
    let members = ["X", "Y", "B"].map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    let types = types(json!({
        "Thing": {
            "oneOf": members,
            "discriminator": { "propertyName": "kind" },
        },
        "X": { "type": "object", "required": ["kind"], "properties": { "kind": { "const": "b" } } },
        "Y": { "type": "object", "required": ["kind"], "properties": { "kind": { "const": "b_object" } } },
        "B": { "type": "object", "required": ["kind"], "properties": { "kind": { "const": "B" } } },
    }));
    for variant in ["B(X)", "BObject(Y)", "BObjectObject(B)"] {
        assert!(types.contains(variant), "{variant} in {types}");
    }
}

#[test]
fn a_union_is_decoded_by_json_type_or_by_required_properties() {
    let types = types(json!({ "Thing": { "type": "object", "properties": {
        "stop": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }, { "type": "null" }] },
        "file": { "anyOf": [
            { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
            { "type": "object", "required": ["name", "data"], "properties": { "name": { "type": "string" }, "data": { "type": "string" } } },
        ] },
    }}}));
    insta::assert_snapshot!(types);
}

#[test]
fn parts_of_an_all_of_become_one_struct() {
    let types = types(json!({
        "Thing": { "allOf": [{ "$ref": "#/components/schemas/Base" }, {
            "type": "object", "required": ["id"], "properties": { "name": { "type": "string" } } }] },
        "Base": { "type": "object", "properties": { "id": { "type": "integer" } } },
    }));
    insta::assert_snapshot!(types);
}

#[test]
fn a_schema_may_hold_itself() {
    let types = types(json!({
        "Thing": { "type": "object", "required": ["parent", "either"], "properties": {
            "parent": { "anyOf": [{ "$ref": "#/components/schemas/Thing" }, { "type": "null" }] },
            "either": { "anyOf": [{ "type": "string" }, { "$ref": "#/components/schemas/Thing" }] } } },
    }));
    assert!(types.contains("pub parent: Option<Box<Thing>>"), "{types}");
    assert!(types.contains("Object(Box<Thing>)"), "{types}");
}

#[test]
fn any_json_spelled_out_is_any_json() {
    let types = types(json!({
        "Thing": { "type": "object", "required": ["a"], "properties": { "a": { "$ref": "#/components/schemas/Json" } } },
        "Json": { "anyOf": [
            { "type": "string" }, { "type": "number" }, { "type": "boolean" }, { "type": "null" },
            { "type": "array", "items": { "$ref": "#/components/schemas/Json" } },
            { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Json" } } ] },
    }));
    assert!(types.contains("pub a: serde_json::Value"), "{types}");
}

#[test]
fn objects_that_require_nothing_are_told_by_the_properties_they_know() {
    let thing = json!({ "Thing": { "type": "object", "properties": { "a": { "anyOf": [
        { "type": "object", "properties": { "x": { "type": "string" } } },
        { "type": "object", "properties": { "y": { "type": "string" } } },
    ] } } } });
    let generated = run(&document(thing)).unwrap();
    let types = file(&generated, "types.rs");
    assert!(types.contains("pub a: Option<ThingA>"), "{types}");
    assert!(types.contains(r#"known: &["x"]"#) && types.contains(r#"known: &["y"]"#), "{types}");
    assert_eq!(generated.warnings, Vec::<String>::new());
}

#[test]
fn one_tag_value_of_two_variants_is_decided_by_best_fit() {
    let types = types(json!({ "Thing": { "type": "object", "properties": { "item": { "anyOf": [
        { "$ref": "#/components/schemas/Input" },
        { "$ref": "#/components/schemas/Output" },
        { "$ref": "#/components/schemas/Call" },
    ] } } },
        "Input": { "type": "object", "required": ["type"], "properties": {
            "type": { "const": "message" }, "role": { "type": "string" } } },
        "Output": { "type": "object", "required": ["type", "phase"], "properties": {
            "type": { "const": "message" }, "phase": { "type": "string" } } },
        "Call": { "type": "object", "required": ["type"], "properties": { "type": { "const": "call" } } },
    }));
    assert!(types.contains(r#"Some("call") => raw.variant().map(Self::Call)"#), "{types}");
    assert!(
        types.contains(".nearest(") && types.contains("Input(Input)") && types.contains("Output(Output)"),
        "{types}"
    );
}

#[test]
fn an_operation_is_a_marker_a_method_and_a_function() {
    let mut document = document(
        json!({ "Thing": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } } }),
    );
    document["paths"]["/things/{thing_id}"] = json!({
        "parameters": [{ "name": "thing_id", "in": "path", "required": true, "schema": { "type": "string" } }],
        "get": {
            "operationId": "getThing", "x-speakeasy-group": "things", "x-speakeasy-name-override": "get", "deprecated": true,
            "security": [{ "bearerAuth": [] }],
            "parameters": [
                { "name": "limit", "in": "query", "schema": { "type": "integer" } },
                { "name": "include[]", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
                { "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" } },
                { "name": "Authorization", "in": "header", "schema": { "type": "string" } },
            ],
            "responses": { "204": { "description": "" } },
        },
    });
    document["components"]["securitySchemes"] = json!({ "bearerAuth": { "type": "http", "scheme": "bearer" } });
    let generated = run(&document).unwrap();
    let text = ["operations.rs", "groups.rs", "funcs.rs"].map(|name| file(&generated, name)).join("\n// ---\n");
    insta::assert_snapshot!(text);
}

/// A form with these parts, and what becomes of them.
fn form(properties: serde_json::Value) -> String {
    let mut document = document(json!({
        "Thing": { "type": "object", "required": ["file"], "properties": properties },
        "More": { "type": "object", "properties": { "size": { "type": "integer" } } },
    }));
    let post = &mut document["paths"]["/things"]["post"];
    let body = post["requestBody"]["content"]["application/json"].take();
    post["requestBody"]["content"] = json!({ "multipart/form-data": body });
    post["responses"] = json!({ "204": { "description": "" } });
    file(&run(&document).unwrap(), "types.rs")
}

#[test]
fn a_part_of_a_form_is_a_file_a_text_or_json() {
    let types = form(json!({
        "file": { "type": "string", "format": "binary" },
        "files": { "anyOf": [
            { "type": "string", "format": "binary" },
            { "type": "array", "items": { "type": "string", "format": "binary" } } ] },
        "kind": { "type": "string", "enum": ["a", "b"] },
        "more": { "$ref": "#/components/schemas/More" },
        "each": { "type": "array", "items": { "$ref": "#/components/schemas/More" } },
        "map": { "type": "object", "additionalProperties": { "type": "string" } },
    }));
    for part in [
        r#"form.file("file", self.file)"#,
        r#"form.file("files", item)"#,
        r#"form.text("kind", value)"#,
        r#"form.json("more", value)"#,
        r#"form.json("each", item)"#,
        r#"form.json("map", value)"#,
    ] {
        assert!(types.contains(part), "{part}: {types}");
    }
}

#[test]
fn a_form_that_is_json_elsewhere_is_a_type_of_its_own() {
    let mut document = document(json!({ "Thing": { "type": "object", "properties": { "a": { "type": "string" } } } }));
    let post = &mut document["paths"]["/things"]["post"];
    let body = post["requestBody"]["content"]["application/json"].take();
    post["requestBody"]["content"] = json!({ "multipart/form-data": body });
    let generated = run(&document).unwrap();
    let types = file(&generated, "types.rs");
    assert!(types.contains("pub struct Thing {") && types.contains("pub struct ThingForm {"), "{types}");
    assert!(file(&generated, "groups.rs").contains("request: ThingForm"));
}

#[test]
fn a_parameter_that_is_more_than_a_text_goes_to_its_place() {
    let mut document = document(json!({ "Thing": { "type": "object" } }));
    let either = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] });
    let list = json!({ "type": "array", "items": { "type": "string" } });
    let of_either = json!({ "type": "array", "items": either });
    document["paths"]["/things"]["post"]["parameters"] = json!([
        { "name": "one", "in": "path", "schema": either },
        { "name": "many", "in": "path", "schema": list },
        { "name": "X-One", "in": "header", "schema": either },
        { "name": "X-Many", "in": "header", "schema": list },
        { "name": "all", "in": "query", "schema": list },
        { "name": "each", "in": "query", "schema": of_either },
    ]);
    let generated = run(&document).unwrap();
    let text = (file(&generated, "operations.rs") + &file(&generated, "funcs.rs")).replace(char::is_whitespace, "");
    for put in [
        r#".set_path("one",crate::call::written("#,
        r#".set_path("many",crate::call::joined(many,","),false)"#,
        r#".set_header("X-One",crate::call::written("#,
        r#".set_header("X-Many",crate::call::joined(x_many,","))"#,
        r#".set_query_list("all",all)"#,
        r#".set_query_json("each","#,
    ] {
        assert!(text.contains(put), "{put}: {text}");
    }
}

#[test]
fn values_of_several_kinds_are_any_json() {
    let types = types(json!({ "Thing": { "type": "object", "properties": {
        "mixed": { "enum": [1, "a", null] },
        "numbers": { "enum": [1, 2.5] },
        "flag": { "enum": [true] },
        "twins": { "oneOf": [{ "type": "integer" }, { "type": ["integer", "null"] }, { "type": "string" }] },
    } } }));
    assert!(types.contains("pub mixed: Option<serde_json::Value>"), "{types}");
    assert!(types.contains("pub numbers: Option<f64>") && types.contains("pub flag: Option<bool>"), "{types}");
    assert!(types.contains("Integer(i64)") && types.contains("pub twins: Nullable<ThingTwins>"), "{types}");
}

#[test]
fn a_body_may_be_null() {
    let mut document = document(json!({ "Thing": { "type": "object", "properties": { "a": { "type": "string" } } } }));
    let body = json!({ "anyOf": [{ "$ref": "#/components/schemas/Thing" }, { "type": "null" }] });
    document["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"] = body;
    assert!(file(&run(&document).unwrap(), "groups.rs").contains("request: impl Borrow<Option<Thing>>"));
    let body = json!({ "type": ["string", "null"] });
    document["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"] = body;
    assert!(file(&run(&document).unwrap(), "groups.rs").contains("request: impl Borrow<Option<String>>"));
}

#[test]
fn a_form_that_is_no_object_is_bytes() {
    let mut document = document(json!({ "Thing": { "oneOf": [
        { "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } },
        { "type": "object", "required": ["b"], "properties": { "b": { "type": "string" } } } ] } }));
    let post = &mut document["paths"]["/things"]["post"];
    let body = post["requestBody"]["content"]["application/json"].take();
    post["requestBody"]["content"] = json!({ "multipart/form-data": body });
    let generated = run(&document).unwrap();
    assert!(file(&generated, "groups.rs").contains("content: impl Into<Upload>"));
    assert!(generated.warnings[0].ends_with("a form without parts; it is sent as bytes"), "{:?}", generated.warnings);
}

#[test]
fn what_a_union_adds_to_properties_beside_it_is_kept() {
    let either = json!([
        { "type": "object", "required": ["b"], "properties": { "b": { "type": "string" } } },
        { "type": "object", "required": ["c"], "properties": { "c": { "type": "string" } } },
    ]);
    let base = json!({ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "string" } } });
    for thing in [
        json!({ "type": "object", "properties": base["properties"], "oneOf": either }),
        json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "anyOf": either }),
        json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "oneOf": [either[1]] }),
    ] {
        let generated = run(&document(json!({ "Thing": thing, "Base": base }))).unwrap();
        let types = file(&generated, "types.rs");
        assert!(types.contains("pub struct Thing {") && types.contains("pub a: Option<String>"), "{types}");
        assert!(types.contains("pub extra: BTreeMap<String, serde_json::Value>"), "{types}");
        assert_eq!(generated.warnings.len(), 1, "{:?}", generated.warnings);
    }
    let constraint = json!({ "type": "object", "properties": base["properties"], "anyOf": [{ "required": ["a"] }, { "required": ["b"] }] });
    let generated = run(&document(json!({ "Thing": constraint }))).unwrap();
    assert!(!file(&generated, "types.rs").contains("extra") && generated.warnings.is_empty());
}
