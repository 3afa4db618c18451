//! What the checkout holds: the document, the overlays, the names and the Cargo features, read as the build script reads them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Result;
use crate::pipeline::lock::Lock;
use crate::pipeline::{self, Error, Inputs, select};
use crate::surface;

pub const DOCUMENT: &str = "openapi/mka1.json";
pub const OVERLAY: &str = "openapi/overlay.yaml";
pub const OVERLAYS: &str = "openapi/overlay";
pub const NAMES: &str = "openapi/names.lock";

#[derive(Clone, Debug)]
pub struct Repository {
    pub root: PathBuf,
    pub document: String,
    /// By path, in the order they apply.
    pub overlays: Vec<(String, String)>,
    pub names: String,
    /// Of the manifest.
    pub features: surface::Table,
}

impl Repository {
    /// The checkout that this tool was built in.
    pub fn here() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
        Self::open(root)
    }

    pub fn open(root: &Path) -> Result<Self> {
        let read = |name: &str| fs::read_to_string(root.join(name)).map_err(|error| format!("{name}: {error}"));
        let mut names = vec![OVERLAY.to_owned()];
        for entry in fs::read_dir(root.join(OVERLAYS)).map_err(|error| format!("{OVERLAYS}: {error}"))? {
            let file = entry?.file_name();
            if let Some(file) = file.to_str().filter(|file| file.ends_with(".yaml")) {
                names.push(format!("{OVERLAYS}/{file}"));
            }
        }
        names.sort_unstable();
        let overlays = names.into_iter().map(|name| read(&name).map(|text| (name, text)));
        Ok(Self {
            root: root.to_owned(),
            document: read(DOCUMENT)?,
            overlays: overlays.collect::<std::result::Result<_, _>>()?,
            names: read(NAMES)?,
            features: surface::table(&read("Cargo.toml")?),
        })
    }

    /// Keys of components that have a name here: in the lock, or in what overlays say of them.
    pub fn known(&self) -> std::result::Result<BTreeSet<String>, Error> {
        let lock = self.with_inputs("", |inputs| inputs.lock())?;
        let is_key = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let targets = self.overlays.iter().flat_map(|(_, text)| text.split("components.schemas.").skip(1));
        let targets = targets.filter_map(|rest| rest.split(|c| !is_key(c)).next()).map(str::to_owned);
        Ok(lock.schemas.into_keys().chain(targets).collect())
    }

    /// Runs `with` on what the pipeline takes, `document` in the place of the vendored one.
    pub fn with_inputs<T>(&self, document: &str, with: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let overlays: Vec<(&str, &str)> = self.overlays.iter().map(|(name, text)| (&**name, &**text)).collect();
        with(&Inputs { document, overlays: &overlays, names: &self.names })
    }

    /// The names, and the document with all overlays, which is the same for all features.
    pub fn merged(&self) -> std::result::Result<(Lock, Value), Error> {
        self.with_inputs(&self.document, |inputs| {
            let lock = inputs.lock()?;
            let document = pipeline::merged(inputs, &lock, &mut Vec::new())?;
            Ok((lock, document))
        })
    }
}

/// The Cargo features that groups of operations belong to.
pub fn features<'g>(groups: impl IntoIterator<Item = &'g Vec<String>>) -> BTreeSet<String> {
    groups.into_iter().map(|group| select::feature(group)).collect()
}
