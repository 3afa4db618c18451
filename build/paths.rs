//! Every operation stands in its path and has an id, however the document writes it.

use serde_json::Value;

use super::{Error, schema, select};

/// Puts path items that stand elsewhere, and are referred to, into their paths.
pub fn gather(document: &mut Value) -> Result<(), Error> {
    let mut found = Vec::new();
    for (path, _) in schema::object(document, "paths").filter(|(_, item)| item.get("$ref").is_some()) {
        let target = schema::unwrap(document, &schema::child("/paths", path))?;
        found.push((path.clone(), schema::node(document, &target)?.clone()));
    }
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        paths.extend(found);
    }
    Ok(())
}

/// Gives operations that have no id one by their place, `GET /things/{id}`: no other operation has the same.
pub fn identify(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in paths {
        for method in select::METHODS {
            let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else { continue };
            let has_id = operation.get("operationId").and_then(Value::as_str).is_some_and(|id| !id.trim().is_empty());
            if !has_id {
                operation.insert("operationId".to_owned(), format!("{} {path}", method.to_uppercase()).into());
            }
        }
    }
}
