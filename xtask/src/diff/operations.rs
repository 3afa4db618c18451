//! Operations: which are new, gone, moved or renamed, and what they take and give.

use std::collections::BTreeSet;

use super::{Changes, parameters, text};
use crate::pipeline::model::{Credential, Model, Operation, Resume, Type};
use crate::rules;

/// An operation before and after; one of the two may be missing.
pub type Pair<'m> = (Option<&'m Operation>, Option<&'m Operation>);

/// Operations belong together by id, else by where they are on the wire, which an id's change leaves alone.
pub fn pairs<'m>(old: &'m Model, new: &'m Model) -> Vec<Pair<'m>> {
    let by_key = |operation: &Operation| new.operations.iter().find(|other| other.key == operation.key);
    let is_twin = |operation: &Operation| operation.key != operation.id;
    let mut used = BTreeSet::new();
    let mut pairs: Vec<Pair<'m>> = Vec::new();
    for was in &old.operations {
        let by_place = || {
            new.operations.iter().find(|is| {
                (&is.method, &is.path, is_twin(is)) == (&was.method, &was.path, is_twin(was))
                    && !old.operations.iter().any(|other| other.key == is.key)
            })
        };
        let is = by_key(was).or_else(by_place);
        used.extend(is.map(|is| is.key.clone()));
        pairs.push((Some(was), is));
    }
    let added = new.operations.iter().filter(|is| !used.contains(&is.key));
    pairs.extend(added.map(|is| (None, Some(is))));
    pairs
}

pub fn compare(pairs: &[Pair<'_>], changes: &mut Changes) {
    for pair in pairs {
        match pair {
            (Some(was), Some(is)) => both(was, is, changes),
            (Some(was), None) => changes.add(rules::OPERATION_REMOVED, &text::operation(was), "", line(was), ""),
            (None, Some(is)) => changes.add(rules::OPERATION_ADDED, &text::operation(is), "", "", line(is)),
            (None, None) => {}
        }
    }
}

fn line(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

fn both(was: &Operation, is: &Operation, changes: &mut Changes) {
    let place = text::operation(is);
    if text::operation(was) != place {
        changes.add(rules::OPERATION_RENAMED, &place, "", text::operation(was), &place);
    }
    if was.key != is.key {
        changes.add(rules::OPERATION_ID_CHANGED, &place, "", &was.key, &is.key);
    }
    if line(was) != line(is) {
        changes.add(rules::OPERATION_MOVED, &place, "", line(was), line(is));
    }
    if was.deprecated != is.deprecated {
        let say = |deprecated| if deprecated { "deprecated" } else { "not deprecated" };
        changes.add(rules::OPERATION_DEPRECATED, &place, "", say(was.deprecated), say(is.deprecated));
    }
    if (&was.summary, &was.description) != (&is.summary, &is.description) {
        changes.add(rules::DOCS_CHANGED, &place, "", "", "");
    }
    parameters::compare(was, is, &place, changes);
    body(was, is, &place, changes);
    result(was, is, &place, changes);
    credentials(was, is, &place, changes);
    options(was, is, &place, changes);
}

fn body(was: &Operation, is: &Operation, place: &str, changes: &mut Changes) {
    match (was.body.as_ref().map(text::body), is.body.as_ref().map(text::body)) {
        (None, Some(is)) => changes.add(rules::BODY_ADDED, place, "request", "", is),
        (Some(was), None) => changes.add(rules::BODY_REMOVED, place, "request", was, ""),
        (Some(was), Some(is)) if was != is => changes.add(rules::BODY_RETYPED, place, "request", was, is),
        _ => {}
    }
}

fn result(was: &Operation, is: &Operation, place: &str, changes: &mut Changes) {
    if was.output != is.output {
        changes.add(rules::OUTPUT_CHANGED, place, "result", text::output(&was.output), text::output(&is.output));
    }
    match (&was.pages, &is.pages) {
        (None, Some(is)) => changes.add(rules::PAGES_GAINED, place, "pages", "", text::of(&is.item)),
        (Some(was), None) => changes.add(rules::PAGES_LOST, place, "pages", text::of(&was.item), ""),
        (Some(was), Some(is)) if was.item != is.item => {
            changes.add(rules::PAGES_RETYPED, place, "pages", text::of(&was.item), text::of(&is.item));
        }
        (Some(was), Some(is)) if was != is => changes.add(rules::PAGES_CHANGED, place, "pages", "", ""),
        _ => {}
    }
    let find =
        |list: &[(String, Type)], status: &str| list.iter().find(|(s, _)| s == status).map(|(_, ty)| text::of(ty));
    for (status, ty) in &was.errors {
        let part = format!("error {status}");
        match find(&is.errors, status) {
            None => changes.add(rules::ERROR_REMOVED, place, part, text::of(ty), ""),
            Some(is) if is != text::of(ty) => changes.add(rules::ERROR_RETYPED, place, part, text::of(ty), is),
            Some(_) => {}
        }
    }
    for (status, ty) in is.errors.iter().filter(|(status, _)| find(&was.errors, status).is_none()) {
        changes.add(rules::ERROR_ADDED, place, format!("error {status}"), "", text::of(ty));
    }
}

fn credentials(was: &Operation, is: &Operation, place: &str, changes: &mut Changes) {
    let name = |credential: &Credential| match credential {
        Credential::Bearer => "bearer token",
        Credential::SessionCookie => "session cookie",
        Credential::AnalyticsKey => "analytics key",
        Credential::EvaluationKey => "evaluation key",
    };
    for gone in was.security.iter().filter(|credential| !is.security.contains(credential)) {
        // A public operation takes a call with any credential.
        let rule = if is.security.is_empty() { rules::CREDENTIAL_ADDED } else { rules::CREDENTIAL_REMOVED };
        changes.add(rule, place, "credential", name(gone), if is.security.is_empty() { "none needed" } else { "" });
    }
    for new in is.security.iter().filter(|credential| !was.security.contains(credential)) {
        let rule = if was.security.is_empty() { rules::CREDENTIAL_REQUIRED } else { rules::CREDENTIAL_ADDED };
        changes.add(rule, place, "credential", "", name(new));
    }
}

fn options(was: &Operation, is: &Operation, place: &str, changes: &mut Changes) {
    let by_hand = |operation: &Operation| matches!(operation.resume, Resume::ChunkIndex(_));
    let options = [
        ("on_behalf_of", was.on_behalf_of, is.on_behalf_of),
        ("resume_from", by_hand(was), by_hand(is)),
        ("idempotency_key", was.idempotency_key, is.idempotency_key),
    ];
    for (option, was, is) in options {
        match (was, is) {
            (false, true) => changes.add(rules::OPTION_GAINED, place, format!("option {option}"), "", ""),
            (true, false) => changes.add(rules::OPTION_LOST, place, format!("option {option}"), "", ""),
            _ => {}
        }
    }
}
