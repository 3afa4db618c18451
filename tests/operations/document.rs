//! The document, read for its own sake: not by the pipeline that is under test.

use serde_json::{Map, Value, json};

use crate::sample::Sampler;

const DOCUMENT: &str = include_str!("../../openapi/mka1.json");

pub struct Document {
    pub root: Value,
}

/// An operation as the dynamic entry knows it: one that answers in two ways is two.
pub struct Operation {
    pub key: String,
    pub feature: String,
    pub outcome: Outcome,
    /// The payloads of errors by status, as it is written: `404`, `4XX`, `default`.
    pub errors: Vec<(String, Value)>,
    pub has_json_body: bool,
    /// What the method decides, not the caller.
    pub stream_flag: Option<String>,
    parameters: Vec<Value>,
    body: Option<(String, Value)>,
    body_required: bool,
}

pub enum Outcome {
    Json {
        status: u16,
        schema: Value,
    },
    Empty {
        status: u16,
    },
    /// The schema of an event's data, and the tag value of a last one; empty where events are named.
    Events {
        data: Value,
        last: String,
    },
    Download {
        status: u16,
        media_type: String,
    },
}

impl Document {
    pub fn read() -> Self {
        Self { root: serde_json::from_str(DOCUMENT).unwrap() }
    }

    pub fn resolve<'v>(&'v self, schema: &'v Value) -> &'v Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.resolve(self.root.pointer(&reference[1..]).unwrap()),
            None => schema,
        }
    }

    pub fn operations(&self) -> Vec<Operation> {
        let paths = self.root["paths"].as_object().unwrap();
        let all = paths.values().flat_map(|item| item.as_object().unwrap().iter());
        let all = all.filter(|(method, _)| ["get", "put", "post", "delete", "patch"].contains(&method.as_str()));
        all.flat_map(|(_, operation)| self.methods(operation)).collect()
    }

    /// An operation that needs no arguments.
    pub fn plainest(&self) -> Operation {
        self.operations().into_iter().find(|operation| operation.key == "listFiles").unwrap()
    }

    fn methods(&self, node: &Value) -> Vec<Operation> {
        let id = node["operationId"].as_str().unwrap();
        let group: Vec<&str> = node["x-speakeasy-group"].as_str().unwrap().split('.').collect();
        let feature = match group.as_slice() {
            ["llm", second, ..] => format!("llm-{second}"),
            [first, ..] => (*first).to_owned(),
            [] => unreachable!(),
        };
        let content = node.get("requestBody").and_then(|body| body["content"].as_object());
        let body = content
            .and_then(|content| content.iter().next())
            .map(|(kind, media)| (kind.clone(), media["schema"].clone()));
        let outcomes = self.outcomes(id, node);
        let errors = errors(node);
        let two = outcomes.len() == 2;
        let outcomes = outcomes.into_iter().map(|outcome| {
            let streams = matches!(outcome, Outcome::Events { .. });
            Operation {
                key: if two && streams { format!("{id}:stream") } else { id.to_owned() },
                feature: feature.replace('_', "-"),
                outcome,
                errors: errors.clone(),
                has_json_body: body.as_ref().is_some_and(|(kind, _)| kind == "application/json"),
                stream_flag: two.then(|| "stream".to_owned()),
                parameters: node.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default(),
                body: body.clone(),
                body_required: node["requestBody"]["required"] == true,
            }
        });
        outcomes.collect()
    }

    fn outcomes(&self, id: &str, node: &Value) -> Vec<Outcome> {
        let responses = node["responses"].as_object().unwrap();
        let success = || responses.iter().filter(|(status, _)| status.starts_with('2'));
        let status = success().next().map_or(200, |(status, _)| status.parse().unwrap_or(200));
        let media: Vec<(&String, &Value)> = success()
            .flat_map(|(_, response)| response.get("content").and_then(Value::as_object).into_iter().flatten())
            .collect();
        let mut outcomes = Vec::new();
        let plain: Vec<_> = media.iter().filter(|(kind, _)| *kind != "text/event-stream").collect();
        let binary =
            plain.iter().any(|(kind, media)| *kind != "application/json" || media["schema"]["format"] == "binary");
        match plain.first() {
            Some((kind, _)) if binary => outcomes.push(Outcome::Download { status, media_type: (*kind).clone() }),
            Some((_, media)) => outcomes.push(Outcome::Json { status, schema: media["schema"].clone() }),
            None if media.is_empty() => outcomes.push(Outcome::Empty { status }),
            None => {}
        }
        if plain.len() < media.len() {
            let chat = id.contains("ChatCompletion");
            let data = if chat { "OpenAIChatCompletionChunk" } else { "ResponseStreamingEvent" };
            outcomes.push(Outcome::Events {
                data: json!({ "$ref": format!("#/components/schemas/{data}") }),
                last: if chat { String::new() } else { "response.completed".to_owned() },
            });
        }
        outcomes
    }
}

