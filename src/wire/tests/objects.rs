//! Structs are objects, and say what is wrong with those they are read from.

use super::*;

fn fault<T: DeserializeOwned + Debug>(text: &str) -> String {
    json::from_str::<T>(text).unwrap_err().to_string()
}

#[test]
fn what_must_be_there_is_missed_by_name() {
    assert_eq!(fault::<TextPart>("{}"), "TextPart at text: missing field `text`");
    assert_eq!(fault::<UserMessage>(r#"{"other":1}"#), "UserMessage at content: missing field `content`");
}

#[test]
fn members_that_are_not_known_are_passed_over() {
    let part: TextPart = json::from_str(r#"{"a":{"text":[1]},"text":"b","c":null}"#).unwrap();
    assert_eq!(part, TextPart { text: "b".to_owned() });
}

#[test]
fn a_name_may_be_written_with_escapes() {
    let part: TextPart = json::from_str(r#"{"\u0074ext":"b"}"#).unwrap();
    assert_eq!(part.text, "b");
}

#[test]
fn a_member_comes_once() {
    assert_eq!(fault::<TextPart>(r#"{"text":"a","text":"b"}"#), "TextPart at text: duplicate field `text`");
}

#[test]
fn a_list_is_no_struct() {
    let told = "TextPart at [0]: invalid type: sequence, expected struct TextPart";
    assert_eq!(fault::<TextPart>(r#"["a"]"#), told);
}
