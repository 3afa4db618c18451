//! From document to client, a page that reads top to bottom. Every stage is a file beside this one.

mod error;
mod identity;
mod load;
mod lower;
mod model;
mod names;
mod operations;
mod overlay;
mod progenitor;
mod render;
mod routes;
mod schema;
mod select;
mod tags;
mod unions;

pub use error::Error;

/// What the pipeline makes: files by name, and what the maintainer should look at.
#[derive(Debug)]
pub struct Generated {
    pub files: Vec<(&'static str, String)>,
    pub warnings: Vec<String>,
}

/// Runs every stage; the overlays are named texts, and `enabled` says whether a Cargo feature is on.
pub fn run(document: &str, overlays: &[(&str, &str)], enabled: &dyn Fn(&str) -> bool) -> Result<Generated, Error> {
    let mut warnings = Vec::new();

    // The document as upstream wrote it, without its prose: every sentence in the docs is ours.
    let mut document = load::document(document)?;
    load::strip_prose(&mut document);

    // Names, docs and corrections.
    for (name, text) in overlays {
        let overlay = load::parse(text).map_err(|error| error.within(name))?;
        overlay::apply(&overlay, name, &mut document, &mut warnings).map_err(|error| error.within(name))?;
    }
    routes::apply(&mut document)?;

    // Only the operations of enabled features, and of the schemas only those that they reach:
    // `lower` starts from the operations and follows references.
    let selected = select::operations(&document, enabled)?;
    let mut model = lower::model(&document, &selected, &mut warnings)?;
    tags::strip(&mut model);

    // Rust types of every field and argument, from progenitor.
    let skeleton = progenitor::generate(&model)?;

    Ok(Generated { files: render::files(&model, &skeleton)?, warnings })
}