fn errors(node: &Value) -> Vec<(String, Value)> {
    let responses = node["responses"].as_object().unwrap();
    let failures = responses.iter().filter(|(status, _)| !status.starts_with(['2', '3']));
    let schema = |response: &Value| response.pointer("/content/application~1json/schema").cloned();
    failures.filter_map(|(status, response)| Some((status.clone(), schema(response)?))).collect()
}

/// Parameters that are options of the client.
fn is_ours(parameter: &Value) -> bool {
    ["x-on-behalf-of", "idempotency-key"].contains(&parameter["name"].as_str().unwrap().to_lowercase().as_str())
}

impl Operation {
    /// The schemas of parameters, of a JSON body and of the result.
    pub fn schemas(&self) -> impl Iterator<Item = &Value> {
        let parameters = self.parameters.iter().filter(|parameter| !is_ours(parameter) && !self.is_flag(parameter));
        let parameters = parameters.filter(|parameter| parameter["in"] != "cookie");
        let body = self.body.iter().filter(|_| self.has_json_body).map(|(_, schema)| schema);
        let outcome = match &self.outcome {
            Outcome::Json { schema, .. } | Outcome::Events { data: schema, .. } => Some(schema),
            Outcome::Empty { .. } | Outcome::Download { .. } => None,
        };
        parameters.map(|parameter| &parameter["schema"]).chain(body).chain(outcome)
    }

    /// Whether the body is optional, and an empty one is valid.
    pub fn may_lack_body(&self, sampler: &Sampler<'_>) -> bool {
        let Some((kind, schema)) = &self.body else { return false };
        !self.body_required && (kind != "application/json" || sampler.sample(schema) == json!({}))
    }

    /// Whether the method decides the parameter.
    fn is_flag(&self, parameter: &Value) -> bool {
        self.body.is_none() && self.stream_flag.as_deref() == parameter["name"].as_str()
    }

    /// Arguments for the dynamic entry, made from the schemas.
    pub fn arguments(&self, sampler: &Sampler<'_>) -> Map<String, Value> {
        let mut arguments = Map::new();
        for parameter in &self.parameters {
            let (name, place) = (parameter["name"].as_str().unwrap(), parameter["in"].as_str().unwrap());
            let is_needed = place == "path" || parameter["required"] == true || sampler.is_whole();
            if is_ours(parameter) || self.is_flag(parameter) || place == "cookie" || !is_needed {
                continue;
            }
            let twins = self.parameters.iter().filter(|other| other["name"] == name).count();
            let key = if twins > 1 || name == "body" { format!("{place}:{name}") } else { name.to_owned() };
            let value = sampler.sample(&parameter["schema"]);
            // There is no null in a URL or a header.
            if value.is_null() {
                continue;
            }
            arguments.insert(key, value);
        }
        match &self.body {
            Some((kind, schema)) if kind == "application/json" => {
                let mut body = sampler.sample(schema);
                if let (Some(flag), Some(body)) = (&self.stream_flag, body.as_object_mut()) {
                    body.remove(flag);
                }
                arguments.insert("body".to_owned(), body);
            }
            Some((kind, schema)) if kind == "multipart/form-data" => {
                arguments.insert("body".to_owned(), sampler.form(schema));
            }
            Some(_) => {
                arguments.insert("body".to_owned(), json!({ "text": "content" }));
            }
            None => {}
        }
        arguments
    }
}
