//! String enums, open: a value that this version does not know is kept.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident};
use crate::pipeline::model::{Definition, EnumValue};

pub fn render(name: &str, definition: &Definition, values: &[EnumValue]) -> TokenStream {
    let doc = docs::or(&definition.doc, || format!("A `{name}` value."));
    let ident_ = ident(name);
    let variants: Vec<_> = values.iter().map(|value| ident(&value.rust)).collect();
    let wires: Vec<_> = values.iter().map(|value| value.wire.as_str()).collect();
    let variant_docs = values.iter().map(|value| docs::or(&value.doc, || format!("`{}`.", value.wire)));
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident_ {
            #(#variant_docs #variants,)*
            /// A value that this version of the crate does not know, kept as it came.
            Unknown(UnknownValue),
        }
        crate::wire::open_enum! { #ident_ { #(#variants = #wires),* } }
    }
}
