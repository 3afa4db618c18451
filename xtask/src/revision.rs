//! A document as the pipeline understands it: what is compared.

use std::collections::BTreeSet;

use quote::ToTokens;
use serde_json::Value;

use crate::pipeline::model::{Model, Shape};
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
    /// Types and fields or variants that hold what they are part of, so that a `Box` is between.
    pub boxed: BTreeSet<(String, String)>,
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
            let lock = inputs.lock()?;
            let merged = pipeline::merged(inputs, &lock, &mut warnings)?;
            let model = pipeline::model(&merged, &lock, &|_| true, &mut warnings)?;
            let boxed = boxed(&model);
            Ok(Self { label: label.to_owned(), document, merged, model, boxed, warnings })
        })
    }
}

/// Progenitor decides it for fields, the model for variants.
fn boxed(model: &Model) -> BTreeSet<(String, String)> {
    // A document that it can't take is one that can't be built: the build says so.
    let fields = pipeline::progenitor::generate(model).map(|skeleton| skeleton.fields).unwrap_or_default();
    let fields = fields.into_iter().filter(|(_, ty)| ty.to_token_stream().to_string().contains("Box <"));
    let variants = model.types.iter().flat_map(|(name, definition)| match &definition.shape {
        Shape::Objects { variants, .. } | Shape::ByType(variants) => {
            let boxed = variants.iter().filter(|variant| model.holds(&variant.ty, name));
            boxed.map(|variant| (name.clone(), variant.rust.clone())).collect()
        }
        _ => Vec::new(),
    });
    fields.map(|(place, _)| place).chain(variants).collect()
}
