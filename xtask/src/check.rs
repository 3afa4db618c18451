//! The guard of CI: document, overlays and names are sound, and what is generated is the same each time.

use crate::pipeline;
use crate::pipeline::lock::Lock;
use crate::repository::{self, DOCUMENT, NAMES, Repository};
use crate::revision::Revision;
use crate::{additive, names, overlays, validity, vendor};

/// Everything that is wrong, each with its place and its cure; nothing is what CI wants.
pub fn problems(repository: &Repository) -> Vec<String> {
    let mut problems: Vec<String> =
        validity::problems(&repository.document).into_iter().map(|error| format!("{DOCUMENT}{error}")).collect();
    problems.extend(kept(repository));
    for (name, text) in &repository.overlays {
        problems.extend(overlays::problems(name, text).into_iter().map(|error| error.to_string()));
    }
    match Revision::read(DOCUMENT, &repository.document, repository) {
        Err(error) => problems.push(error.to_string()),
        Ok(revision) => {
            problems.extend(fit(&revision));
            problems.extend(features(&revision, repository));
            problems.extend(locked(&revision, repository));
            problems.extend(additive(&revision, repository));
            problems.extend(same_twice(repository));
        }
    }
    problems
}

/// The document is what `spec update` writes: no prose of upstream's, and the same form each time, so that its history can be read.
fn kept(repository: &Repository) -> Option<String> {
    match vendor::text(&repository.document, &repository.document, repository) {
        Ok(text) if text == repository.document => None,
        Ok(_) => Some(format!(
            "{DOCUMENT}#: holds prose, or isn't in the form that is kept here; run `cargo xtask spec update {DOCUMENT}`"
        )),
        // Said by `validity`.
        Err(_) => None,
    }
}

/// Nothing in the overlays is dead, and nothing in the document is beyond the pipeline.
fn fit(revision: &Revision) -> Vec<String> {
    let warnings = revision.warnings.iter().cloned();
    let dead = overlays::dead(&revision.merged, &revision.model);
    let cure = |problem: String| format!("{problem}; correct the overlay");
    warnings.chain(dead).map(cure).collect()
}

/// Every group has a Cargo feature; one that has none would never be generated.
fn features(revision: &Revision, repository: &Repository) -> Vec<String> {
    let wanted = repository::features(revision.model.operations.iter().map(|operation| &operation.group));
    let missing =
        wanted.into_iter().filter(|feature| feature == "default" || !repository.features.contains_key(feature));
    missing
        .map(|feature| {
            format!("Cargo.toml: no feature {feature:?} for the operations of this group; add it, and to `full`")
        })
        .collect()
}

/// Names stay as the lock has them.
pub fn locked(revision: &Revision, repository: &Repository) -> Vec<String> {
    let lock = match Lock::parse(&repository.names) {
        Ok(lock) => lock,
        Err(error) => return vec![error.within(NAMES).to_string()],
    };
    let now = names::of(&revision.model);
    let renamed = names::renamed(&lock, &now).into_iter().map(|names::Renamed { kind, wire, locked, now }| {
        format!(
            "{NAMES}: the {kind} {wire} is {locked} there and would become {now}; give it its name in an overlay, \
             or change the line if callers shall follow"
        )
    });
    let missing = names::missing(&lock, &now);
    let lacks = missing.first().map(|first| {
        let more = if missing.len() > 1 { format!(" and {} more", missing.len() - 1) } else { String::new() };
        format!("{NAMES}: lacks `{first}`{more}; run `cargo xtask spec lock`")
    });
    renamed.chain(lacks).collect()
}

/// Features are additive.
fn additive(revision: &Revision, repository: &Repository) -> Vec<String> {
    // A lock that can't be read is told by `locked`.
    Lock::parse(&repository.names).map_or_else(|_| Vec::new(), |lock| additive::types(revision, &lock, repository))
}

/// Two runs give the same bytes.
fn same_twice(repository: &Repository) -> Option<String> {
    let run = || repository.with_inputs(&repository.document, |inputs| pipeline::run(inputs, &|_| true));
    match (run(), run()) {
        (Ok(one), Ok(other)) if one.files == other.files => None,
        (Ok(one), Ok(other)) => {
            let differs = one.files.iter().zip(&other.files).find(|(one, other)| one != other);
            let name = differs.map_or("a file", |((name, _), _)| name);
            Some(format!(
                "{name}: two runs of the pipeline give different bytes; look for an order by hash in `build/`"
            ))
        }
        (Err(error), _) | (_, Err(error)) => Some(error.to_string()),
    }
}
