//! Runs progenitor on an OpenAPI 3.0 rendering of the model and reads the Rust types of fields, arguments and results from what it makes.
//!
//! What progenitor can't carry does not reach it: unions and enums are type replacements (they get
//! decoders of our own), presence and null are put around its field types afterwards, and every
//! operation has one plain result. What is left is what it is good at. It is asked for each type once, since its answer is the same
//! wherever the type stands; only a struct within a struct may get a `Box`, so that those are asked for one by one.

mod answers;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use quote::ToTokens;
use serde_json::{Map, Value, json};

use super::Error;
use super::model::{Model, Output, Shape, Type};
use answers::Answers;

/// A type as it is written: unlike a parsed one it can go to another thread.
#[derive(Clone, Debug)]
pub struct Spelling(Arc<str>);

impl ToTokens for Spelling {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        // It came from tokens, so it is some again.
        tokens.extend(self.0.parse::<TokenStream>().unwrap_or_default());
    }
}

/// The types progenitor gave.
#[derive(Debug, Default)]
pub struct Skeleton {
    /// Struct name, wire name of the property → the field's type.
    pub fields: HashMap<(String, String), Spelling>,
    /// By the operation's position in the model: the arguments' types, and the result's.
    pub signatures: Vec<Signature>,
}

#[derive(Debug)]
pub struct Signature {
    pub arguments: HashMap<String, Spelling>,
    pub result: Spelling,
}

/// Generates and reads back.
pub fn generate(model: &Model) -> Result<Skeleton, Error> {
    let fault =
        |problem: String| Error::new("", format!("progenitor: {problem}"), "report this as a bug of the pipeline");
    let questions = Questions::of(model);
    let document = questions.document(model);
    let document: openapiv3::OpenAPI = serde_json::from_value(document).map_err(|e| fault(e.to_string()))?;

    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional).with_map_type("::std::collections::BTreeMap");
    for name in model.types.keys().filter(|name| !questions.holders.contains(name.as_str())) {
        settings.with_replacement(name, name, std::iter::empty());
    }
    let tokens = Generator::new(&settings).generate_tokens(&document).map_err(|e| fault(e.to_string()))?;
    let file: syn::File = syn::parse2(tokens).map_err(|e| fault(e.to_string()))?;
    let answers = Answers::read(&file).ok_or_else(|| fault("its output has another form than expected".into()))?;
    questions.skeleton(&answers, model).ok_or_else(|| fault("it left out a type that it was asked for".into()))
}

/// What progenitor is asked: every type of a field, argument or result once.
struct Questions<'m> {
    /// The struct whose properties are the fields' types.
    sheet: String,
    fields: Vec<&'m Type>,
    arguments: Vec<&'m Type>,
    results: Vec<Option<&'m Type>>,
    /// Structs that hold structs.
    holders: HashSet<&'m str>,
}

impl<'m> Questions<'m> {
    fn of(model: &'m Model) -> Self {
        let mut sheet = "Sheet".to_owned();
        while model.types.contains_key(&sheet) {
            sheet.push_str("Value");
        }
        let mut questions =
            Self { sheet, fields: Vec::new(), arguments: Vec::new(), results: Vec::new(), holders: HashSet::new() };
        let (mut fields, mut arguments, mut results) = (HashSet::new(), HashSet::new(), HashSet::new());
        for (name, definition) in &model.types {
            let Shape::Struct { fields: all, .. } = &definition.shape else { continue };
            for field in all {
                if is_struct(&field.ty, model) {
                    questions.holders.insert(name);
                } else if fields.insert(&field.ty) {
                    questions.fields.push(&field.ty);
                }
            }
        }
        for operation in &model.operations {
            let types = operation.parameters.iter().map(|parameter| &parameter.ty).chain(operation.json_body());
            questions.arguments.extend(types.filter(|ty| arguments.insert(*ty)));
            let result = result(&operation.output);
            if results.insert(result) {
                questions.results.push(result);
            }
        }
        questions
    }

