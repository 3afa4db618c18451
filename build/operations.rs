//! Operations: what each sends and gives back, as far as the runtime can carry it.

use serde_json::Value;

use super::lower::Lowering;
use super::model::{Body, Operation, Output, Parameter, Place, Roles, Shape, Type};
use super::select::Selected;
use super::{Error, names, schema};

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

impl Lowering<'_> {
    /// Lowers one operation; JSON and events on the same one become two methods.
    pub fn operation(&mut self, selected: &Selected, out: &mut Vec<Operation>) -> Result<(), Error> {
        let document = self.document;
        let node = schema::node(document, &selected.pointer)?;
        let at = &selected.pointer;
        let id = schema::text(node, "operationId")
            .ok_or_else(|| Error::new(at, "no operationId", "give it one in the overlay"))?;
        let name =
            schema::text(node, "x-rust-name").or_else(|| schema::text(node, "x-speakeasy-name-override")).unwrap_or(id);

        let mut operation = Operation {
            id: id.to_owned(),
            marker: String::new(),
            name: names::snake(name),
            group: selected.group.clone(),
            method: selected.method.to_uppercase(),
            path: selected.path.clone(),
            pointer: at.clone(),
            summary: schema::text(node, "summary").unwrap_or_default().to_owned(),
            description: schema::text(node, "description").unwrap_or_default().to_owned(),
            deprecated: node.get("deprecated") == Some(&Value::Bool(true)),
            parameters: Vec::new(),
            body: None,
            output: Output::Empty,
            bearer: self.bearer(node, at)?,
            on_behalf_of: false,
            chunk_index_header: None,
        };
        // Names that a signature gives to inline schemas.
        let prefix = names::camel(&operation.name);
        self.parameters(&mut operation, &prefix)?;
        operation.body = self.body(node, at, &prefix)?;

        let success = self.success(node, at)?;
        let json = success.iter().find(|media| media.kind == JSON);
        let events = success.iter().find(|media| media.kind == EVENTS);
        for (media, output, streams) in
            [(json, self.json(json, &prefix)?, false), (events, self.events(events, &prefix)?, true)]
        {
            let (Some(_), Some(output)) = (media, output) else { continue };
            let mut method = Operation { output, ..operation.clone() };
            if json.is_some() && events.is_some() {
                method.choose(node, streams)?;
            }
            out.push(method.finished());
        }
        if success.is_empty() {
            out.push(operation.finished());
        }
        Ok(())
    }

    fn parameters(&mut self, operation: &mut Operation, prefix: &str) -> Result<(), Error> {
        let document = self.document;
        let item = operation.pointer.rsplit_once('/').map_or("", |(item, _)| item);
        let own = self.parameter_pointers(&operation.pointer)?;
        // An operation's parameter takes the place of its path's.
        let mut all = self.parameter_pointers(item)?;
        let identity = |at: &String| {
            let node = document.pointer(at);
            node.map(|node| (node.get("name").cloned(), node.get("in").cloned()))
        };
        all.retain(|at| !own.iter().any(|mine| identity(mine) == identity(at)));
        all.extend(own);

        let client = |name: &str| document.get("x-client-parameters").and_then(|set| set.get(name));
        for at in all {
            let node = schema::node(document, &at)?;
            let wire = schema::text(node, "name").unwrap_or_default();
            let place = match schema::text(node, "in") {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                Some("header") => Place::Header,
                other => {
                    let problem = format!("a parameter in {other:?} is not supported");
                    return Err(Error::new(&at, problem, "leave its operation's feature off"));
                }
            };
            if place == Place::Header {
                if client(wire).is_some() {
                    operation.on_behalf_of = true;
                    continue;
                }
                // OpenAPI: parameters of these names are to be ignored.
                if ["accept", "content-type", "authorization"].contains(&wire.to_lowercase().as_str()) {
                    continue;
                }
            }
            let site = format!("{at}/schema");
            let lowered = self.schema(&site, &format!("{prefix}{}", names::camel(wire)))?;
            let target = schema::node(document, &schema::unwrap(document, &site)?)?;
            let never_negative = target.get("minimum").and_then(Value::as_i64).is_some_and(|min| min >= 0);
            let ty = match lowered.ty {
                Type::Integer if never_negative => Type::Index,
                other => other,
            };
            if node.get("x-sse-resume") == Some(&Value::Bool(true)) {
                operation.chunk_index_header = Some(wire.to_owned());
            }
            operation.parameters.push(Parameter {
                rust: schema::text(node, "x-rust-name").map_or_else(|| names::snake(wire), str::to_owned),
                wire: wire.to_owned(),
                place,
                ty,
                required: place == Place::Path || node.get("required") == Some(&Value::Bool(true)),
                doc: schema::text(node, "description").unwrap_or_default().to_owned(),
            });
        }
        Ok(())
    }

    fn parameter_pointers(&self, at: &str) -> Result<Vec<String>, Error> {
        let list = self.document.pointer(at).and_then(|node| node.get("parameters")?.as_array());
        (0..list.map_or(0, Vec::len)).map(|index| self.follow(format!("{at}/parameters/{index}"))).collect()
    }

    /// Parameters, bodies and responses may be references too.
    fn follow(&self, at: String) -> Result<String, Error> {
        Ok(schema::reference(schema::node(self.document, &at)?, &at)?.unwrap_or(at))
    }

    fn body(&mut self, node: &Value, at: &str, prefix: &str) -> Result<Option<Body>, Error> {
        if node.get("requestBody").is_none() {
            return Ok(None);
        }
        let at = self.follow(format!("{at}/requestBody"))?;
        let body = schema::node(self.document, &at)?;
        let kinds: Vec<&str> = schema::object(body, "content").map(|(kind, _)| kind.as_str()).collect();
        if !kinds.contains(&JSON) {
            return Err(unsupported(&format!("{at}/content"), &format!("bodies of {kinds:?}")));
        }
        let schema_at = format!("{}/schema", schema::child(&format!("{at}/content"), JSON));
        let ty = self.schema(&schema_at, &format!("{prefix}Request"))?.ty;
        // A body that may be left out is sent all the same: what an empty one says is the same.
        Ok(Some(Body { ty, stream_flag: None }))
    }

    /// The media types of every success status; what can't be carried is an error.
    fn success(&mut self, node: &Value, at: &str) -> Result<Vec<Media>, Error> {
        let mut found: Vec<Media> = Vec::new();
        for (status, _) in schema::object(node, "responses").filter(|(status, _)| status.starts_with('2')) {
            let at = self.follow(schema::child(&format!("{at}/responses"), status))?;
            for (kind, _) in schema::object(schema::node(self.document, &at)?, "content") {
                let at = schema::child(&format!("{at}/content"), kind);
                let kind = match kind.split(';').next().unwrap_or_default().trim() {
                    JSON => JSON,
                    EVENTS => EVENTS,
                    other => return Err(unsupported(&at, &format!("responses of {other:?}"))),
                };
                if found.iter().any(|media| media.kind == kind) {
                    return Err(unsupported(&at, "success statuses with bodies of their own"));
                }
                found.push(Media { kind, at });
            }
        }
        Ok(found)
    }

    fn json(&mut self, media: Option<&Media>, prefix: &str) -> Result<Option<Output>, Error> {
        let Some(media) = media else { return Ok(None) };
        let lowered = self.schema(&format!("{}/schema", media.at), &format!("{prefix}Response"))?;
        Ok(Some(Output::Json(lowered.inner())))
    }

    fn events(&mut self, media: Option<&Media>, prefix: &str) -> Result<Option<Output>, Error> {
        let Some(media) = media else { return Ok(None) };
        let at = match schema::text(schema::node(self.document, &media.at)?, "x-sse-as") {
            Some(id) => self.events_of(id, &media.at)?,
            None => media.at.clone(),
        };
        let node = schema::node(self.document, &at)?;
        let sse = node
            .get("x-sse")
            .ok_or_else(|| Error::new(&at, "nothing says what its events mean", "give it x-sse in the overlay"))?;
        let list = |key: &str| {
            let items = sse.get(key).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let roles = Roles {
            chunk: schema::text(sse, "chunk").unwrap_or("message").to_owned(),
            done: list("done"),
            error: list("error"),
            sentinel: schema::text(sse, "sentinel").map(str::to_owned),
        };
        let ty = self.schema(&format!("{at}/schema"), &format!("{prefix}Event"))?.ty;
        let shape = ty.named().and_then(|name| self.definition_mut(name)).map(|d| &mut d.shape);
        match shape {
            Some(Shape::Tagged { tag, events, .. }) if tag == "event" => *events = Some(roles),
            _ => return Err(unsupported(&at, "events that are no union by their `event` field")),
        }
        Ok(Some(Output::Events(ty)))
    }

    /// The media type whose events operation `id` sends.
    fn events_of(&self, id: &str, at: &str) -> Result<String, Error> {
        for (path, item) in schema::object(self.document, "paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if schema::text(operation, "operationId") != Some(id) {
                    continue;
                }
                for (status, response) in schema::object(operation, "responses") {
                    if response.get("content").is_some_and(|content| content.get(EVENTS).is_some()) {
                        let response = ["/paths", path, method, "responses", status];
                        let content =
                            response.iter().skip(1).fold(response[0].to_owned(), |at, token| schema::child(&at, token));
                        return Ok(schema::child(&format!("{content}/content"), EVENTS));
                    }
                }
            }
        }
        Err(Error::new(at, format!("no operation {id} that streams events"), "correct x-sse-as in the overlay"))
    }

    /// Whether the operation takes the client's bearer token.
    fn bearer(&self, node: &Value, at: &str) -> Result<bool, Error> {
        let Some(security) = node.get("security").or_else(|| self.document.get("security")) else {
            return Ok(false);
        };
        let alternatives = security.as_array().map(Vec::as_slice).unwrap_or_default();
        let bearer = |name: &str| {
            let schemes = self.document.pointer("/components/securitySchemes");
            schemes.and_then(|all| all.get(name)).and_then(|s| schema::text(s, "scheme")) == Some("bearer")
        };
        let takes = alternatives.iter().any(|alternative| {
            alternative.as_object().is_some_and(|map| map.len() == 1 && map.keys().all(|name| bearer(name)))
        });
        let open = alternatives.is_empty()
            || alternatives.iter().any(|alternative| alternative.as_object().is_some_and(|map| map.is_empty()));
        if !takes && !open {
            return Err(unsupported(&format!("{at}/security"), "security other than a bearer token"));
        }
        Ok(takes)
    }
}

struct Media {
    kind: &'static str,
    at: String,
}

fn unsupported(at: &str, what: &str) -> Error {
    Error::new(at, format!("{what} are not supported"), "leave the operation's feature off")
}

impl Operation {
    /// Makes this the JSON or the streaming method of an operation that is both.
    fn choose(&mut self, node: &Value, streams: bool) -> Result<(), Error> {
        let selector = node.get("x-sdk-stream-selector");
        let flag = selector.and_then(|s| schema::text(s, "name")).unwrap_or("stream");
        match (&mut self.body, selector.and_then(|s| schema::text(s, "in")).unwrap_or("body")) {
            (Some(body), "body") => body.stream_flag = Some((names::snake(flag), streams)),
            (_, place) => return Err(unsupported(&self.pointer, &format!("stream selectors in the {place}"))),
        }
        if streams {
            self.name.push_str("_stream");
        }
        Ok(())
    }

    fn finished(mut self) -> Self {
        self.marker = names::camel(&self.function());
        self
    }

    /// The name of the standalone function: the group, then the method.
    pub fn function(&self) -> String {
        let words = self.group.iter().chain([&self.name]);
        words.map(|word| word.trim_start_matches("r#")).collect::<Vec<_>>().join("_")
    }
}
