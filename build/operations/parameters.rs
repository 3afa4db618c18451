//! Parameters: in the path, the query and the headers; the client's own options are none.

use serde_json::Value;

use super::super::lower::Lowering;
use super::super::model::{Operation, Parameter, Place, Resume, Style, Type};
use super::super::{Error, names, schema};

/// Methods that every call has, and the other arguments of methods and functions.
pub const TAKEN: [&str; 25] = [
    "accept",
    "again",
    "change",
    "client",
    "content",
    "fail",
    "idempotency_key",
    "items",
    "json",
    "multipart",
    "options",
    "pages",
    "plan",
    "query_value",
    "raw",
    "request",
    "resume_from",
    "set_header",
    "set_page",
    "set_path",
    "set_query",
    "set_query_deep",
    "set_query_joined",
    "set_query_json",
    "set_query_list",
];

impl<'d> Lowering<'d> {
    pub(super) fn parameters(&mut self, operation: &mut Operation, prefix: &str) -> Result<(), Error> {
        let document = self.document;
        let client = |name: &str| document.get("x-client-parameters").and_then(|set| set.get(name));
        for at in self.all_parameters(&operation.pointer)? {
            let node = schema::node(document, &at)?;
            let wire = schema::text(node, "name").unwrap_or_default();
            let place = match schema::text(node, "in") {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                Some("header") => Place::Header,
                other => {
                    let problem = format!("a parameter in {} is not sent", other.unwrap_or("no place"));
                    self.warnings.push(format!("#{at}: {problem}"));
                    continue;
                }
            };
            if place == Place::Header {
                if client(wire).is_some() {
                    operation.on_behalf_of = true;
                    continue;
                }
                if wire.eq_ignore_ascii_case("idempotency-key") {
                    operation.idempotency_key = true;
                    continue;
                }
                // OpenAPI: parameters of these names are to be ignored.
                if ["accept", "content-type", "authorization"].contains(&wire.to_lowercase().as_str()) {
                    continue;
                }
            }
            if node.get("x-sse-resume") == Some(&Value::Bool(true)) {
                operation.resume = Resume::ChunkIndex(wire.to_owned());
            }
            let parameter = self.parameter(node, &at, wire, place, prefix)?;
            operation.parameters.push(parameter);
        }
        distinguish(&mut operation.parameters);
        Ok(())
    }

    fn parameter(
        &mut self,
        node: &'d Value,
        at: &str,
        wire: &str,
        place: Place,
        prefix: &str,
    ) -> Result<Parameter, Error> {
        let ty = match node.get("schema") {
            None => Type::String,
            Some(schema) => {
                let site = format!("{at}/schema");
                let lowered = self.schema_of(&site, schema, &format!("{prefix}{}", names::camel(wire)))?;
                let (_, target) = schema::unwrapped(self.document, &site, schema)?;
                let never_negative = target.get("minimum").and_then(Value::as_i64).is_some_and(|min| min >= 0);
                match lowered.ty {
                    Type::Integer if never_negative => Type::Index,
                    other => other,
                }
            }
        };
        let said = schema::text(node, "x-rust-name").map(|said| names::said(said, names::snake));
        let rust = said.unwrap_or_else(|| names::snake(wire));
        Ok(Parameter {
            rust: if TAKEN.contains(&rust.as_str()) && wire != "x-last-chunk-index" {
                format!("{rust}_")
            } else {
                rust
            },
            wire: wire.to_owned(),
            place,
            ty,
            required: place == Place::Path || node.get("required") == Some(&Value::Bool(true)),
            keep_slash: node.get("x-keep-slash") == Some(&Value::Bool(true)),
            style: style(node, place),
            doc: schema::text(node, "description").unwrap_or_default().to_owned(),
        })
    }

    /// Those of the path, unless the operation has its own of the same name and place, and the operation's.
    fn all_parameters(&self, at: &str) -> Result<Vec<String>, Error> {
        let item = at.rsplit_once('/').map_or("", |(item, _)| item);
        let own = self.parameter_pointers(at)?;
        let identity = |at: &String| {
            let node = schema::at(self.document, at);
            node.map(|node| (node.get("name").cloned(), node.get("in").cloned()))
        };
        let mut all = self.parameter_pointers(item)?;
        all.retain(|at| !own.iter().any(|mine| identity(mine) == identity(at)));
        all.extend(own);
        Ok(all)
    }

    fn parameter_pointers(&self, at: &str) -> Result<Vec<String>, Error> {
        let list = schema::at(self.document, at).and_then(|node| node.get("parameters")?.as_array());
        let pointers = (0..list.map_or(0, Vec::len)).map(|index| format!("{at}/parameters/{index}"));
        pointers.map(|at| self.follow(at)).collect()
    }

    /// Parameters, bodies and responses may be references too.
    pub(super) fn follow(&self, at: String) -> Result<String, Error> {
        if schema::node(self.document, &at)?.get("$ref").is_none() {
            Ok(at)
        } else {
            schema::unwrap(self.document, &at)
        }
    }
}

/// What `style` and `explode` come to.
fn style(node: &Value, place: Place) -> Style {
    let exploded = node.get("explode").and_then(Value::as_bool);
    match (place, schema::text(node, "style"), exploded) {
        (Place::Query, Some("deepObject"), _) => Style::Deep,
        (Place::Query, Some("spaceDelimited"), None | Some(false)) => Style::Joined(" "),
        (Place::Query, Some("pipeDelimited"), None | Some(false)) => Style::Joined("|"),
        (Place::Query, _, Some(false)) => Style::Joined(","),
        _ => Style::Default,
    }
}

/// One name for each: a query parameter may be called like one of the path.
fn distinguish(parameters: &mut [Parameter]) {
    for index in 1..parameters.len() {
        let (before, rest) = parameters.split_at_mut(index);
        rest[0].rust = names::free(&rest[0].rust, "_", |name| before.iter().any(|other| other.rust == name));
    }
}
