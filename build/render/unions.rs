//! Unions: decoded by tag, by required properties or by JSON type, never by trying; unknown variants are kept.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, events, ident, types};
use crate::pipeline::model::{Definition, Model, Shape, Type, Variant};

pub fn render(name: &str, definition: &Definition, shape: &Shape, model: &Model) -> TokenStream {
    let doc = docs::or(&definition.doc, || format!("A `{name}` value."));
    let ident_ = ident(name);
    let (variants, attribute, decode) = match shape {
        Shape::Tagged { tag, variants, stripped, .. } => {
            let attribute = if *stripped { quote!(#[serde(tag = #tag)]) } else { quote!(#[serde(untagged)]) };
            (variants, attribute, tagged(name, tag, variants))
        }
        Shape::Keyed(variants) => (variants, quote!(#[serde(untagged)]), keyed(name, variants)),
        Shape::ByType(variants) => (variants, quote!(#[serde(untagged)]), by_type(name, variants)),
        _ => return TokenStream::new(),
    };
    let stripped = matches!(shape, Shape::Tagged { stripped: true, .. });
    let declared = variants.iter().map(|variant| {
        let rule = || match shape {
            Shape::Tagged { tag, .. } => format!("`{tag}` is `{}`.", variant.keys.join("` or `")),
            Shape::Keyed(_) => format!("An object with `{}`.", variant.keys.join("` and `")),
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
        Shape::Tagged { variants, events: Some(roles), .. } => Some(events::render(name, variants, roles, model)),
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
    if types::holds(&variant.ty, union, model, &mut Vec::new()) { quote!(Box<#ty>) } else { ty }
}

fn decode_impl(name: &str, body: TokenStream) -> TokenStream {
    let name = ident(name);
    quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> { #body }
        }
    }
}

fn tagged(name: &str, tag: &str, variants: &[Variant]) -> TokenStream {
    let arms = variants.iter().map(|variant| {
        let (keys, rust) = (&variant.keys, ident(&variant.rust));
        quote!(Some(#(#keys)|*) => raw.variant().map(Self::#rust),)
    });
    decode_impl(
        name,
        quote! {
            let raw = crate::wire::Tagged::read(deserializer, #name, #tag)?;
            match raw.tag() { #(#arms)* _ => Ok(Self::Unknown(raw.unknown())) }
        },
    )
}

fn keyed(name: &str, variants: &[Variant]) -> TokenStream {
    let arms = variants.iter().map(|variant| {
        let (keys, rust) = (&variant.keys, ident(&variant.rust));
        quote!(if #(raw.has(#keys))&&* { return raw.variant().map(Self::#rust); })
    });
    decode_impl(
        name,
        quote! {
            let raw = crate::wire::Keyed::read(deserializer, #name)?;
            #(#arms)*
            Ok(Self::Unknown(raw.unknown()))
        },
    )
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
            "number" => {
                quote!(fn number<E: ::serde::de::Error>(value: f64) -> Result<Self, E> { Ok(Self::#rust(value)) })
            }
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
        let is_boxed = types::holds(&variant.ty, name, model, &mut Vec::new());
        let value = if is_boxed { quote!(Box::new(value)) } else { quote!(value) };
        let borrowed = (variant.ty == Type::String).then(|| {
            quote! {
                impl From<&str> for #union { fn from(value: &str) -> Self { Self::#rust(value.to_owned()) } }
            }
        });
        quote! {
            impl From<#ty> for #union { fn from(value: #ty) -> Self { Self::#rust(#value) } }
            #borrowed
        }
    });
    quote!(#(#each)*)
}
