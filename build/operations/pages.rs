//! Pages: how a list goes on, as `x-pagination` in the overlay says.

use serde_json::Value;

use super::super::lower::Lowering;
use super::super::model::{Field, Next, Operation, Output, Pages, Place, Shape, Type};
use super::super::{Error, schema};

impl Lowering<'_> {
    /// None, and a warning, where what the overlay says does not fit: another document may have another list.
    pub(super) fn pages(&mut self, node: &Value, operation: &Operation) -> Option<Pages> {
        self.find_pages(node, operation).unwrap_or_else(|error| {
            self.warnings.push(error.to_string());
            None
        })
    }

    fn find_pages(&self, node: &Value, operation: &Operation) -> Result<Option<Pages>, Error> {
        let (Some(said), Output::Json(page)) = (node.get("x-pagination"), &operation.output) else { return Ok(None) };
        let fault = |key: &str, problem: String| {
            let at = format!("{}/x-pagination/{key}", operation.pointer);
            Error::new(at, problem, "correct x-pagination in the overlay")
        };
        let path = |key: &str| {
            let text = schema::text(said, key)?;
            Some(text.split('.').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>())
        };
        let member = |key: &str| -> Result<Option<Vec<String>>, Error> {
            let Some(path) = path(key) else { return Ok(None) };
            self.member(page, &path)
                .ok_or_else(|| fault(key, format!("no member {:?} in the page", path.join("."))))?;
            Ok(Some(path))
        };

        let items = path("items").unwrap_or_default();
        let list = self.member(page, &items).ok_or_else(|| fault("items", "no such member in the page".into()))?;
        let Type::Array(item) = list else {
            return Err(fault("items", "the member is no list".into()));
        };
        let item = *item;
        let next = if let Some(name) = schema::text(said, "last") {
            self.member(&item, &[name.to_owned()]).ok_or_else(|| fault("last", format!("an item has no {name:?}")))?;
            Next::LastItem(name.to_owned())
        } else if let Some(path) = member("from")? {
            Next::Member(path)
        } else {
            Next::Offset(member("total")?)
        };
        let parameter = schema::text(said, "parameter").unwrap_or_default().to_owned();
        let in_body = schema::text(said, "in") == Some("body");
        let known = if in_body {
            operation.json_body().is_some_and(|body| self.member(body, std::slice::from_ref(&parameter)).is_some())
        } else {
            operation.parameters.iter().any(|other| other.place == Place::Query && other.wire == parameter)
        };
        if !known {
            return Err(fault("parameter", format!("the operation has no parameter {parameter:?}")));
        }
        Ok(Some(Pages { items, item, parameter, in_body, next, more: member("more")? }))
    }

    /// The type of the member that a path leads to.
    fn member(&self, ty: &Type, path: &[String]) -> Option<Type> {
        let mut ty = ty.clone();
        for wire in path {
            ty = self.field_of(&ty, wire)?.ty.clone();
        }
        Some(ty)
    }

    fn field_of(&self, ty: &Type, wire: &str) -> Option<&Field> {
        let Type::Named(name) = ty else { return None };
        match &self.definition(name)?.shape {
            Shape::Struct { fields, .. } => fields.iter().find(|field| field.wire == wire),
            _ => None,
        }
    }
}
