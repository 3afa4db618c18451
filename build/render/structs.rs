//! Structs: progenitor's field types, with presence, null, constructor and setters put around them.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident, types};
use crate::pipeline::Error;
use crate::pipeline::model::{Definition, Field, Model, Type};
use crate::pipeline::progenitor::Skeleton;

pub fn render(
    name: &str,
    definition: &Definition,
    fields: &[Field],
    extra: Option<&Type>,
    skeleton: &Skeleton,
    model: &Model,
) -> Result<TokenStream, Error> {
    let doc = docs::or(&definition.doc, || format!("A `{name}` object."));
    let ident = ident(name);
    let mut declared = Vec::new();
    let mut made = Vec::new();
    for field in fields {
        let key = (name.to_owned(), field.wire.clone());
        let ty = skeleton.fields.get(&key).ok_or_else(|| {
            let problem = format!("progenitor made no field of {name}.{}", field.wire);
            Error::new(definition.pointer(), problem, "report this as a bug of the pipeline")
        })?;
        let field = Rendered { field, ty: quote!(#ty) };
        declared.push(field.declare(extra.is_some()));
        made.push(field);
    }
    let (extra_field, extra_value) = match extra {
        None => (None, None),
        Some(ty) => {
            let ty = types::rust(ty);
            let field = quote! {
                /// Properties beyond those declared.
                #[serde(flatten)]
                pub extra: BTreeMap<String, #ty>,
            };
            (Some(field), Some(quote!(extra: BTreeMap::new(),)))
        }
    };
    // What has members that aren't declared is left to the derive: it knows how to keep them.
    let (derive, deserialize) = match extra {
        Some(_) => (quote!(#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]), None),
        None => {
            let members = made.iter().map(Rendered::member);
            let deserialize = quote!(crate::wire::from_object! { #ident { #(#members),* } });
            (quote!(#[derive(Clone, Debug, PartialEq, Serialize)]), Some(deserialize))
        }
    };
    let methods = definition.sent.then(|| constructor(&ident, &made, extra_value.as_ref(), model));
    Ok(quote! {
        #doc
        #derive
        #[non_exhaustive]
        pub struct #ident { #(#declared)* #extra_field }
        #deserialize
        #methods
    })
}

struct Rendered<'m> {
    field: &'m Field,
    /// The type of a value that is there and not null.
    ty: TokenStream,
}

impl Rendered<'_> {
    /// Presence and null, as the wire tells them apart.
    fn full_type(&self) -> TokenStream {
        let ty = &self.ty;
        match (self.field.required, self.field.nullable) {
            (true, false) => quote!(#ty),
            (false, true) => quote!(Nullable<#ty>),
            (true, true) | (false, false) => quote!(Option<#ty>),
        }
    }

    /// The field; `derived` says that `serde`'s derive reads it.
    fn declare(&self, derived: bool) -> TokenStream {
        let field = self.field;
        let (doc, name, ty) = (docs::field(field), ident(&field.rust), self.full_type());
        let rename = (field.rust.trim_start_matches("r#") != field.wire).then(|| {
            let wire = &field.wire;
            quote!(#[serde(rename = #wire)])
        });
        let absent = if field.nullable { "Nullable::is_absent" } else { "Option::is_none" };
        let written = (!field.required).then(|| quote!(#[serde(skip_serializing_if = #absent)]));
        let read = (derived && !field.required).then(|| match self.presence() {
            "present" => quote!(#[serde(default, deserialize_with = "crate::wire::present")]),
            _ => quote!(#[serde(default)]),
        });
        let visibility = if field.internal { quote!(pub(crate)) } else { quote!(pub) };
        quote!(#doc #rename #written #read #visibility #name: #ty,)
    }

    /// How it is read.
    fn member(&self) -> TokenStream {
        let (name, wire, presence) = (ident(&self.field.rust), &self.field.wire, ident(self.presence()));
        quote!(#name = #wire #presence)
    }

    /// What it means that it isn't there: the name of a function in `wire::from_object`.
    fn presence(&self) -> &'static str {
        match (self.field.required, self.field.nullable, &self.field.ty) {
            (true, false, _) => "required",
            // Without help an explicit null would be read as absent.
            (false, false, Type::Any) => "present",
            _ => "default",
        }
    }

    /// The value that `new` gives a field that is no argument of it.
    fn initial(&self, model: &Model) -> Option<TokenStream> {
        match (self.field.required, &self.field.constant) {
            (true, Some(constant)) if !self.field.nullable => {
                let (_, converts) = types::argument(&self.field.ty, &self.ty, model);
                Some(if converts { quote!(#constant.into()) } else { quote!(#constant) })
            }
            (true, _) => None,
            (false, _) if self.field.nullable => Some(quote!(Nullable::Absent)),
            (false, _) => Some(quote!(None)),
        }
    }

    fn argument(&self, model: &Model) -> (TokenStream, TokenStream) {
        let (name, ty) = (ident(&self.field.rust), &self.ty);
        if self.field.nullable && self.field.required {
            // Whatever fits an optional field fits here too; that it can't be left out shows in the type it gets.
            return (quote!(#name: impl Into<Nullable<#ty>>), quote!(#name.into().into_value()));
        }
        if self.field.nullable {
            return (quote!(#name: impl Into<Nullable<#ty>>), quote!(#name.into()));
        }
        let (ty, converts) = types::argument(&self.field.ty, ty, model);
        let value = if converts { quote!(#name.into()) } else { quote!(#name) };
        (quote!(#name: #ty), value)
    }

    fn setter(&self, model: &Model) -> TokenStream {
        let name = ident(&self.field.rust);
        let doc = docs::doc(&format!("Sets [`{0}`](Self::{0}).", self.field.rust.trim_start_matches("r#")));
        let (argument, value) = self.argument(model);
        let value = if self.field.required || self.field.nullable { value } else { quote!(Some(#value)) };
        quote! {
            #doc
            pub fn #name(mut self, #argument) -> Self {
                self.#name = #value;
                self
            }
        }
    }
}

fn constructor(
    ident: &proc_macro2::Ident,
    fields: &[Rendered<'_>],
    extra: Option<&TokenStream>,
    model: &Model,
) -> TokenStream {
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    let mut setters = Vec::new();
    for field in fields {
        let name = super::ident(&field.field.rust);
        match field.initial(model) {
            Some(value) => {
                values.push(quote!(#name: #value,));
                if !field.field.required && !field.field.internal {
                    setters.push(field.setter(model));
                }
            }
            None => {
                let (argument, value) = field.argument(model);
                arguments.push(argument);
                let is_same = name == value.to_string();
                values.push(if is_same { quote!(#name,) } else { quote!(#name: #value,) });
            }
        }
    }
    let (default, doc) = if arguments.is_empty() {
        let default = quote!(impl Default for #ident { fn default() -> Self { Self::new() } });
        (Some(default), "An empty one; the setters fill it.")
    } else {
        (None, "With what is required; the setters add the rest.")
    };
    let doc = docs::doc(doc);
    let many = (arguments.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    quote! {
        impl #ident {
            #doc
            #many
            pub fn new(#(#arguments),*) -> Self { Self { #(#values)* #extra } }
            #(#setters)*
        }
        #default
    }
}
