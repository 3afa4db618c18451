//! What generated code was made from, as a number: of the document, the overlays, the names and the stages.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Files and folders that decide what is generated; versions of dependencies do not, they are in the lock file of the checkout.
pub const INPUTS: [&str; 3] = ["build.rs", "build", "openapi"];

/// The key of the inputs below `root`. FNV-1a: it tells of changes, and guards against nobody.
pub fn key(root: &Path) -> io::Result<String> {
    let mut paths = Vec::new();
    for input in INPUTS {
        list(root, Path::new(input), &mut paths)?;
    }
    // By name, as no file system has an order of its own.
    paths.sort();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for path in &paths {
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        add(parts.join("/").as_bytes());
        add(&fs::read(root.join(path))?);
    }
    Ok(format!("{hash:016x}"))
}

fn list(root: &Path, path: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    if root.join(path).is_file() {
        into.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(root.join(path))? {
        list(root, &path.join(entry?.file_name()), into)?;
    }
    Ok(())
}
