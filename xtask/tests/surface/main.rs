//! The public API, on pages for reviewers: `tests/snapshots/surface`. A change to the API is a change to those files.
//!
//! `cargo insta test --review -p xtask --test surface` shows it, `INSTA_UPDATE=always cargo test -p xtask --test surface` writes it down.

#![allow(clippy::unwrap_used)]

mod lister;
mod pages;

use xtask::repository::Repository;
use xtask::snapshots;

#[test]
fn the_public_api_is_what_reviewers_have_seen() {
    let pages = snapshots::pages(&Repository::here().unwrap()).unwrap();
    // The expression would only be noise above the page.
    insta::with_settings!({
        omit_expression => true, prepend_module_to_snapshot => false,
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/snapshots/surface"),
    }, {
        for (name, page) in pages {
            insta::assert_snapshot!(name, page);
        }
    });
}
