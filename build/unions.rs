//! Unions: how the members of a `oneOf` or `anyOf` are told apart, decided once, here.

use serde_json::Value;

use super::lower::{Lowered, Lowering};
use super::model::{Fit, Shape, Type, Variant};
use super::{Error, names, schema};

/// A member, references followed.
struct Member {
    /// Where it stands in the union.
    site: String,
    target: String,
    json_type: String,
}

/// In the order of a union's variants.
const JSON_TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

impl Lowering<'_> {
    /// Lowers the union at `at`.
    pub fn union(&mut self, at: &str, name: &str) -> Result<Lowered, Error> {
        let mut members = Vec::new();
        if !self.flatten(at, &mut members, 0)? {
            return Ok(Lowered::plain(Type::Any));
        }
        if let [only] = members.as_slice() {
            return self.schema(&only.site, name);
        }
        let kinds = |kind: &str| members.iter().filter(|m| m.json_type == kind).count();
        let all = ["string", "boolean", "array", "object"].into_iter().all(|kind| kinds(kind) > 0);
        if all && kinds("number") + kinds("integer") > 0 {
            // Any JSON value, spelled out (and usually recursive).
            return Ok(Lowered::plain(Type::Any));
        }
        let (objects, others): (Vec<_>, Vec<_>) = members.into_iter().partition(|member| member.json_type == "object");
        if others.is_empty() {
            return self.object_union(at, &objects, name);
        }
        if objects.is_empty() && others.iter().all(|member| self.is_upload(&member.target)) {
            // One file or several, in a form: several may be one.
            return Ok(Lowered::plain(Type::Array(Box::new(Type::Binary))));
        }
        self.mixed_union(at, &objects, &others, name)
    }

    /// Properties of the members of a union that stands beside other properties.
    pub fn beside(&self, at: &str) -> Vec<String> {
        let members = schema::members(self.document, at).unwrap_or_default();
        let targets = members.iter().filter_map(|member| schema::unwrap(self.document, member).ok());
        targets.flat_map(|target| self.fit(&target, 0).known).collect()
    }

    /// Whether a schema is a file or a list of files.
    fn is_upload(&self, at: &str) -> bool {
        let Some(node) = schema::at(self.document, at) else { return false };
        match schema::json_type(node) {
            Some("array") => schema::unwrap(self.document, &format!("{at}/items")).is_ok_and(|items| {
                schema::at(self.document, &items).is_some_and(|items| schema::text(items, "format") == Some("binary"))
            }),
            _ => schema::text(node, "format") == Some("binary"),
        }
    }

    /// The members, those of nested unions included; a nested union of objects is one member. False: one of them is anything.
    fn flatten(&mut self, at: &str, members: &mut Vec<Member>, depth: u8) -> Result<bool, Error> {
        if depth > 32 {
            return Err(Error::new(at, "a union within itself", "break the circle"));
        }
        for site in schema::members(self.document, at).unwrap_or_default() {
            let target = schema::unwrap(self.document, &site)?;
            let node = schema::node(self.document, &target)?;
            let nested = schema::members(self.document, &target).is_some() && node.get("properties").is_none();
            if nested && !self.is_objects(&target, depth) {
                if !self.flatten(&target, members, depth + 1)? {
                    return Ok(false);
                }
                continue;
            }
            let json_type = match schema::json_type(node) {
                Some(json_type) => json_type.to_owned(),
                None if nested || node.get("allOf").is_some() => "object".to_owned(),
                None => {
                    // A schema that says nothing takes everything.
                    if node.get("type").is_some() {
                        self.warn(&target, "a union member of several JSON types");
                    }
                    return Ok(false);
                }
            };
            if !members.iter().any(|member| member.target == target) {
                members.push(Member { site, target, json_type });
            }
        }
        Ok(true)
    }

    /// Whether a union has objects only.
    fn is_objects(&self, at: &str, depth: u8) -> bool {
        let members = schema::members(self.document, at).unwrap_or_default();
        depth < 32
            && !members.is_empty()
            && members.iter().all(|member| {
                let Ok(target) = schema::unwrap(self.document, member) else { return false };
                let Some(node) = schema::at(self.document, &target) else { return false };
                schema::json_type(node) == Some("object")
                    || (node.get("properties").is_none() && self.is_objects(&target, depth + 1))
            })
    }

    /// A union of objects only: by tag where there is one, and by best fit where that doesn't decide.
    fn object_union(&mut self, at: &str, objects: &[Member], name: &str) -> Result<Lowered, Error> {
        let tag = self.tag_of(at, objects);
        let mut variants: Vec<Variant> = Vec::new();
        for (index, member) in objects.iter().enumerate() {
            let fit = self.fit(&member.target, 0);
            let keys = tag.as_ref().map(|(_, values)| values[index].clone()).unwrap_or_default();
            let is_shared = |key: &String| {
                let values = tag.iter().flat_map(|(_, values)| values);
                values.filter(|values| values.contains(key)).count() > 1
            };
            // What it is called by: its tag, else its own name, else the property that tells it.
            let has_name = schema::at(self.document, &member.site).is_some_and(|site| site.get("$ref").is_some());
            let by_property = || if has_name { None } else { self.telling(objects, index) };
            let telling = keys.iter().find(|key| !is_shared(key)).cloned().or_else(by_property);
            let hint = format!("{name}{}", names::camel(telling.as_deref().unwrap_or("Object")));
            let ty = self.schema(&member.site, &hint)?.ty;
            let mut rust = match (&telling, &ty) {
                (Some(telling), _) => names::variant(telling),
                (None, Type::Named(ty)) => names::variant(ty),
                (None, _) => "Object".to_owned(),
            };
            let is_taken = |rust: &str| variants.iter().any(|variant| variant.rust == rust);
            if let Some(ty) = ty.named().filter(|_| is_taken(&rust)) {
                rust = ty.to_owned();
            }
            let rust = names::free(&rust, "Object", is_taken);
            let said: Vec<String> =
                keys.iter().filter(|key| !is_shared(key)).chain(telling.as_ref()).cloned().collect();
            let said = said.into_iter().chain(ty.named().map(str::to_owned)).chain(fit.required.iter().cloned());
            let (rust, doc) = self.said(at, said, rust);
            variants.push(Variant { keys, rust, ty, doc, fit });
        }
        let tag = tag.map(|(tag, _)| tag);
        self.define(name, at, Shape::Objects { tag, variants, events: None, stripped: false })
    }

    /// The tag's name, and each member's values of it; values may be shared by some, but not by all.
    fn tag_of(&self, at: &str, objects: &[Member]) -> Option<(String, Vec<Vec<String>>)> {
        let node = schema::at(self.document, at)?;
        let discriminator = node.get("discriminator");
        let declared = discriminator.and_then(|d| schema::text(d, "propertyName"));
        let candidates: Vec<String> = match declared {
            Some(tag) => vec![tag.to_owned()],
            None => self.fit(&objects.first()?.target, 0).known,
        };
        let values = |tag: &String| {
            let values = objects.iter().map(|member| {
                self.tag_values(&member.target, tag, 0)
                    .or_else(|| mapped(discriminator?, &member.target))
                    .filter(|texts| !texts.is_empty())
            });
            values.collect::<Option<Vec<_>>>()
        };
        let found = candidates.into_iter().filter_map(|tag| Some((values(&tag)?, tag)));
        // The one that tells most members apart; the first of several.
        let distinct = |values: &[Vec<String>]| {
            let alone = |texts: &[String]| {
                texts.iter().all(|text| values.iter().filter(|other| other.contains(text)).count() == 1)
            };
            values.iter().filter(|texts| alone(texts)).count()
        };
        let mut best: Option<(usize, String, Vec<Vec<String>>)> = None;
        for (values, tag) in found {
            let count = distinct(&values);
            if best.as_ref().is_none_or(|(most, ..)| count > *most) {
                best = Some((count, tag, values));
            }
        }
        best.filter(|(count, ..)| *count > 0).map(|(_, tag, values)| (tag, values))
    }

    /// The texts that a tag may have in a member, which may be a union itself.
    fn tag_values(&self, at: &str, tag: &str, depth: u8) -> Option<Vec<String>> {
        let node = schema::at(self.document, at)?;
        if let (Some(members), None) = (schema::members(self.document, at), node.get("properties")) {
            let values = members.iter().map(|member| {
                let target = schema::unwrap(self.document, member).ok()?;
                if depth < 32 { self.tag_values(&target, tag, depth + 1) } else { None }
            });
            return Some(values.collect::<Option<Vec<_>>>()?.concat());
        }
        let parts = self.parts(at, depth);
        parts.iter().find_map(|part| schema::property_texts(self.document, part, tag))
    }

    /// The schemas whose properties an object has: itself, or the parts of an `allOf`.
    fn parts(&self, at: &str, depth: u8) -> Vec<String> {
        let mut parts = vec![at.to_owned()];
        let members = schema::at(self.document, at).and_then(|node| node.get("allOf")?.as_array()).map_or(0, Vec::len);
        for index in 0..members {
            if let (Ok(part), true) = (schema::unwrap(self.document, &format!("{at}/allOf/{index}")), depth < 32) {
                parts.extend(self.parts(&part, depth + 1));
            }
        }
        parts
    }

    /// What an object must and may have; worked out once, since members are compared with each other.
    fn fit(&self, at: &str, depth: u8) -> Fit {
        if let Some(fit) = self.fits.borrow().get(at) {
            return fit.clone();
        }
        let fit = self.fresh_fit(at, depth);
        self.fits.borrow_mut().insert(at.to_owned(), fit.clone());
        fit
    }

    fn fresh_fit(&self, at: &str, depth: u8) -> Fit {
        let mut fit = Fit::default();
        let Some(node) = schema::at(self.document, at) else { return fit };
        if let (Some(members), None) = (schema::members(self.document, at), node.get("properties")) {
            let targets = members.iter().filter_map(|member| schema::unwrap(self.document, member).ok());
            let mut fits = targets.filter(|_| depth < 32).map(|target| self.fit(&target, depth + 1));
            fit = fits.next().unwrap_or_default();
            for other in fits {
                fit.required.retain(|name| other.required.contains(name));
                fit.known.extend(other.known.into_iter().filter(|name| !fit.known.contains(name)).collect::<Vec<_>>());
                fit.constants.retain(|constant| other.constants.contains(constant));
            }
            return fit;
        }
        for part in self.parts(at, 0) {
            let Some(node) = schema::at(self.document, &part) else { continue };
            fit.required.extend(schema::required(node).into_iter().map(str::to_owned));
            for (name, _) in schema::object(node, "properties") {
                let site = schema::child(&format!("{part}/properties"), name);
                let target = schema::unwrap(self.document, &site).unwrap_or(site);
                let constant = schema::at(self.document, &target).and_then(schema::constant);
                fit.constants.extend(constant.map(|constant| (name.clone(), constant)));
                fit.known.push(name.clone());
            }
        }
        fit
    }

    /// The first property that a member requires and no other member does.
    fn telling(&self, objects: &[Member], index: usize) -> Option<String> {
        let required = self.fit(&objects[index].target, 0).required;
        let others = || objects.iter().enumerate().filter(|(other, _)| *other != index);
        required.into_iter().find(|name| others().all(|(_, other)| !self.fit(&other.target, 0).required.contains(name)))
    }

    /// A union of several JSON types; its objects, if there are more, become a union of their own.
    fn mixed_union(&mut self, at: &str, objects: &[Member], others: &[Member], name: &str) -> Result<Lowered, Error> {
        if objects.is_empty() && others.iter().all(|member| member.json_type == "string") {
            return self.strings(at, others, name);
        }
        let mut variants: Vec<Variant> = Vec::new();
        for member in others {
            let key = member.json_type.as_str();
            if let Some(twin) = variants.iter_mut().find(|variant| variant.keys == [key]) {
                // Whether null is allowed is the union's.
                let ty = self.schema(&member.site, name)?.ty;
                if twin.ty != ty {
                    // Two lists, or a text and an enum: what takes both.
                    twin.ty = match key {
                        "string" => Type::String,
                        "array" => Type::Array(Box::new(Type::Any)),
                        _ => continue,
                    };
                }
                continue;
            }
            let ty = self.schema(&member.site, &format!("{name}{}", names::camel(key)))?.ty;
            variants.push(self.by_type(at, key, ty));
        }
        // Every integer is a number.
        if variants.iter().any(|variant| variant.keys == ["number"]) {
            variants.retain(|variant| variant.keys != ["integer"]);
        }
        let object = match objects {
            [] => None,
            [only] => Some(self.schema(&only.site, &format!("{name}Object"))?.ty),
            several => Some(self.object_union(at, several, &format!("{name}Object"))?.ty),
        };
        if let Some(ty) = object {
            variants.push(self.by_type(at, "object", ty));
        }
        if let [only] = variants.as_slice() {
            return Ok(Lowered::plain(only.ty.clone()));
        }
        // In an order of their own: schemas that are one type may list them differently, and which is read first depends on the features.
        variants.sort_by_key(|variant| JSON_TYPES.iter().position(|ty| variant.keys == [*ty]));
        self.define(name, at, Shape::ByType(variants))
    }

    /// Texts only: an open enum if any are listed, else just a text.
    fn strings(&mut self, at: &str, members: &[Member], name: &str) -> Result<Lowered, Error> {
        let mut values = Vec::new();
        let mut sites = vec![at.to_owned()];
        for member in members {
            let node = schema::node(self.document, &member.target)?;
            if let Some(texts) = schema::texts(node) {
                values.extend(texts.into_iter().map(str::to_owned));
                sites.push(member.target.clone());
            }
        }
        if values.is_empty() {
            return Ok(Lowered::plain(Type::String));
        }
        self.text_enum(values, &sites, name)
    }

    fn by_type(&self, at: &str, json_type: &str, ty: Type) -> Variant {
        let rust = match json_type {
            "array" => "List".into(),
            other => names::camel(other),
        };
        let (rust, doc) = self.said(at, [json_type.to_owned()], rust);
        Variant { keys: vec![json_type.to_owned()], rust, ty, doc, fit: Fit::default() }
    }

    /// The name and the docs that the overlay gives a variant by one of its keys.
    fn said(&self, at: &str, keys: impl IntoIterator<Item = String>, rust: String) -> (String, String) {
        let said = schema::at(self.document, at).and_then(|node| node.get("x-variants"));
        let said = keys.into_iter().find_map(|key| said?.get(&key));
        let text = |key: &str| said.and_then(|said| schema::text(said, key)).map(str::to_owned);
        let name = text("name").map(|said| names::said(&said, names::variant));
        (name.unwrap_or(rust), text("doc").unwrap_or_default())
    }
}

/// The tag values that a discriminator's mapping gives to the schema at `target`.
fn mapped(discriminator: &Value, target: &str) -> Option<Vec<String>> {
    let listed: Vec<String> = schema::object(discriminator, "mapping")
        .filter(|(_, to)| to.as_str().and_then(|to| to.strip_prefix('#')) == Some(target))
        .map(|(value, _)| value.clone())
        .collect();
    // Without a mapping the tag is the component's name.
    let implicit = || vec![schema::unescape(target.rsplit('/').next().unwrap_or_default())];
    Some(if listed.is_empty() { implicit() } else { listed })
}
