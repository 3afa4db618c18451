//! Documents that are not sound are refused with the place, the problem and the cure.

use serde_json::{Value, json};
use xtask::validity::problems;

use super::documents::{OPERATION, at, document, edited, remove};

fn complaints(edit: impl FnOnce(&mut Value)) -> String {
    let problems = problems(&edited(edit).to_string());
    assert!(problems.iter().all(|problem| !problem.cure.is_empty()));
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_sound_document_has_no_problems() {
    assert_eq!(problems(&document().to_string()).len(), 0);
}

#[test]
fn what_is_no_openapi_is_refused() {
    assert!(problems("{")[0].to_string().contains("not JSON"));
    assert!(problems("{}")[0].to_string().starts_with("#/openapi: no version of OpenAPI is given"));
    assert!(complaints(|d| d["openapi"] = json!("3.0.3")).starts_with("#/openapi: version \"3.0.3\" can be read"));
}

#[test]
fn what_is_not_as_the_specification_has_it_names_its_place() {
    let complaint = complaints(|d| at(d, OPERATION)["parameters"][1]["required"] = json!("yes"));
    assert!(complaint.contains("not OpenAPI 3.1"), "{complaint}");
    let complaint = complaints(|d| remove(d, "/info", "version"));
    assert!(complaint.starts_with("#/info: not OpenAPI 3.1: missing field `version`"), "{complaint}");
}

#[test]
fn a_reference_to_nothing_names_its_place() {
    let complaint = complaints(|d| remove(d, "/components/schemas", "Problem"));
    let place = "/responses/400/content/application~1json/schema/$ref: a reference to #/components/schemas/Problem, where nothing is";
    assert!(complaint.contains(place), "{complaint}");
    let complaint = complaints(|d| {
        at(d, "/components/schemas/Part")["discriminator"]["mapping"] = json!({ "roof": "#/components/schemas/Roof" });
    });
    assert!(complaint.contains("/discriminator/mapping/roof: a mapping to a schema that is not there"), "{complaint}");
}

#[test]
fn a_reference_in_a_default_is_data() {
    let complaint = complaints(|d| at(d, "/components/schemas/Thing")["default"] = json!({ "$ref": "#/nowhere" }));
    assert_eq!(complaint, "");
}

#[test]
fn an_operation_may_have_no_id_but_not_that_of_another() {
    let complaint = complaints(|d| remove(d, OPERATION, "operationId"));
    assert_eq!(complaint, "");
    let complaint = complaints(|d| {
        let item = d["paths"]["/things/{id}"].clone();
        d["paths"]["/more/{id}"] = item;
    });
    assert!(
        complaint.contains("the operationId \"makeThing\" is that of #/paths/~1things~1{id}/post too"),
        "{complaint}"
    );
}

#[test]
fn a_path_and_its_parameters_must_fit() {
    let complaint = complaints(|d| at(d, OPERATION)["parameters"][0]["name"] = json!("key"));
    assert!(complaint.contains("the path has {id}, and the operation no such parameter"), "{complaint}");
    assert!(complaint.contains("a parameter \"key\" in the path, where the path has none"), "{complaint}");
}

#[test]
fn a_security_scheme_must_be_there() {
    let complaint = complaints(|d| at(d, OPERATION)["security"] = json!([{ "key": [] }]));
    assert!(complaint.contains("no security scheme \"key\""), "{complaint}");
}
