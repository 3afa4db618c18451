//! Multipart forms: structs that are written part by part.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{docs, ident, types};
use crate::pipeline::model::{Definition, Field, Model, Shape, Type};

pub fn render(name: &str, definition: &Definition, fields: &[Field], model: &Model) -> TokenStream {
    let doc = docs::or(&definition.doc, || format!("A `{name}` form."));
    let ident_ = ident(name);
    let declared = fields.iter().map(|field| {
        let (doc, name, ty) = (docs::field(field), ident(&field.rust), rust(&field.ty));
        let ty = if field.required { ty } else { quote!(Option<#ty>) };
        quote!(#doc pub #name: #ty,)
    });
    let (mut arguments, mut values, mut setters) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        let name = ident(&field.rust);
        let (ty, value) = argument(field, model);
        match (&field.constant, field.required) {
            (Some(constant), true) => values.push(quote!(#name: #constant.into(),)),
            (_, true) => {
                arguments.push(quote!(#name: #ty));
                values.push(quote!(#name: #value,));
            }
            (_, false) => {
                values.push(quote!(#name: None,));
                let doc = docs::doc(&format!("Sets [`{0}`](Self::{0}).", field.rust.trim_start_matches("r#")));
                setters.push(quote! {
                    #doc
                    pub fn #name(mut self, #name: #ty) -> Self {
                        self.#name = Some(#value);
                        self
                    }
                });
            }
        }
    }
    // Texts first, then files: a server that reads a form as it comes knows what a file is for.
    let (files, texts): (Vec<_>, Vec<_>) = fields.iter().partition(|field| is_file(&field.ty));
    let parts = texts.into_iter().chain(files).map(|field| part(field, model));
    let default =
        arguments.is_empty().then(|| quote!(impl Default for #ident_ { fn default() -> Self { Self::new() } }));
    quote! {
        #doc
        #[derive(Debug)]
        #[non_exhaustive]
        pub struct #ident_ { #(#declared)* }
        impl #ident_ {
            /// With what is required; the setters add the rest.
            pub fn new(#(#arguments),*) -> Self { Self { #(#values)* } }
            #(#setters)*
            #[allow(unused_mut)]
            pub(crate) fn into_form(self) -> crate::upload::Form {
                let mut form = crate::upload::Form::new();
                #(#parts)*
                form
            }
        }
        #default
    }
}

fn is_file(ty: &Type) -> bool {
    match ty {
        Type::Binary => true,
        Type::Array(item) => is_file(item),
        _ => false,
    }
}

fn rust(ty: &Type) -> TokenStream {
    match ty {
        Type::Binary => quote!(crate::Upload),
        Type::Array(item) => {
            let item = rust(item);
            quote!(Vec<#item>)
        }
        ty => types::rust(ty),
    }
}

fn argument(field: &Field, model: &Model) -> (TokenStream, TokenStream) {
    let name = ident(&field.rust);
    let ty = rust(&field.ty);
    match &field.ty {
        Type::Binary => (quote!(impl Into<#ty>), quote!(#name.into())),
        Type::Array(item) => {
            let item = rust(item);
            (quote!(impl IntoIterator<Item = impl Into<#item>>), quote!(#name.into_iter().map(Into::into).collect()))
        }
        other => {
            let (ty, converts) = types::argument(other, &ty, model);
            (ty, if converts { quote!(#name.into()) } else { quote!(#name) })
        }
    }
}

fn part(field: &Field, model: &Model) -> TokenStream {
    let (name, wire) = (ident(&field.rust), &field.wire);
    let add = |value: TokenStream| match &field.ty {
        Type::Binary => quote!(form = form.file(#wire, #value);),
        Type::Array(item) if **item == Type::Binary => quote!(for item in #value { form = form.file(#wire, item); }),
        Type::Array(item) => {
            let method = method(item, model);
            quote!(for item in #value { form = form.#method(#wire, item); })
        }
        ty => {
            let method = method(ty, model);
            quote!(form = form.#method(#wire, #value);)
        }
    };
    if field.required {
        add(quote!(self.#name))
    } else {
        let add = add(quote!(value));
        quote!(if let Some(value) = self.#name { #add })
    }
}

/// How a part that is no file is written: as a text, or as JSON what is more than that (OpenAPI, "Encoding Object").
fn method(ty: &Type, model: &Model) -> Ident {
    let is_text = match ty {
        Type::Named(name) => model.types.get(name).is_some_and(|definition| matches!(definition.shape, Shape::Enum(_))),
        Type::Array(_) | Type::Map(_) | Type::Nullable(_) => false,
        _ => true,
    };
    ident(if is_text { "text" } else { "json" })
}
