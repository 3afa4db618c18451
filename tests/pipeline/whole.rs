//! The real document and overlay.

use std::fs;

use serde_json::{Value, json};

use super::pipeline::{self, Generated, Inputs};

pub const DOCUMENT: &str = include_str!("../../openapi/mka1.json");
const OVERLAY: &str = include_str!("../../openapi/overlay.yaml");
const NAMES: &str = include_str!("../../openapi/names.lock");
const OVERLAYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/overlay");

fn chat(document: &str) -> Generated {
    selected(document, &|feature| feature == "llm-chat")
}

pub fn selected(document: &str, enabled: &dyn Fn(&str) -> bool) -> Generated {
    let mut files: Vec<_> = fs::read_dir(OVERLAYS).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let used = files.iter().filter_map(|file| {
        let stem = file.file_stem()?.to_str()?;
        (stem.starts_with("families") || stem == "glossary" || enabled(stem))
            .then(|| (stem, fs::read_to_string(file).unwrap()))
    });
    let texts: Vec<(&str, String)> = used.collect();
    let mut overlays = vec![("overlay", OVERLAY)];
    overlays.extend(texts.iter().map(|(name, text)| (*name, text.as_str())));
    let inputs = Inputs { document, overlays: &overlays, names: NAMES };
    pipeline::run(&inputs, enabled).unwrap_or_else(|error| panic!("{error}"))
}

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

#[test]
fn the_same_input_gives_the_same_output() {
    assert_eq!(difference(&chat(DOCUMENT), &chat(DOCUMENT)), None);
}

#[test]
fn the_overlay_fits_the_document() {
    assert_eq!(chat(DOCUMENT).warnings, Vec::<String>::new());
}

#[test]
fn nothing_selected_is_nothing_generated() {
    let generated = selected(DOCUMENT, &|_| false);
    assert!(generated.files.iter().all(|(_, text)| !text.contains("pub struct") && !text.contains("pub fn")));
}

#[test]
fn every_public_item_of_chat_has_docs_of_ours() {
    for (name, text) in chat(DOCUMENT).files {
        for by_rule in ["A `", "property.", "Calls `"] {
            let found = text.lines().find(|line| line.trim_start().starts_with("///") && line.contains(by_rule));
            assert_eq!(found, None, "{name}");
        }
    }
}

#[test]
fn no_public_name_ends_in_a_counter() {
    for (name, text) in chat(DOCUMENT).files {
        for line in text.lines().filter(|line| line.trim_start().starts_with("pub ")) {
            let ends = line.split(|c: char| !c.is_alphanumeric()).any(|word| {
                word.len() > 3 && word.ends_with(|c: char| c.is_ascii_digit()) && !["i64", "u64", "f64"].contains(&word)
            });
            assert!(!ends, "{name}: {line}");
        }
    }
}

/// One test, since the whole document takes a while.
#[test]
fn the_whole_document_goes_through_without_a_warning_named_and_described_by_us() {
    let whole = selected(DOCUMENT, &|_| true);
    assert_eq!(whole.warnings, Vec::<String>::new());
    for (name, text) in &whole.files {
        // What the glossary and the uses of a type don't describe is described by its name alone.
        let by_rule = ["Calls `", "/// A `", "The `", "Sets the `"];
        let bare = text.lines().map(str::trim_start).find(|line| {
            line.starts_with("///") && by_rule.iter().any(|rule| line.contains(rule)) && !line.contains("` of [`")
        });
        assert_eq!(bare, None, "{name}");
        let counted = text.lines().find(|line| {
            let declared = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
            let word = declared.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
            word.is_some_and(|word| word.ends_with(|c: char| c.is_ascii_digit()))
        });
        assert_eq!(counted, None, "{name}");
    }
}

/// The glossary describes what there is, and nothing else.
#[test]
fn every_entry_of_the_glossary_is_of_a_name_in_the_document() {
    let glossary = fs::read_to_string(format!("{OVERLAYS}/glossary.yaml")).unwrap();
    let names: Vec<&str> =
        glossary.lines().filter_map(|line| Some(line.strip_prefix("        ")?.split_once(": \"")?.0)).collect();
    assert!(names.len() > 1000);
    for name in names {
        let quoted = format!("\"{}\"", name.trim_matches('"'));
        assert!(DOCUMENT.contains(&quoted), "{name}");
    }
}

/// The first line in which two outputs differ.
fn difference<'g>(ours: &'g Generated, theirs: &'g Generated) -> Option<(&'g str, &'g str)> {
    ours.files.iter().zip(&theirs.files).find_map(|((_, ours), (_, theirs))| {
        let whole = (ours.len() != theirs.len()).then_some(("more lines", "or fewer"));
        ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs).or(whole)
    })
}

#[test]
fn upstream_prose_goes_nowhere() {
    fn describe(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, child) in map.iter_mut() {
                    match child {
                        // Its keys are the names of properties.
                        Value::Object(properties) if key == "properties" => properties.values_mut().for_each(describe),
                        child => describe(child),
                    }
                }
                if map.contains_key("type") || map.contains_key("$ref") || map.contains_key("operationId") {
                    for key in ["description", "title", "summary"] {
                        map.insert(key.into(), json!("UPSTREAM"));
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(describe),
            _ => {}
        }
    }
    let mut described = document();
    describe(&mut described["paths"]);
    describe(&mut described["components"]);
    let described = described.to_string();
    assert!(described.contains("UPSTREAM"));
    assert_eq!(difference(&chat(DOCUMENT), &chat(&described)), None);
}

/// Upstream serves the document with nested schemas inline, where ours has components.
#[test]
fn inline_schemas_give_the_same_client() {
    const ROOTS: [&str; 5] = [
        "OpenAIChatCompletionRequestParams",
        "OpenAIRequestMessage",
        "OpenAIToolDefinition",
        "OpenAIChatCompletionChunk",
        "OpenAIChatCompletion",
    ];
    fn inline(value: &mut Value, schemas: &Value) {
        let name = value.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"));
        if let Some(name) = name.filter(|name| !ROOTS.contains(name)) {
            let mut target = schemas[name].clone();
            if let Some(discriminator) = target.get_mut("discriminator").and_then(Value::as_object_mut) {
                discriminator.remove("mapping");
            }
            *value = target;
        }
        match value {
            Value::Object(map) => map.values_mut().for_each(|child| inline(child, schemas)),
            Value::Array(items) => items.iter_mut().for_each(|child| inline(child, schemas)),
            _ => {}
        }
    }
    let mut document = document();
    let schemas = document["components"]["schemas"].clone();
    let chat_paths = ["/api/v1/llm/chat/completions", "/api/v1/llm/chat/completions/stream"];
    for path in chat_paths {
        inline(&mut document["paths"][path], &schemas);
    }
    document["paths"].as_object_mut().unwrap().retain(|path, _| chat_paths.contains(&path.as_str()));
    let components = document["components"]["schemas"].as_object_mut().unwrap();
    components.retain(|name, _| ROOTS.contains(&name.as_str()));
    for root in ROOTS {
        inline(&mut components[root], &schemas);
    }
    assert_eq!(difference(&chat(DOCUMENT), &chat(&document.to_string())), None);
}
