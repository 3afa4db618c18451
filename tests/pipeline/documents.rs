//! Small documents to run the stages on.

use serde_json::{Value, json};

use super::pipeline::{self, Error, Generated, Inputs};

/// The start of an overlay; actions go behind it.
pub const OVERLAY: &str = "overlay: 1.0.0\ninfo: { title: small, version: '1' }\nactions:\n";

/// A document with one operation, `POST /things`, that sends and gets back the schema `Thing`.
pub fn document(schemas: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "small", "version": "1" },
        "paths": { "/things": { "post": {
            "operationId": "makeThing",
            "x-speakeasy-group": "things",
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } },
        }}},
        "components": { "schemas": schemas },
    })
}

/// Everything selected, nothing overlaid.
pub fn run(document: &Value) -> Result<Generated, Error> {
    overlaid(document, &[])
}

/// Everything selected, with overlays.
pub fn overlaid(document: &Value, overlays: &[(&str, &str)]) -> Result<Generated, Error> {
    pipeline::run(&Inputs { document: &document.to_string(), overlays, names: "" }, &|_| true)
}

/// The types made of one schema, which must go through.
pub fn types(schemas: Value) -> String {
    file(&run(&document(schemas)).unwrap_or_else(|error| panic!("{error}")), "types.rs")
}

/// One of the generated files, without what every one begins with.
pub fn file(generated: &Generated, name: &str) -> String {
    let (_, text) = generated.files.iter().find(|(file, _)| *file == name).expect("a file of this name");
    let body = text.lines().skip_while(|line| !line.starts_with("///"));
    body.collect::<Vec<_>>().join("\n")
}
