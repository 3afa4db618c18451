//! Responses: what each success status brings, and the payloads of declared errors.

use serde_json::Value;

use super::super::lower::Lowering;
use super::super::model::{Output, Resume, Roles, Shape, Type};
use super::super::{Error, schema};
use super::resume::steps;
use super::{EVENTS, JSON};

/// What a successful call may give: one plain result, events, or either as the caller chooses.
pub(super) struct Success {
    pub(super) plain: Option<Output>,
    /// What is accepted for the plain result.
    pub(super) accept: String,
    /// The type of the events.
    pub(super) events: Option<Type>,
    /// How the stream of them is taken up after a cut.
    pub(super) resume: Resume,
}

struct Media {
    /// Without its parameters.
    kind: String,
    at: String,
}

impl Lowering<'_> {
    pub(super) fn success(&mut self, node: &Value, at: &str, prefix: &str) -> Result<Success, Error> {
        let mut found: Vec<Media> = Vec::new();
        let mut is_empty = false;
        for (status, _) in schema::object(node, "responses").filter(|(status, _)| is_success(status)) {
            let at = self.follow(schema::child(&format!("{at}/responses"), status))?;
            let response = schema::node(self.document, &at)?;
            let kinds = schema::object(response, "content").map(|(kind, _)| kind);
            let media: Vec<Media> = kinds
                .map(|kind| Media {
                    kind: kind.split(';').next().unwrap_or_default().trim().to_lowercase(),
                    at: schema::child(&format!("{at}/content"), kind),
                })
                .collect();
            is_empty |= media.is_empty();
            found.extend(media);
        }
        let events = found.iter().position(|media| media.kind == EVENTS).map(|index| found.remove(index));
        let resume = events.as_ref().map_or(Ok(Resume::Never), |media| self.resume(&media.at))?;
        let streams = events.is_some();
        let events = events.map(|media| self.events(&media, prefix)).transpose()?.flatten();
        if streams && events.is_none() && found.is_empty() {
            // Events that nobody can read are bytes.
            return Ok(Success { plain: Some(Output::Download), accept: EVENTS.to_owned(), events, resume });
        }
        let accept = accept(&found);
        let plain = match found.as_slice() {
            [] => (is_empty || events.is_none()).then_some(Output::Empty).filter(|_| events.is_none()),
            all if all.iter().all(|media| media.kind == JSON && !self.is_binary(media)) => {
                let ty = self.json(all, prefix)?;
                Some(if is_empty { Output::OptionalJson(ty) } else { Output::Json(ty) })
            }
            _ => Some(Output::Download),
        };
        Ok(Success { plain, accept, events, resume })
    }

    fn is_binary(&self, media: &Media) -> bool {
        let schema = schema::at(self.document, &format!("{}/schema", media.at));
        schema.is_some_and(|schema| schema::text(schema, "format") == Some("binary"))
    }

    /// The one type that every success status has.
    fn json(&mut self, media: &[Media], prefix: &str) -> Result<Type, Error> {
        let mut ty: Option<Type> = None;
        for media in media {
            let other = self.media_type(&media.at, &format!("{prefix}Response"))?;
            if ty.as_ref().is_some_and(|ty| *ty != other) {
                self.warn(&media.at, "a success status with a body of its own");
                return Ok(Type::Any);
            }
            ty = Some(other);
        }
        Ok(ty.unwrap_or(Type::Any))
    }

    /// The type of the events; none, and a warning, where nothing says what they mean.
    fn events(&mut self, media: &Media, prefix: &str) -> Result<Option<Type>, Error> {
        let at = match schema::text(schema::node(self.document, &media.at)?, "x-sse-as") {
            None => media.at.clone(),
            Some(id) => match self.events_of(id) {
                Some(at) => at,
                None => {
                    self.warnings.push(format!("#{}/x-sse-as: no operation {id} streams events", media.at));
                    return Ok(None);
                }
            },
        };
        let Some(sse) = schema::node(self.document, &at)?.get("x-sse") else {
            self.warnings.push(format!("#{at}: nothing says what its events mean; give it x-sse in the overlay"));
            return Ok(None);
        };
        let list = |key: &str| {
            let items = sse.get(key).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        let text = |key: &str| schema::text(sse, key).map(str::to_owned);
        let roles = Roles {
            tag: text("tag"),
            chunk: text("chunk").unwrap_or_else(|| "message".to_owned()),
            done: list("done"),
            unfinished: list("unfinished"),
            error: list("error"),
            sentinel: text("sentinel"),
            always_ends: sse.get("always-ends") == Some(&Value::Bool(true)),
            sequence: text("sequence"),
            answer: steps(schema::text(sse, "answer").unwrap_or_default()),
            facts: text("facts"),
            opening: steps(schema::text(sse, "opening").unwrap_or_default()),
        };
        let mut site = format!("{at}/schema");
        if roles.tag.is_some() {
            // The event is its data: what surrounds it says nothing that the data doesn't.
            let envelope = schema::unwrap(self.document, &site)?;
            let data = format!("{envelope}/properties/data");
            site = if schema::at(self.document, &data).is_some() { data } else { site };
        }
        let ty = self.schema(&site, &format!("{prefix}Event"))?.ty;
        let expected = roles.tag.clone().unwrap_or_else(|| "event".to_owned());
        let shape = ty.named().and_then(|name| self.definition_mut(name)).map(|definition| &mut definition.shape);
        match shape {
            Some(Shape::Objects { tag: Some(tag), events, .. }) if *tag == expected => *events = Some(Box::new(roles)),
            _ => {
                self.warnings
                    .push(format!("#{at}: the events are no union by `{expected}`; correct x-sse in the overlay"));
                return Ok(None);
            }
        }
        Ok(Some(ty))
    }

    /// The media type whose events operation `id` sends.
    fn events_of(&self, id: &str) -> Option<String> {
        for (path, item) in schema::object(self.document, "paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if schema::text(operation, "operationId") != Some(id) {
                    continue;
                }
                for (status, response) in schema::object(operation, "responses") {
                    if response.get("content").is_some_and(|content| content.get(EVENTS).is_some()) {
                        let tokens = [path, method, "responses", status, "content", EVENTS];
                        return Some(tokens.iter().fold("/paths".to_owned(), |at, token| schema::child(&at, token)));
                    }
                }
            }
        }
        None
    }

    /// Statuses whose errors have a payload of their own.
    pub(super) fn errors(&mut self, node: &Value, at: &str, prefix: &str) -> Result<Vec<(String, Type)>, Error> {
        let mut errors = Vec::new();
        for (status, _) in schema::object(node, "responses").filter(|(status, _)| !is_success(status)) {
            let at = self.follow(schema::child(&format!("{at}/responses"), status))?;
            let media = schema::child(&format!("{at}/content"), JSON);
            if schema::at(self.document, &format!("{media}/schema")).is_none() {
                continue;
            }
            let ty = self.media_type(&media, &format!("{prefix}Error"))?;
            if ty.named().is_some() {
                errors.push((status.clone(), ty));
            }
        }
        Ok(errors)
    }
}

/// 304 answers a conditional request: nothing is wrong, and there is nothing new.
fn is_success(status: &str) -> bool {
    status.starts_with('2') || status == "304"
}

fn accept(media: &[Media]) -> String {
    let mut kinds: Vec<&str> = media.iter().map(|media| media.kind.as_str()).collect();
    kinds.dedup();
    if kinds.is_empty() { JSON.to_owned() } else { kinds.join(", ") }
}
