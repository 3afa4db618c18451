//! Operations: what each sends and gives back.

mod bodies;
mod pages;
mod parameters;
mod responses;
mod resume;
mod security;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::lock::Lock;
use super::lower::Lowering;
use super::model::{Body, Field, Operation, Output, Resume, Type};
use super::select::Selected;
use super::{Error, names, schema};
use responses::Success;

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

impl Lowering<'_> {
    /// Lowers one operation; JSON and events on the same one become two methods.
    pub fn operation(&mut self, selected: &Selected, out: &mut Vec<Operation>) -> Result<(), Error> {
        let document = self.document;
        let at = &selected.pointer;
        let node = schema::node(document, at)?;
        let id = schema::text(node, "operationId").unwrap_or_default();
        // Of an id that is a place.
        let words = id.replace('{', " by ");
        let said = schema::text(node, "x-rust-name").or_else(|| schema::text(node, "x-speakeasy-name-override"));

        let mut operation = Operation {
            id: id.to_owned(),
            key: id.to_owned(),
            marker: String::new(),
            name: names::snake(said.unwrap_or(&words)),
            group: selected.group.clone(),
            method: selected.method.to_uppercase(),
            path: selected.path.clone(),
            pointer: at.clone(),
            summary: schema::text(node, "summary").unwrap_or_default().to_owned(),
            description: schema::text(node, "description").unwrap_or_default().to_owned(),
            deprecated: node.get("deprecated") == Some(&Value::Bool(true)),
            parameters: Vec::new(),
            fixed_query: Vec::new(),
            body: None,
            body_optional: false,
            output: Output::Empty,
            accept: JSON.to_owned(),
            security: self.security(node, at),
            on_behalf_of: false,
            resume: Resume::Never,
            idempotency_key: false,
            gen_ai: schema::text(node, "x-gen-ai").map(str::to_owned),
            pages: None,
            errors: Vec::new(),
        };
        // What a signature gives to inline schemas: the method's name, and the group's where that says too little.
        let prefix = names::camel(&words);
        self.parameters(&mut operation, &prefix)?;
        operation.body = self.body(node, at, &prefix)?;
        operation.body_optional = self.is_body_optional(node, at)?;
        operation.errors = self.errors(node, at, &prefix)?;

        let Success { plain, accept, events, resume } = self.success(node, at, &prefix)?;
        let both = plain.is_some() && events.is_some();
        let selector = Selector::of(node, &operation);
        for (output, accept, streams) in [(plain, accept, false), (events.map(Output::Events), EVENTS.to_owned(), true)]
        {
            let Some(output) = output else { continue };
            let mut method = Operation { output, accept, ..operation.clone() };
            if both {
                self.choose(&mut method, &selector, streams);
            }
            if streams && resume != Resume::Never {
                method.resume = resume.clone();
            }
            method.pages = self.pages(node, &method);
            method.marker = marker(&method);
            out.push(method);
        }
        Ok(())
    }

    /// Makes `operation` the JSON or the streaming method of an operation that is both.
    fn choose(&mut self, operation: &mut Operation, selector: &Selector, streams: bool) {
        match (&mut operation.body, selector) {
            (Some(Body::Json { ty: Type::Named(name), stream_flag }), Selector::Body(flag)) => {
                let Some(definition) = self.definition_mut(name) else { return };
                // Another kind of field can't say it: what is accepted decides.
                let fits = |field: &&mut Field| field.ty == Type::Boolean && !field.required && !field.nullable;
                if let Some(field) = definition.shape.field_mut(flag).filter(fits) {
                    field.internal = true;
                    *stream_flag = Some((field.rust.clone(), streams));
                }
            }
            (_, Selector::Query(flag)) => {
                operation.parameters.retain(|parameter| parameter.wire != *flag);
                if streams {
                    operation.fixed_query.push((flag.clone(), "true".to_owned()));
                }
            }
            // What is accepted decides.
            _ => {}
        }
        if streams {
            operation.name.push_str("_stream");
            operation.key.push_str(":stream");
        }
    }
}

/// No two operations may have an id in common, nor a name, whether as a method, a function or a type: one that is locked keeps its own,
/// then the first of them.
pub fn distinguish(operations: &mut [Operation], lock: &Lock, warnings: &mut Vec<String>) -> Result<(), Error> {
    let mut pointers: HashMap<String, String> = HashMap::new();
    for operation in operations.iter() {
        if let Some(other) = pointers.insert(operation.key.clone(), operation.pointer.clone()) {
            let problem = format!("the operationId {:?} is that of #{other} too", operation.id);
            return Err(Error::new(&operation.pointer, problem, "give it another in the overlay"));
        }
    }
    // A group has its accessor where a method would have the name.
    let groups: HashSet<Vec<String>> = (operations.iter())
        .flat_map(|operation| (1..=operation.group.len()).map(|length| operation.group[..length].to_vec()))
        .collect();
    let (locked, others): (Vec<_>, Vec<_>) =
        operations.iter_mut().partition(|operation| lock.operations.contains_key(&operation.key));
    let mut taken = HashSet::new();
    for operation in locked.into_iter().chain(others) {
        let is_free = |operation: &Operation| {
            let path = [&operation.group[..], std::slice::from_ref(&operation.name)].concat();
            !taken.contains(&operation.function()) && !taken.contains(&operation.marker) && !groups.contains(&path)
        };
        if !is_free(operation) {
            let was = operation.function();
            let mut name = operation.key.replace('{', " by ").replace(':', "_");
            operation.rename(&name);
            while !is_free(operation) {
                name.push_str(" other");
                operation.rename(&name);
            }
            let problem = format!("the name {was} is taken; this operation becomes {}", operation.function());
            warnings.push(format!("#{}: {problem}", operation.pointer));
        }
        taken.extend([operation.function(), operation.marker.clone()]);
    }
    Ok(())
}

impl Operation {
    fn rename(&mut self, name: &str) {
        self.name = names::snake(name);
        self.marker = marker(self);
    }
}

fn marker(operation: &Operation) -> String {
    names::item_name(&operation.function(), "Operation")
}

/// How an operation that answers in JSON and in events is told which to give.
enum Selector {
    Body(String),
    Query(String),
}

impl Selector {
    fn of(node: &Value, operation: &Operation) -> Self {
        let said = node.get("x-sdk-stream-selector");
        let flag = said.and_then(|said| schema::text(said, "name")).unwrap_or("stream").to_owned();
        let place = said.and_then(|said| schema::text(said, "in"));
        match place.unwrap_or(if operation.body.is_some() { "body" } else { "query" }) {
            "query" => Self::Query(flag),
            _ => Self::Body(flag),
        }
    }
}
