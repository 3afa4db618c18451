//! Documents in YAML: what JSON has no words for is read, or refused with its place.

use serde_json::{Value, json};

use super::pipeline::load;

fn read(text: &str) -> Value {
    load::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(text: &str) -> String {
    load::parse(text).unwrap_err().to_string()
}

#[test]
fn keys_are_texts_as_they_are_written() {
    let value = read("responses:\n  200: a\n  true: b\n  ~: c\n  1.10: d\n  0x10: e\n  2026-01-31: f\n");
    let keys: Vec<&String> = value["responses"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["200", "true", "~", "1.10", "0x10", "2026-01-31"]);
}

#[test]
fn words_of_yaml_1_1_and_dates_are_texts() {
    let value = read("[on, off, yes, no, y, 2026-01-31, 2026-01-31T10:00:00Z, 12:30:45, '1', 1_000]");
    assert_eq!(
        value,
        json!(["on", "off", "yes", "no", "y", "2026-01-31", "2026-01-31T10:00:00Z", "12:30:45", "1", "1_000"])
    );
}

#[test]
fn numbers_are_numbers_however_large() {
    assert_eq!(read("[0x1f, 0o17, 1e3, -0.5, ~]"), json!([31, 15, 1000.0, -0.5, null]));
    assert!(read("[18446744073709551616, -9223372036854775809]")[0].as_f64().unwrap() > 1.8e19);
}

#[test]
fn anchors_and_merge_keys_are_followed() {
    let value = read(
        "base: &base { type: string, format: uri }\nmore: &more { title: t, format: x }\n\
         one: { <<: *base, format: uuid }\nboth: { <<: [*base, *more] }\nnested: { a: { <<: *more } }\n",
    );
    assert_eq!(value["one"], json!({ "type": "string", "format": "uuid" }));
    assert_eq!(value["both"], json!({ "type": "string", "format": "uri", "title": "t" }));
    assert_eq!(value["nested"]["a"], json!({ "title": "t", "format": "x" }));
    assert!(refusal("a: { b: { <<: 3 } }").starts_with("#/a/b/<<: merges what has no entries"));
}

#[test]
fn tags_say_what_kind_a_value_is_or_nothing() {
    assert_eq!(
        read("a: !!str 200\nb: !secret x\nc: !thing { d: 1 }\n"),
        json!({ "a": "200", "b": "x", "c": { "d": 1 } })
    );
}

#[test]
fn what_json_cannot_say_is_refused_with_its_place() {
    for text in [".nan", ".inf", "-.inf"] {
        let error = refusal(&format!("a:\n  b/c:\n    - 1\n    - {text}\n"));
        assert!(error.starts_with("#/a/b~1c/1: not YAML: ") && error.contains("is no number in JSON"), "{error}");
    }
    let error = refusal("a:\n  ? [1, 2]\n  : x\n");
    assert!(error.starts_with("#/a: not YAML: "), "{error}");
    let error = refusal("a:\n  b: 1\n  b: 2\n");
    assert!(error.starts_with("#/a/b: not YAML: ") && error.contains("a second entry of this name"), "{error}");
}

#[test]
fn several_documents_in_one_text_are_refused() {
    let error = refusal("a: 1\n---\nb: 2\n");
    assert!(error.starts_with("#: not YAML: ") && error.contains("more than one document"), "{error}");
}

#[test]
fn syntax_errors_name_line_and_column() {
    let error = refusal("a:\n  - b\n c: d\n");
    assert!(error.contains("line 3 column 2"), "{error}");
    assert!(refusal("a: *nowhere\n").contains("unknown anchor"));
    assert!(refusal("a: &a [*a]\n").starts_with("#/a"), "{}", refusal("a: &a [*a]\n"));
}

#[test]
fn anchors_that_grow_without_end_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    assert!(refusal(&text).contains("repetition limit"), "{}", refusal(&text));
}

#[test]
fn what_begins_with_a_brace_may_be_yaml_too() {
    assert_eq!(read("{openapi: 3.1.0, paths: {}}"), json!({ "openapi": "3.1.0", "paths": {} }));
    assert_eq!(load::document("openapi: 3.1\npaths: {}\n").unwrap()["openapi"], "3.1.0");
    assert!(
        load::document("swagger: '2.0'\npaths: {}\n").unwrap_err().to_string().starts_with("#/swagger: Swagger 2.0")
    );
}
