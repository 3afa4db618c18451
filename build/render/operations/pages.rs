//! Lists: how one page leads to the next.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::pipeline::model::{Model, Next, Operation, Output, Pages, Shape, Type};
use crate::pipeline::progenitor::Spelling;
use crate::pipeline::render::{ident, types};

pub fn render(marker: &Ident, page: &Spelling, pages: &Pages, model: &Model, operation: &Operation) -> TokenStream {
    let Output::Json(ty) = &operation.output else { return TokenStream::new() };
    let Pages { parameter, .. } = pages;
    let place = ident(if pages.in_body { "Body" } else { "Query" });
    let item = types::outside(&pages.item, model);
    let items = member(quote!(page), ty, &pages.items, model, false);
    let by_ref = |path: &[String]| member(quote!(page), ty, path, model, true);
    let list = by_ref(&pages.items);
    let more = pages.more.as_ref().map(|path| {
        let more = by_ref(path);
        quote!(if !crate::wire::More::more(#more) { return None; })
    });
    let next = match &pages.next {
        Next::Member(path) => {
            let cursor = by_ref(path);
            quote!(crate::wire::Cursor::cursor(#cursor))
        }
        Next::LastItem(name) => {
            let items = by_ref(&pages.items);
            let cursor = member(quote!(last), &pages.item, std::slice::from_ref(name), model, true);
            quote! {
                let last = crate::wire::PageItems::items(#items).last()?;
                crate::wire::Cursor::cursor(#cursor)
            }
        }
        Next::Offset(total) => {
            let items = by_ref(&pages.items);
            let total = total.as_ref().map(|path| {
                let total = by_ref(path);
                quote!(if crate::wire::Total::total(#total).is_some_and(|total| offset >= total) { return None; })
            });
            quote! {
                if crate::wire::PageItems::items(#items).is_empty() { return None; }
                #total
                Some(offset.to_string())
            }
        }
    };
    let offset = if matches!(pages.next, Next::Offset(_)) { quote!(offset) } else { quote!(_offset) };
    quote! {
        impl Paginated for #marker {
            type Page = #page;
            type Item = #item;
            const PARAMETER: PageParameter = PageParameter { name: #parameter, place: PagePlace::#place };
            fn items(page: #page) -> Vec<#item> { crate::wire::PageItems::into_items(#items) }
            fn len(page: &#page) -> usize { crate::wire::PageItems::items(#list).len() }
            fn next(page: &#page, #offset: u64) -> Option<String> { #more #next }
        }
    }
}

/// The expression of a member: a move out of its struct, or a reference to it.
fn member(value: TokenStream, ty: &Type, path: &[String], model: &Model, by_ref: bool) -> TokenStream {
    let mut value = value;
    let mut ty = ty.clone();
    let mut is_reference = by_ref;
    for (index, wire) in path.iter().enumerate() {
        let Type::Named(name) = &ty else { break };
        let Some(Shape::Struct { fields, .. }) = model.types.get(name).map(|definition| &definition.shape) else {
            break;
        };
        let Some(field) = fields.iter().find(|field| field.wire == *wire) else { break };
        let rust = ident(&field.rust);
        let is_last = index + 1 == path.len();
        value = if by_ref { quote!(&#value.#rust) } else { quote!(#value.#rust) };
        is_reference = by_ref;
        if !is_last {
            if !field.required || field.nullable {
                value = if by_ref { quote!((#value).as_ref()?) } else { quote!(#value.unwrap_or_default()) };
            } else {
                value = quote!((#value));
            }
        }
        ty = field.ty.clone();
    }
    debug_assert!(is_reference == by_ref);
    value
}
