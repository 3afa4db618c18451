//! Unions: how the members of a `oneOf` or `anyOf` are told apart, decided once, here.

use serde_json::Value;

use super::lower::{Lowered, Lowering};
use super::model::{Shape, Type, Variant};
use super::{Error, names, schema};

/// A member, references followed.
struct Member {
    /// Where it stands in the union.
    site: String,
    target: String,
    json_type: String,
}

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
        self.mixed_union(at, &objects, &others, name)
    }

    /// The members, those of nested unions without a tag included. False: one of them is anything.
    fn flatten(&mut self, at: &str, members: &mut Vec<Member>, depth: u8) -> Result<bool, Error> {
        if depth > 32 {
            return Err(Error::new(at, "a union within itself", "break the circle"));
        }
        for site in schema::members(self.document, at).unwrap_or_default() {
            let target = schema::unwrap(self.document, &site)?;
            let node = schema::node(self.document, &target)?;
            let nested = schema::members(self.document, &target).is_some();
            if nested && node.get("discriminator").is_none() && node.get("properties").is_none() {
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

    /// A union of objects only: by tag, else by the properties they require.
    fn object_union(&mut self, at: &str, objects: &[Member], name: &str) -> Result<Lowered, Error> {
        if let Some((tag, values)) = self.tag_of(at, objects) {
            let mut variants = Vec::new();
            for (member, keys) in objects.iter().zip(values) {
                let hint = format!("{name}{}", names::camel(&keys[0]));
                let ty = self.schema(&member.site, &hint)?.ty;
                variants.push(self.variant(at, keys, names::variant, ty));
            }
            return self.define(name, at, Shape::Tagged { tag, variants, events: None, stripped: false });
        }
        if let Some(keys) = self.telling_properties(objects) {
            let mut variants = Vec::new();
            for (member, keys) in objects.iter().zip(keys) {
                let hint = format!("{name}{}", names::camel(&keys[0]));
                let ty = self.schema(&member.site, &hint)?.ty;
                variants.push(self.variant(at, keys, names::variant, ty));
            }
            // The most demanding first, so that a variant with fewer properties does not take its place.
            variants.sort_by_key(|variant| std::cmp::Reverse(variant.keys.len()));
            return self.define(name, at, Shape::Keyed(variants));
        }
        self.warn(at, "a union whose members can't be told apart by a tag or by required properties");
        Ok(Lowered::plain(Type::Any))
    }

    /// The tag's name, and each member's values of it, where it tells all members apart.
    fn tag_of(&self, at: &str, objects: &[Member]) -> Option<(String, Vec<Vec<String>>)> {
        let node = self.document.pointer(at)?;
        let discriminator = node.get("discriminator");
        let declared = discriminator.and_then(|d| schema::text(d, "propertyName"));
        let first = self.document.pointer(&objects.first()?.target)?;
        let candidates: Vec<&str> = match declared {
            Some(tag) => vec![tag],
            None => schema::object(first, "properties").map(|(name, _)| name.as_str()).collect(),
        };
        candidates.into_iter().find_map(|tag| {
            let mut values: Vec<Vec<String>> = Vec::new();
            for member in objects {
                let texts = schema::property_texts(self.document, &member.target, tag)
                    .or_else(|| mapped(discriminator?, &member.target))
                    .filter(|texts| !texts.is_empty())?;
                if values.iter().flatten().any(|value| texts.contains(value)) {
                    return None;
                }
                values.push(texts);
            }
            Some((tag.to_owned(), values))
        })
    }

    /// For each member the properties that it requires and no equally demanding other one does.
    fn telling_properties(&self, objects: &[Member]) -> Option<Vec<Vec<String>>> {
        let required: Vec<Vec<&str>> = objects
            .iter()
            .map(|member| self.document.pointer(&member.target).map(schema::required))
            .collect::<Option<_>>()?;
        let tells = required.iter().enumerate().all(|(i, mine)| {
            !mine.is_empty()
                && required
                    .iter()
                    .enumerate()
                    .all(|(j, other)| i == j || other.len() > mine.len() || !mine.iter().all(|p| other.contains(p)))
        });
        tells.then(|| required.iter().map(|r| r.iter().map(|p| (*p).to_owned()).collect()).collect())
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
                let ty = self.schema(&member.site, name)?.inner();
                if twin.ty != ty {
                    // Two lists, or a text and an enum: what takes both.
                    twin.ty = match key {
                        "string" => Type::String,
                        "array" => Type::Array(Box::new(Type::Any)),
                        _ => Type::Any,
                    };
                }
                continue;
            }
            let ty = self.schema(&member.site, &format!("{name}{}", names::camel(key)))?.ty;
            variants.push(self.variant(at, vec![key.to_owned()], default_name, ty));
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
            variants.push(self.variant(at, vec!["object".into()], default_name, ty));
        }
        if let [only] = variants.as_slice() {
            return Ok(Lowered::plain(only.ty.clone()));
        }
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

    fn variant(&self, at: &str, keys: Vec<String>, name: fn(&str) -> String, ty: Type) -> Variant {
        let said = self.document.pointer(at).and_then(|node| node.get("x-variants"));
        let said = keys.iter().find_map(|key| said?.get(key));
        let text = |key: &str| said.and_then(|said| schema::text(said, key));
        Variant {
            rust: text("name").map_or_else(|| name(&keys[0]), str::to_owned),
            doc: text("doc").unwrap_or_default().to_owned(),
            keys,
            ty,
        }
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

/// A variant's name from its JSON type.
fn default_name(json_type: &str) -> String {
    match json_type {
        "array" => "List".into(),
        other => names::camel(other),
    }
}
