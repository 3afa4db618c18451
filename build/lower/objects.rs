//! Structs: of the properties of an object, or of all parts of an `allOf`.

use serde_json::Value;

use super::{Lowered, Lowering};
use crate::pipeline::model::{Field, Shape, Type};
use crate::pipeline::{Error, names, schema};

impl<'d> Lowering<'d> {
    /// A struct of the properties of one or more object schemas.
    pub fn object(&mut self, parts: &[String], at: &str, name: &str) -> Result<Lowered, Error> {
        let document = self.document;
        let mut fields: Vec<Field> = Vec::new();
        let mut extra = None;
        for part in parts {
            let node = schema::node(document, part)?;
            let required = schema::required(node);
            for (wire, site) in schema::object(node, "properties") {
                let site_at = schema::child(&format!("{part}/properties"), wire);
                let field = self.field(wire, site, &site_at, name, required.contains(&wire.as_str()))?;
                // A later part of an `allOf` makes an earlier one's property more precise.
                fields.retain(|other| other.wire != *wire);
                fields.push(field);
            }
            extra = extra.or(self.values(node, part, name)?);
        }
        for part in parts {
            // `required` may stand in another part than the property.
            for wire in schema::required(schema::node(document, part)?) {
                if let Some(field) = fields.iter_mut().find(|field| field.wire == wire) {
                    field.required = true;
                }
            }
        }
        let beyond = self.beside(at).into_iter().any(|wire| fields.iter().all(|field| field.wire != wire));
        if beyond && extra.is_none() {
            self.warnings
                .push(format!("#{at}: a union beside properties; what it adds is among the others, in `extra`"));
            extra = Some(Type::Any);
        }
        distinguish(&mut fields, extra.is_some());
        self.define(name, at, Shape::Struct { fields, extra })
    }

    fn field(&mut self, wire: &str, site: &'d Value, at: &str, parent: &str, required: bool) -> Result<Field, Error> {
        let lowered = self.schema_of(at, site, &format!("{parent}{}", names::camel(wire)))?;
        let (_, target) = schema::unwrapped(self.document, at, site)?;
        let constant = match schema::texts(target).as_deref() {
            Some([only]) => Some((*only).to_owned()),
            _ => None,
        };
        let rust = schema::text(site, "x-rust-name")
            .filter(|_| site.get("$ref").is_some())
            .or_else(|| schema::text(site, "x-rust-field"));
        Ok(Field {
            wire: wire.to_owned(),
            rust: rust.map_or_else(|| names::snake(wire), |said| names::said(said, names::snake)),
            ty: lowered.ty,
            required,
            nullable: lowered.nullable,
            doc: schema::text(site, "description").unwrap_or_default().to_owned(),
            default: site.get("default").or_else(|| target.get("default")).cloned(),
            constant,
            internal: false,
        })
    }

    /// One struct out of all parts; anything but objects can't be put together.
    pub(super) fn all_of(&mut self, at: &str, name: &str) -> Result<Lowered, Error> {
        let mut parts = Vec::new();
        if !self.collect_parts(at, &mut parts, 0)? {
            self.warn(at, "an `allOf` of other things than objects");
            return Ok(Lowered::plain(Type::Any));
        }
        match parts.as_slice() {
            [] => {
                let only = schema::unwrap(self.document, at)?;
                if only == at { Ok(Lowered::plain(Type::Any)) } else { self.schema(&only, name) }
            }
            parts => self.object(parts, at, name),
        }
    }

    fn collect_parts(&self, at: &str, parts: &mut Vec<String>, depth: u8) -> Result<bool, Error> {
        let document = self.document;
        let node = schema::node(document, at)?;
        let members = node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        let mut objects = true;
        for index in 0..members {
            let member = schema::unwrap(document, &format!("{at}/allOf/{index}"))?;
            if depth > 32 {
                return Err(Error::new(at, "an `allOf` within itself", "break the circle"));
            }
            objects &= self.collect_parts(&member, parts, depth + 1)?;
        }
        if node.get("properties").is_some() || node.get("required").is_some() {
            parts.push(at.to_owned());
        } else if members == 0 && node.as_object().is_some_and(|map| map.keys().any(|k| is_shape(k))) {
            objects &= schema::json_type(node) == Some("object");
        }
        Ok(objects)
    }
}

/// Keywords that say what a value looks like, unlike annotations.
fn is_shape(keyword: &str) -> bool {
    !(keyword.starts_with("x-")
        || matches!(
            keyword,
            "description" | "deprecated" | "readOnly" | "writeOnly" | "default" | "nullable" | "title"
        ))
}

/// Two properties whose Rust names coincide get different ones, the first keeping its own. `extra` is the field of what is not declared, `into_form`
/// a method of forms.
fn distinguish(fields: &mut [Field], has_extra: bool) {
    for index in 0..fields.len() {
        let (before, rest) = fields.split_at_mut(index);
        let is_ours = |name: &str| name == "into_form" || (has_extra && name == "extra");
        let is_taken = |name: &str| before.iter().any(|f| f.rust == name) || is_ours(name);
        let name = names::free(&rest[0].rust, "_", is_taken);
        rest[0].rust = name;
    }
}
