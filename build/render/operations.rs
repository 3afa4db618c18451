//! Operations: a marker type each, a method of its group, a standalone function, and setters for optional parameters.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{docs, ident};
use crate::pipeline::model::{Model, Operation, Output, Parameter, Place, Type};
use crate::pipeline::names;
use crate::pipeline::progenitor::{Signature, Skeleton};

/// Marker types, their facts, and the setters of `Call`.
pub fn markers(model: &Model, skeleton: &Skeleton) -> TokenStream {
    let each = all(model, skeleton).map(|(operation, signature)| {
        let marker = ident(&operation.marker);
        let Operation { id, path, bearer, on_behalf_of, .. } = operation;
        let doc = docs::doc(&format!("`{} {}`: {}", operation.method, path, summary(operation)));
        let method = ident(&operation.method);
        let result = &signature.result;
        let (accept, output) = match &operation.output {
            Output::Events(_) => ("text/event-stream", quote!(EventStream<#result>)),
            Output::Json(_) | Output::Empty => ("application/json", quote!(Response<#result>)),
        };
        let header = match &operation.chunk_index_header {
            Some(name) => quote!(Some(#name)),
            None => quote!(None),
        };
        let setters: Vec<_> =
            operation.parameters.iter().filter(|p| !p.required).map(|p| setter(p, signature)).collect();
        let setters = (!setters.is_empty()).then(|| quote!(impl Call<#marker> { #(#setters)* }));
        quote! {
            #doc
            #[derive(Clone, Copy, Debug)]
            pub enum #marker {}
            impl Operation for #marker {
                type Output = #output;
                const SPEC: OperationSpec = OperationSpec {
                    id: #id,
                    method: Method::#method,
                    path: #path,
                    accept: #accept,
                    bearer: #bearer,
                    on_behalf_of: #on_behalf_of,
                    chunk_index_header: #header,
                };
            }
            #setters
        }
    });
    quote! {
        use ::reqwest::Method;
        #[allow(unused_imports)]
        use crate::{Call, EventStream, Response, types::*};
        use crate::call::{Operation, OperationSpec};
        #(#each)*
    }
}

fn setter(parameter: &Parameter, signature: &Signature) -> TokenStream {
    let doc = docs::or(&parameter.doc, || format!("Sets the `{}` parameter.", parameter.wire));
    let name = ident(&parameter.rust);
    let (argument, put) = argument(parameter, signature);
    quote!(#doc pub fn #name(self, #argument) -> Self { self #put })
}

/// The argument's declaration, and the call that puts it into the request.
fn argument(parameter: &Parameter, signature: &Signature) -> (TokenStream, TokenStream) {
    let (name, wire) = (ident(&parameter.rust), &parameter.wire);
    let keep_slash = ["file_path", "subpath"].contains(&wire.as_str());
    let put = |value: TokenStream| match parameter.place {
        Place::Path => quote!(.set_path(#wire, #value, #keep_slash)),
        Place::Query => quote!(.set_query(#wire, #value)),
        Place::Header => quote!(.set_header(#wire, #value)),
    };
    match &parameter.ty {
        Type::Boolean | Type::Integer | Type::Index | Type::Number => {
            let snake = names::snake(&parameter.wire);
            let ty = signature
                .arguments
                .get(snake.as_str())
                .map_or_else(|| super::types::rust(&parameter.ty), |ty| quote!(#ty));
            (quote!(#name: #ty), put(quote!(#name)))
        }
        Type::Array(_) => {
            (quote!(#name: impl IntoIterator<Item = impl ::std::fmt::Display>), quote!(.set_query_list(#wire, #name)))
        }
        // Texts and open enums alike.
        _ => (quote!(#name: impl ::std::fmt::Display), put(quote!(#name))),
    }
}

/// The tree of groups: accessors, and a method for each operation.
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
            let (doc, ty, name) = (group_doc(model, &child), group_type(&child), ident(name));
            let (receiver, value) =
                if path.is_empty() { (quote!(&self), quote!(self)) } else { (quote!(self), quote!(self.client)) };
            let lifetime = if path.is_empty() { quote!('_) } else { quote!('c) };
            quote!(#doc pub fn #name(#receiver) -> #ty<#lifetime> { #ty { client: #value } })
        });
        if path.is_empty() {
            return quote!(impl Client { #(#accessors)* });
        }
        let (doc, ty) = (group_doc(model, path), group_type(path));
        let methods = all(model, skeleton).filter(|(operation, _)| operation.group == *path);
        let methods = methods.map(|(operation, signature)| {
            let (doc, name) = (operation_doc(operation), ident(&operation.name));
            let Call { arguments, set, puts, result } = call(operation, signature, quote!(self.client));
            quote!(#doc pub fn #name(self #(, #arguments)*) -> #result { #set #puts })
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
        use ::std::borrow::Borrow;
        #[allow(unused_imports)]
        use crate::{Call, Client, operations, types::*};
        #(#each)*
    }
}

/// Every operation as a function.
pub fn functions(model: &Model, skeleton: &Skeleton) -> TokenStream {
    let each = all(model, skeleton).map(|(operation, signature)| {
        let name = ident(&operation.function());
        let method = [&operation.group[..], std::slice::from_ref(&operation.name)].concat().join("().");
        let doc = docs::doc(&format!("{}\n\nThe function of `client.{method}`.", summary(operation)));
        let Call { arguments, set, puts, result } = call(operation, signature, quote!(client));
        quote! {
            #doc
            pub fn #name(client: &Client #(, #arguments)*, options: RequestOptions) -> #result { #set #puts.options(options) }
        }
    });
    quote! {
        #[allow(unused_imports)]
        use ::std::borrow::Borrow;
        #[allow(unused_imports)]
        use crate::{Call, Client, RequestOptions, operations, types::*};
        #(#each)*
    }
}

struct Call {
    arguments: Vec<TokenStream>,
    /// Statements that go before.
    set: TokenStream,
    puts: TokenStream,
    result: TokenStream,
}

fn call(operation: &Operation, signature: &Signature, client: TokenStream) -> Call {
    let marker = ident(&operation.marker);
    let result = quote!(Call<operations::#marker>);
    let mut arguments = Vec::new();
    let mut puts = quote!(Call::new(#client));
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        let (argument, put) = argument(parameter, signature);
        arguments.push(argument);
        puts = quote!(#puts #put);
    }
    if let Some(body) = &operation.body {
        let ty = signature.arguments.get("body").map_or_else(|| super::types::rust(&body.ty), |ty| quote!(#ty));
        arguments.push(quote!(request: impl Borrow<#ty>));
        puts = match &body.stream_flag {
            None => quote!(#puts.json(request.borrow())),
            Some((flag, on)) => {
                // The method decides whether events come back, whatever the request says.
                let (flag, value) = (ident(flag), if *on { quote!(Some(true)) } else { quote!(None) });
                let set = quote! {
                    let mut request = request.borrow().clone();
                    request.#flag = #value;
                };
                return Call { arguments, set, puts: quote!(#puts.json(&request)), result };
            }
        };
    }
    Call { arguments, set: TokenStream::new(), puts, result }
}

fn all<'m>(model: &'m Model, skeleton: &'m Skeleton) -> impl Iterator<Item = (&'m Operation, &'m Signature)> {
    model.operations.iter().zip(&skeleton.signatures)
}

fn group_type(path: &[String]) -> proc_macro2::Ident {
    format_ident!("{}", names::camel(&path.join("_")))
}

fn group_doc(model: &Model, path: &[String]) -> TokenStream {
    let text = model.groups.get(&path.join(".")).map_or("", String::as_str);
    docs::or(text, || format!("The `{}` operations.", path.join(".")))
}

fn summary(operation: &Operation) -> String {
    if operation.summary.is_empty() { format!("Calls `{}`.", operation.id) } else { operation.summary.clone() }
}

fn operation_doc(operation: &Operation) -> TokenStream {
    let mut text = summary(operation);
    if matches!(operation.body.as_ref().and_then(|body| body.stream_flag.as_ref()), Some((_, true))) {
        text.push_str(" The answer comes as a stream of events.");
    }
    if !operation.description.is_empty() {
        text.push_str(&format!("\n\n{}", operation.description.trim()));
    }
    text.push_str(&format!("\n\n`{} {}`", operation.method, operation.path));
    if operation.deprecated {
        text.push_str("\n\nDeprecated upstream.");
    }
    docs::doc(&text)
}
