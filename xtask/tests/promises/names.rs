//! Names stay, whatever is added upstream.

use serde_json::{Value, json};
use xtask::check;
use xtask::names;
use xtask::pipeline::lock::Lock;
use xtask::repository::Repository;
use xtask::revision::Revision;

use super::documents::{OPERATION, at, document, edited, repository};

/// A checkout of `document` under the names that the small document has.
fn locked(document: &Value) -> Repository {
    let mut checkout = repository(document);
    checkout.names = names::text(&names_of(&super::documents::document(), ""));
    checkout
}

fn names_of(document: &Value, locked: &str) -> Lock {
    let mut checkout = repository(document);
    checkout.names = locked.to_owned();
    names::of(&Revision::read("it", &checkout.document, &checkout).unwrap().model)
}

fn complaints(checkout: &Repository) -> Vec<String> {
    check::locked(&Revision::read("it", &checkout.document, checkout).unwrap(), checkout)
}

#[test]
fn a_lock_is_read_as_it_is_written() {
    let lock = names_of(&document(), "");
    assert_eq!(lock.operations["makeThing"], "things.make");
    assert_eq!(lock.schemas["Kind"], "Kind");
    assert_eq!(Lock::parse(&names::text(&lock)).unwrap(), lock);
}

#[test]
fn an_unchanged_document_has_nothing_to_complain_of() {
    assert_eq!(complaints(&locked(&document())), Vec::<String>::new());
}

#[test]
fn a_schema_that_is_called_alike_takes_no_name_away() {
    // `kind` comes first, and Rust writes both as `Kind`.
    let crowded = edited(|d| {
        d["components"]["schemas"]["kind"] = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        at(d, "/components/schemas/Request/properties")["a"] = json!({ "$ref": "#/components/schemas/kind" });
    });
    assert_eq!(names_of(&crowded, "").schemas["kind"], "Kind", "without a lock the first has it");
    let checkout = locked(&crowded);
    let names = names_of(&crowded, &checkout.names);
    assert_eq!((names.schemas["Kind"].as_str(), names.schemas["kind"].as_str()), ("Kind", "KindValue"));
    assert_eq!(
        complaints(&checkout),
        ["openapi/names.lock: lacks `schema kind = KindValue`; run `cargo xtask spec lock`"]
    );
}

#[test]
fn an_operation_that_is_called_alike_takes_no_name_away() {
    let crowded = edited(|d| {
        d["paths"]["/a"] = json!({ "get": { "operationId": "other", "x-speakeasy-group": "things",
            "x-speakeasy-name-override": "make", "responses": { "204": { "description": "" } } } });
    });
    let checkout = locked(&crowded);
    let names = names_of(&crowded, &checkout.names);
    assert_eq!(names.operations["makeThing"], "things.make");
    assert_eq!(names.operations["other"], "things.other");
}

#[test]
fn a_method_keeps_its_name_when_upstream_renames_it() {
    let renamed = edited(|d| at(d, OPERATION)["x-speakeasy-name-override"] = json!("create"));
    assert_eq!(complaints(&locked(&renamed)), Vec::<String>::new());
}

#[test]
fn a_name_that_would_change_is_a_complaint_that_says_what_to_do() {
    let moved = edited(|d| at(d, OPERATION)["x-speakeasy-group"] = json!("others"));
    let complaint = complaints(&locked(&moved)).join("\n");
    assert!(
        complaint.contains("the operation makeThing is things.make there and would become others.make"),
        "{complaint}"
    );
    assert!(complaint.contains("give it its name in an overlay"), "{complaint}");

    let mut checkout = locked(&document());
    let overlay = "overlay: 1.0.0\nactions: [{ target: $.components.schemas.Kind, update: { x-rust-name: Size } }]";
    checkout.overlays.push(("small.yaml".into(), overlay.into()));
    let complaint = complaints(&checkout).join("\n");
    assert!(complaint.contains("the schema Kind is Kind there and would become Size"), "{complaint}");
}

#[test]
fn names_of_what_is_gone_stay_in_the_lock() {
    let lock = Lock::parse("schema Gone = Gone\n").unwrap();
    let appended = names::appended(&lock, &names_of(&document(), ""));
    assert_eq!(appended.schemas["Gone"], "Gone");
    assert_eq!(appended.schemas["Thing"], "Thing");
}

#[test]
fn a_lock_that_is_none_names_the_line() {
    for (text, says) in [
        ("schema Thing", "line 1: no ` = `"),
        ("# fine\nthing A = B", "line 2: neither an operation nor a schema"),
        ("schema = B", "line 1: no wire name"),
        ("schema A = B\nschema A = C", "line 2: a second line of this name"),
    ] {
        let error = Lock::parse(text).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
