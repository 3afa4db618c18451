//! Request bodies: JSON, a multipart form, or bytes.

use serde_json::Value;

use super::super::lower::Lowering;
use super::super::model::{Body, Shape, Type};
use super::super::{Error, schema};
use super::JSON;

const FORM: &str = "multipart/form-data";
const URLENCODED: &str = "application/x-www-form-urlencoded";

impl Lowering<'_> {
    pub(super) fn body(&mut self, node: &Value, at: &str, prefix: &str) -> Result<Option<Body>, Error> {
        if node.get("requestBody").is_none() {
            return Ok(None);
        }
        let at = self.follow(format!("{at}/requestBody"))?;
        let body = schema::node(self.document, &at)?;
        let kinds: Vec<&str> = schema::object(body, "content").map(|(kind, _)| kind.as_str()).collect();
        let is =
            |kind: &str, name: &str| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(name));
        let find = |name: &str| {
            kinds.iter().find(|kind| is(kind, name)).map(|kind| schema::child(&format!("{at}/content"), kind))
        };
        let hint = format!("{prefix}Request");
        if let Some(media) = find(JSON) {
            // A body that may be left out is sent all the same: what an empty one says is the same.
            let ty = self.media_type(&media, &hint)?;
            return Ok(Some(Body::Json { ty, stream_flag: None }));
        }
        if let Some(media) = find(FORM) {
            if let Type::Named(name) = self.media_type(&media, &hint)?
                && let Some(definition) = self.definition_mut(&name)
                && matches!(definition.shape, Shape::Struct { .. })
            {
                definition.form = true;
                return Ok(Some(Body::Form(name)));
            }
            self.warnings.push(format!("#{media}: a form without parts; it is sent as bytes"));
        } else if let Some(media) = find(URLENCODED) {
            self.warnings.push(format!("#{media}: a form of another kind; it is sent as bytes"));
        }
        Ok(if kinds.is_empty() { None } else { Some(Body::Raw) })
    }

    /// Whether the document says that the body may be left out, as it does of any where it says nothing.
    pub(super) fn is_body_optional(&self, node: &Value, at: &str) -> Result<bool, Error> {
        if node.get("requestBody").is_none() {
            return Ok(false);
        }
        let body = schema::node(self.document, &self.follow(format!("{at}/requestBody"))?)?;
        Ok(body.get("required") != Some(&Value::Bool(true)))
    }

    /// The type of a media type's schema; without one, anything.
    pub(super) fn media_type(&mut self, media: &str, hint: &str) -> Result<Type, Error> {
        let at = format!("{media}/schema");
        match schema::at(self.document, &at) {
            Some(schema) => Ok(self.schema_of(&at, schema, hint)?.inner()),
            None => Ok(Type::Any),
        }
    }
}
