//! The finishing passes: from the model and progenitor's types to the files of `OUT_DIR`.

mod docs;
mod enums;
mod events;
mod forms;
mod operations;
mod structs;
pub mod types;
mod unions;

use std::thread::{self, ScopedJoinHandle};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::model::{Definition, Model, Shape};
use super::progenitor::Skeleton;
use super::{Error, joined};

/// Into how many parts the types are cut: they are as much as all the rest.
const PARTS: usize = 4;

/// Files that are written only for those who ask for them: they are much, and few do.
#[derive(Clone, Copy, Debug)]
pub struct Extras {
    /// The dynamic entry.
    pub dynamic: bool,
    /// Hooks for Dioxus.
    pub hooks: bool,
}

/// The text of a file below the line that says where it comes from.
pub fn headed(text: &str) -> String {
    format!("// Generated from openapi/ by build.rs.\n\n{text}")
}

/// All generated files, formatted, each written by a thread of its own.
pub fn files(model: &Model, skeleton: &Skeleton, extras: Extras) -> Result<Vec<(&'static str, String)>, Error> {
    let definitions: Vec<(&String, &Definition)> = model.types.iter().collect();
    thread::scope(|scope| {
        let parts = definitions.chunks(definitions.len().div_ceil(PARTS).max(1));
        let parts: Vec<_> = parts.map(|part| scope.spawn(|| pretty(types_of(part, model, skeleton)?))).collect();
        let operations = scope.spawn(|| pretty(operations::markers(model, skeleton)));
        let groups = scope.spawn(|| pretty(operations::groups(model, skeleton)));
        let functions = scope.spawn(|| pretty(operations::functions(model, skeleton)));
        let dynamic = extras.dynamic.then(|| scope.spawn(|| pretty(operations::dynamic(model, skeleton))));
        let hooks = extras.hooks.then(|| scope.spawn(|| pretty(operations::hooks(model, skeleton))));

        let mut types = pretty(prelude())?;
        for part in parts {
            types.push_str(&done(part)?);
        }
        let mut files = vec![
            ("types.rs", types),
            ("operations.rs", done(operations)?),
            ("groups.rs", done(groups)?),
            ("funcs.rs", done(functions)?),
        ];
        for (name, extra) in [("dynamic.rs", dynamic), ("hooks.rs", hooks)] {
            if let Some(extra) = extra {
                files.push((name, done(extra)?));
            }
        }
        files.iter_mut().for_each(|(_, text)| *text = headed(text));
        Ok(files)
    })
}

fn done(thread: ScopedJoinHandle<'_, Result<String, Error>>) -> Result<String, Error> {
    joined(thread)?
}

/// What the types have in scope.
fn prelude() -> TokenStream {
    quote! {
        #[allow(unused_imports)]
        use ::std::collections::BTreeMap;
        #[allow(unused_imports)]
        use ::serde::{Deserialize, Deserializer, Serialize};
        #[allow(unused_imports)]
        use crate::wire::{Nullable, UnknownValue, UnknownVariant};
    }
}

fn types_of(definitions: &[(&String, &Definition)], model: &Model, skeleton: &Skeleton) -> Result<TokenStream, Error> {
    let each = definitions.iter().map(|(name, definition)| match &definition.shape {
        Shape::Struct { fields, .. } if definition.form => Ok(forms::render(name, definition, fields, model)),
        Shape::Struct { fields, extra } => structs::render(name, definition, fields, extra.as_ref(), skeleton, model),
        Shape::Enum(values) => Ok(enums::render(name, definition, values)),
        shape => Ok(unions::render(name, definition, shape, model)),
    });
    each.collect()
}

fn pretty(tokens: TokenStream) -> Result<String, Error> {
    let file = syn::parse2(tokens).map_err(|e| Error::bug(format!("the generated code is not Rust: {e}")))?;
    Ok(prettyplease::unparse(&file))
}

/// A text that may be missing.
fn optional(text: &Option<String>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}

/// An identifier, raw where the name says so.
pub fn ident(name: &str) -> proc_macro2::Ident {
    match name.strip_prefix("r#") {
        Some(raw) => proc_macro2::Ident::new_raw(raw, proc_macro2::Span::call_site()),
        None => format_ident!("{name}"),
    }
}
