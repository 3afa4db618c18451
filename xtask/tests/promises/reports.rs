//! The three reports say the same.

use serde_json::json;
use xtask::diff;
use xtask::report::{self, Report};
use xtask::revision::Revision;

use super::documents::{at, document, edited, push, remove, repository};

fn reports() -> (String, serde_json::Value, String) {
    let old = document();
    let new = edited(|d| {
        remove(d, "/components/schemas/Thing/properties", "note");
        push(d, "/components/schemas/Kind/enum", json!("huge"));
        at(d, "/components/schemas/Thing/properties/id")["maxLength"] = json!(9);
    });
    let checkout = repository(&old);
    let read =
        |label: &str, document: &serde_json::Value| Revision::read(label, &document.to_string(), &checkout).unwrap();
    let (old, new) = (read("the old one", &old), read("the new one", &new));
    let changes = diff::compare(&old, &new);
    let report = Report { old: &old, new: &new, changes: &changes };
    (report::markdown(&report), report::json(&report), report::changelog(&report))
}

#[test]
fn people_read_what_changed_and_why_it_matters() {
    let (text, ..) = reports();
    for line in [
        "From the old one to the new one.",
        "- Changes: 1 breaking, 1 minor, 1 patch",
        "## Breaking",
        "### Field removed (1)",
        "Why: code that reads or sets it no longer compiles.",
        "- `Thing`, field `note`: `Option<String>`",
        "- `Kind`, value `huge`: `Huge`",
        "### Limits, formats or order (1)",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[test]
fn tools_read_the_same() {
    let (_, value, _) = reports();
    assert_eq!(value["class"], "breaking");
    assert_eq!(value["counts"], json!({ "breaking": 1, "minor": 1, "patch": 1 }));
    assert_eq!(value["changes"][0]["change"], "field removed");
    assert_eq!(value["changes"][0]["place"], "Thing");
    assert_eq!(value["changes"][0]["part"], "field note");
}

#[test]
fn the_draft_puts_additions_first_and_marks_what_breaks() {
    let (.., draft) = reports();
    assert_eq!(
        draft,
        "### Added\n\n- enum value added: `Kind`, value `huge`: `Huge`.\n\n\
         ### Removed\n\n- **Breaking:** field removed: `Thing`, field `note`: `Option<String>`.\n"
    );
}

#[test]
fn operations_go_by_their_ids_too() {
    let old = document();
    let new = edited(|d| {
        let mut post = d["paths"]["/things/{id}"]["post"].clone();
        post["operationId"] = json!("breakThing");
        post["x-speakeasy-name-override"] = json!("break");
        d["paths"]["/things/{id}/break"] = json!({ "post": post });
    });
    let checkout = repository(&old);
    let read = |document: &serde_json::Value| Revision::read("it", &document.to_string(), &checkout).unwrap();
    let (old, new) = (read(&old), read(&new));
    let changes = diff::compare(&old, &new);
    let report = Report { old: &old, new: &new, changes: &changes };
    let line = "- `things.break` (`breakThing`): `POST /things/{id}/break`";
    assert!(report::markdown(&report).lines().any(|found| found == line), "{}", report::markdown(&report));
    assert_eq!(report::json(&report)["changes"][0]["operation"], "breakThing");
    let changes = diff::compare(&new, &old);
    let report = Report { old: &new, new: &old, changes: &changes };
    assert!(report::markdown(&report).lines().any(|found| found == line), "{}", report::markdown(&report));
}
