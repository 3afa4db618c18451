//! Model types as Rust types, and how setters take them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::ident;
use crate::pipeline::model::{Model, Shape, Type};

/// The Rust type, where progenitor does not give it (union variants, setters).
pub fn rust(ty: &Type) -> TokenStream {
    spelled(ty, &|name| ident(name).into_token_stream())
}

/// The same outside the module of types.
pub fn outside(ty: &Type, model: &Model) -> TokenStream {
    spelled(ty, &|name| named(name, model))
}

/// A definition's name outside the module of types: with its path where something else has the name there.
pub fn named(name: &str, model: &Model) -> TokenStream {
    if model.shadowed.contains(name) { full_name(name) } else { ident(name).into_token_stream() }
}

/// The same where anything may have any name.
pub fn full(ty: &Type) -> TokenStream {
    spelled(ty, &full_name)
}

pub fn full_name(name: &str) -> TokenStream {
    let ident = ident(name);
    quote!(crate::types::#ident)
}

fn spelled(ty: &Type, named: &dyn Fn(&str) -> TokenStream) -> TokenStream {
    match ty {
        Type::Any => quote!(serde_json::Value),
        Type::Boolean => quote!(bool),
        Type::Integer => quote!(i64),
        Type::Index => quote!(u64),
        Type::Number => quote!(f64),
        Type::String | Type::Binary => quote!(String),
        Type::Array(items) => {
            let items = spelled(items, named);
            quote!(Vec<#items>)
        }
        // As progenitor has it: a map of anything is an object of `serde_json`.
        Type::Map(values) if **values == Type::Any => quote!(serde_json::Map<String, serde_json::Value>),
        Type::Map(values) => {
            let values = spelled(values, named);
            quote!(BTreeMap<String, #values>)
        }
        Type::Nullable(inner) => {
            let inner = spelled(inner, named);
            quote!(Option<#inner>)
        }
        Type::Named(name) => named(name),
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
