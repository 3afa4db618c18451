//! The report for tools.

use serde_json::{Value, json as object};

use super::Report;
use crate::rules::Class;

pub fn json(report: &Report<'_>) -> Value {
    let Report { old, new, changes } = report;
    let list = changes.list.iter().map(|change| {
        object!({
            "class": change.rule.class.name(),
            "change": change.rule.name,
            "place": change.place,
            "operation": change.operation,
            "part": change.part,
            "was": change.was,
            "is": change.is,
            "reason": change.rule.reason,
        })
    });
    object!({
        "old": old.label,
        "new": new.label,
        "class": changes.class().map(Class::name),
        "counts": {
            "breaking": changes.count(Class::Breaking),
            "minor": changes.count(Class::Minor),
            "patch": changes.count(Class::Patch),
        },
        "changes": list.collect::<Vec<Value>>(),
        "warnings": { "old": old.warnings, "new": new.warnings },
    })
}
