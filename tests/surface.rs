//! The public API of the default features, on a page for reviewers: `snapshots/surface__default_features.snap`.
//!
//! A change to the API is a change to that file. `INSTA_UPDATE=always cargo test --test surface` writes it anew.

// Without the default features there are other generated sources, which say nothing of the default surface.
#![cfg(feature = "default")]

use std::fs;
use std::path::Path;

#[path = "surface/mod.rs"]
mod surface;
#[path = "surface/tests.rs"]
mod tests;

use surface::Features;

#[test]
fn the_public_api_is_what_reviewers_have_seen() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let generated = Path::new(env!("OUT_DIR"));
    let read = |path: &Path| match path.strip_prefix("OUT_DIR") {
        Ok(file) => fs::read_to_string(generated.join(file)).ok(),
        Err(_) => fs::read_to_string(package.join(path)).ok(),
    };
    let features = Features::of_manifest(&read(Path::new("Cargo.toml")).expect("the manifest"));

    // The expression would only be noise above the page.
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("default_features", surface::list("mka1", &features, &read));
    });
}
