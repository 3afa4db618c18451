//! Hooks for Dioxus: each names its operation and what it takes; all else is the runtime's.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::arguments::{Call, call};
use super::{all, summary};
use crate::pipeline::model::{Body, Model, Operation, Type};
use crate::pipeline::progenitor::{Signature, Skeleton};
use crate::pipeline::render::{docs, ident, types};

pub fn hooks(model: &Model, skeleton: &Skeleton) -> TokenStream {
    let each = all(model, skeleton).map(|(operation, signature)| match operation.method.as_str() {
        "GET" => query(operation, signature, model),
        _ => mutation(operation, signature),
    });
    quote! {
        #[allow(unused_imports)]
        use ::std::{borrow::Borrow, collections::BTreeMap};
        #[allow(unused_imports)]
        use crate::{Upload, dioxus, operations, types::*};
        #(#each)*
    }
}

/// Takes what the method takes: the call is made up anew at every rendering.
fn query(operation: &Operation, signature: &Signature, model: &Model) -> TokenStream {
    let Call { declarations, .. } = call(operation, signature, model, TokenStream::new());
    let (marker, method, names) = (ident(&operation.marker), method(operation), names(operation));
    let (name, doc) = (format_ident!("use_{}_query", operation.function()), doc(operation, ""));
    let many = (declarations.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    quote! {
        #doc
        #many
        #[inline]
        pub fn #name(#(#declarations),*) -> dioxus::Query<operations::#marker> {
            dioxus::use_query(|client| client.#method(#(#names),*))
        }
    }
}

/// Takes nothing: what the method takes is given each time, so its types have to be said.
fn mutation(operation: &Operation, signature: &Signature) -> TokenStream {
    let (marker, method, names) = (ident(&operation.marker), method(operation), names(operation));
    let types = owned(operation, signature);
    let (pattern, ty) = match (&names[..], &types[..]) {
        ([name], [ty]) => (quote!(#name), quote!(#ty)),
        _ => (quote!((#(#names),*)), quote!((#(#types),*))),
    };
    let doc = doc(operation, &format!("`mutate` takes `{}`.", pattern.to_string().replace(" ,", ",")));
    let name = format_ident!("use_{}_mutation", operation.function());
    quote! {
        #doc
        #[inline]
        pub fn #name() -> dioxus::Mutation<operations::#marker, #ty> {
            dioxus::use_mutation(|client, #pattern| client.#method(#(#names),*))
        }
    }
}

fn doc(operation: &Operation, more: &str) -> TokenStream {
    let method = [&operation.group[..], std::slice::from_ref(&operation.name)].concat().join("().");
    docs::doc(&format!("{}\n\nThe hook of `client.{method}`. {more}", summary(operation)))
}

fn method(operation: &Operation) -> TokenStream {
    let groups = operation.group.iter().map(|group| ident(group));
    let name = ident(&operation.name);
    quote!(#(#groups().)*#name)
}

/// The names of what the method takes, in order.
fn names(operation: &Operation) -> Vec<Ident> {
    let required = operation.parameters.iter().filter(|parameter| parameter.required);
    let body = operation.body.as_ref().map(|body| match body {
        Body::Json { .. } | Body::Form(_) => "request",
        Body::Raw => "content",
    });
    required.map(|parameter| ident(&parameter.rust)).chain(body.map(ident)).collect()
}

/// Types that what the method takes can be given as, in order.
fn owned(operation: &Operation, signature: &Signature) -> Vec<TokenStream> {
    let given = |name: &str, ty: &Type| signature.arguments.get(name).map_or_else(|| types::rust(ty), |ty| quote!(#ty));
    let required = operation.parameters.iter().filter(|parameter| parameter.required);
    let required = required.map(|parameter| match &parameter.ty {
        ty @ (Type::Boolean | Type::Integer | Type::Index | Type::Number) => {
            given(parameter.rust.trim_start_matches("r#"), ty)
        }
        ty => types::rust(ty),
    });
    let body = operation.body.as_ref().map(|body| match body {
        Body::Json { ty, .. } => given("body", ty),
        Body::Form(form) => {
            let form = ident(form);
            quote!(#form)
        }
        Body::Raw => quote!(Upload),
    });
    required.chain(body).collect()
}
