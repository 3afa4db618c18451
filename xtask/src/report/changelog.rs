//! A draft for `CHANGELOG.md`: what callers must do first, what they may do next. A person makes sentences of it.

use std::fmt::Write;

use super::{Report, difference, place};
use crate::diff::Change;
use crate::rules::{self, Class, Rule};

/// Many changes of one kind become one line with this many examples.
const EXAMPLES: usize = 12;

pub fn changelog(report: &Report<'_>) -> String {
    let of = |class: Class| report.changes.list.iter().filter(move |change| change.rule.class == class);
    let removed = |change: &&Change| change.rule.name.ends_with("removed");
    let mut text = String::new();
    section(&mut text, "Added", of(Class::Minor), "");
    section(&mut text, "Changed", of(Class::Breaking).filter(|change| !removed(change)), "**Breaking:** ");
    section(&mut text, "Removed", of(Class::Breaking).filter(removed), "**Breaking:** ");
    let moved = |change: &&Change| [rules::OPERATION_MOVED, rules::OPERATION_DEPRECATED].contains(&change.rule);
    section(&mut text, "Also", of(Class::Patch).filter(moved), "");
    if text.is_empty() {
        text.push_str("Nothing that callers see.\n");
    }
    text
}

fn section<'c>(text: &mut String, title: &str, changes: impl Iterator<Item = &'c Change>, mark: &str) {
    let changes: Vec<&Change> = changes.collect();
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}### {title}\n", if text.is_empty() { "" } else { "\n" });
    let mut rules: Vec<Rule> = Vec::new();
    for change in &changes {
        if !rules.contains(&change.rule) {
            rules.push(change.rule);
        }
    }
    for rule in rules {
        let list: Vec<String> =
            changes.iter().filter(|c| c.rule == rule).map(|c| format!("{}{}", place(c), difference(c))).collect();
        let shown = list.iter().take(EXAMPLES).cloned().collect::<Vec<_>>().join("; ");
        let more = list.len().saturating_sub(EXAMPLES);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let _ = writeln!(text, "- {mark}{}: {shown}{more}.", rule.name);
    }
}
