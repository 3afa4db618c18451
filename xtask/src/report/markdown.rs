//! The report for people.

use std::fmt::Write;

use super::{Report, difference, place, release};
use crate::rules::{Class, Rule};

pub fn markdown(report: &Report<'_>) -> String {
    let Report { old, new, changes } = report;
    let mut text = String::new();
    // Writing to a text can't fail, so results are dropped throughout.
    let _ = writeln!(text, "# What changed for callers\n\nFrom {} to {}.\n", old.label, new.label);
    let count = |class: Class| format!("{} {}", changes.count(class), class.name());
    let counts = [Class::Breaking, Class::Minor, Class::Patch].map(count).join(", ");
    let operations = |revision: &crate::revision::Revision| {
        let ids: std::collections::BTreeSet<&String> = revision.model.operations.iter().map(|o| &o.id).collect();
        ids.len()
    };
    let _ = writeln!(text, "- Changes: {counts}");
    let _ = writeln!(text, "- Release: {}", release(changes));
    let _ = writeln!(text, "- Operations: {} → {}", operations(old), operations(new));
    let _ = writeln!(text, "- Types: {} → {}", old.model.types.len(), new.model.types.len());

    for class in [Class::Breaking, Class::Minor, Class::Patch] {
        if changes.count(class) == 0 {
            continue;
        }
        let title = match class {
            Class::Breaking => "Breaking",
            Class::Minor => "Minor",
            Class::Patch => "Patch",
        };
        let _ = writeln!(text, "\n## {title}");
        let mut rules: Vec<Rule> = Vec::new();
        for change in changes.list.iter().filter(|change| change.rule.class == class) {
            if !rules.contains(&change.rule) {
                rules.push(change.rule);
            }
        }
        for rule in rules {
            let list: Vec<_> = changes.list.iter().filter(|change| change.rule == rule).collect();
            let _ = writeln!(text, "\n### {} ({})\n\nWhy: {}.\n", capital(rule.name), list.len(), rule.reason);
            for change in list {
                let _ = writeln!(text, "- {}{}", place(change), difference(change));
            }
        }
    }

    for revision in [old, new] {
        if !revision.warnings.is_empty() {
            let _ = writeln!(text, "\n## What the overlays don't fit in {}\n", revision.label);
            for warning in &revision.warnings {
                let _ = writeln!(text, "- {warning}");
            }
        }
    }
    text
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
