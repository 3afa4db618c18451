//! Documents of others, written by us in their style: what of each can't be expressed. `.ci/steps/85-documents` holds that the rest compiles.

use super::pipeline::{self, Generated, Inputs};

fn through(document: &str) -> Generated {
    let run = || pipeline::run(&Inputs { document, ..Inputs::default() }, &|_| true);
    let generated = run().unwrap_or_else(|error| panic!("{error}"));
    assert!(generated.files == run().unwrap().files);
    generated
}

fn warnings(document: &str) -> String {
    through(document).warnings.join("\n")
}

#[test]
fn payments_with_forms_and_objects_that_expand() {
    insta::assert_snapshot!(warnings(include_str!("documents/payments.yaml")));
}

#[test]
fn a_code_host_with_references_to_everything() {
    insta::assert_snapshot!(warnings(include_str!("documents/hosting.yaml")));
}

#[test]
fn a_control_plane_with_schemas_of_schemas() {
    insta::assert_snapshot!(warnings(include_str!("documents/cloud.yaml")));
}

#[test]
fn models_with_streams_files_and_most_of_json_schema() {
    insta::assert_snapshot!(warnings(include_str!("documents/models.yaml")));
}

#[test]
fn names_that_are_taken() {
    insta::assert_snapshot!(warnings(include_str!("documents/names.yaml")));
}
