//! Whatever a document holds, the outcome is a report or an error: never a panic.

use serde_json::json;
use xtask::diff;
use xtask::revision::Revision;
use xtask::{validity, vendor};

use super::documents::{document, places, repository};

#[test]
fn anything_in_any_place_is_a_report_or_an_error() {
    let whole = document();
    let checkout = repository(&whole);
    let old = Revision::read("old", &checkout.document, &checkout).unwrap();
    let all = places(&whole);
    let wrong = [
        json!(null),
        json!(7),
        json!([]),
        json!({}),
        json!("größe"),
        json!([{ "$ref": "#" }]),
        json!({ "$ref": "#/x~" }),
    ];
    for place in &all {
        for value in &wrong {
            let mut broken = whole.clone();
            *broken.pointer_mut(place).unwrap() = value.clone();
            let text = broken.to_string();
            let _ = validity::problems(&text);
            let _ = vendor::text(&text, &checkout.document, &checkout);
            let _ = vendor::text(&checkout.document, &text, &checkout);
            if let Ok(new) = Revision::read("new", &text, &checkout) {
                let _ = diff::compare(&old, &new);
                let _ = diff::compare(&new, &old);
            }
        }
    }
}
