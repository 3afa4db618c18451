//! Generates the typed client from `openapi/` into `OUT_DIR`; the stages are in `build/`.

#[path = "build/mod.rs"]
mod pipeline;

use std::{env, fs, path::Path, process::ExitCode};

const DOCUMENT: &str = "openapi/mka1.json";
const OVERLAY: &str = "openapi/overlay.yaml";

fn main() -> ExitCode {
    // Cargo itself reruns this when `build.rs`, `build/` or the enabled features change.
    println!("cargo::rerun-if-changed={DOCUMENT}");
    println!("cargo::rerun-if-changed={OVERLAY}");
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let read = |name: &str| fs::read_to_string(Path::new(&root).join(name)).map_err(|error| format!("{name}: {error}"));
    let enabled = |feature: &str| {
        let variable = feature.to_uppercase().replace('-', "_");
        env::var_os(format!("CARGO_FEATURE_{variable}")).is_some()
    };

    let generated = pipeline::run(&read(DOCUMENT)?, &read(OVERLAY)?, &enabled)?;

    for warning in &generated.warnings {
        println!("cargo::warning={warning}");
    }
    let out = env::var("OUT_DIR")?;
    for (name, text) in &generated.files {
        fs::write(Path::new(&out).join(name), text)?;
    }
    Ok(())
}
