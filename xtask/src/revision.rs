//! A document as the pipeline understands it: what is compared.

use serde_json::Value;

use crate::pipeline::lock::Lock;
use crate::pipeline::model::Model;
use crate::pipeline::{self, Error, load};
use crate::repository::Repository;

#[derive(Debug)]
pub struct Revision {
    /// What it is called in reports.
    pub label: String,
    /// As served, without prose.
    pub document: Value,
    /// The same with the overlays and names applied.
    pub merged: Value,
    pub model: Model,
    /// Overlay targets that match nothing, and what else the overlays or the pipeline can't do with this document.
    pub warnings: Vec<String>,
}

impl Revision {
    /// Reads a document under the overlays and names of the checkout.
    pub fn read(label: &str, text: &str, repository: &Repository) -> Result<Self, Error> {
        let mut document = load::document(text)?;
        load::strip_prose(&mut document);
        repository.with_inputs(text, |inputs| {
            let mut warnings = Vec::new();
            let model = pipeline::model(inputs, &|_| true, &mut warnings)?;
            let lock = Lock::parse(inputs.names)?;
            // Their warnings are known by now.
            let merged = pipeline::merged(inputs, &lock, &mut Vec::new())?;
            Ok(Self { label: label.to_owned(), document, merged, model, warnings })
        })
    }
}
