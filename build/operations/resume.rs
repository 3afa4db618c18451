//! How a stream is taken up after a cut: `x-sse-resume` of its media type.

use serde_json::Value;

use super::super::lower::Lowering;
use super::super::model::{Elsewhere, Resume};
use super::super::{Error, schema};

impl Lowering<'_> {
    /// What `media`, a stream's media type, says of it. Never, and a warning, where that doesn't fit: another document may lack the operation.
    pub(super) fn resume(&mut self, media: &str) -> Result<Resume, Error> {
        let Some(said) = schema::node(self.document, media)?.get("x-sse-resume") else { return Ok(Resume::Never) };
        let at = format!("{media}/x-sse-resume");
        let parameter = schema::text(said, "parameter").map(str::to_owned);
        let Some(id) = schema::text(said, "operation") else {
            return Ok(Resume::Sequence { parameter, elsewhere: None });
        };
        let Some(path) = self.path_of(id) else {
            self.warnings
                .push(format!("#{at}: no operation {id} to take the stream up by; it ends with its connection"));
            return Ok(Resume::Never);
        };
        let path_to = |key: &str| steps(schema::text(said, key).unwrap_or_default());
        let query = schema::object(said, "query")
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect();
        let elsewhere =
            Elsewhere { path, query, id: path_to("id"), stored: path_to("stored"), background: path_to("background") };
        Ok(Resume::Sequence { parameter, elsewhere: Some(elsewhere) })
    }

    fn path_of(&self, id: &str) -> Option<String> {
        let has = |item: &Value| {
            let mut operations = item.as_object().into_iter().flat_map(|item| item.values());
            operations.any(|operation| schema::text(operation, "operationId") == Some(id))
        };
        schema::object(self.document, "paths").find(|(_, item)| has(item)).map(|(path, _)| path.clone())
    }
}

/// `choices[].delta.role` as steps.
pub(super) fn steps(path: &str) -> Vec<String> {
    let path = path.replace("[]", ".[]");
    path.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect()
}
