//! The table of rules.

use std::collections::BTreeSet;

use xtask::rules::{Class, TABLE};

#[test]
fn every_rule_has_a_name_of_its_own_and_a_reason() {
    let names: BTreeSet<&str> = TABLE.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), TABLE.len());
    assert!(TABLE.iter().all(|rule| !rule.reason.is_empty() && !rule.reason.ends_with('.')));
}

#[test]
fn what_is_removed_or_renamed_in_rust_is_breaking() {
    let unseen = ["content type removed"];
    for rule in TABLE.iter().filter(|rule| !unseen.contains(&rule.name)) {
        if rule.name.ends_with("removed") || rule.name.ends_with("renamed") || rule.name.ends_with("retyped") {
            assert_eq!(rule.class, Class::Breaking, "{}", rule.name);
        }
    }
}
