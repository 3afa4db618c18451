//! Runs progenitor on an OpenAPI 3.0 rendering of the model and reads the Rust types of fields, arguments and results from what it makes.
//!
//! What progenitor can't carry does not reach it: unions and enums are type replacements (they get
//! decoders of our own), presence and null are put around its field types afterwards, and every
//! operation has one plain result. What is left is what it is good at. It is asked for each type once, since its answer is the same
//! wherever the type stands; only a struct within a struct may get a `Box`, so that those are asked for one by one. Nothing goes by its own name,
//! which might mean something to it: types, fields and operations are numbered.

mod answers;
mod document;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use quote::ToTokens;

use super::Error;
use super::model::{Field, Model, Output, Shape, Type};
use super::render::{ident, types};
use answers::Answers;

/// The struct whose properties are the fields' types.
const SHEET: &str = "Sheet";

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
    let fault = |problem: String| Error::bug(format!("progenitor: {problem}"));
    let questions = Questions::of(model);
    let document = questions.document(model);

    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional).with_map_type("::std::collections::BTreeMap");
    for (name, number) in &questions.numbers {
        if !questions.holders.contains(name) {
            let name = answers::type_name(*number);
            settings.with_replacement(&name, &name, std::iter::empty());
        }
    }
    let tokens = Generator::new(&settings).generate_tokens(&document).map_err(|e| fault(e.to_string()))?;
    let file: syn::File = syn::parse2(answers::signatures(tokens)).map_err(|e| fault(e.to_string()))?;
    let answers = Answers::read(&file).ok_or_else(|| fault("its output has another form than expected".into()))?;
    questions.skeleton(&answers, model).ok_or_else(|| fault("it left out a type that it was asked for".into()))
}

/// What progenitor is asked: every type of a field, argument or result once.
struct Questions<'m> {
    /// The types' numbers, in the order of their names.
    numbers: HashMap<&'m str, usize>,
    fields: Vec<&'m Type>,
    arguments: Vec<&'m Type>,
    results: Vec<Option<&'m Type>>,
    /// Structs that hold structs.
    holders: HashSet<&'m str>,
}

impl<'m> Questions<'m> {
    fn of(model: &'m Model) -> Self {
        let mut questions = Self {
            numbers: model.types.keys().enumerate().map(|(number, name)| (name.as_str(), number)).collect(),
            fields: Vec::new(),
            arguments: Vec::new(),
            results: Vec::new(),
            holders: HashSet::new(),
        };
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

    /// The answers, where they belong.
    fn skeleton(&self, answers: &Answers, model: &Model) -> Option<Skeleton> {
        let mut skeleton = Skeleton::default();
        let names: Vec<&str> = model.types.keys().map(String::as_str).collect();
        let inside = |ty: &Spelling| ty.named(&|number| Some(ident(names.get(number)?)));
        let outside = |ty: &Spelling| ty.named(&|number| Some(types::named(names.get(number)?, model)));
        let field = |of: &str, index: usize| inside(answers.fields.get(&(of.to_owned(), numbered(index)))?);
        let of_type: HashMap<&Type, Spelling> = self
            .fields
            .iter()
            .enumerate()
            .map(|(index, ty)| Some((*ty, field(SHEET, index)?)))
            .collect::<Option<_>>()?;
        for (number, (name, definition)) in model.types.iter().enumerate() {
            let Shape::Struct { fields, .. } = &definition.shape else { continue };
            for (index, Field { wire, ty, .. }) in fields.iter().enumerate() {
                let ty = if is_struct(ty, model) {
                    field(&answers::type_name(number), index)?
                } else {
                    of_type.get(ty)?.clone()
                };
                skeleton.fields.insert((name.clone(), wire.clone()), ty);
            }
        }
        let method = |index: usize| answers.methods.get(&numbered(index));
        let arguments: HashMap<&Type, Spelling> = (self.arguments.iter().enumerate())
            .map(|(index, ty)| Some((*ty, outside(method(index)?.argument.as_ref()?)?)))
            .collect::<Option<_>>()?;
        let results: HashMap<Option<&Type>, Spelling> = (self.results.iter().enumerate())
            .map(|(index, ty)| Some((*ty, outside(&method(index)?.result)?)))
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

/// In the order of their numbers by name as well.
fn numbered(index: usize) -> String {
    format!("number_{index:06}")
}
