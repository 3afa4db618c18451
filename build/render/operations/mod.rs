//! Operations: a marker type each, a method of its group, a standalone function, and setters for optional parameters.

mod arguments;
mod dynamic;
mod groups;
mod hooks;
mod markers;
mod pages;
mod payloads;

pub use dynamic::dynamic;
pub use groups::{functions, groups};
pub use hooks::hooks;
pub use markers::markers;

use crate::pipeline::model::{Body, Model, Operation, Type};
use crate::pipeline::progenitor::{Signature, Skeleton};

fn all<'m>(model: &'m Model, skeleton: &'m Skeleton) -> impl Iterator<Item = (&'m Operation, &'m Signature)> {
    model.operations.iter().zip(&skeleton.signatures)
}

/// The first line of an operation's docs.
fn summary(operation: &Operation) -> String {
    if operation.summary.is_empty() { format!("Calls `{}`.", operation.id) } else { operation.summary.clone() }
}

/// The docs of an operation's method.
fn description(operation: &Operation) -> String {
    let mut text = summary(operation);
    if matches!(operation.body, Some(Body::Json { stream_flag: Some((_, true)), .. }))
        || !operation.fixed_query.is_empty()
    {
        text.push_str(" The answer comes as a stream of events.");
    }
    if !operation.description.is_empty() {
        text.push_str(&format!("\n\n{}", operation.description.trim()));
    }
    text.push_str(&format!("\n\n`{} {}`", operation.method, operation.path));
    if operation.deprecated {
        text.push_str("\n\nDeprecated upstream.");
    }
    text.push_str(&errors(operation));
    text
}

/// The payloads of declared errors, statuses of the same one together.
fn errors(operation: &Operation) -> String {
    let mut payloads: Vec<(&Type, Vec<String>)> = Vec::new();
    for (status, ty) in &operation.errors {
        let status = if status == "default" { "any status".to_owned() } else { status.clone() };
        match payloads.iter_mut().find(|(other, _)| *other == ty) {
            Some((_, statuses)) => statuses.push(status),
            None => payloads.push((ty, vec![status])),
        }
    }
    let lines = payloads.iter().filter_map(|(ty, statuses)| {
        let name = ty.named()?;
        Some(format!("- {}: [`{name}`](crate::types::{name})", statuses.join(", ")))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("\n\nErrors with [details](crate::Error::details):\n\n{}", lines.join("\n"))
}
