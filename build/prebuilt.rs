//! The build script of the published package, which `cargo xtask package` puts in the place of `build.rs`: takes the generated code that
//! the package carries in `prebuilt/`, so that neither the generator nor its dependencies are built.
//!
//! Whoever changes `openapi/` or `build/` turns on the feature `generate`, and has it made anew as in a checkout.

#[cfg(feature = "generate")]
#[path = "../build.rs"]
mod generator;
#[cfg_attr(feature = "generate", allow(dead_code))]
mod key;

// The stages know it by this path.
#[cfg(feature = "generate")]
use generator::pipeline;

#[cfg(feature = "generate")]
fn main() -> std::process::ExitCode {
    generator::main()
}

#[cfg(not(feature = "generate"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::path::{Path, PathBuf};
    use std::{env, fs};

    for input in key::INPUTS.into_iter().chain(["prebuilt"]) {
        println!("cargo::rerun-if-changed={input}");
    }
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let made_from = fs::read_to_string(root.join("prebuilt/key"))?;
    if made_from.trim() != key::key(&root)? {
        return Err("openapi/ or build/ is not what prebuilt/ was made from: turn on the feature `generate`".into());
    }
    let out = env::var("OUT_DIR")?;
    for entry in fs::read_dir(root.join("prebuilt"))? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|extension| extension == "rs")) {
            fs::copy(&path, Path::new(&out).join(name))?;
        }
    }
    Ok(())
}
