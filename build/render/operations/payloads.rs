//! The dynamic entry's table of error payloads: by operation and status, the types that the operations' docs name.

use proc_macro2::TokenStream;
use quote::quote;

use crate::pipeline::model::Model;
use crate::pipeline::render::types;

/// A function from an operation's id to its payloads. An arm for each, although many have the same: so each can be left out alone.
pub fn payloads(model: &Model) -> TokenStream {
    let arms = model.operations.iter().map(|operation| {
        let id = &operation.key;
        let each = operation.errors.iter().map(|(status, ty)| {
            let ty = types::full(ty);
            quote!((#status, details::<#ty>))
        });
        quote! {
            #id => {
                const PAYLOADS: &[Payload] = &[#(#each),*];
                Some(PAYLOADS)
            }
        }
    });
    quote! {
        fn payloads(operation: &str) -> Option<&'static [Payload]> {
            match operation {
                #(#arms)*
                _ => None,
            }
        }
    }
}
