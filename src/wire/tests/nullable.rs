//! Absent, null and a value are three things.

use super::*;

#[test]
fn absent_null_and_a_value_stay_what_they_are() {
    assert_eq!(round_trip::<Request>("{}").max_tokens, Nullable::Absent);
    assert_eq!(round_trip::<Request>(r#"{"max_tokens":null}"#).max_tokens, Nullable::Null);
    assert_eq!(round_trip::<Request>(r#"{"max_tokens":5}"#).max_tokens, Nullable::Value(5));
}

#[test]
fn a_null_tree_is_not_an_absent_one() {
    assert_eq!(round_trip::<Request>("{}").metadata, None);
    assert_eq!(round_trip::<Request>(r#"{"metadata":null}"#).metadata, Some(Value::Null));
    assert_eq!(round_trip::<Request>(r#"{"metadata":{"a":1}}"#).metadata, Some(json!({"a": 1})));
}

#[test]
fn by_itself_absent_is_written_as_null() {
    assert_eq!(
        serde_json::to_string(&[Nullable::Absent, Nullable::Null, Nullable::Value(1)]).unwrap(),
        "[null,null,1]"
    );
}

/// As the setters of generated types take it.
fn set<T>(value: impl Into<Nullable<T>>) -> Nullable<T> {
    value.into()
}

#[test]
fn setters_take_what_one_would_write() {
    assert_eq!(set::<i64>(512), Nullable::Value(512));
    assert_eq!(set::<i64>(5_000_000_000), Nullable::Value(5_000_000_000));
    assert_eq!(set::<f64>(0.7), Nullable::Value(0.7));
    assert_eq!(set::<i64>(None), Nullable::Null);
    assert_eq!(set::<i64>(Some(1)), Nullable::Value(1));
    assert_eq!(set::<i64>(Nullable::Absent), Nullable::Absent);
    assert_eq!(set::<String>("a"), Nullable::Value("a".to_owned()));
    assert_eq!(set::<String>(String::from("a")), Nullable::Value("a".to_owned()));
    assert_eq!(set::<Role>("user"), Nullable::Value(Role::User));
    assert_eq!(set::<Role>(String::from("user")), Nullable::Value(Role::User));
    assert_eq!(set::<Role>(Role::User), Nullable::Value(Role::User));
    assert_eq!(set::<Vec<i64>>([1, 2]), Nullable::Value(vec![1, 2]));
    assert_eq!(set::<Vec<i64>>(vec![1]), Nullable::Value(vec![1]));
}

#[test]
fn it_is_read_like_an_option() {
    let mut text = Nullable::from("stop");
    assert_eq!(text.as_deref().unwrap_or("-"), "stop");
    assert_eq!(text.value().map(String::len), Some(4));
    assert_eq!(text.as_ref().map(String::len), Nullable::Value(4));
    if let Some(text) = text.value_mut() {
        text.push('!');
    }
    assert_eq!(text.as_mut().map(|text| text.push('?')), Nullable::Value(()));
    assert_eq!(text.clone().into_value().as_deref(), Some("stop!?"));
    assert_eq!(Option::from(text), Some("stop!?".to_owned()));
    for none in [Nullable::Absent, Nullable::<String>::Null] {
        assert_eq!(none.value(), None);
        assert_eq!(none.as_deref().unwrap_or("-"), "-");
        assert_eq!(none.clone().unwrap_or_default(), "");
        assert_eq!((none.is_value(), none.is_absent() != none.is_null()), (false, true));
        assert_eq!(none.clone().map(|text| text), none);
    }
}

#[test]
fn numbers_that_do_not_fit_are_named() {
    let error = |text: &str| json::from_str::<Request>(text).unwrap_err().to_string();
    assert_eq!(
        error(r#"{"max_tokens":1.5}"#),
        "Request at max_tokens: invalid type: floating point `1.5`, expected i64"
    );
    assert_eq!(
        error(r#"{"max_tokens":9223372036854775808}"#),
        "Request at max_tokens: invalid value: integer `9223372036854775808`, expected i64"
    );
}
