//! Reads the types of fields, arguments and results out of the code that progenitor makes.

use std::collections::HashMap;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;

use super::Spelling;

/// What progenitor made, as far as it was asked.
#[derive(Default)]
pub(super) struct Answers {
    /// By struct and by the name on the wire.
    pub(super) fields: HashMap<(String, String), Spelling>,
    pub(super) methods: HashMap<String, Answer>,
}

/// What the type of this number is called.
pub(super) fn type_name(number: usize) -> String {
    format!("Type{number:06}")
}

impl Spelling {
    /// With names in the place of numbers; `None` if there is a number that none has.
    pub(super) fn named<T: ToTokens>(&self, name: &dyn Fn(usize) -> Option<T>) -> Option<Self> {
        let tokens = self.0.parse::<TokenStream>().ok()?;
        Some(Self(renamed_in(tokens, name)?.to_string().into()))
    }
}

fn renamed_in<T: ToTokens>(tokens: TokenStream, name: &dyn Fn(usize) -> Option<T>) -> Option<TokenStream> {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) => {
            match ident.to_string().strip_prefix("Type").and_then(|number| number.parse().ok()) {
                Some(number) => name(number).map(ToTokens::into_token_stream),
                None => Some(ident.into_token_stream()),
            }
        }
        TokenTree::Group(group) => {
            Some(Group::new(group.delimiter(), renamed_in(group.stream(), name)?).into_token_stream())
        }
        other => Some(other.into_token_stream()),
    });
    each.collect()
}

/// Code without the bodies of its functions: they are most of it, have no answers, and needn't be parsed.
pub(super) fn signatures(tokens: TokenStream) -> TokenStream {
    let mut in_function = false;
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(ident) => {
            in_function |= ident == "fn";
            TokenTree::Ident(ident)
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let is_body = std::mem::take(&mut in_function);
            let inside = if is_body { TokenStream::new() } else { signatures(group.stream()) };
            TokenTree::Group(Group::new(Delimiter::Brace, inside))
        }
        other => other,
    });
    each.collect()
}

/// Of a method.
pub(super) struct Answer {
    pub(super) argument: Option<Spelling>,
    pub(super) result: Spelling,
}

impl Answers {
    pub(super) fn read(file: &syn::File) -> Option<Self> {
        let mut answers = Self::default();
        for item in &file.items {
            match item {
                syn::Item::Mod(module) if module.ident == "types" => {
                    for item in &module.content.as_ref()?.1 {
                        if let syn::Item::Struct(item) = item {
                            answers.read_struct(item);
                        }
                    }
                }
                syn::Item::Impl(block) if block.trait_.is_none() => {
                    for item in &block.items {
                        if let syn::ImplItem::Fn(function) = item
                            && let Some(answer) = read_signature(&function.sig)
                        {
                            answers.methods.insert(function.sig.ident.to_string(), answer);
                        }
                    }
                }
                _ => {}
            }
        }
        Some(answers)
    }

    fn read_struct(&mut self, item: &syn::ItemStruct) {
        for field in &item.fields {
            let Some(ident) = &field.ident else { continue };
            let wire = renamed(&field.attrs).unwrap_or_else(|| ident.to_string().trim_start_matches("r#").to_owned());
            self.fields.insert((item.ident.to_string(), wire), shortened(&field.ty));
        }
    }
}

/// The name in `#[serde(rename = "…")]`.
fn renamed(attributes: &[syn::Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other serde options are none of our concern.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    name
}

fn read_signature(signature: &syn::Signature) -> Option<Answer> {
    let argument = signature.inputs.iter().find_map(|argument| match argument {
        syn::FnArg::Typed(argument) => Some(shortened(&argument.ty)),
        syn::FnArg::Receiver(_) => None,
    });
    let syn::ReturnType::Type(_, result) = &signature.output else { return None };
    // Result<ResponseValue<T>, Error<E>>
    let result = first_argument(first_argument(result)?)?;
    Some(Answer { argument, result: shortened(result) })
}

fn first_argument(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// `::std::string::String` as `String`, `&'a types::X` as `X`: as a person would write it.
fn shortened(ty: &syn::Type) -> Spelling {
    use syn::visit_mut::VisitMut;
    struct Shorten;
    impl VisitMut for Shorten {
        /// An optional body is an `Option<&'a T>`.
        fn visit_type_mut(&mut self, ty: &mut syn::Type) {
            if let syn::Type::Reference(reference) = ty {
                // In another type a text has to be one that is owned.
                let is_text = matches!(&*reference.elem, syn::Type::Path(path) if path.path.is_ident("str"));
                *ty = if is_text { syn::parse_quote!(String) } else { (*reference.elem).clone() };
            }
            syn::visit_mut::visit_type_mut(self, ty);
        }

        fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
            syn::visit_mut::visit_type_path_mut(self, path);
            let full: Vec<String> = path.path.segments.iter().map(|s| s.ident.to_string()).collect();
            let full: Vec<&str> = full.iter().map(String::as_str).collect();
            let keep = match full.as_slice() {
                ["serde_json", ..] => 2,
                _ => 1,
            };
            let skip = path.path.segments.len().saturating_sub(keep);
            path.path.segments = path.path.segments.iter().skip(skip).cloned().collect();
            path.path.leading_colon = None;
        }
    }
    let mut ty = match ty {
        syn::Type::Reference(reference) => (*reference.elem).clone(),
        other => other.clone(),
    };
    Shorten.visit_type_mut(&mut ty);
    Spelling(ty.to_token_stream().to_string().into())
}
