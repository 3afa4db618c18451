//! Overlays: their form, and what in them is dead.

use serde_json::json;
use xtask::check;
use xtask::overlays::{dead, problems};
use xtask::revision::Revision;

use super::documents::{document, edited, repository};

const START: &str = "overlay: 1.0.0\ninfo: { title: small, version: '1' }\nactions:\n";

fn complaints(text: &str) -> String {
    problems("small.yaml", text).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What is dead, and the warnings.
fn left(actions: &str) -> String {
    let mut checkout = repository(&document());
    checkout.overlays.push(("small.yaml".into(), format!("{START}{actions}")));
    let revision = Revision::read("it", &checkout.document, &checkout).unwrap();
    [revision.warnings, dead(&revision.merged, &revision.model)].concat().join("\n")
}

#[test]
fn a_sound_overlay_has_no_problems() {
    let text = format!(
        "{START}- target: $\n  description: nothing\n  x-note: 1\n  update: {{}}\n- target: $.x\n  remove: true\n"
    );
    assert_eq!(complaints(&text), "");
}

#[test]
fn what_the_specification_does_not_know_is_a_problem() {
    assert!(complaints("overlay: 1.0.0\nactions: []").contains("#/actions: in small.yaml: no list of actions"));
    assert!(complaints("overlay: 1.0.0\nactions: []").contains("#/info/title: in small.yaml: missing"));
    assert!(complaints("overlay: 2.0.0").contains("not an Overlay 1.0 document"));
    let text = format!("{START}- target: $\n  updates: {{}}\n");
    assert!(complaints(&text).contains("#/actions/0/updates: in small.yaml: not a field of the specification"));
    assert!(complaints(&text).contains("neither update nor remove"));
    assert!(complaints("[").contains("not YAML"));
}

#[test]
fn a_target_that_matches_nothing_is_dead() {
    let found = left("- target: $.components.schemas.Gone\n  update: { x-rust-name: Gone }\n");
    assert!(found.contains("the target $.components.schemas.Gone matches nothing"), "{found}");
}

#[test]
fn a_description_of_a_field_that_is_gone_makes_no_field() {
    let found =
        left("- target: $.components.schemas.Thing\n  update: { properties: { gone: { description: Gone. } } }\n");
    assert!(found.contains("no property \"gone\" to describe"), "{found}");
}

#[test]
fn a_field_with_a_type_may_be_added() {
    let found = left("- target: $.components.schemas.Thing\n  update: { properties: { more: { type: string } } }\n");
    assert_eq!(found, "");
}

#[test]
fn a_route_that_leads_nowhere_is_dead() {
    let found = left("- target: $.components.schemas.Thing\n  update: { x-routes: { gone: { x-rust-name: Gone } } }\n");
    assert!(found.contains("the route leads nowhere"), "{found}");
}

#[test]
fn docs_of_values_variants_and_groups_that_are_not_there_are_dead() {
    let found =
        left("- target: $.components.schemas.Kind\n  update: { x-enum-docs: { small: Small., tiny: Tiny. } }\n");
    assert_eq!(found, "#/components/schemas/Kind/x-enum-docs: nothing is called \"tiny\" there");
    let found = left(
        "- target: $.components.schemas.Part\n  update: { x-variants: { wheel: { doc: A. }, roof: { doc: B. } } }\n",
    );
    assert_eq!(found, "#/components/schemas/Part/x-variants: nothing is called \"roof\" there");
    let found = left("- target: $\n  update: { x-groups: { things: { doc: A. }, others: { doc: B. } } }\n");
    assert_eq!(found, "x-groups: no operation is in the group others");
}

#[test]
fn facts_that_fit_no_longer_are_warnings_and_no_failure() {
    let found = left(
        "- target: $.paths.*.post\n  update: { x-pagination: { items: gone, parameter: limit } }\n\
         - target: $.components.schemas.Thing\n  update: { x-routes: { note: { x-rust-use: Gone } } }\n",
    );
    assert!(found.contains("/x-pagination/items: no such member in the page"), "{found}");
    assert!(found.contains("uses the type Gone, which nothing defines"), "{found}");
}

#[test]
fn events_that_nothing_explains_are_bytes_and_a_warning() {
    let streams = edited(|d| {
        d["paths"]["/events"] = json!({ "get": { "operationId": "events", "x-speakeasy-group": "things",
            "responses": { "200": { "description": "", "content": { "text/event-stream": {} } } } } });
    });
    let checkout = repository(&streams);
    let revision = Revision::read("it", &checkout.document, &checkout).unwrap();
    assert!(revision.warnings[0].contains("nothing says what its events mean"), "{:?}", revision.warnings);
}

#[test]
fn a_group_without_a_feature_is_a_problem() {
    let grouped = edited(|d| {
        d["paths"]["/x"] = json!({ "get": { "operationId": "x", "x-speakeasy-group": "llm.news",
            "responses": { "204": { "description": "" } } } });
    });
    let problems = check::problems(&repository(&grouped)).join("\n");
    assert!(problems.contains("Cargo.toml: no feature \"llm-news\""), "{problems}");
}
