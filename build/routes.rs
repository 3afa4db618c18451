//! Applies `x-routes`: overlay entries for nested schemas, addressed from a stable root whether they stand inline or as components.

use std::borrow::Cow;

use serde_json::Value;

use super::{Error, overlay, schema};

/// Applies every `x-routes` of component schemas and media types, in document order; a route that leads nowhere, or to what it
/// can't be put at, is a warning, since another document may lack it.
pub fn apply(document: &mut Value, warnings: &mut Vec<String>) {
    let mut roots = Vec::new();
    collect(document, &mut Vec::new(), &mut roots);
    for (at, routes) in roots {
        let root = if at.starts_with("/components/schemas/") { at.clone() } else { format!("{at}/schema") };
        for (route, update) in routes.as_object().into_iter().flatten() {
            let place = schema::child(&format!("{at}/x-routes"), route);
            if let Err(error) = apply_one(document, &root, route, update, &place, warnings) {
                warnings.push(format!("#{place}: the route leads nowhere ({})", error.problem));
            }
        }
    }
}

/// `path` leads to `value`; a pointer is made of it where there are routes, which is rare.
fn collect<'v>(value: &'v Value, path: &mut Vec<Cow<'v, str>>, roots: &mut Vec<(String, Value)>) {
    let children: Vec<(Cow<'v, str>, &'v Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, child)| (key.as_str().into(), child)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string().into(), item)).collect(),
        _ => return,
    };
    for (token, child) in children {
        if token == "x-routes" && value.is_object() {
            let at = path.iter().fold(String::new(), |at, token| schema::child(&at, token));
            roots.push((at, child.clone()));
        } else {
            path.push(token);
            collect(child, path, roots);
            path.pop();
        }
    }
}

fn apply_one(
    document: &mut Value,
    root: &str,
    route: &str,
    update: &Value,
    place: &str,
    warnings: &mut Vec<String>,
) -> Result<(), Error> {
    let site = resolve(document, root, route)?;
    if let Some(target) = missing(document, update) {
        return Err(Error::new(
            place,
            format!("what it puts there refers to #{target}, where nothing is"),
            "correct the route",
        ));
    }
    if update.is_null() {
        overlay::remove(document, &site);
    } else if let Some(replacement) = update.get("x-replace") {
        if let Some(node) = document.pointer_mut(&site) {
            *node = replacement.clone();
        }
    } else {
        let target = schema::unwrap(document, &site)?;
        if let Some(node) = document.pointer_mut(&target) {
            overlay::merge(node, update, &format!("#{place}"), warnings);
        }
    }
    Ok(())
}

/// What an update refers to that the document doesn't have.
fn missing(document: &Value, update: &Value) -> Option<String> {
    let target = schema::reference(update, "").ok().flatten();
    target.filter(|target| schema::at(document, target).is_none()).or_else(|| match update {
        Value::Object(map) => map.values().find_map(|child| missing(document, child)),
        Value::Array(items) => items.iter().find_map(|item| missing(document, item)),
        _ => None,
    })
}

/// Walks a route; returns the place where the schema is used, references not yet followed.
pub fn resolve(document: &Value, root: &str, route: &str) -> Result<String, Error> {
    let mut at = root.to_owned();
    for step in steps(route) {
        at = walk(document, &schema::unwrap(document, &at)?, step)?;
    }
    Ok(at)
}

#[derive(Clone, Copy)]
enum Step<'r> {
    Property(&'r str),
    Items,
    Values,
    Variant(&'r str),
}

/// `a.b[]<text>.c{}` as steps.
fn steps(route: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = route;
    while !rest.is_empty() {
        rest = if let Some(tail) = rest.strip_prefix("[]") {
            steps.push(Step::Items);
            tail
        } else if let Some(tail) = rest.strip_prefix("{}") {
            steps.push(Step::Values);
            tail
        } else if let Some((name, tail)) = rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
            steps.push(Step::Variant(name));
            tail
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '[', '{', '<']).unwrap_or(name.len());
            // An empty or unclosed name is kept whole, so that the error shows it.
            let end = if end == 0 { name.len() } else { end };
            steps.push(Step::Property(&name[..end]));
            &name[end..]
        };
    }
    steps
}

fn walk(document: &Value, at: &str, step: Step<'_>) -> Result<String, Error> {
    let found = match step {
        Step::Property(name) => Some(schema::child(&format!("{at}/properties"), name)),
        Step::Items => holder(document, at, "array").map(|at| format!("{at}/items")),
        Step::Values => holder(document, at, "object").map(|at| format!("{at}/additionalProperties")),
        Step::Variant(value) => variant(document, at, value),
    };
    found.filter(|at| schema::at(document, at).is_some()).ok_or_else(|| {
        let what = match step {
            Step::Property(name) => format!("no property {name:?} at #{at}"),
            Step::Items => format!("no array at #{at}"),
            Step::Values => format!("no map at #{at}"),
            Step::Variant(value) => format!("no variant {value:?} at #{at}"),
        };
        Error::new(at, what, "correct the route")
    })
}

/// The schema itself, or its union member, of a JSON type.
fn holder(document: &Value, at: &str, json_type: &str) -> Option<String> {
    if schema::json_type(schema::at(document, at)?) == Some(json_type) {
        return Some(at.to_owned());
    }
    schema::members(document, at)?.into_iter().find_map(|member| {
        let target = schema::unwrap(document, &member).ok()?;
        (schema::json_type(schema::at(document, &target)?) == Some(json_type)).then_some(target)
    })
}

/// The union member whose tag is `value`, else the one that requires property `value` alone among
/// them, else (`enum`) the one that is an enum.
fn variant(document: &Value, at: &str, value: &str) -> Option<String> {
    let members = schema::members(document, at)?;
    let find = |accept: &dyn Fn(&str, &Value) -> bool| {
        members.iter().find(|member| {
            let target = schema::unwrap(document, member).ok();
            target.is_some_and(|at| schema::at(document, &at).is_some_and(|schema| accept(&at, schema)))
        })
    };
    let tag = schema::at(document, at)?.get("discriminator").and_then(|d| schema::text(d, "propertyName"));
    let tagged = tag.and_then(|tag| {
        find(&|at, _| {
            schema::property_texts(document, at, tag).is_some_and(|texts| texts.iter().any(|text| text == value))
        })
    });
    tagged
        .or_else(|| find(&|_, schema| schema::required(schema).contains(&value)))
        .or_else(|| find(&|_, schema| value == "enum" && schema.get("enum").is_some()))
        .cloned()
}
