//! From document to client, a page that reads top to bottom. Every stage is a file beside this one.

mod circles;
mod describe;
mod error;
mod forms;
mod identity;
pub mod load;
pub mod lock;
mod lower;
pub mod model;
pub mod names;
mod operations;
mod overlay;
mod paths;
pub mod progenitor;
pub mod render;
mod routes;
pub mod schema;
mod scope;
pub mod select;
mod tags;
mod unions;
mod yaml;

use std::thread::{self, ScopedJoinHandle};

use serde_json::Value;

pub use error::Error;
use lock::Lock;
use model::Model;
use render::Extras;

/// What the pipeline makes: files by name, and what the maintainer should look at.
#[derive(Debug)]
pub struct Generated {
    pub files: Vec<(&'static str, String)>,
    pub warnings: Vec<String>,
}

/// What goes in: texts, the overlays with their names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inputs<'i> {
    pub document: &'i str,
    pub overlays: &'i [(&'i str, &'i str)],
    /// Names that stay as they are (`openapi/names.lock`).
    pub names: &'i str,
}

impl Inputs<'_> {
    /// The names, read.
    pub fn lock(&self) -> Result<Lock, Error> {
        Lock::parse(self.names).map_err(|error| error.within("names.lock"))
    }
}

/// Runs every stage; `enabled` says whether a Cargo feature is on.
pub fn run(inputs: &Inputs<'_>, enabled: &dyn Fn(&str) -> bool) -> Result<Generated, Error> {
    let mut warnings = Vec::new();
    let lock = inputs.lock()?;
    let document = merged(inputs, &lock, &mut warnings)?;
    generate(&document, &lock, enabled, warnings)
}

/// The stages after the document is [`merged`], which is the same for all features.
pub fn generate(
    document: &Value,
    lock: &Lock,
    enabled: &dyn Fn(&str) -> bool,
    mut warnings: Vec<String>,
) -> Result<Generated, Error> {
    let model = model(document, lock, enabled, &mut warnings)?;

    // Rust types of every field and argument, from progenitor.
    let skeleton = deep(|| progenitor::generate(&model))?;

    let extras = Extras { dynamic: enabled("dynamic"), hooks: enabled("dioxus") };
    Ok(Generated { files: render::files(&model, &skeleton, extras)?, warnings })
}

/// The document as upstream wrote it, without its prose: every sentence in the docs is ours. Then names, docs and corrections.
pub fn merged(inputs: &Inputs<'_>, lock: &Lock, warnings: &mut Vec<String>) -> Result<Value, Error> {
    // The document and the overlays take about as long to read: each has a thread.
    let (document, overlays) = thread::scope(|scope| {
        let overlays = scope.spawn(|| inputs.overlays.iter().map(|(_, text)| load::parse(text)).collect::<Vec<_>>());
        let document = load::document(inputs.document).map(|mut document| {
            load::strip_prose(&mut document);
            document
        });
        (document, joined(overlays))
    });
    let (mut document, overlays) = (document?, overlays?);
    for ((name, _), overlay) in inputs.overlays.iter().zip(overlays) {
        let overlay = overlay.map_err(|error| error.within(name))?;
        overlay::apply(&overlay, name, &mut document, warnings).map_err(|error| error.within(name))?;
    }
    routes::apply(&mut document, warnings);
    paths::identify(&mut document);
    lock.apply(&mut document);
    Ok(document)
}

/// What the client is made of, in the terms of its callers.
pub fn model(
    document: &Value,
    lock: &Lock,
    enabled: &dyn Fn(&str) -> bool,
    warnings: &mut Vec<String>,
) -> Result<Model, Error> {
    // Only the operations of enabled features, and of the schemas only those that they reach:
    // `lower` starts from the operations and follows references.
    let selected = select::operations(document, enabled)?;
    let mut model = deep(|| lower::model(document, &selected, lock, warnings))?;
    tags::strip(&mut model, document);
    scope::fill(&mut model);
    model.circles = circles::of(&model.types);
    describe::fill(&mut model, document);
    Ok(model)
}

/// Runs what goes as deep as schemas stand within each other, with a stack for that: it takes memory as far as it is used.
fn deep<T: Send>(run: impl FnOnce() -> Result<T, Error> + Send) -> Result<T, Error> {
    const STACK: usize = 256 << 20;
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        joined(thread.map_err(|error| Error::bug(format!("no thread to work in: {error}")))?)?
    })
}

/// What a thread comes to.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> Result<T, Error> {
    thread.join().map_err(|_| Error::bug("a stage panicked"))
}
