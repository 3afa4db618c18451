//! Event unions: from a server-sent event's name and data straight to the typed event.

use proc_macro2::TokenStream;
use quote::quote;

use super::{ident, optional};
use crate::pipeline::model::{Field, Model, Roles, Shape, Variant};

pub fn render(name: &str, variants: &[Variant], roles: &Roles, model: &Model) -> TokenStream {
    // By tag the event is its data; by name it is put together from the frame.
    if let Some(tag) = &roles.tag {
        return event(name, roles, quote!(frame.tagged(#name, #tag, Self::from_tagged)), TokenStream::new());
    }
    let fields = |variant: &Variant| match &model.types.get(variant.ty.named()?)?.shape {
        Shape::Struct { fields, .. } => Some(fields),
        _ => None,
    };
    let arms = variants.iter().filter_map(|variant| {
        let (keys, rust, fields) = (&variant.keys, ident(&variant.rust), fields(variant)?);
        let event = variant.ty.named()?;
        let values = fields.iter().map(|field| {
            let (name, value) = (ident(&field.rust), value(field));
            quote!(#name: #value,)
        });
        let event = ident(event);
        // An event that must have data and has none is no such event: it is kept as unknown.
        let needs_data = fields.iter().any(|field| field.wire == "data" && field.required);
        let guard = needs_data.then(|| quote!(if frame.data.is_some()));
        Some(quote!(#(#keys)|* #guard => Ok(Self::#rust(#event { #(#values)* })),))
    });
    let body = quote!(match frame.event { #(#arms)* _ => Ok(Self::Unknown(frame.unknown())) });
    let chunk = variants.iter().find(|variant| variant.keys.contains(&roles.chunk));
    let news = chunk.zip(roles.facts.as_deref()).and_then(|(chunk, module)| Some(news(chunk, fields(chunk)?, module)));
    event(name, roles, body, news.unwrap_or_default())
}

/// What makes the next chunk of the last one: the text that is news, and what the frame says besides its data.
fn news(chunk: &Variant, fields: &[Field], module: &str) -> TokenStream {
    let (module, rust) = (ident(module), ident(&chunk.rust));
    let said = fields.iter().filter(|field| field.wire != "data").map(|field| {
        let (name, value) = (ident(&field.rust), value(field));
        quote!(chunk.#name = #value;)
    });
    quote! {
        fn news(&mut self) -> Option<(&mut String, &'static [&'static str])> { crate::#module::news(self) }
        fn reframe(&mut self, frame: crate::stream::Frame<'_>) {
            if let Self::#rust(chunk) = self { #(#said)* }
        }
    }
}

fn event(name: &str, roles: &Roles, body: TokenStream, news: TokenStream) -> TokenStream {
    let union = ident(name);
    let Roles { chunk, done, unfinished, error, always_ends, answer, opening, .. } = roles;
    let [tag, sentinel, sequence] = [&roles.tag, &roles.sentinel, &roles.sequence].map(optional);
    let note = roles.facts.as_deref().map(|module| {
        let module = ident(module);
        quote! {
            fn note(&self, facts: &mut crate::StreamFacts) { crate::#module::note(self, facts) }
            fn render(&self, text: &mut String, is_rebuilt: bool) -> Result<(), crate::Error> {
                crate::#module::render(self, text, is_rebuilt)
            }
        }
    });
    quote! {
        impl crate::stream::StreamEvent for #union {
            const NAME: &'static str = #name;
            const ROLES: crate::stream::EventRoles = crate::stream::EventRoles {
                tag: #tag,
                chunk: #chunk,
                done: &[#(#done),*],
                unfinished: &[#(#unfinished),*],
                error: &[#(#error),*],
                sentinel: #sentinel,
                always_ends: #always_ends,
                sequence: #sequence,
                answer: &[#(#answer),*],
                opening: &[#(#opening),*],
            };
            fn from_frame(frame: crate::stream::Frame<'_>) -> Result<Self, crate::json::DecodeError> { #body }
            #news
            #note
        }
    }
}

/// What a field gets of a frame.
fn value(field: &Field) -> TokenStream {
    match (field.wire.as_str(), field.required) {
        ("data", true) => quote!(frame.json()?),
        ("data", false) => quote!(frame.any_json()?),
        ("id", _) => quote!(frame.id()),
        ("retry", _) => quote!(frame.retry()),
        // The tag of a union that could not do without it, or a field that events do not have.
        (_, true) => quote!(frame.event.into()),
        (_, false) => quote!(Default::default()),
    }
}
