//! Types as callers read them, for reports.

use crate::pipeline::model::{Body, Field, Operation, Output, Type};

pub fn of(ty: &Type) -> String {
    match ty {
        Type::Any => "Value".into(),
        Type::Boolean => "bool".into(),
        Type::Integer => "i64".into(),
        Type::Index => "u64".into(),
        Type::Number => "f64".into(),
        Type::String => "String".into(),
        Type::Binary => "Upload".into(),
        Type::Array(item) => format!("Vec<{}>", of(item)),
        Type::Map(value) => format!("BTreeMap<String, {}>", of(value)),
        Type::Nullable(inner) => format!("Option<{}>", of(inner)),
        Type::Named(name) => name.clone(),
    }
}

/// Presence and null included.
pub fn field(field: &Field) -> String {
    let ty = of(&field.ty);
    match (field.required, field.nullable) {
        (true, false) => ty,
        (false, true) => format!("Nullable<{ty}>"),
        (true, true) | (false, false) => format!("Option<{ty}>"),
    }
}

pub fn output(output: &Output) -> String {
    match output {
        Output::Json(ty) => format!("Response<{}>", of(ty)),
        Output::OptionalJson(ty) => format!("Response<Option<{}>>", of(ty)),
        Output::Empty => "Response<()>".into(),
        Output::Events(ty) => format!("EventStream<{}>", of(ty)),
        Output::Download => "Download".into(),
    }
}

pub fn body(body: &Body) -> String {
    match body {
        Body::Json { ty, .. } => of(ty),
        Body::Form(name) => format!("form {name}"),
        Body::Raw => "Upload".into(),
    }
}

/// As it is called: `llm.files.list`.
pub fn operation(operation: &Operation) -> String {
    let words = operation.group.iter().chain([&operation.name]);
    words.map(|word| word.trim_start_matches("r#")).collect::<Vec<_>>().join(".")
}
