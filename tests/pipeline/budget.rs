//! How much is generated, since users compile it. What has to grow is raised here, knowingly.

use super::pipeline::Generated;
use super::whole::{DOCUMENT, selected};

/// At most this many.
#[derive(Debug)]
struct Budget {
    lines: usize,
    /// Written out or derived.
    impls: usize,
}

const DEFAULT: Budget = Budget { lines: 1_620, impls: 260 };
const FULL: Budget = Budget { lines: 71_500, impls: 10_450 };

/// Without what only those get who ask for it: the dynamic entry, and hooks.
fn count(generated: &Generated) -> Budget {
    let files = generated.files.iter().filter(|(name, _)| !["dynamic.rs", "hooks.rs"].contains(name));
    let lines: Vec<&str> = files.flat_map(|(_, text)| text.lines()).collect();
    let derived = lines.iter().filter(|line| line.starts_with("#[derive(")).map(|line| line.split(',').count());
    let written = lines.iter().filter(|line| line.starts_with("impl")).count();
    Budget { lines: lines.len(), impls: derived.sum::<usize>() + written }
}

#[test]
fn the_default_features_stay_within_their_budget() {
    let found = count(&selected(DOCUMENT, &|feature| feature == "llm-chat"));
    assert!(found.lines <= DEFAULT.lines && found.impls <= DEFAULT.impls, "{found:?} for {DEFAULT:?}");
}

#[test]
fn the_whole_api_stays_within_its_budget() {
    let found = count(&selected(DOCUMENT, &|_| true));
    assert!(found.lines <= FULL.lines && found.impls <= FULL.impls, "{found:?} for {FULL:?}");
}
