//! Generates the typed client from `openapi/` into `OUT_DIR`; the stages are in `build/`.

#[path = "build/mod.rs"]
pub mod pipeline;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

const DOCUMENT: &str = "openapi/mka1.json";
const OVERLAY: &str = "openapi/overlay.yaml";
/// An overlay for each feature, named like it, and those of families and the glossary, which span features.
const OVERLAYS: &str = "openapi/overlay";
/// Rust names that stay as they are.
const NAMES: &str = "openapi/names.lock";
/// The variable that names another document to make the client of, all of it, without overlays and names. It is for trying the stages on
/// documents that nobody prepared; `.ci/steps` does.
const FOREIGN: &str = "MKA1_FOREIGN_DOCUMENT";

// Public for the build script of the published package, `build/prebuilt.rs`.
pub fn main() -> ExitCode {
    // Cargo itself reruns this when `build.rs`, `build/` or the enabled features change.
    for input in [DOCUMENT, OVERLAY, OVERLAYS, NAMES] {
        println!("cargo::rerun-if-changed={input}");
    }
    println!("cargo::rerun-if-env-changed={FOREIGN}");
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let read = |name: &str| fs::read_to_string(root.join(name)).map_err(|error| format!("{name}: {error}"));
    let enabled = |feature: &str| {
        let variable = feature.to_uppercase().replace('-', "_");
        env::var_os(format!("CARGO_FEATURE_{variable}")).is_some()
    };

    if let Some(path) = env::var_os(FOREIGN) {
        println!("cargo::rerun-if-changed={}", path.display());
        let document = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        return write(&pipeline::run(&pipeline::Inputs { document: &document, ..Default::default() }, &|_| true)?);
    }
    let names = overlays(&root, &enabled)?;
    let texts: Vec<(&str, String)> =
        names.iter().map(|name| Ok((name.as_str(), read(name)?))).collect::<Result<_, String>>()?;
    let overlays: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (document, locked) = (read(DOCUMENT)?, read(NAMES)?);
    let inputs = pipeline::Inputs { document: &document, overlays: &overlays, names: &locked };
    write(&pipeline::run(&inputs, &enabled)?)
}

fn write(generated: &pipeline::Generated) -> Result<(), Box<dyn std::error::Error>> {
    for warning in &generated.warnings {
        println!("cargo::warning={warning}");
    }
    let out = env::var("OUT_DIR")?;
    for (name, text) in &generated.files {
        fs::write(Path::new(&out).join(name), text)?;
    }
    Ok(())
}

/// The overlays that matter to the enabled features, in the order they apply.
fn overlays(root: &Path, enabled: &dyn Fn(&str) -> bool) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut names = vec![OVERLAY.to_owned()];
    for entry in fs::read_dir(root.join(OVERLAYS)).map_err(|error| format!("{OVERLAYS}: {error}"))? {
        let file = entry?.file_name();
        let Some(stem) = file.to_str().and_then(|file| file.strip_suffix(".yaml")) else { continue };
        if stem.starts_with("families") || stem == "glossary" || enabled(stem) {
            names.push(format!("{OVERLAYS}/{stem}.yaml"));
        }
    }
    names.sort_unstable();
    Ok(names)
}
