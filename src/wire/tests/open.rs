//! Enums keep values they don't know.

use super::*;

#[test]
fn known_and_unknown_values_go_back_as_they_came() {
    assert_eq!(round_trip::<Role>(r#""user""#), Role::User);
    let unknown = round_trip::<Role>(r#""über-\"user\"""#);
    assert_eq!(unknown.as_str(), "über-\"user\"");
    assert!(
        matches!(&unknown, Role::Unknown(value) if value.as_str() == "über-\"user\"" && value.to_string() == unknown.to_string())
    );
}

#[test]
fn escapes_do_not_hide_a_known_value() {
    assert_eq!(json::from_str::<Role>(r#""\u0075ser""#).unwrap(), Role::User);
    assert_eq!(from_value::<Role>(json!("assistant")).unwrap(), Role::Assistant);
    assert_eq!(serde_json::from_reader::<_, Role>(r#""\u0075ser""#.as_bytes()).unwrap(), Role::User);
}

#[test]
fn text_that_is_known_never_becomes_an_unknown_value() {
    assert_eq!(Role::from("assistant"), Role::Assistant);
    assert_eq!(Role::from(String::from("critic")).to_string(), "critic");
}

#[test]
fn what_is_not_a_string_is_an_error_that_names_the_enum() {
    assert_eq!(
        json::from_str::<Vec<Role>>(r#"["user",7]"#).unwrap_err().to_string(),
        "Vec<Role> at [1]: invalid type: integer `7`, expected Role, a string"
    );
    assert!(json::from_str::<Role>("null").is_err());
    assert_eq!(json::from_str::<Option<Role>>("null").unwrap(), None);
}

#[test]
fn enums_are_keys_of_maps_too() {
    let map: std::collections::HashMap<String, Role> = json::from_str(r#"{"a":"user"}"#).unwrap();
    assert_eq!(map["a"], Role::User);
}

#[test]
fn an_unknown_value_shows_its_text_and_no_more() {
    let Role::Unknown(value) = Role::from("critic") else { panic!("known") };
    assert_eq!(format!("{value:?} {value:>8} {}", value.as_ref()), "\"critic\"   critic critic");
}
