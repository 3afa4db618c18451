//! The real document, and edits of it: every one must appear in the report.

use serde_json::{Value, json};
use xtask::check;
use xtask::diff;
use xtask::repository::Repository;
use xtask::revision::Revision;
use xtask::rules::*;
use xtask::vendor;

use super::documents::{at, push, remove};

const FILES: &str = "/paths/~1api~1v1~1llm~1files";

#[test]
fn the_checkout_is_sound() {
    assert_eq!(check::problems(&Repository::here().unwrap()), Vec::<String>::new());
}

#[test]
fn the_document_is_kept_as_the_tool_would_write_it() {
    let repository = Repository::here().unwrap();
    let document = &repository.document;
    assert!(vendor::text(document, document, &repository).unwrap() == *document);
}

#[test]
fn the_names_are_those_that_the_rules_give_today() {
    let mut repository = Repository::here().unwrap();
    let read = |repository: &Repository| {
        repository.with_inputs(&repository.document, |inputs| xtask::pipeline::run(inputs, &|_| true)).unwrap()
    };
    let locked = read(&repository);
    repository.names.clear();
    assert!(locked.files == read(&repository).files);
}

/// Each edit, and what must be said of it.
fn edits(d: &mut Value) -> Vec<(Rule, &'static str, &'static str)> {
    remove(d, FILES, "post");
    d["paths"]["/api/v1/llm/news"] = json!({ "get": {
        "operationId": "listNews", "x-speakeasy-group": "llm.news", "x-speakeasy-name-override": "list",
        "responses": { "200": { "description": "", "content": { "application/json": { "schema": {
            "$ref": "#/components/schemas/NewsList" } } } } } } });
    d["components"]["schemas"]["NewsList"] =
        json!({ "type": "object", "required": ["data"], "properties": { "data": { "type": "string" } } });
    push(
        d,
        &format!("{FILES}/get/parameters"),
        json!({ "name": "since", "in": "query", "schema": { "type": "integer" } }),
    );
    at(d, &format!("{FILES}/get/parameters/1"))["schema"] = json!({ "type": "string" });
    push(d, "/components/schemas/ListFilesPurpose/enum", json!("zz-new"));
    at(d, "/components/schemas/FileDeletionStatus/properties")["deleted"] = json!({ "type": "string" });
    at(d, "/components/schemas/File/properties")["zz_extra"] = json!({ "type": "string" });
    remove(d, "/components/schemas/File/properties", "filename");
    let required = at(d, "/components/schemas/File/required").as_array_mut().unwrap();
    required.retain(|name| name != "filename" && name != "bytes");
    vec![
        (OPERATION_REMOVED, "llm.files.upload", ""),
        (OPERATION_ADDED, "llm.news.list", ""),
        (TYPE_ADDED, "NewsList", ""),
        (PARAMETER_ADDED, "llm.files.list", "parameter since"),
        (PARAMETER_RETYPED, "llm.files.list", "parameter limit"),
        (FIELD_RETYPED, "FileDeleted", "field deleted"),
        (FIELD_ADDED, "FileObject", "field zz_extra"),
        (FIELD_REMOVED, "FileObject", "field filename"),
        (FIELD_OPTIONAL, "FileObject", "field bytes"),
    ]
}

#[test]
fn every_edit_of_the_real_document_is_reported() {
    let repository = Repository::here().unwrap();
    let mut edited: Value = serde_json::from_str(&repository.document).unwrap();
    let wanted = edits(&mut edited);
    let old = Revision::read("old", &repository.document, &repository).unwrap();
    let new = Revision::read("new", &edited.to_string(), &repository).unwrap();
    let changes = diff::compare(&old, &new);
    for (rule, place, part) in wanted {
        let is_there = changes.list.iter().any(|c| c.rule == rule && c.place == place && c.part == part);
        assert!(is_there, "{rule:?} {place} {part}\n{:#?}", changes.list);
    }
    assert!(changes.list.iter().any(|c| c.rule == VALUE_ADDED && c.part == "value zz-new"), "{:#?}", changes.list);
    // Upload is gone: the overlay that describes it has nothing to describe.
    assert!(new.warnings.iter().any(|w| w.contains("$.paths['/api/v1/llm/files'].post matches nothing")));
    assert!(new.warnings.iter().any(|w| w.contains("filename") || w.contains("matches nothing")));
}

#[test]
fn a_document_that_lacks_most_of_it_is_compared_all_the_same() {
    let repository = Repository::here().unwrap();
    let mut small: Value = serde_json::from_str(&repository.document).unwrap();
    small["paths"].as_object_mut().unwrap().retain(|path, _| path.starts_with("/api/v1/llm/files"));
    // Only the schemas that its operations need: what the overlays say of the rest leads nowhere.
    let schemas = small["components"]["schemas"].as_object().unwrap().clone();
    let mut reached: Vec<String> = Vec::new();
    let mut open = vec![small["paths"].to_string()];
    while let Some(text) = open.pop() {
        for name in text.split("#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
            if !reached.iter().any(|other| other == name) {
                reached.push(name.to_owned());
                open.extend(schemas.get(name).map(Value::to_string));
            }
        }
    }
    small["components"]["schemas"].as_object_mut().unwrap().retain(|name, _| reached.contains(name));
    let old = Revision::read("old", &small.to_string(), &repository).unwrap();
    let new = Revision::read("new", &repository.document, &repository).unwrap();
    let changes = diff::compare(&old, &new);
    assert!(changes.list.iter().filter(|c| c.rule == OPERATION_ADDED).count() > 400);
    assert!(changes.list.iter().all(|c| c.rule.class != Class::Breaking || c.place != "llm.files.list"));
    assert!(old.warnings.len() > 100, "{}", old.warnings.len());
}
