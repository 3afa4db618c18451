//! Whether a document is sound: OpenAPI as the specification has it, references that lead somewhere, ids and path parameters that fit.
//!
//! The form of 3.1 is checked by reading the document with `oas3`, which is kept up with the specification.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_path_to_error::Segment;

use crate::pipeline::{Error, load, schema, select};

/// Everything wrong with a document; what can't be read at all is one error.
pub fn problems(text: &str) -> Vec<Error> {
    let document = match load::document(text) {
        Ok(document) => document,
        Err(error) => return vec![error],
    };
    let mut problems: Vec<Error> = form(&document).into_iter().collect();
    references(&document, &document, "", &mut problems);
    operations(&document, &mut problems);
    problems
}

/// The first place where it isn't OpenAPI 3.1.
fn form(document: &Value) -> Option<Error> {
    let version = schema::text(document, "openapi").unwrap_or_default();
    if !version.starts_with("3.1.") {
        let cure = "have it served as OpenAPI 3.1";
        return Some(Error::new("/openapi", format!("version {version:?} can be read, but not checked"), cure));
    }
    let read: Result<oas3::OpenApiV3Spec, _> = serde_path_to_error::deserialize(document);
    let error = read.err()?;
    let mut at = String::new();
    for segment in error.path() {
        match segment {
            Segment::Map { key } => at = schema::child(&at, key),
            Segment::Seq { index } => at = format!("{at}/{index}"),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let problem = format!("not OpenAPI 3.1: {}", error.inner());
    Some(Error::new(at, problem, "have the document corrected where it comes from"))
}

/// Every `$ref` and every `mapping` of a discriminator.
fn references(document: &Value, value: &Value, at: &str, problems: &mut Vec<Error>) {
    const GIVEN: &str = "mend the reference, or add what it points to";
    match value {
        Value::Object(map) => {
            match schema::reference(value, at) {
                Ok(Some(target)) if document.pointer(&target).is_none() => {
                    let problem = format!("a reference to #{target}, where nothing is");
                    problems.push(Error::new(schema::child(at, "$ref"), problem, GIVEN));
                }
                Ok(_) => {}
                Err(error) => problems.push(error),
            }
            let mapping = map.get("discriminator").into_iter().flat_map(|tag| schema::object(tag, "mapping"));
            for (tag, target) in mapping {
                let target = target.as_str().and_then(|target| target.strip_prefix('#'));
                if target.is_some_and(|target| document.pointer(target).is_none()) {
                    let at = schema::child(&format!("{at}/discriminator/mapping"), tag);
                    problems.push(Error::new(at, "a mapping to a schema that is not there", GIVEN));
                }
            }
            for (key, child) in map {
                // These hold data, not document.
                if !["const", "default", "enum", "example", "examples"].contains(&key.as_str())
                    || at.ends_with("/properties")
                {
                    references(document, child, &schema::child(at, key), problems);
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| {
                references(document, item, &format!("{at}/{index}"), problems);
            });
        }
        _ => {}
    }
}

fn operations(document: &Value, problems: &mut Vec<Error>) {
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for (path, item) in schema::object(document, "paths") {
        for method in select::METHODS {
            let Some(operation) = item.get(method) else { continue };
            let at = schema::child(&schema::child("/paths", path), method);
            if let Some(id) = schema::text(operation, "operationId").filter(|id| !id.is_empty())
                && let Some(other) = ids.insert(id, at.clone())
            {
                let problem = format!("the operationId {id:?} is that of #{other} too");
                problems.push(Error::new(&at, problem, "have one of them changed"));
            }
            path_parameters(document, path, item, operation, &at, problems);
            security(document, operation, &at, problems);
        }
    }
}

/// What stands in braces in the path, and the parameters in the path, are the same.
fn path_parameters(document: &Value, path: &str, item: &Value, operation: &Value, at: &str, problems: &mut Vec<Error>) {
    let named: BTreeSet<&str> = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
    let list = |node: &Value| node.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut given = BTreeSet::new();
    for parameter in list(item).into_iter().chain(list(operation)) {
        let target = schema::reference(&parameter, at).ok().flatten();
        let parameter = target.and_then(|target| document.pointer(&target).cloned()).unwrap_or(parameter);
        if schema::text(&parameter, "in") == Some("path") {
            given.extend(schema::text(&parameter, "name").map(str::to_owned));
        }
    }
    for name in named.iter().filter(|name| !given.contains(**name)) {
        let problem = format!("the path has {{{name}}}, and the operation no such parameter");
        problems.push(Error::new(at, problem, "have the parameter declared"));
    }
    for name in given.iter().filter(|name| !named.contains(name.as_str())) {
        let problem = format!("a parameter {name:?} in the path, where the path has none");
        problems.push(Error::new(at, problem, "have the path or the parameter corrected"));
    }
}

/// Schemes that an operation names exist.
fn security(document: &Value, operation: &Value, at: &str, problems: &mut Vec<Error>) {
    let schemes = document.pointer("/components/securitySchemes");
    let alternatives = operation.get("security").and_then(Value::as_array).into_iter().flatten();
    for name in alternatives.filter_map(Value::as_object).flat_map(|alternative| alternative.keys()) {
        if schemes.is_none_or(|schemes| schemes.get(name).is_none()) {
            let problem = format!("no security scheme {name:?}");
            problems.push(Error::new(format!("{at}/security"), problem, "have the scheme declared"));
        }
    }
}
