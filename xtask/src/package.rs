//! The package to publish, in a folder: the crate as `cargo package` lists it, with its generated code, and a manifest that builds no generator.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use crate::repository::Repository;
use crate::{Result, key, prebuilt};

/// Where the package carries its generated code.
const FOLDER: &str = "prebuilt";
/// What Cargo adds by itself.
const OF_CARGO: [&str; 4] = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml", "Cargo.toml.orig"];

/// Writes the package into `folder`, which is made anew.
pub fn write(repository: &Repository, folder: &Path) -> Result<()> {
    let root = &repository.root;
    if folder.exists() {
        if !folder.join(FOLDER).join("key").exists() {
            return Err(
                format!("{} is there and no package of this tool; name another folder", folder.display()).into()
            );
        }
        fs::remove_dir_all(folder)?;
    }
    let put = |name: &str, text: &[u8]| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)
    };
    for name in listed(root)? {
        put(&name, &fs::read(root.join(&name))?)?;
    }
    for (name, text) in prebuilt::files(repository)? {
        put(&format!("{FOLDER}/{name}"), text.as_bytes())?;
    }
    put(&format!("{FOLDER}/key"), format!("{}\n", key::key(root)?).as_bytes())?;
    // Cargo takes out of it what the package doesn't need.
    put("Cargo.lock", &fs::read(root.join("Cargo.lock"))?)?;
    put("Cargo.toml", manifest(&fs::read_to_string(root.join("Cargo.toml"))?)?.as_bytes())?;
    Ok(())
}

/// The files that the manifest of the checkout includes.
fn listed(root: &Path) -> Result<Vec<String>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let listed = Command::new(cargo).current_dir(root).args(["package", "--list", "--allow-dirty"]).output()?;
    if !listed.status.success() {
        return Err(format!("cargo package --list: {}", String::from_utf8_lossy(&listed.stderr)).into());
    }
    let names = String::from_utf8(listed.stdout)?;
    Ok(names.lines().filter(|name| !OF_CARGO.contains(name)).map(str::to_owned).collect())
}

/// The manifest of the checkout, but for a build script that takes what is there, and dependencies of the generator that only `generate` turns on.
fn manifest(checkout: &str) -> Result<String> {
    let mut manifest: DocumentMut = checkout.parse()?;
    // A workspace of its own, wherever the folder is.
    manifest["workspace"] = Item::Table(Table::new());
    manifest.remove("dev-dependencies");
    let package = manifest["package"].as_table_mut().ok_or("Cargo.toml has no [package]")?;
    package["build"] = "build/prebuilt.rs".into();
    package["include"].as_array_mut().ok_or("Cargo.toml has no include")?.push(format!("/{FOLDER}/*"));

    let dependencies = manifest["build-dependencies"].as_table_mut().ok_or("Cargo.toml has no [build-dependencies]")?;
    let mut turned_on = Array::new();
    for (name, dependency) in dependencies.iter_mut() {
        turned_on.push(format!("dep:{name}"));
        optional(dependency);
    }
    let features = manifest["features"].as_table_mut().ok_or("Cargo.toml has no [features]")?;
    document(
        features,
        "generate",
        "Generates the client anew: for those who change `openapi/` or `build/`.",
        turned_on,
    );
    Ok(manifest.to_string())
}

fn optional(dependency: &mut Item) {
    if let Some(version) = dependency.as_str() {
        let table = InlineTable::from_iter([("version", Value::from(version))]);
        *dependency = Item::Value(Value::InlineTable(table));
    }
    dependency["optional"] = true.into();
}

fn document(features: &mut Table, name: &str, doc: &str, list: Array) {
    features.insert(name, Item::Value(list.into()));
    if let Some(mut key) = features.key_mut(name) {
        key.leaf_decor_mut().set_prefix(format!("## {doc}\n"));
    }
}
