//! The tree of groups with a method for each operation, and the standalone functions.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::arguments::{Call, call};
use super::{all, description, summary};
use crate::pipeline::model::Model;
use crate::pipeline::progenitor::Skeleton;
use crate::pipeline::render::{docs, ident};

/// Accessors, and a method for each operation.
pub fn groups(model: &Model, skeleton: &Skeleton) -> TokenStream {
    // Every group, and every group above one.
    let mut children: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for operation in &model.operations {
        for depth in 0..operation.group.len() {
            let (above, below) = operation.group.split_at(depth);
            children.entry(above.to_vec()).or_default().insert(below[0].clone());
            children.entry(operation.group[..=depth].to_vec()).or_default();
        }
    }
    let each = children.iter().map(|(path, below)| {
        let accessors = below.iter().map(|name| {
            let mut child = path.clone();
            child.push(name.clone());
            let (doc, ty, name) = (group_doc(model, &child), group_type(model, &child), ident(name));
            let (receiver, value) =
                if path.is_empty() { (quote!(&self), quote!(self)) } else { (quote!(self), quote!(self.client)) };
            let lifetime = if path.is_empty() { quote!('_) } else { quote!('c) };
            quote!(#doc pub fn #name(#receiver) -> #ty<#lifetime> { #ty { client: #value } })
        });
        if path.is_empty() {
            return quote!(impl Client { #(#accessors)* });
        }
        let (doc, ty) = (group_doc(model, path), group_type(model, path));
        let methods = all(model, skeleton).filter(|(operation, _)| operation.group == *path);
        let methods = methods.map(|(operation, signature)| {
            let (doc, name) = (docs::doc(&description(operation)), ident(&operation.name));
            let Call { declarations, set, value, result } = call(operation, signature, model, quote!(self.client));
            let many = (declarations.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
            quote!(#doc #many pub fn #name(self #(, #declarations)*) -> #result { #set #value })
        });
        quote! {
            #doc
            #[derive(Clone, Copy, Debug)]
            pub struct #ty<'c> { client: &'c Client }
            impl<'c> #ty<'c> { #(#accessors)* #(#methods)* }
        }
    });
    quote! {
        #[allow(unused_imports)]
        use ::std::{borrow::Borrow, collections::BTreeMap};
        #[allow(unused_imports)]
        use crate::{Call, Client, Upload, operations, types::*};
        #(#each)*
    }
}

/// Every operation as a function.
pub fn functions(model: &Model, skeleton: &Skeleton) -> TokenStream {
    let each = all(model, skeleton).map(|(operation, signature)| {
        let name = ident(&operation.function());
        let method = [&operation.group[..], std::slice::from_ref(&operation.name)].concat().join("().");
        let doc = docs::doc(&format!("{}\n\nThe function of `client.{method}`.", summary(operation)));
        let Call { declarations, set, value, result } = call(operation, signature, model, quote!(client));
        let many = (declarations.len() > 5).then(|| quote!(#[allow(clippy::too_many_arguments)]));
        quote! {
            #doc
            #many
            pub fn #name(client: &Client #(, #declarations)*, options: RequestOptions) -> #result {
                #set
                #value.options(options)
            }
        }
    });
    quote! {
        #[allow(unused_imports)]
        use ::std::{borrow::Borrow, collections::BTreeMap};
        #[allow(unused_imports)]
        use crate::{Call, Client, RequestOptions, Upload, operations, types::*};
        #(#each)*
    }
}

fn group_type(model: &Model, path: &[String]) -> Option<Ident> {
    model.group_types.get(path).map(|name| ident(name))
}

fn group_doc(model: &Model, path: &[String]) -> TokenStream {
    let text = model.groups.get(&path.join(".")).map_or("", String::as_str);
    docs::or(text, || format!("The `{}` operations.", path.join(".")))
}
