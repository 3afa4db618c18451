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

#[test]
fn a_list_or_an_object_goes_where_its_parameter_stands_in_the_style_it_has() {
    let generated = through(include_str!("documents/styles.yaml"));
    assert_eq!(generated.warnings, Vec::<String>::new());
    let text: String = generated.files.iter().map(|(_, text)| text.split_whitespace().collect::<String>()).collect();
    for call in [
        r#".set_path("ids",crate::call::"#,
        r#".set_path("place",crate::call::"#,
        r#".set_header("X-Only",crate::call::"#,
        r#".set_header("X-Filter",crate::call::"#,
        r#".set_query_joined("fields",",","#,
        r#".set_query_joined("kinds","|","#,
        r#".set_query_deep("near","#,
        r#".set_query_json("filters","#,
    ] {
        assert!(text.contains(call), "{call}");
    }
}
