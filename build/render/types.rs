//! Model types as Rust types, and how setters take them.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::pipeline::model::{Model, Shape, Type};

/// The Rust type, where progenitor does not give it (union variants, setters).
pub fn rust(ty: &Type) -> TokenStream {
    match ty {
        Type::Any => quote!(serde_json::Value),
        Type::Boolean => quote!(bool),
        Type::Integer => quote!(i64),
        Type::Index => quote!(u64),
        Type::Number => quote!(f64),
        Type::String | Type::Binary => quote!(String),
        Type::Array(items) => {
            let items = rust(items);
            quote!(Vec<#items>)
        }
        // As progenitor has it: a map of anything is an object of `serde_json`.
        Type::Map(values) if **values == Type::Any => quote!(serde_json::Map<String, serde_json::Value>),
        Type::Map(values) => {
            let values = rust(values);
            quote!(BTreeMap<String, #values>)
        }
        Type::Nullable(inner) => {
            let inner = rust(inner);
            quote!(Option<#inner>)
        }
        Type::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
    }
}

/// An argument of type `ty`: what callers have at hand should fit without a conversion of theirs.
pub fn argument(ty: &Type, rust: &TokenStream, model: &Model) -> (TokenStream, bool) {
    let converts = match ty {
        Type::Any | Type::String | Type::Binary | Type::Array(_) => true,
        Type::Named(name) => {
            model.types.get(name).is_some_and(|definition| !matches!(definition.shape, Shape::Struct { .. }))
        }
        _ => false,
    };
    if converts { (quote!(impl Into<#rust>), true) } else { (rust.clone(), false) }
}
