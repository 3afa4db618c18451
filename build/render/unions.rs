//! Unions: decoded by tag, by required properties or by JSON type, never by trying; unknown variants are kept.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, events, ident, types};
use crate::pipeline::model::{Definition, Fit, Model, Shape, Type, Variant};

pub fn render(name: &str, definition: &Definition, shape: &Shape, model: &Model) -> TokenStream {
    let doc = docs::or(&definition.doc, || format!("A `{name}` value."));
    let ident_ = ident(name);
    let (variants, attribute, decode) = match shape {
        Shape::Objects { tag, variants, stripped, events, .. } => {
            let in_frames = events.as_ref().is_some_and(|roles| roles.tag.is_some());
            let attribute = if *stripped { quote!(#[serde(tag = #tag)]) } else { quote!(#[serde(untagged)]) };
            let decode = match tag {
                Some(tag) => tagged(name, tag, variants, in_frames),
                None => keyed(name, variants),
            };
            (variants, attribute, decode)
        }
        Shape::ByType(variants) => (variants, quote!(#[serde(untagged)]), by_type(name, variants)),
        _ => return TokenStream::new(),
    };
    let stripped = matches!(shape, Shape::Objects { stripped: true, .. });
    let declared = variants.iter().map(|variant| {
        let rule = || match shape {
            Shape::Objects { tag: Some(tag), .. } => format!("`{tag}` is `{}`.", variant.keys.join("` or `")),
            Shape::Objects { tag: None, .. } if variant.fit.required.is_empty() => "An object.".to_owned(),
            Shape::Objects { tag: None, .. } => format!("An object with `{}`.", variant.fit.required.join("` and `")),
            _ => format!("As {}.", article(&variant.keys[0])),
        };
        let (doc, name, ty) = (docs::or(&variant.doc, rule), ident(&variant.rust), boxed(variant, name, model));
        let rename = stripped.then(|| {
            let wire = &variant.keys[0];
            quote!(#[serde(rename = #wire)])
        });
        quote!(#doc #rename #name(#ty),)
    });
    // The variant of a tagged enum that has no tag of its own.
    let unknown = stripped.then(|| quote!(#[serde(untagged)]));
    let conversions = conversions(name, variants, model);
    let stream = match shape {
        Shape::Objects { variants, events: Some(roles), .. } => Some(events::render(name, variants, roles, model)),
        _ => None,
    };
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #attribute
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)]
        pub enum #ident_ {
            #(#declared)*
            /// What this version of the crate does not know, kept as it came.
            #unknown
            Unknown(UnknownVariant),
        }
        #decode
        #conversions
        #stream
    }
}

fn article(json_type: &str) -> String {
    match json_type {
        "array" => "a list".into(),
        "object" => "an object".into(),
        "integer" => "an integer".into(),
        other => format!("a {other}"),
    }
}

/// The variant's type; boxed where the union would otherwise hold itself.
fn boxed(variant: &Variant, union: &str, model: &Model) -> TokenStream {
    let ty = types::rust(&variant.ty);
    if model.holds(&variant.ty, union) { quote!(Box<#ty>) } else { ty }
}

fn decode_impl(name: &str, body: TokenStream) -> TokenStream {
    let name = ident(name);
    quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> { #body }
        }
    }
}

/// With `in_frames` the union is also read from the data of events, which is text in memory.
fn tagged(name: &str, tag: &str, variants: &[Variant], in_frames: bool) -> TokenStream {
    // Tag values that lead to the same variants are one arm.
    let mut arms: Vec<(Vec<&str>, Vec<&Variant>)> = Vec::new();
    let mut keys: Vec<&str> = variants.iter().flat_map(|variant| variant.keys.iter().map(String::as_str)).collect();
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(*key));
    for key in keys {
        let meant: Vec<&Variant> = variants.iter().filter(|v| v.keys.iter().any(|k| k == key)).collect();
        let same = |other: &[&Variant]| {
            other.len() == meant.len() && other.iter().zip(&meant).all(|(a, b)| std::ptr::eq(*a, *b))
        };
        match arms.iter_mut().find(|(_, other)| same(other)) {
            Some((keys, _)) => keys.push(key),
            None => arms.push((vec![key], meant)),
        }
    }
    let arms = arms.iter().map(|(keys, meant)| match meant.as_slice() {
        [only] => {
            let rust = ident(&only.rust);
            quote!(Some(#(#keys)|*) => raw.variant().map(Self::#rust),)
        }
        several => {
            let (fits, choices) = choose(several);
            // The tag is known, so one of them is meant: where none fits, the nearest says what is wrong.
            quote!(Some(#(#keys)|*) => match raw.nearest(&[#(#fits),*]) { #(#choices)* _ => Ok(Self::Unknown(raw.unknown())) },)
        }
    });
    let read = quote!(crate::wire::Tagged::read(deserializer, #name, #tag)?);
    if !in_frames {
        let body = quote! {
            let raw = #read;
            match raw.tag() { #(#arms)* _ => Ok(Self::Unknown(raw.unknown())) }
        };
        return decode_impl(name, body);
    }
    let decode = decode_impl(name, quote!(Self::from_tagged(#read)));
    let name = ident(name);
    quote! {
        impl #name {
            fn from_tagged<E: ::serde::de::Error>(raw: crate::wire::Tagged<'_>) -> Result<Self, E> {
                match raw.tag() { #(#arms)* _ => raw.checked().map(Self::Unknown) }
            }
        }
        #decode
    }
}

fn keyed(name: &str, variants: &[Variant]) -> TokenStream {
    let (fits, choices) = choose(&variants.iter().collect::<Vec<_>>());
    decode_impl(
        name,
        quote! {
            let raw = crate::wire::Keyed::read(deserializer, #name)?;
            match raw.fitting(&[#(#fits),*]) { #(#choices)* _ => Ok(Self::Unknown(raw.unknown())) }
        },
    )
}

/// What each variant needs, and the arms that decode the chosen one.
fn choose(variants: &[&Variant]) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let fits = variants.iter().map(|variant| {
        let Fit { required, known, constants } = &variant.fit;
        let constants = constants.iter().map(|(name, value)| quote!((#name, #value)));
        quote! {
            crate::wire::Fit { required: &[#(#required),*], known: &[#(#known),*], constants: &[#(#constants),*] }
        }
    });
    let choices = variants.iter().enumerate().map(|(index, variant)| {
        let rust = ident(&variant.rust);
        quote!(Some(#index) => raw.variant().map(Self::#rust),)
    });
    (fits.collect(), choices.collect())
}

fn by_type(name: &str, variants: &[Variant]) -> TokenStream {
    let methods = variants.iter().map(|variant| {
        let rust = ident(&variant.rust);
        match variant.keys[0].as_str() {
            "string" => {
                // An open enum takes any text, like a plain one.
                let value = if variant.ty == Type::String { quote!(value) } else { quote!(value.into()) };
                quote!(fn string<E: ::serde::de::Error>(value: String) -> Result<Self, E> { Ok(Self::#rust(#value)) })
            }
            "array" => quote! {
                fn array<A: ::serde::de::SeqAccess<'de>>(items: A) -> Result<Self, A::Error> {
                    crate::wire::list(items).map(Self::#rust)
                }
            },
            "object" => quote! {
                fn object<A: ::serde::de::MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
                    crate::wire::object(entries).map(Self::#rust)
                }
            },
            "integer" => {
                quote!(fn integer<E: ::serde::de::Error>(value: i64) -> Result<Self, E> { Ok(Self::#rust(value)) })
            }
            "number" => quote! {
                fn number<E: ::serde::de::Error>(value: f64) -> Result<Self, E> { Ok(Self::#rust(value)) }
                fn integer<E: ::serde::de::Error>(value: i64) -> Result<Self, E> { Ok(Self::#rust(value as f64)) }
            },
            _ => quote!(fn boolean<E: ::serde::de::Error>(value: bool) -> Result<Self, E> { Ok(Self::#rust(value)) }),
        }
    });
    let ident_ = ident(name);
    let decode = decode_impl(name, quote!(crate::wire::by_json_type(deserializer)));
    quote! {
        impl<'de> crate::wire::ByJsonType<'de> for #ident_ {
            const NAME: &'static str = #name;
            fn unknown(raw: UnknownVariant) -> Self { Self::Unknown(raw) }
            #(#methods)*
        }
        #decode
    }
}

/// `From` each variant's type, where the type says which variant it is.
fn conversions(name: &str, variants: &[Variant], model: &Model) -> TokenStream {
    let union = ident(name);
    let unique = |ty: &Type| variants.iter().filter(|variant| variant.ty == *ty).count() == 1;
    let each = variants.iter().filter(|variant| unique(&variant.ty)).map(|variant| {
        let (rust, ty) = (ident(&variant.rust), types::rust(&variant.ty));
        let is_boxed = model.holds(&variant.ty, name);
        let value = if is_boxed { quote!(Box::new(value)) } else { quote!(value) };
        let borrowed = (variant.ty == Type::String).then(|| {
            quote! {
                impl From<&str> for #union { fn from(value: &str) -> Self { Self::#rust(value.to_owned()) } }
                impl From<&str> for Nullable<#union> { fn from(value: &str) -> Self { Self::Value(value.into()) } }
                impl From<String> for Nullable<#union> { fn from(value: String) -> Self { Self::Value(value.into()) } }
            }
        });
        quote! {
            impl From<#ty> for #union { fn from(value: #ty) -> Self { Self::#rust(#value) } }
            #borrowed
        }
    });
    quote!(#(#each)*)
}
