//! Runs progenitor on an OpenAPI 3.0 rendering of the model and reads the Rust types of fields, arguments and results from what it makes.
//!
//! What progenitor can't carry does not reach it: unions and enums are type replacements (they get
//! decoders of our own), presence and null are put around its field types afterwards, and every
//! operation has one plain result. What is left is what it is good at.

use std::collections::HashMap;

use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value, json};

use super::Error;
use super::model::{Model, Operation, Output, Shape, Type};

/// The types progenitor gave.
#[derive(Debug, Default)]
pub struct Skeleton {
    /// Struct name, wire name of the property → the field's type.
    pub fields: HashMap<(String, String), syn::Type>,
    /// By the operation's position in the model: the arguments' types, and the result's.
    pub signatures: Vec<Signature>,
}

#[derive(Debug)]
pub struct Signature {
    pub arguments: HashMap<String, syn::Type>,
    pub result: syn::Type,
}

/// Generates and reads back.
pub fn generate(model: &Model) -> Result<Skeleton, Error> {
    let fault =
        |problem: String| Error::new("", format!("progenitor: {problem}"), "report this as a bug of the pipeline");
    let document: openapiv3::OpenAPI = serde_json::from_value(document(model)).map_err(|e| fault(e.to_string()))?;

    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional).with_map_type("::std::collections::BTreeMap");
    for (name, definition) in &model.types {
        if !matches!(definition.shape, Shape::Struct { .. }) {
            settings.with_replacement(name, name, std::iter::empty());
        }
    }
    let tokens = Generator::new(&settings).generate_tokens(&document).map_err(|e| fault(e.to_string()))?;
    let file: syn::File = syn::parse2(tokens).map_err(|e| fault(e.to_string()))?;
    read(&file, model).ok_or_else(|| fault("its output has another form than expected".into()))
}

fn document(model: &Model) -> Value {
    let schemas: Map<String, Value> =
        model.types.iter().map(|(name, definition)| (name.clone(), definition_schema(&definition.shape))).collect();
    let mut paths = Map::new();
    for (index, operation) in model.operations.iter().enumerate() {
        // Twins share a path and a method; here each has a path of its own. What stands in braces doesn't matter to types.
        let path = format!("/{index}");
        paths.insert(path, json!({ operation.method.to_lowercase(): operation_object(operation, index) }));
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "model", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// Every field is required and not null here: what its type is does not depend on whether it is there.
fn definition_schema(shape: &Shape) -> Value {
    let Shape::Struct { fields, extra } = shape else { return json!({ "type": "object" }) };
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.wire.clone(), type_schema(&field.ty))).collect();
    let required: Vec<&String> = fields.iter().map(|field| &field.wire).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "required": required });
    schema["additionalProperties"] = match extra {
        Some(ty) => type_schema(ty),
        None => json!(true),
    };
    schema
}

fn type_schema(ty: &Type) -> Value {
    match ty {
        Type::Any => json!({}),
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Integer => json!({ "type": "integer", "format": "int64" }),
        Type::Index => json!({ "type": "integer", "format": "uint64" }),
        Type::Number => json!({ "type": "number" }),
        Type::String | Type::Binary => json!({ "type": "string" }),
        Type::Array(items) => json!({ "type": "array", "items": type_schema(items) }),
        Type::Map(values) => json!({ "type": "object", "additionalProperties": type_schema(values) }),
        Type::Nullable(inner) => match type_schema(inner) {
            reference if reference.get("$ref").is_some() => json!({ "nullable": true, "allOf": [reference] }),
            mut plain => {
                plain["nullable"] = json!(true);
                plain
            }
        },
        Type::Named(name) => json!({ "$ref": format!("#/components/schemas/{name}") }),
    }
}

fn operation_object(operation: &Operation, index: usize) -> Value {
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|parameter| {
            // Wherever it is sent, its type is the same, and its Rust name is no other parameter's.
            let name = parameter.rust.trim_start_matches("r#");
            json!({ "name": name, "in": "query", "required": true, "schema": type_schema(&parameter.ty) })
        })
        .collect();
    let mut object = json!({ "operationId": method(index), "parameters": parameters, "responses": {} });
    if let Some(ty) = operation.json_body() {
        object["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": type_schema(ty) } },
        });
    }
    object["responses"]["200"] = match &operation.output {
        Output::Json(ty) | Output::OptionalJson(ty) | Output::Events(ty) => json!({
            "description": "",
            "content": { "application/json": { "schema": type_schema(ty) } },
        }),
        Output::Empty | Output::Download => json!({ "description": "" }),
    };
    object
}

fn method(index: usize) -> String {
    format!("operation_{index}")
}

fn read(file: &syn::File, model: &Model) -> Option<Skeleton> {
    let mut skeleton = Skeleton::default();
    let mut methods: HashMap<String, Signature> = HashMap::new();
    for item in &file.items {
        match item {
            syn::Item::Mod(module) if module.ident == "types" => {
                for item in &module.content.as_ref()?.1 {
                    if let syn::Item::Struct(item) = item {
                        read_struct(item, &mut skeleton);
                    }
                }
            }
            syn::Item::Impl(block) if block.trait_.is_none() => {
                for item in &block.items {
                    if let syn::ImplItem::Fn(function) = item
                        && let Some(signature) = read_signature(&function.sig)
                    {
                        methods.insert(function.sig.ident.to_string(), signature);
                    }
                }
            }
            _ => {}
        }
    }
    for index in 0..model.operations.len() {
        skeleton.signatures.push(methods.remove(&method(index))?);
    }
    Some(skeleton)
}

fn read_struct(item: &syn::ItemStruct, skeleton: &mut Skeleton) {
    for field in &item.fields {
        let Some(ident) = &field.ident else { continue };
        let wire = renamed(&field.attrs).unwrap_or_else(|| ident.to_string().trim_start_matches("r#").to_owned());
        skeleton.fields.insert((item.ident.to_string(), wire), shortened(&field.ty));
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

fn read_signature(signature: &syn::Signature) -> Option<Signature> {
    let arguments = signature.inputs.iter().filter_map(|argument| match argument {
        syn::FnArg::Typed(argument) => {
            let syn::Pat::Ident(name) = &*argument.pat else { return None };
            Some((name.ident.to_string(), shortened(&argument.ty)))
        }
        _ => None,
    });
    let syn::ReturnType::Type(_, result) = &signature.output else { return None };
    // Result<ResponseValue<T>, Error<E>>
    let result = first_argument(first_argument(result)?)?;
    Some(Signature { arguments: arguments.collect(), result: shortened(result) })
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
fn shortened(ty: &syn::Type) -> syn::Type {
    use syn::visit_mut::VisitMut;
    struct Shorten;
    impl VisitMut for Shorten {
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
    ty
}
