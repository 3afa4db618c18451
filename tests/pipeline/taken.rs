//! Names that the hand-written code has: what is generated beside it gets others.

use serde_json::{Map, Value, json};

use super::documents::{document, file, run};
use super::pipeline;

/// The methods of a type in a file of the runtime, but for those of tests.
fn methods(source: &str, of: &str) -> Vec<String> {
    let file = syn::parse_file(source).unwrap();
    let mut names = Vec::new();
    for item in file.items {
        let syn::Item::Impl(item) = item else { continue };
        let is_of = matches!(&*item.self_ty, syn::Type::Path(path) if path.path.segments[0].ident == of);
        let is_test = item.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"));
        if is_of && item.trait_.is_none() && !is_test {
            names.extend(item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            }));
        }
    }
    names
}

#[test]
fn a_parameter_called_like_a_method_of_every_call_has_a_setter_of_another_name() {
    let mut names = methods(include_str!("../../src/call.rs"), "Call");
    names.extend(methods(include_str!("../../src/pages.rs"), "Call"));
    assert!(names.len() > 10);
    let parameters: Vec<Value> =
        names.iter().map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } })).collect();
    let mut document = document(json!({ "Thing": { "type": "object" } }));
    document["paths"]["/things"]["post"]["parameters"] = json!(parameters);
    let operations = file(&run(&document).unwrap(), "operations.rs");
    for name in names {
        assert!(operations.contains(&format!("pub fn {name}_(")), "{name}");
    }
}

#[test]
fn a_group_called_like_a_method_of_the_client_has_an_accessor_of_another_name() {
    let names = methods(include_str!("../../src/client.rs"), "Client");
    assert!(names.len() > 3);
    let paths: Map<String, Value> = (names.iter())
        .map(|name| {
            let operation = json!({ "tags": [name], "responses": { "204": { "description": "" } } });
            (format!("/{name}"), json!({ "get": operation }))
        })
        .collect();
    let mut document = document(json!({ "Thing": { "type": "object" } }));
    document["paths"] = Value::Object(paths);
    let generated = run(&document).unwrap();
    let (_, groups) = generated.files.iter().find(|(name, _)| *name == "groups.rs").unwrap();
    for name in names {
        assert!(groups.contains(&format!("pub fn {name}_(&self)")), "{name}");
    }
}

/// The names that a `use` brings in.
fn imported(tree: &syn::UseTree, names: &mut Vec<String>) {
    match tree {
        syn::UseTree::Path(path) => imported(&path.tree, names),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, names)),
        syn::UseTree::Name(name) => names.push(name.ident.to_string()),
        syn::UseTree::Rename(_) | syn::UseTree::Glob(_) => {}
    }
}

#[test]
fn what_is_imported_where_operations_stand_is_known() {
    let generated = run(&document(json!({ "Thing": { "type": "object" } }))).unwrap();
    let mut names = Vec::new();
    for (_, text) in generated.files {
        for item in syn::parse_file(&text).unwrap().items {
            if let syn::Item::Use(item) = item {
                imported(&item.tree, &mut names);
            }
        }
    }
    assert!(names.len() > 20);
    // Modules and macros have names of another kind.
    for name in names.iter().filter(|name| name.starts_with(char::is_uppercase)) {
        let is_known = pipeline::names::IMPORTS.contains(&name.as_str()) || pipeline::names::type_name(name) != *name;
        assert!(is_known, "{name}");
    }
}
