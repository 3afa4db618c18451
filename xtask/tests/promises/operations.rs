//! Changes of operations: their names, arguments, results and errors.

use serde_json::{Value, json};
use xtask::rules::*;

use super::documents::{OPERATION, at, found, one, push, remove, undone};

const MAKE: &str = "things.make";

fn add_operation(document: &mut Value) {
    document["paths"]["/things"] = json!({ "get": {
        "operationId": "listThings", "x-speakeasy-group": "things",
        "responses": { "204": { "description": "" } } } });
}

#[test]
fn the_same_document_has_no_changes() {
    assert_eq!(found(|_| {}), []);
}

#[test]
fn an_added_operation_is_minor() {
    assert_eq!(found(add_operation), one(OPERATION_ADDED, "things.list_things", ""));
}

#[test]
fn a_removed_operation_is_breaking() {
    assert_eq!(undone(add_operation), one(OPERATION_REMOVED, "things.list_things", ""));
    assert_eq!(OPERATION_REMOVED.class, Class::Breaking);
}

#[test]
fn a_moved_operation_is_a_patch_since_its_method_stays() {
    let moved = found(|document| {
        let paths = document["paths"].as_object_mut().unwrap();
        let item = paths.remove("/things/{id}").unwrap();
        paths.insert("/v2/things/{id}".into(), item);
    });
    assert_eq!(moved, one(OPERATION_MOVED, MAKE, ""));
}

/// Types whose docs say which operation they are for have other docs when it has another name; that is told too.
fn but_for_docs<P, W>(mut changes: Vec<(Rule, P, W)>) -> Vec<(Rule, P, W)> {
    let before = changes.len();
    changes.retain(|(rule, ..)| *rule != DOCS_CHANGED);
    assert!(changes.len() < before);
    changes
}

#[test]
fn an_operation_of_another_group_or_name_is_breaking() {
    let renamed = found(|document| at(document, OPERATION)["x-speakeasy-name-override"] = json!("create"));
    assert_eq!(but_for_docs(renamed), one(OPERATION_RENAMED, "things.create", ""));
    let moved = found(|document| at(document, OPERATION)["x-speakeasy-group"] = json!("things.parts"));
    assert_eq!(but_for_docs(moved), one(OPERATION_RENAMED, "things.parts.make", ""));
}

#[test]
fn another_operation_id_is_breaking_for_the_dynamic_entry() {
    let changed = found(|document| at(document, OPERATION)["operationId"] = json!("createThing"));
    assert_eq!(changed, one(OPERATION_ID_CHANGED, MAKE, ""));
}

#[test]
fn a_deprecation_is_a_patch() {
    let changed = found(|document| at(document, OPERATION)["deprecated"] = json!(true));
    assert_eq!(changed, one(OPERATION_DEPRECATED, MAKE, ""));
}

#[test]
fn a_parameter_that_may_be_left_out_is_a_setter_and_one_that_may_not_is_an_argument() {
    let parameters = format!("{OPERATION}/parameters");
    let optional = |document: &mut Value| {
        push(document, &parameters, json!({ "name": "order", "in": "query", "schema": { "type": "string" } }));
    };
    let required = |document: &mut Value| {
        push(
            document,
            &parameters,
            json!({ "name": "order", "in": "query", "required": true, "schema": { "type": "string" } }),
        );
    };
    assert_eq!(found(optional), one(PARAMETER_ADDED, MAKE, "parameter order"));
    assert_eq!(undone(optional), one(PARAMETER_REMOVED, MAKE, "parameter order"));
    assert_eq!(found(required), one(ARGUMENT_ADDED, MAKE, "parameter order"));
}

#[test]
fn a_parameter_required_or_no_longer_is_breaking() {
    let edit = |document: &mut Value| at(document, OPERATION)["parameters"][1]["required"] = json!(true);
    assert_eq!(found(edit), one(PARAMETER_REQUIRED, MAKE, "parameter limit"));
    assert_eq!(undone(edit), one(PARAMETER_OPTIONAL, MAKE, "parameter limit"));
}

#[test]
fn a_retyped_parameter_is_breaking_and_one_sent_elsewhere_is_not() {
    let retyped = found(|document| at(document, OPERATION)["parameters"][1]["schema"]["type"] = json!("string"));
    assert_eq!(retyped, one(PARAMETER_RETYPED, MAKE, "parameter limit"));
    let never_negative = found(|document| at(document, OPERATION)["parameters"][1]["schema"]["minimum"] = json!(0));
    assert!(never_negative.contains(&(PARAMETER_RETYPED, MAKE.into(), "parameter limit".into())));
    let moved = found(|document| at(document, OPERATION)["parameters"][1]["in"] = json!("header"));
    assert_eq!(moved, one(PARAMETER_MOVED, MAKE, "parameter limit"));
}

