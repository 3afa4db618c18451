//! The finishing passes: from the model and progenitor's types to the files of `OUT_DIR`.

mod docs;
mod enums;
mod events;
mod forms;
mod operations;
mod structs;
mod types;
mod unions;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Error;
use super::model::{Model, Shape};
use super::progenitor::Skeleton;

/// All generated files, formatted; that of the dynamic entry only where it is wanted.
pub fn files(model: &Model, skeleton: &Skeleton, dynamic: bool) -> Result<Vec<(&'static str, String)>, Error> {
    let mut types = Vec::new();
    for (name, definition) in &model.types {
        types.push(match &definition.shape {
            Shape::Struct { fields, .. } if definition.form => forms::render(name, definition, fields, model),
            Shape::Struct { fields, extra } => {
                structs::render(name, definition, fields, extra.as_ref(), skeleton, model)?
            }
            Shape::Enum(values) => enums::render(name, definition, values),
            shape => unions::render(name, definition, shape, model),
        });
    }
    let types = quote! {
        #[allow(unused_imports)]
        use ::std::collections::BTreeMap;
        #[allow(unused_imports)]
        use ::serde::{Deserialize, Deserializer, Serialize};
        #[allow(unused_imports)]
        use crate::wire::{Nullable, UnknownValue, UnknownVariant};
        #(#types)*
    };
    let mut files = vec![
        ("types.rs", pretty(types)?),
        ("operations.rs", pretty(operations::markers(model, skeleton))?),
        ("groups.rs", pretty(operations::groups(model, skeleton))?),
        ("funcs.rs", pretty(operations::functions(model, skeleton))?),
    ];
    if dynamic {
        files.push(("dynamic.rs", pretty(operations::dynamic(model, skeleton))?));
    }
    Ok(files)
}

fn pretty(tokens: TokenStream) -> Result<String, Error> {
    let file = syn::parse2(tokens).map_err(|e| {
        let cure = "report this as a bug of the pipeline";
        Error::new("", format!("the generated code is not Rust: {e}"), cure)
    })?;
    Ok(format!("// Generated from openapi/ by build.rs.\n\n{}", prettyplease::unparse(&file)))
}

/// A text that may be missing.
fn optional(text: &Option<String>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}

/// An identifier, raw where the name says so.
fn ident(name: &str) -> proc_macro2::Ident {
    match name.strip_prefix("r#") {
        Some(raw) => proc_macro2::Ident::new_raw(raw, proc_macro2::Span::call_site()),
        None => format_ident!("{name}"),
    }
}
