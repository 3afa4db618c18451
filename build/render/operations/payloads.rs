//! The dynamic entry's table of error payloads: by operation and status, the types that the operations' docs name.

use proc_macro2::TokenStream;
use quote::quote;

use crate::pipeline::model::{Model, Type};
use crate::pipeline::render::types;

/// Statuses with their payloads.
type Errors = [(String, Type)];

/// A function from an operation's id to its payloads; operations with the same ones share an arm.
pub fn payloads(model: &Model) -> TokenStream {
    let mut arms: Vec<(&Errors, Vec<&String>)> = Vec::new();
    for operation in &model.operations {
        match arms.iter_mut().find(|(errors, _)| *errors == operation.errors) {
            Some((_, ids)) => ids.push(&operation.key),
            None => arms.push((&operation.errors, vec![&operation.key])),
        }
    }
    let arms = arms.iter().map(|(errors, ids)| {
        let each = errors.iter().map(|(status, ty)| {
            let ty = types::rust(ty);
            quote!((#status, details::<#ty>))
        });
        quote! {
            #(#ids)|* => {
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
