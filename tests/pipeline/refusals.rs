//! What the pipeline refuses, and that it says where, what, and what to do.

use serde_json::{Value, json};

use super::documents::{OVERLAY, document, file, overlaid, run, types};
use super::pipeline::{self, Inputs};

fn refusal(document: &Value) -> String {
    run(document).expect_err("a document that can't be taken").to_string()
}

#[test]
fn another_version_is_refused() {
    let mut document = document(json!({ "Thing": { "type": "object" } }));
    document["openapi"] = json!("2.0");
    assert_eq!(refusal(&document), "#/openapi: version \"2.0\" is not supported; use an OpenAPI 3.0 or 3.1 document");
}

#[test]
fn what_says_it_is_swagger_or_nothing_is_refused() {
    let swagger = refusal(&json!({ "swagger": "2.0", "paths": {} }));
    assert_eq!(swagger, "#/swagger: Swagger 2.0 is not supported; convert the document to OpenAPI 3.0 or 3.1");
    assert!(refusal(&json!({ "paths": {} })).starts_with("#/openapi: no version of OpenAPI is given"));
    assert!(refusal(&json!([])).starts_with("#/openapi: no version of OpenAPI is given"));
}

#[test]
fn a_document_without_paths_is_one_of_3_1_that_gives_no_operations() {
    let of = |version: &str| json!({ "openapi": version, "info": { "title": "", "version": "" }, "webhooks": {} });
    let generated = run(&of("3.1.0")).unwrap();
    assert!(generated.files.iter().all(|(_, text)| !text.contains("pub fn")));
    assert!(refusal(&of("3.0.3")).starts_with("#/paths: no paths"));
}

#[test]
fn a_broken_reference_names_its_place() {
    let error = refusal(&document(json!({ "Thing": { "type": "object", "properties": {
        "a": { "$ref": "#/components/schemas/Gone" } } } })));
    let problem =
        "#/components/schemas/Thing/properties/a/$ref: a reference to #/components/schemas/Gone, where nothing is";
    assert!(error.starts_with(problem), "{error}");
}

#[test]
fn a_reference_to_another_file_is_refused() {
    let error = refusal(&document(json!({ "Thing": { "$ref": "other.json#/Thing" } })));
    assert!(
        error.starts_with("#/components/schemas/Thing/$ref: reference \"other.json#/Thing\" leaves the document"),
        "{error}"
    );
}

#[test]
fn a_circle_of_references_is_refused() {
    let error = refusal(&document(json!({
        "Thing": { "$ref": "#/components/schemas/Other" }, "Other": { "$ref": "#/components/schemas/Thing" } })));
    assert!(error.contains("a circle of references"), "{error}");
}

#[test]
fn two_types_of_one_name_get_different_names_and_a_warning_where_the_overlay_named_both() {
    let thing = json!({
        "Thing": { "type": "object", "properties": {
            "a": { "$ref": "#/components/schemas/Left" }, "b": { "$ref": "#/components/schemas/Right" } } },
        "Left": { "x-rust-name": "Side", "type": "object", "properties": { "x": { "type": "string" } } },
        "Right": { "x-rust-name": "Side", "type": "object", "properties": { "y": { "type": "string" } } },
    });
    let generated = run(&document(thing)).unwrap();
    let types = file(&generated, "types.rs");
    assert!(types.contains("pub a: Option<Side>") && types.contains("pub b: Option<Right>"), "{types}");
    assert_eq!(
        generated.warnings,
        ["#/components/schemas/Right: Side is the name of a type that differs; it becomes Right"]
    );
}

#[test]
fn equal_types_of_one_name_are_one() {
    let types = types(json!({
        "Thing": { "type": "object", "properties": {
            "a": { "$ref": "#/components/schemas/foo_bar" }, "b": { "$ref": "#/components/schemas/FooBar" } } },
        "foo_bar": { "type": "object", "properties": { "x": { "type": "string" } } },
        "FooBar": { "type": "object", "properties": { "x": { "type": "string" } } },
    }));
    assert_eq!(types.matches("pub struct FooBar").count(), 1);
}

#[test]
fn an_overlay_target_that_matches_nothing_is_a_warning() {
    let overlay = format!("{}- target: $.paths['/gone']\n  update: {{}}\n", OVERLAY);
    let document = document(json!({ "Thing": { "type": "object" } }));
    let generated = overlaid(&document, &[("small.yaml", &overlay)]).unwrap();
    assert_eq!(generated.warnings, ["small.yaml#/actions/0: the target $.paths['/gone'] matches nothing"]);
}

#[test]
fn an_overlay_that_is_none_is_refused() {
    let document = document(json!({ "Thing": { "type": "object" } }));
    let refusal = |overlay: &str| overlaid(&document, &[("small.yaml", overlay)]).unwrap_err().to_string();
    assert!(refusal("overlay: 2.0.0\nactions: []").contains("version \"2.0.0\" is not supported"));
    assert!(refusal("overlay: 1.0.0").starts_with("#/actions: in small.yaml: no list of actions"));
    assert!(refusal("overlay: 1.0.0\nactions: [{ target: '$[' , update: {} }]").starts_with("#/actions/0/target: "));
    assert!(refusal("overlay: 1.0.0\nactions: [{ target: '$' }]").contains("neither update nor remove"));
    assert!(refusal("\t").contains("not YAML"));
}

#[test]
fn a_route_that_leads_nowhere_is_a_warning_that_names_its_place() {
    let overlay =
        format!("{}- target: $.components.schemas.Thing\n  update: {{ x-routes: {{ 'a.b[]': {{}} }} }}\n", OVERLAY);
    let document = document(json!({ "Thing": { "type": "object" } }));
    let generated = overlaid(&document, &[("small.yaml", &overlay)]).unwrap();
    let place = "#/components/schemas/Thing/x-routes/a.b[]: the route leads nowhere";
    assert!(generated.warnings.iter().any(|warning| warning.starts_with(place)), "{:?}", generated.warnings);
}

#[test]
fn a_route_that_puts_there_what_the_document_lacks_is_a_warning_that_names_it() {
    let overlay = format!(
        "{}- target: $.components.schemas.Thing\n  update: {{ x-routes: {{ a: {{ x-replace: {{ anyOf: [{{ $ref: '#/components/schemas/Gone' }}] }} }} }} }}\n",
        OVERLAY
    );
    let document = document(json!({ "Thing": { "type": "object", "properties": { "a": { "type": "integer" } } } }));
    let generated = overlaid(&document, &[("small.yaml", &overlay)]).unwrap();
    let problem = "#/components/schemas/Thing/x-routes/a: the route leads nowhere \
        (what it puts there refers to #/components/schemas/Gone, where nothing is)";
    assert_eq!(generated.warnings, [problem]);
    assert!(file(&generated, "types.rs").contains("pub a: Option<i64>"));
}

#[test]
fn what_is_not_json_is_refused() {
    let error =
        pipeline::run(&Inputs { document: "{ \"openapi\": ", ..Inputs::default() }, &|_| true).unwrap_err().to_string();
    assert!(error.starts_with("#: not JSON"), "{error}");
}