    fn document(&self, model: &Model) -> Value {
        let mut schemas = Map::new();
        for (name, definition) in &model.types {
            let fields: Vec<(String, &Type)> = match &definition.shape {
                Shape::Struct { fields, .. } => {
                    let held = fields.iter().filter(|field| is_struct(&field.ty, model));
                    held.map(|field| (field.wire.clone(), &field.ty)).collect()
                }
                _ => Vec::new(),
            };
            schemas.insert(name.clone(), object_schema(fields));
        }
        let sheet = self.fields.iter().enumerate().map(|(index, ty)| (numbered(index), *ty));
        schemas.insert(self.sheet.clone(), object_schema(sheet.collect()));
        let paths: Map<String, Value> = (0..self.arguments.len().max(self.results.len()))
            .map(|index| (format!("/{index}"), json!({ "post": self.operation(index) })))
            .collect();
        json!({
            "openapi": "3.0.3",
            "info": { "title": "model", "version": "1" },
            "paths": paths,
            "components": { "schemas": schemas },
        })
    }

    /// An operation that takes one of the arguments, wherever it is sent, and gives one of the results.
    fn operation(&self, index: usize) -> Value {
        let response = match self.results.get(index) {
            Some(Some(ty)) => json!({
                "description": "",
                "content": { "application/json": { "schema": type_schema(ty) } },
            }),
            _ => json!({ "description": "" }),
        };
        let mut object = json!({ "operationId": numbered(index), "responses": { "200": response } });
        if let Some(ty) = self.arguments.get(index) {
            object["requestBody"] = json!({
                "required": true,
                "content": { "application/json": { "schema": type_schema(ty) } },
            });
        }
        object
    }

    /// The answers, where they belong.
    fn skeleton(&self, answers: &Answers, model: &Model) -> Option<Skeleton> {
        let mut skeleton = Skeleton::default();
        let field = |index: usize| answers.fields.get(&(self.sheet.clone(), numbered(index))).cloned();
        let of_type: HashMap<&Type, Spelling> =
            self.fields.iter().enumerate().map(|(index, ty)| Some((*ty, field(index)?))).collect::<Option<_>>()?;
        for (name, definition) in &model.types {
            let Shape::Struct { fields, .. } = &definition.shape else { continue };
            for field in fields {
                let place = (name.clone(), field.wire.clone());
                let ty = if is_struct(&field.ty, model) { answers.fields.get(&place) } else { of_type.get(&field.ty) };
                skeleton.fields.insert(place, ty?.clone());
            }
        }
        let method = |index: usize| answers.methods.get(&numbered(index));
        let arguments: HashMap<&Type, Spelling> = (self.arguments.iter().enumerate())
            .map(|(index, ty)| Some((*ty, method(index)?.argument.clone()?)))
            .collect::<Option<_>>()?;
        let results: HashMap<Option<&Type>, Spelling> = (self.results.iter().enumerate())
            .map(|(index, ty)| Some((*ty, method(index)?.result.clone())))
            .collect::<Option<_>>()?;
        for operation in &model.operations {
            let parameters = operation.parameters.iter().map(|parameter| (parameter.rust.as_str(), &parameter.ty));
            let given = parameters.chain(operation.json_body().map(|ty| ("body", ty)));
            let given =
                given.map(|(name, ty)| Some((name.trim_start_matches("r#").to_owned(), arguments.get(ty)?.clone())));
            let result = results.get(&result(&operation.output))?.clone();
            skeleton.signatures.push(Signature { arguments: given.collect::<Option<_>>()?, result });
        }
        Some(skeleton)
    }
}

fn result(output: &Output) -> Option<&Type> {
    match output {
        Output::Json(ty) | Output::OptionalJson(ty) | Output::Events(ty) => Some(ty),
        Output::Empty | Output::Download => None,
    }
}

fn is_struct(ty: &Type, model: &Model) -> bool {
    match ty {
        Type::Nullable(inner) => is_struct(inner, model),
        Type::Named(name) => {
            matches!(model.types.get(name).map(|definition| &definition.shape), Some(Shape::Struct { .. }))
        }
        _ => false,
    }
}

fn numbered(index: usize) -> String {
    format!("number_{index}")
}

/// Every field is required and not null here: what its type is does not depend on whether it is there.
fn object_schema(fields: Vec<(String, &Type)>) -> Value {
    let required: Vec<&String> = fields.iter().map(|(wire, _)| wire).collect();
    let mut schema = json!({ "type": "object", "required": required, "additionalProperties": true });
    schema["properties"] = fields.iter().map(|(wire, ty)| (wire.clone(), type_schema(ty))).collect();
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