#[test]
fn arguments_in_another_order_are_breaking() {
    let reordered = found(|document| {
        let parameters = at(document, OPERATION)["parameters"].as_array_mut().unwrap();
        parameters.push(json!({ "name": "x", "in": "query", "required": true, "schema": { "type": "string" } }));
        parameters.reverse();
    });
    assert_eq!(reordered, one(ARGUMENT_ADDED, MAKE, "parameter x"), "order of the others is the same");
    let two = |document: &mut Value| {
        let parameter = json!({ "name": "x", "in": "query", "required": true, "schema": { "type": "string" } });
        push(document, &format!("{OPERATION}/parameters"), parameter);
    };
    let old = super::documents::edited(two);
    let mut new = old.clone();
    at(&mut new, OPERATION)["parameters"].as_array_mut().unwrap().reverse();
    let changes = super::documents::between(&old, &new);
    assert_eq!(changes.list.iter().map(|change| change.rule).collect::<Vec<_>>(), [ARGUMENTS_REORDERED]);
}

#[test]
fn a_request_body_added_removed_or_retyped_is_breaking() {
    let none = |document: &mut Value| remove(document, OPERATION, "requestBody");
    assert!(found(none).contains(&(BODY_REMOVED, MAKE.into(), "request".into())));
    assert!(undone(none).contains(&(BODY_ADDED, MAKE.into(), "request".into())));
    let bytes = found(|document| {
        at(document, OPERATION)["requestBody"]["content"] = json!({ "application/octet-stream": {} });
    });
    assert!(bytes.contains(&(BODY_RETYPED, MAKE.into(), "request".into())));
    assert!(bytes.contains(&(CONTENT_ADDED, MAKE.into(), "request".into())));
    assert!(bytes.contains(&(CONTENT_REMOVED, MAKE.into(), "request".into())));
}

#[test]
fn a_result_of_another_type_is_breaking() {
    let nothing = found(|document| at(document, OPERATION)["responses"]["200"] = json!({ "description": "" }));
    assert!(nothing.contains(&(OUTPUT_CHANGED, MAKE.into(), "result".into())));
    let maybe = found(|document| at(document, OPERATION)["responses"]["204"] = json!({ "description": "" }));
    assert!(maybe.contains(&(OUTPUT_CHANGED, MAKE.into(), "result".into())));
}

#[test]
fn error_payloads_are_compared_by_status() {
    let added = |document: &mut Value| {
        let responses = &mut at(document, OPERATION)["responses"];
        responses["404"] = responses["400"].clone();
    };
    assert_eq!(found(added)[0], (ERROR_ADDED, MAKE.into(), "error 404".into()));
    assert_eq!(undone(added)[0], (ERROR_REMOVED, MAKE.into(), "error 404".into()));
    let retyped = found(|document| {
        at(document, OPERATION)["responses"]["400"]["content"]["application/json"]["schema"] =
            json!({ "$ref": "#/components/schemas/Thing" });
    });
    assert!(retyped.contains(&(ERROR_RETYPED, MAKE.into(), "error 400".into())));
}

#[test]
fn a_status_without_a_payload_is_a_patch() {
    let added = |document: &mut Value| at(document, OPERATION)["responses"]["5XX"] = json!({ "description": "" });
    assert_eq!(found(added), one(STATUS_ADDED, MAKE, "status 5XX"));
    assert_eq!(undone(added), one(STATUS_REMOVED, MAKE, "status 5XX"));
}

#[test]
fn a_credential_that_is_wanted_now_is_breaking() {
    let edit = |document: &mut Value| {
        document["components"]["securitySchemes"] = json!({ "key": { "type": "http", "scheme": "bearer" } });
        at(document, OPERATION)["security"] = json!([{ "key": [] }]);
    };
    assert_eq!(found(edit)[0], (CREDENTIAL_REQUIRED, MAKE.into(), "credential".into()));
    assert_eq!(undone(edit)[0], (CREDENTIAL_ADDED, MAKE.into(), "credential".into()));
}

#[test]
fn an_idempotency_key_that_is_taken_is_minor_and_one_no_longer_taken_is_breaking() {
    let edit = |document: &mut Value| {
        let key = json!({ "name": "Idempotency-Key", "in": "header", "schema": { "type": "string" } });
        push(document, &format!("{OPERATION}/parameters"), key);
    };
    assert_eq!(found(edit)[0], (OPTION_GAINED, MAKE.into(), "option idempotency_key".into()));
    assert_eq!(undone(edit)[0], (OPTION_LOST, MAKE.into(), "option idempotency_key".into()));
}

#[test]
fn limits_and_formats_are_reported_as_a_patch() {
    let limit = found(|document| at(document, OPERATION)["parameters"][1]["schema"]["maximum"] = json!(100));
    assert_eq!(limit, one(UNSEEN, MAKE, "//parameters/1/schema/maximum"));
    let server = found(|document| document["servers"] = json!([{ "url": "https://example.com" }]));
    assert_eq!(server, one(UNSEEN, "the document", "/servers"));
}
