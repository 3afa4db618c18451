//! Features are additive: what one gives is there, and the same, with all of them. So a crate that turns on another one breaks nobody.
//!
//! A type may get more traits, constructors and setters with more features. It gets neither fields nor variants, although both lists are
//! open: the same value would be another on the wire.

use std::collections::{BTreeMap, BTreeSet};

use crate::pipeline;
use crate::pipeline::lock::Lock;
use crate::pipeline::model::{Definition, Model, Shape};
use crate::repository::{self, Repository};
use crate::revision::Revision;

/// Types that are not the same with each group of operations alone, with the cure.
pub fn types(all: &Revision, lock: &Lock, repository: &Repository) -> Vec<String> {
    let groups = repository::features(all.model.operations.iter().map(|operation| &operation.group));
    let cure = "give the struct that loses its tag `x-keep-tag` in an overlay, or types that differ names of their own";
    let mut problems = Vec::new();
    for group in groups.iter().filter(|group| repository.features.contains_key(*group)) {
        match pipeline::model(&all.merged, lock, &|name| name == group, &mut Vec::new()) {
            Ok(alone) => {
                problems.extend(differing(&alone, &all.model).map(|name| {
                    format!("{name}: is another type with the feature {group} alone than with all; {cure}")
                }))
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    problems
}

fn differing<'m>(alone: &'m Model, all: &'m Model) -> impl Iterator<Item = &'m String> {
    alone.types.iter().filter(|(name, it)| !all.types.get(*name).is_some_and(|all| has(all, it))).map(|(name, _)| name)
}

fn has(all: &Definition, alone: &Definition) -> bool {
    let is_stripped = |definition: &Definition| matches!(definition.shape, Shape::Objects { stripped: true, .. });
    all.shape.same(&alone.shape)
        && is_stripped(all) == is_stripped(alone)
        && all.form == alone.form
        && all.sent >= alone.sent
}

/// Lines of a feature's page that `whole`, the surface with all features, doesn't have.
pub fn lines<'p>(page: &'p str, whole: &str) -> Vec<&'p str> {
    let whole = Lines::of(whole);
    page.lines().filter(|line| !whole.have(line)).collect()
}

/// Lines, and the traits of those that list them.
struct Lines<'p> {
    lines: BTreeSet<&'p str>,
    traits: BTreeMap<&'p str, BTreeSet<&'p str>>,
}

impl<'p> Lines<'p> {
    fn of(page: &'p str) -> Self {
        let traits = page.lines().filter_map(traits).collect();
        Self { lines: page.lines().collect(), traits }
    }

    fn have(&self, line: &str) -> bool {
        let has_traits = || {
            let (ty, traits) = traits(line)?;
            Some(traits.is_subset(self.traits.get(ty)?))
        };
        self.lines.contains(line) || has_traits() == Some(true)
    }
}

/// A type and its traits, of a line that lists them: `Type: impl Clone, Debug`.
fn traits(line: &str) -> Option<(&str, BTreeSet<&str>)> {
    let (ty, traits) = line.split_once(": impl ")?;
    // Others are on a line of their own.
    (!traits.contains(" for ")).then(|| (ty, traits.split(", ").collect()))
}
