//! What decoding promises.

use super::*;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize, PartialEq)]
struct Chunk {
    id: String,
    #[serde(default)]
    choices: Vec<Choice>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Choice {
    index: i64,
    #[serde(default)]
    delta: Option<Delta>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Delta {
    content: String,
}

fn fault(text: &str) -> String {
    from_str::<Chunk>(text).unwrap_err().to_string()
}

fn content(text: &str) -> String {
    from_str::<Delta>(&format!(r#"{{"content":"{text}"}}"#)).unwrap().content
}

#[test]
fn an_error_names_the_type_the_path_and_the_reason() {
    let error = from_str::<Chunk>(r#"{"id":"a","choices":[{"index":0},{"index":"a"}]}"#).unwrap_err();
    assert_eq!(error.to_string(), r#"Chunk at choices[1].index: invalid type: string "a", expected i64"#);
    assert_eq!((error.type_name(), error.path()), ("Chunk", "choices[1].index"));
    assert_eq!(error.reason(), r#"invalid type: string "a", expected i64"#);
}

#[test]
fn the_path_is_that_of_the_value_whatever_its_type() {
    for (value, found) in [
        ("null", "null"),
        ("true", "boolean `true`"),
        ("7", "integer `7`"),
        ("-1.5", "floating point `-1.5`"),
        ("[ ]", "sequence"),
        ("{ }", "map"),
    ] {
        for space in ["", " ", "\n\t "] {
            let text = format!(
                r#"{{"id":"x",{space}"choices":[{space}{{"index":0,"delta":{{"content"{space}:{space}{value}{space}}}}}]}}"#
            );
            assert_eq!(
                fault(&text),
                format!("Chunk at choices[0].delta.content: invalid type: {found}, expected a string")
            );
        }
    }
}

#[test]
fn a_missing_field_is_part_of_the_path() {
    assert_eq!(fault(r#"{"choices":[]}"#), "Chunk at id: missing field `id`");
    assert_eq!(
        fault(r#"{"id":"a","choices":[{"index":1,"delta":{"x":[{}]} }]}"#),
        "Chunk at choices[0].delta.content: missing field `content`"
    );
}

#[test]
fn a_field_given_twice_is_named() {
    assert_eq!(fault(r#"{"id":"a","id":"b"}"#), "Chunk at id: duplicate field `id`");
}

#[test]
fn broken_text_is_an_error_with_the_place_it_broke() {
    assert_eq!(fault(""), "Chunk: EOF while parsing a value");
    assert_eq!(fault(r#"{"id":"a","choices":[{"index"#), "Chunk at choices[0]: EOF while parsing a string");
    assert_eq!(fault(r#"{"id":"a"} x"#), "Chunk: trailing characters");
    assert_eq!(fault("<html>"), "Chunk: expected value");
}

#[test]
fn odd_keys_are_quoted_and_long_ones_cut() {
    let error = from_str::<std::collections::BTreeMap<String, i64>>(r#"{"a b\"":1,"a b\" ":""}"#).unwrap_err();
    assert_eq!(error.path(), r#"["a b\""]"#);
    let error =
        from_str::<std::collections::BTreeMap<String, i64>>(&format!(r#"{{"{}":""}}"#, "k".repeat(1000))).unwrap_err();
    assert!(error.path().chars().count() < 100);
}

#[test]
fn a_reason_is_one_line_of_bounded_length() {
    let error = from_str::<Choice>(&format!(r#"{{"index":"{}"}}"#, "long\\n".repeat(10_000))).unwrap_err();
    assert!(error.to_string().len() < 400);
    assert!(!error.to_string().contains('\n'));
}

#[test]
fn generic_types_are_named_without_their_modules() {
    assert_eq!(from_str::<Vec<Chunk>>("1").unwrap_err().type_name(), "Vec<Chunk>");
    assert_eq!(
        short_name("core::option::Option<(alloc::string::String, &a::B<c::D, [e::F; 2]>)>"),
        "Option<(String, &B<D, [F; 2]>)>"
    );
    assert_eq!(DecodeError::custom::<Chunk>("the event has no data").to_string(), "Chunk: the event has no data");
}

#[test]
fn lone_surrogates_become_the_replacement_character() {
    assert_eq!(content(r"\ud83d"), "\u{fffd}");
    assert_eq!(content(r"\ude00 x"), "\u{fffd} x");
    assert_eq!(content(r"a\uD83Db\uDE00"), "a\u{fffd}b\u{fffd}");
    assert_eq!(content(r"\ud83d\ud83d\ude00\ude00"), "\u{fffd}😀\u{fffd}");
    assert_eq!(content(r"\ud83d\u0041\n"), "\u{fffd}A\n");
    assert_eq!(content(r"\ud83d\\ude00"), "\u{fffd}\\ude00");
}

#[test]
fn pairs_and_escaped_backslashes_are_left_alone() {
    assert_eq!(repair::text(r#"{"content":"\ud83d\ude00 \\ud83d \\\\ud83d é"}"#), None);
    assert_eq!(content(r"\ud83d\ude00 \\ud83d"), "😀 \\ud83d");
    assert_eq!(repair::text(r#""\\\ud83d""#).as_deref(), Some(r#""\\\ufffd""#));
}

#[test]
fn the_repair_reaches_keys_and_trees() {
    assert_eq!(from_str::<Value>(r#"{"\ud83d":["\ude00"]}"#).unwrap(), serde_json::json!({"\u{fffd}": ["\u{fffd}"]}));
}

#[test]
fn bytes_that_are_not_utf8_become_the_replacement_character() {
    assert_eq!(
        from_slice::<Delta>(b"{\"content\":\"a\xff\xf0\x9f\\ud83d\"}").unwrap().content,
        "a\u{fffd}\u{fffd}\u{fffd}"
    );
}

#[test]
fn what_is_wrong_besides_surrogates_is_still_told() {
    assert_eq!(
        fault(r#"{"id":"\ud83d","choices":[{"index":null}]}"#),
        "Chunk at choices[0].index: invalid type: null, expected i64"
    );
    assert_eq!(
        from_slice::<Chunk>(b"{\"id\":\"\xff\",\"choices\":3}").unwrap_err().to_string(),
        "Chunk at choices: invalid type: integer `3`, expected a sequence"
    );
}

#[test]
fn deep_text_is_an_error_and_no_more() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let error = from_str::<Value>(&open.repeat(100_000)).unwrap_err();
        assert_eq!(error.reason(), "recursion limit exceeded");
        assert!(error.path().chars().count() <= 401);
    }
    // Behind a value that is skipped the path is right again.
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(
        fault(&format!(r#"{{"skipped":{deep},"choices":1}}"#)),
        "Chunk at choices: invalid type: integer `1`, expected a sequence"
    );
}

#[test]
fn no_input_makes_it_panic() {
    let seed =
        r#"{"id":"\ud83d\u","choices":[{"index":0,"delta":{"content":"\\é😀\"x"}},{"index":-1e9}],"a b":[[],{}]}"#
            .as_bytes();
    for cut in 0..seed.len() {
        let _ = from_slice::<Chunk>(&seed[..cut]);
        let _ = path::at(seed, cut);
        for byte in [b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', 0, 0xff, b'u', b'0'] {
            let mut text = seed.to_vec();
            text[cut] = byte;
            let _ = from_slice::<Chunk>(&text);
            let _ = repair::text(&String::from_utf8_lossy(&text));
            let _ = path::at(&text, text.len() + 10);
        }
    }
}
