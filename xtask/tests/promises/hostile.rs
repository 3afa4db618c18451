//! Whatever a document holds, the outcome is a report or an error: never a panic.

use serde_json::{Value, json};
use xtask::diff;
use xtask::revision::Revision;
use xtask::{validity, vendor};

use super::documents::{document, repository};

/// Every place of a value, as pointers.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                places(child, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all);
            }
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| places(item, &format!("{at}/{i}"), all)),
        _ => {}
    }
}

#[test]
fn anything_in_any_place_is_a_report_or_an_error() {
    let whole = document();
    let checkout = repository(&whole);
    let old = Revision::read("old", &checkout.document, &checkout).unwrap();
    let mut all = Vec::new();
    places(&whole, "", &mut all);
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
            let _ = vendor::text(&text, &checkout.document);
            let _ = vendor::text(&checkout.document, &text);
            if let Ok(new) = Revision::read("new", &text, &checkout) {
                let _ = diff::compare(&old, &new);
                let _ = diff::compare(&new, &old);
            }
        }
    }
}
