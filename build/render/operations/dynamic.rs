//! The dynamic entry: an operation by its id, with arguments as JSON, through the same typed method.

use proc_macro2::TokenStream;
use quote::quote;

use super::{all, payloads};
use crate::pipeline::model::{Body, Model, Operation, Parameter, Place, Shape, Type};
use crate::pipeline::progenitor::Skeleton;
use crate::pipeline::render::{ident, types};

pub fn dynamic(model: &Model, skeleton: &Skeleton) -> TokenStream {
    let each = all(model, skeleton).map(|(operation, _)| {
        let id = &operation.key;
        let method = path(operation);
        let optional = operation.parameters.iter().filter(|parameter| !parameter.required).map(|parameter| {
            let (name, wire, ty) =
                (ident(&parameter.rust), argument_name(parameter, operation), argument_type(parameter));
            quote!(if let Some(value) = arguments.optional::<#ty>(#wire)? { call = call.#name(value); })
        });
        let required = operation.parameters.iter().filter(|parameter| parameter.required).map(|parameter| {
            let (wire, ty) = (argument_name(parameter, operation), argument_type(parameter));
            quote!(arguments.required::<#ty>(#wire)?)
        });
        let body = match &operation.body {
            None => None,
            Some(Body::Json { ty, .. }) => {
                let ty = types::full(ty);
                let body = if operation.body_optional { quote!(required_or_empty) } else { quote!(required) };
                Some(quote!(arguments.#body::<#ty>("body")?))
            }
            Some(Body::Form(name)) => Some(form(name, model)),
            Some(Body::Raw) if operation.body_optional => Some(quote!(arguments.upload_or_empty("body")?)),
            Some(Body::Raw) => Some(quote!(arguments.upload("body")?)),
        };
        let given = required.chain(body);
        // A function each: all of them in one would have a frame that no stack can hold.
        quote! {
            #id => {
                fn prepare(client: &crate::Client, mut arguments: Arguments, options: crate::RequestOptions) -> Prepared {
                    let mut call = client.#method(#(#given),*);
                    #(#optional)*
                    arguments.finish()?;
                    Ok(run(call.options(options)))
                }
                Some(prepare)
            }
        }
    });
    let ids = model.operations.iter().map(|operation| &operation.key);
    let payloads = payloads::payloads(model);
    quote! {
        #[allow(unused_imports)]
        use ::std::collections::BTreeMap;
        /// The operations that can be called: their `operationId`, with `:stream` behind it for the streaming method of one that has two.
        pub const OPERATIONS: &[&str] = &[#(#ids),*];
        /// Calls one.
        #[allow(unused_mut, unused_variables, clippy::too_many_lines)]
        pub async fn call(
            client: &crate::Client,
            operation: &str,
            arguments: Arguments,
            options: crate::RequestOptions,
        ) -> Result<Reply, crate::Error> {
            let prepare: Option<Prepare> = match operation {
                #(#each)*
                _ => None,
            };
            let prepare = prepare.ok_or_else(|| unknown(operation))?;
            prepare(client, arguments, options)?.await
        }
        #payloads
    }
}

/// A form's fields are arguments under `body` like those of any body.
fn form(name: &str, model: &Model) -> TokenStream {
    let ty = types::full_name(name);
    let Some(Shape::Struct { fields, .. }) = model.types.get(name).map(|definition| &definition.shape) else {
        return quote!(#ty::new());
    };
    let value = |ty: &Type, wire: &str, required: bool| match (ty, required) {
        (Type::Binary, true) => quote!(form.upload(#wire)?),
        (Type::Binary, false) => quote!(form.optional_upload(#wire)?),
        (Type::Array(item), true) if **item == Type::Binary => quote!(form.uploads(#wire)?),
        (Type::Array(item), false) if **item == Type::Binary => quote!(form.optional_uploads(#wire)?),
        (ty, true) => {
            let ty = types::full(ty);
            quote!(form.required::<#ty>(#wire)?)
        }
        (ty, false) => {
            let ty = types::full(ty);
            quote!(form.optional::<#ty>(#wire)?)
        }
    };
    let required = fields.iter().filter(|field| field.required && field.constant.is_none());
    let required = required.map(|field| value(&field.ty, &field.wire, true));
    let optional = fields.iter().filter(|field| !field.required).map(|field| {
        let (rust, value) = (ident(&field.rust), value(&field.ty, &field.wire, false));
        quote!(if let Some(value) = #value { request = request.#rust(value); })
    });
    quote!({
        let mut form = arguments.form("body")?;
        let mut request = #ty::new(#(#required),*);
        #(#optional)*
        form.finish()?;
        request
    })
}

fn path(operation: &Operation) -> TokenStream {
    let groups = operation.group.iter().map(|group| ident(group));
    let name = ident(&operation.name);
    quote!(#(#groups().)*#name)
}

/// The wire name, with the place in front where it is another parameter's too.
fn argument_name(parameter: &Parameter, operation: &Operation) -> String {
    let twins = operation.parameters.iter().filter(|other| other.wire == parameter.wire).count();
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    if twins > 1 || parameter.wire == "body" { format!("{place}:{}", parameter.wire) } else { parameter.wire.clone() }
}

fn argument_type(parameter: &Parameter) -> TokenStream {
    match (&parameter.ty, parameter.place) {
        (Type::String | Type::Binary, _) => quote!(Text),
        (ty, _) => types::full(ty),
    }
}
