//! The document as it is kept here: all that is structure, none of upstream's prose.

use serde_json::{Map, Value};

use crate::align;
use crate::pipeline::{Error, load, schema};
use crate::repository::Repository;

/// Extensions that hold text for people.
const PROSE: [&str; 3] = ["x-codeSamples", "x-code-samples", "x-readme"];

/// The text that goes into `openapi/mka1.json`, its components called as in the one so far where the checkout knows them by that name: the
/// same documents give the same bytes.
pub fn text(served: &str, so_far: &str, repository: &Repository) -> Result<String, Error> {
    let mut document = without_prose(served)?;
    align::align(&without_prose(so_far)?, &mut document, &repository.known()?);

    let mut text = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, format);
    let fault = |error: String| Error::new("", error, "report this as a bug of the tool");
    serde::Serialize::serialize(&document, &mut serializer).map_err(|error| fault(error.to_string()))?;
    String::from_utf8(text).map_err(|error| fault(error.to_string()))
}

/// A document with all that is structure, and what the specification wants: a title, and a description of every response.
pub fn without_prose(served: &str) -> Result<Value, Error> {
    let mut document = load::document(served)?;
    let info = document.get("info").cloned().unwrap_or_default();
    load::strip_prose(&mut document);
    let mut kept = Map::new();
    for key in ["title", "version"] {
        kept.extend(info.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    if let Some(map) = document.as_object_mut() {
        map.insert("info".to_owned(), Value::Object(kept));
    }
    tidy(&mut document, "");
    Ok(document)
}

/// `parent` is the key that the value stands under.
fn tidy(value: &mut Value, parent: &str) {
    match value {
        Value::Object(map) => {
            // `properties` may have any name in it.
            if parent != "properties" {
                map.retain(|key, _| !PROSE.contains(&key.as_str()));
            }
            for (key, child) in map.iter_mut() {
                if key == "responses" && parent != "properties" {
                    describe(child);
                }
                tidy(child, key);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| tidy(item, "")),
        _ => {}
    }
}

fn describe(responses: &mut Value) {
    for response in responses.as_object_mut().into_iter().flat_map(Map::values_mut) {
        let is_response =
            response.is_object() && response.get("$ref").is_none() && schema::text(response, "type").is_none();
        if let (true, Some(map)) = (is_response, response.as_object_mut()) {
            let mut described = Map::new();
            described.insert("description".to_owned(), "".into());
            described.extend(std::mem::take(map));
            *map = described;
        }
    }
}
