//! Marker types: the fixed facts of each operation, and the setters of its call.

use proc_macro2::TokenStream;
use quote::quote;

use super::{all, arguments, pages, summary};
use crate::pipeline::model::{Credential, Elsewhere, Model, Operation, Output, Resume};
use crate::pipeline::progenitor::{Signature, Skeleton};
use crate::pipeline::render::{docs, ident, optional};

pub fn markers(model: &Model, skeleton: &Skeleton) -> TokenStream {
    let each = all(model, skeleton).map(|(operation, signature)| marker(operation, signature, model));
    quote! {
        #[allow(unused_imports)]
        use ::reqwest::Method;
        #[allow(unused_imports)]
        use ::std::collections::BTreeMap;
        #[allow(unused_imports)]
        use crate::{Call, Download, EventStream, Response, types::*};
        #[allow(unused_imports)]
        use crate::call::{Credential, Elsewhere, Operation, OperationSpec, Resume};
        #[allow(unused_imports)]
        use crate::pages::{PageParameter, PagePlace, Paginated};
        #(#each)*
    }
}

fn marker(operation: &Operation, signature: &Signature, model: &Model) -> TokenStream {
    let marker = ident(&operation.marker);
    let Operation { id, path, accept, on_behalf_of, idempotency_key, .. } = operation;
    let doc = docs::doc(&format!("`{} {}`: {}", operation.method, path, summary(operation)));
    let method = ident(&operation.method);
    let result = &signature.result;
    let output = match &operation.output {
        Output::Events(_) => quote!(EventStream<#result>),
        Output::Json(_) => quote!(Response<#result>),
        Output::OptionalJson(_) => quote!(Response<Option<#result>>),
        Output::Empty => quote!(Response<()>),
        Output::Download => quote!(Download),
    };
    let resume = resume(&operation.resume);
    let gen_ai = optional(&operation.gen_ai);
    let security = operation.security.iter().map(|credential| match credential {
        Credential::Bearer => quote!(Credential::Bearer),
        Credential::SessionCookie => quote!(Credential::SessionCookie),
        Credential::AnalyticsKey => quote!(Credential::AnalyticsKey),
        Credential::EvaluationKey => quote!(Credential::EvaluationKey),
    });
    let query = operation.fixed_query.iter().map(|(name, value)| quote!((#name, #value)));
    let optional = operation.parameters.iter().filter(|parameter| !parameter.required);
    let setters: Vec<_> = optional.map(|parameter| arguments::setter(parameter, signature, model)).collect();
    let setters = (!setters.is_empty()).then(|| quote!(impl Call<#marker> { #(#setters)* }));
    let pages = operation.pages.as_ref().map(|pages| pages::render(&marker, result, pages, model, operation));
    quote! {
        #doc
        #[derive(Clone, Copy, Debug)]
        pub enum #marker {}
        impl Operation for #marker {
            type Output = #output;
            const SPEC: OperationSpec = OperationSpec {
                id: #id,
                method: Method::#method,
                path: #path,
                accept: #accept,
                security: &[#(#security),*],
                on_behalf_of: #on_behalf_of,
                resume: #resume,
                idempotency_key: #idempotency_key,
                gen_ai: #gen_ai,
                query: &[#(#query),*],
            };
        }
        #setters
        #pages
    }
}

fn resume(resume: &Resume) -> TokenStream {
    match resume {
        Resume::Never => quote!(Resume::Never),
        Resume::ChunkIndex(header) => quote!(Resume::ChunkIndex(#header)),
        Resume::Sequence { parameter, elsewhere } => {
            let parameter = optional(parameter);
            let elsewhere = match elsewhere {
                None => quote!(None),
                Some(Elsewhere { path, query, id, stored, background }) => {
                    let query = query.iter().map(|(name, value)| quote!((#name, #value)));
                    quote!(Some(Elsewhere {
                        path: #path,
                        query: &[#(#query),*],
                        id: &[#(#id),*],
                        stored: &[#(#stored),*],
                        background: &[#(#background),*],
                    }))
                }
            };
            quote!(Resume::Sequence { parameter: #parameter, elsewhere: #elsewhere })
        }
    }
}
