//! What the pages of the surface promise, on a small crate with two groups.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use xtask::repository::Repository;
use xtask::snapshots::{FOLDER, pages, problems};
use xtask::surface::table;

const CRATE: &str = "
    pub mod types { include!(concat!(env!(\"OUT_DIR\"), \"/types.rs\")); }
    pub mod groups { include!(concat!(env!(\"OUT_DIR\"), \"/groups.rs\")); }
    pub struct Always;
    #[cfg(feature = \"testing\")]
    pub mod testing { pub struct Server; }
";

/// `cats` and `dogs`, which give a cat and a dog, and both a collar.
fn document() -> Value {
    let get = |group: &str, animal: &str| {
        json!({ "get": { "operationId": format!("get{animal}"), "x-speakeasy-group": group, "x-speakeasy-name-override": "get",
            "responses": { "200": { "description": "", "content": { "application/json": { "schema": {
                "$ref": format!("#/components/schemas/{animal}") } } } } } } })
    };
    let animal = || json!({ "type": "object", "properties": { "collar": { "$ref": "#/components/schemas/Collar" } } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "small", "version": "1" },
        "paths": { "/cat": get("cats", "Cat"), "/dog": get("dogs", "Dog") },
        "components": { "schemas": {
            "Cat": animal(), "Dog": animal(),
            "Collar": { "type": "object", "required": ["colour"], "properties": { "colour": { "type": "string" } } },
        } },
    })
}

/// A checkout in a directory of its own.
fn checkout(name: &str, document: &Value) -> Repository {
    let root = std::env::temp_dir().join(format!("mka1-surface-{}-{name}", std::process::id()));
    fs::create_dir_all(root.join("src")).unwrap();
    fs::create_dir_all(root.join(FOLDER)).unwrap();
    fs::write(root.join("src/lib.rs"), CRATE).unwrap();
    let manifest = "[features]\ndefault = [\"cats\"]\nfull = [\"cats\", \"dogs\"]\ncats = []\ndogs = []\nrustls = []\ntesting = [\"cats\"]\n";
    Repository {
        root,
        document: document.to_string(),
        overlays: vec![],
        names: String::new(),
        features: table(manifest),
    }
}

fn has(pages: &BTreeMap<String, String>, page: &str, line: &str) -> bool {
    pages[page].lines().any(|there| there == line)
}

/// Writes pages as reviewers would have taken them.
fn take(repository: &Repository, pages: &BTreeMap<String, String>) {
    for (name, page) in pages {
        let text = format!("---\nsource: x.rs\n---\n{page}");
        fs::write(repository.root.join(FOLDER).join(format!("{name}.snap")), text).unwrap();
    }
}

#[test]
fn each_feature_has_a_page_of_what_it_adds() {
    let pages = pages(&checkout("adds", &document())).unwrap();
    assert_eq!(pages.keys().collect::<Vec<_>>(), ["cats", "crate", "dogs", "testing"]);
    assert!(has(&pages, "crate", "mka1::Always: struct"));
    assert!(has(&pages, "crate", "mka1: feature testing = cats"));
    assert!(has(&pages, "cats", "mka1::types::Cat: struct [non_exhaustive]"));
    assert!(!pages["cats"].contains("Dog") && !pages["cats"].contains("Always"));
    // What it turns on is on the page of that.
    assert_eq!(pages["testing"], "mka1::testing: mod\n\nmka1::testing::Server: struct\n");
}

#[test]
fn a_type_that_two_groups_use_is_on_the_page_of_each() {
    let pages = pages(&checkout("shared", &document())).unwrap();
    assert!(has(&pages, "cats", "mka1::types::Collar::colour: String"));
    assert!(has(&pages, "dogs", "mka1::types::Collar::colour: String"));
}

#[test]
fn a_page_changes_only_when_its_group_does() {
    let before = pages(&checkout("before", &document())).unwrap();
    let mut edited = document();
    edited["components"]["schemas"]["Dog"]["properties"]["breed"] = json!({ "type": "string" });
    let after = pages(&checkout("after", &edited)).unwrap();
    let changed: Vec<_> = before.keys().filter(|name| before[*name] != after[*name]).collect();
    assert_eq!(changed, ["dogs"]);
    let added: Vec<_> = after["dogs"].lines().filter(|line| !before["dogs"].contains(line)).collect();
    assert_eq!(added, ["mka1::types::Dog::breed: Option<String>"]);
}

#[test]
fn pages_as_they_were_seen_are_no_problem() {
    let repository = checkout("seen", &document());
    take(&repository, &pages(&repository).unwrap());
    assert_eq!(problems(&repository), Vec::<String>::new());
}

#[test]
fn a_page_that_is_changed_missing_or_left_over_is_named_with_its_cure() {
    let repository = checkout("wrong", &document());
    let mut seen = pages(&repository).unwrap();
    let page = seen["cats"].replace("mka1::types::Collar::colour: String\n", "");
    seen.insert("cats".to_owned(), page);
    seen.remove("dogs");
    seen.insert("fish".to_owned(), String::new());
    take(&repository, &seen);

    let found = problems(&repository);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[0].contains("surface/cats.snap: a line differs:\n+mka1::types::Collar::colour: String\n"));
    assert!(found[1].contains("surface/dogs.snap: isn't there"));
    assert!(found[..2].iter().all(|problem| problem.contains("cargo insta test --review")), "{found:#?}");
    assert!(found[2].contains("surface/fish.snap: no feature has this page; remove it"));
}
