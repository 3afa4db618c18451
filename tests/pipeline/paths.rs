//! Operations, wherever they stand and however they are called.

use serde_json::{Value, json};

use super::documents::{document, file, run};
use super::pipeline::{self, Inputs};

fn operation(more: Value) -> Value {
    let mut operation = json!({ "tags": ["things"], "responses": { "204": { "description": "" } } });
    operation.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    operation
}

fn with_paths(paths: Value) -> Value {
    let mut document = document(json!({ "Thing": { "type": "object" } }));
    document["paths"] = paths;
    document
}

#[test]
fn an_operation_without_an_id_goes_by_its_place() {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let generated = run(&with_paths(json!({
        "/things": { "get": operation(json!({})), "post": operation(json!({ "operationId": " " })) },
        "/things/{id}": { "get": operation(json!({ "parameters": [id] })) },
        "/things-/{id}": { "get": operation(json!({ "parameters": [id], "operationId": null })) },
    })))
    .unwrap();
    let (groups, markers) = (file(&generated, "groups.rs"), file(&generated, "operations.rs"));
    for name in ["get_things", "post_things", "get_things_by_id", "get_things_by_id_other"] {
        assert!(groups.contains(&format!("pub fn {name}(")), "{name}: {groups}");
    }
    for id in ["GET /things", "POST /things", "GET /things/{id}", "GET /things-/{id}"] {
        assert!(markers.contains(&format!("id: \"{id}\"")), "{id}: {markers}");
    }
    assert_eq!(generated.warnings.len(), 1, "{:?}", generated.warnings);
}

#[test]
fn a_name_by_place_is_locked_like_any_other() {
    let document = with_paths(json!({ "/things/{id}": { "get": operation(json!({ "parameters": [
        { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } } ] })) } }));
    let names = "operation GET /things/{id} = things.fetch\n";
    let inputs = Inputs { document: &document.to_string(), overlays: &[], names };
    let generated = pipeline::run(&inputs, &|_| true).unwrap();
    assert!(file(&generated, "groups.rs").contains("pub fn fetch("));
}

#[test]
fn a_path_may_refer_to_its_operations() {
    let mut document = with_paths(json!({ "/things": { "$ref": "#/components/pathItems/Things" } }));
    document["components"]["pathItems"] =
        json!({ "Things": { "get": operation(json!({ "operationId": "listThings" })) } });
    assert!(file(&run(&document).unwrap(), "operations.rs").contains("path: \"/things\""));
    document["paths"]["/things"]["$ref"] = json!("#/components/pathItems/Gone");
    let error = run(&document).unwrap_err().to_string();
    assert!(error.starts_with("#/paths/~1things/$ref: a reference to #/components/pathItems/Gone"), "{error}");
}

#[test]
fn a_stream_that_is_taken_up_by_what_the_document_lacks_ends_with_its_connection() {
    let event = |name: &str| {
        json!({ "type": "object", "required": ["event", "data"], "properties": {
        "event": { "const": name }, "data": { "type": "string" } } })
    };
    let mut document = with_paths(json!({ "/things": { "get": operation(json!({ "operationId": "followThings" })) } }));
    document["paths"]["/things"]["get"]["responses"] = json!({ "200": { "description": "", "content": {
        "text/event-stream": {
            "schema": { "oneOf": [event("part"), event("end")], "discriminator": { "propertyName": "event" } },
            "x-sse": { "chunk": "part", "done": ["end"] },
            "x-sse-resume": { "operation": "getThing", "id": "id" } } } } });
    let generated = run(&document).unwrap();
    let at = "#/paths/~1things/get/responses/200/content/text~1event-stream/x-sse-resume";
    let problem = format!("{at}: no operation getThing to take the stream up by; it ends with its connection");
    assert_eq!(generated.warnings, [problem]);
    assert!(file(&generated, "operations.rs").contains("resume: Resume::Never"));
}
