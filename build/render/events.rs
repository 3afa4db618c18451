//! Event unions: from a server-sent event's name and data straight to the typed event.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::pipeline::model::{Field, Model, Roles, Shape, Variant};

pub fn render(name: &str, variants: &[Variant], roles: &Roles, model: &Model) -> TokenStream {
    let Roles { tag, sentinel, .. } = roles;
    let sentinel = match sentinel {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    };
    let by_tag = match tag {
        Some(name) => quote!(Some(#name)),
        None => quote!(None),
    };
    // By tag the event is its data; by name it is put together from the frame.
    if let Some(tag) = tag {
        return event(name, &by_tag, roles, &sentinel, quote!(frame.tagged(#name, #tag, Self::from_tagged)));
    }
    let arms = variants.iter().filter_map(|variant| {
        let (keys, rust) = (&variant.keys, ident(&variant.rust));
        let event = variant.ty.named()?;
        let Shape::Struct { fields, .. } = &model.types.get(event)?.shape else { return None };
        let values = fields.iter().map(value);
        let event = ident(event);
        // An event that must have data and has none is no such event: it is kept as unknown.
        let needs_data = fields.iter().any(|field| field.wire == "data" && field.required);
        let guard = needs_data.then(|| quote!(if frame.data.is_some()));
        Some(quote!(#(#keys)|* #guard => Ok(Self::#rust(#event { #(#values)* })),))
    });
    let body = quote!(match frame.event { #(#arms)* _ => Ok(Self::Unknown(frame.unknown())) });
    event(name, &by_tag, roles, &sentinel, body)
}

fn event(name: &str, tag: &TokenStream, roles: &Roles, sentinel: &TokenStream, body: TokenStream) -> TokenStream {
    let union = ident(name);
    let Roles { chunk, done, error, .. } = roles;
    quote! {
        impl crate::stream::StreamEvent for #union {
            const NAME: &'static str = #name;
            const ROLES: crate::stream::EventRoles = crate::stream::EventRoles {
                tag: #tag,
                chunk: #chunk,
                done: &[#(#done),*],
                error: &[#(#error),*],
                sentinel: #sentinel,
            };
            fn from_frame(frame: crate::stream::Frame<'_>) -> Result<Self, crate::json::DecodeError> { #body }
        }
    }
}

fn value(field: &Field) -> TokenStream {
    let name = ident(&field.rust);
    let value = match (field.wire.as_str(), field.required) {
        ("data", true) => quote!(frame.json()?),
        ("data", false) => quote!(frame.any_json()?),
        ("id", _) => quote!(frame.id()),
        ("retry", _) => quote!(frame.retry()),
        // The tag of a union that could not do without it, or a field that events do not have.
        (_, true) => quote!(frame.event.into()),
        (_, false) => quote!(Default::default()),
    };
    quote!(#name: #value,)
}
