//! Parameters and bodies: how callers give them, and how they get into the request.

use proc_macro2::TokenStream;
use quote::quote;

use crate::pipeline::model::{Body, Model, Operation, Parameter, Place, Shape, Style, Type};
use crate::pipeline::progenitor::Signature;
use crate::pipeline::render::{docs, ident, types};

/// An argument's declaration, and the call that puts it into the request.
pub struct Argument {
    pub declaration: TokenStream,
    pub put: TokenStream,
}

pub fn parameter(parameter: &Parameter, signature: &Signature, model: &Model) -> Argument {
    let Parameter { wire, keep_slash, ty, .. } = parameter;
    let name = ident(&parameter.rust);
    let put = |value: TokenStream| match parameter.place {
        Place::Path => quote!(.set_path(#wire, #value, #keep_slash)),
        Place::Query => quote!(.set_query(#wire, #value)),
        Place::Header => quote!(.set_header(#wire, #value)),
    };
    let given = || signature.arguments.get(name.to_string().trim_start_matches("r#")).map(|ty| quote!(#ty));
    let is_enum = |name: &str| matches!(model.types.get(name).map(|d| &d.shape), Some(Shape::Enum(_)));
    let (ty, put) = match ty {
        Type::Boolean | Type::Integer | Type::Index | Type::Number => {
            (given().unwrap_or_else(|| types::outside(ty, model)), put(quote!(#name)))
        }
        Type::String | Type::Binary => (quote!(impl ::std::fmt::Display), put(quote!(#name))),
        Type::Named(ty) if is_enum(ty) => {
            let ty = types::named(ty, model);
            (quote!(impl Into<#ty>), put(quote!(#name.into())))
        }
        Type::Array(item) if is_plain(item, &is_enum) => {
            let (item, values) = match &**item {
                Type::Named(item) if is_enum(item) => {
                    let item = types::named(item, model);
                    (quote!(impl Into<#item>), quote!(#name.into_iter().map(Into::<#item>::into)))
                }
                Type::Boolean | Type::Integer | Type::Index | Type::Number => {
                    (types::outside(item, model), quote!(#name))
                }
                _ => (quote!(impl ::std::fmt::Display), quote!(#name)),
            };
            let put = match (parameter.place, parameter.style) {
                (Place::Path | Place::Header, _) => put(quote!(crate::call::joined(#values, ","))),
                (Place::Query, Style::Joined(delimiter)) => quote!(.set_query_joined(#wire, #delimiter, #values)),
                (Place::Query, Style::Default | Style::Deep) => quote!(.set_query_list(#wire, #values)),
            };
            (quote!(impl IntoIterator<Item = #item>), put)
        }
        other => {
            let ty = types::outside(other, model);
            let value = quote!(&Into::<#ty>::into(#name));
            let put = match (parameter.place, parameter.style) {
                (Place::Path | Place::Header, _) => put(quote!(crate::call::written(#value))),
                (Place::Query, Style::Deep) => quote!(.set_query_deep(#wire, #value)),
                (Place::Query, _) => quote!(.set_query_json(#wire, #value)),
            };
            (quote!(impl Into<#ty>), put)
        }
    };
    Argument { declaration: quote!(#name: #ty), put }
}

/// Whether an item of a list is a text or a number, so that callers may give whatever is written as one.
fn is_plain(item: &Type, is_enum: &dyn Fn(&str) -> bool) -> bool {
    match item {
        Type::Named(name) => is_enum(name),
        Type::Array(_) | Type::Map(_) | Type::Nullable(_) => false,
        _ => true,
    }
}

/// A setter of the call for a parameter that may be left out.
pub fn setter(optional: &Parameter, signature: &Signature, model: &Model) -> TokenStream {
    let doc = docs::or(&optional.doc, || format!("Sets the `{}` parameter.", optional.wire));
    let name = ident(&optional.rust);
    let Argument { declaration, put } = parameter(optional, signature, model);
    quote!(#doc pub fn #name(self, #declaration) -> Self { self #put })
}

/// What an operation's method takes and does.
pub struct Call {
    pub declarations: Vec<TokenStream>,
    /// Statements that go before.
    pub set: TokenStream,
    /// The value: the call with all that was given.
    pub value: TokenStream,
    pub result: TokenStream,
}

pub fn call(operation: &Operation, signature: &Signature, model: &Model, client: TokenStream) -> Call {
    let marker = ident(&operation.marker);
    let mut declarations = Vec::new();
    let mut set = TokenStream::new();
    let mut value = quote!(Call::new(#client));
    for required in operation.parameters.iter().filter(|parameter| parameter.required) {
        let Argument { declaration, put } = parameter(required, signature, model);
        declarations.push(declaration);
        value = quote!(#value #put);
    }
    match &operation.body {
        None => {}
        Some(Body::Json { ty, stream_flag }) => {
            let ty = signature.arguments.get("body").map_or_else(|| types::outside(ty, model), |ty| quote!(#ty));
            declarations.push(quote!(request: impl Borrow<#ty>));
            value = match stream_flag {
                None => quote!(#value.json(request.borrow())),
                Some((flag, on)) => {
                    // The method decides whether events come back.
                    let (flag, on) = (ident(flag), if *on { quote!(Some(true)) } else { quote!(None) });
                    set = quote! {
                        let mut request = Clone::clone(request.borrow());
                        request.#flag = #on;
                    };
                    quote!(#value.json(&request))
                }
            };
        }
        Some(Body::Form(form)) => {
            let form = types::named(form, model);
            declarations.push(quote!(request: #form));
            value = quote!(#value.multipart(request.into_form()));
        }
        Some(Body::Raw) => {
            declarations.push(quote!(content: impl Into<Upload>));
            value = quote!(#value.raw(content.into()));
        }
    }
    Call { declarations, set, value, result: quote!(Call<operations::#marker>) }
}
