//! Values made from schemas: the least that is valid, everything there can be, with what nobody knows thrown in, or what was in none before.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};

use crate::coverage::Coverage;
use crate::document::Document;

/// A property that no schema has.
const UNKNOWN: &str = "zz_unknown";

#[derive(Clone)]
pub struct Sampler<'d> {
    document: &'d Document,
    /// Which of several is taken; `None`: only what is required, and the first of everything.
    seed: Option<u64>,
    /// What samples had so far; what they had not is taken.
    coverage: Option<&'d Coverage>,
    unknown_fields: bool,
}

impl<'d> Sampler<'d> {
    pub fn required_only(document: &'d Document) -> Self {
        Self { document, seed: None, coverage: None, unknown_fields: false }
    }

    pub fn everything(document: &'d Document, seed: u64) -> Self {
        Self { document, seed: Some(seed), coverage: None, unknown_fields: false }
    }

    pub fn covering(document: &'d Document, coverage: &'d Coverage) -> Self {
        Self { document, seed: None, coverage: Some(coverage), unknown_fields: false }
    }

    pub fn with_unknown_fields(&self) -> Self {
        Self { unknown_fields: true, ..self.clone() }
    }

    pub fn is_whole(&self) -> bool {
        self.seed.is_some() || self.coverage.is_some()
    }

    /// How far the schema is from one that was in no sample, if it leads to any. Who takes what is nearest first gets there.
    fn distance(&self, schema: &Value) -> Option<usize> {
        self.coverage?.distance(self.document, schema)
    }

    pub fn sample(&self, schema: &Value) -> Value {
        self.value(schema, "", 0)
    }

    /// A form for the dynamic entry: files are objects.
    pub fn form(&self, schema: &Value) -> Value {
        let schema = self.document.resolve(schema);
        let file = json!({ "file_name": "a.txt", "text": "content" });
        let mut form = Map::new();
        for (name, property) in schema["properties"].as_object().unwrap() {
            let property = self.document.resolve(property);
            let is_required =
                schema["required"].as_array().is_some_and(|names| names.iter().any(|other| other == name));
            if !is_required && !self.is_whole() {
                continue;
            }
            let value = match (&property["format"], &property["items"]["format"]) {
                (format, _) if format == "binary" => file.clone(),
                (_, format) if format == "binary" => json!([file, file]),
                _ => self.value(property, name, 1),
            };
            form.insert(name.clone(), value);
        }
        Value::Object(form)
    }

    /// One of `count`, the same for the same place and seed.
    fn pick(&self, at: &str, count: usize) -> usize {
        let Some(seed) = self.seed else { return 0 };
        let mut hasher = DefaultHasher::new();
        (at, seed).hash(&mut hasher);
        usize::try_from(hasher.finish() % u64::try_from(count).unwrap()).unwrap()
    }

    fn value(&self, schema: &Value, at: &str, depth: usize) -> Value {
        let schema = self.document.resolve(schema);
        if let Some(coverage) = self.coverage {
            coverage.visit(schema);
        }
        for key in ["oneOf", "anyOf"] {
            if let (Some(members), None) = (schema[key].as_array(), schema.get("properties")) {
                // Deep down the simplest will do, or a schema that holds itself would never end.
                let distances =
                    members.iter().enumerate().filter_map(|(index, member)| Some((self.distance(member)?, index)));
                let index = match distances.min() {
                    Some((_, nearest)) => nearest,
                    None if depth > 7 || self.coverage.is_some() => self.simplest(members),
                    None => self.pick(at, members.len()),
                };
                return self.value(&members[index], &format!("{at}<{index}"), depth + 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                if let Value::Object(part) = self.value(part, at, depth) {
                    whole.extend(part);
                }
            }
            return Value::Object(whole);
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            // One more than there are: a value that is not known.
            let index = self.pick(at, values.len() + 1);
            let is_text = values.iter().all(|value| value.is_string() || value.is_null());
            return match values.get(index) {
                Some(value) => value.clone(),
                None if is_text && values.len() > 1 => json!("zz-unknown-value"),
                None => values[0].clone(),
            };
        }
        let json_type = match &schema["type"] {
            Value::String(one) => one.clone(),
            Value::Array(types) => types[self.pick(at, types.len())].as_str().unwrap().to_owned(),
            _ if schema.get("properties").is_some() => "object".to_owned(),
            _ => return json!({ "any": ["thing", 1, null] }),
        };
        match json_type.as_str() {
            "string" => json!(self.text(schema, at)),
            "boolean" => json!(self.pick(at, 2) == 0),
            "integer" => json!(self.pick(at, 3) + 1),
            "number" => json!(self.pick(at, 3) as f64 + 0.5),
            "null" => Value::Null,
            "array" if depth > 7 && self.distance(&schema["items"]).is_none() => json!([]),
            "array" => json!([self.value(&schema["items"], &format!("{at}[]"), depth + 1)]),
            _ => self.object(schema, at, depth),
        }
    }

    fn object(&self, schema: &Value, at: &str, depth: usize) -> Value {
        let mut object = Map::new();
        let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
        let mut properties: Vec<_> = schema["properties"].as_object().into_iter().flatten().collect();
        properties.sort_by_cached_key(|(_, property)| self.distance(property));
        for (name, property) in properties {
            let wanted = match self.seed {
                Some(_) => depth <= 5 && self.pick(&format!("{at}.{name}?"), 4) > 0,
                None => self.distance(property).is_some(),
            };
            if is_rolled_up(name, property) {
                object.insert(name.clone(), json!([]));
            } else if required(name) || wanted {
                object.insert(name.clone(), self.value(property, &format!("{at}.{name}"), depth + 1));
            }
        }
        let more = &schema["additionalProperties"];
        let wanted = depth <= 7 && (self.seed.is_some() || object.is_empty());
        if more.is_object() && (wanted || self.distance(more).is_some()) {
            object.insert("more".to_owned(), self.value(more, &format!("{at}{{}}"), depth + 1));
        } else if self.unknown_fields && schema.get("properties").is_some() && (more.is_null() || *more == false) {
            object.insert(UNKNOWN.to_owned(), json!({ "nobody": "knows" }));
        }
        Value::Object(object)
    }

    fn text(&self, schema: &Value, at: &str) -> String {
        match schema["format"].as_str() {
            Some("date-time") => "2026-11-22T10:20:30Z".to_owned(),
            Some("date") => "2026-11-22".to_owned(),
            _ => ["text", "é \u{1f600}", "a/b?c=d"][self.pick(at, 3)].to_owned(),
        }
    }

    fn simplest(&self, members: &[Value]) -> usize {
        let is_plain = |member: &Value| {
            let member = self.document.resolve(member);
            ["string", "number", "integer", "boolean", "null"].iter().any(|plain| member["type"] == *plain)
        };
        members.iter().position(is_plain).unwrap_or(0)
    }
}

/// Upstream unrolls a recursion to this depth; the overlay rolls it up again, where strategies are never absent.
pub fn is_rolled_up(name: &str, property: &Value) -> bool {
    name == "strategies" && *property == json!({})
}

/// How it chooses.
impl fmt::Display for Sampler<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seed {
            Some(seed) => write!(f, "seed {seed}"),
            None => f.write_str(if self.coverage.is_some() { "what is left" } else { "required only" }),
        }
    }
}

/// The value without what no schema has: the client is free to forget that.
pub fn without_unknown(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let known = map.iter().filter(|(name, _)| *name != UNKNOWN);
            Value::Object(known.map(|(name, value)| (name.clone(), without_unknown(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_unknown).collect()),
        other => other.clone(),
    }
}
