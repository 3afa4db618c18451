//! From JSON Schema to the model: named types are found, hoisted out of where they stand, and merged where the overlay says they are one.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

mod claims;
mod objects;

use super::identity::{self, Identity};
use super::lock::Lock;
use super::model::{Body, Definition, EnumValue, Fit, Model, Shape, Type};
use super::select::Selected;
use super::{Error, forms, names, operations, schema};

/// A schema's type, and whether `null` is a value too.
#[derive(Clone, Debug)]
pub struct Lowered {
    pub ty: Type,
    pub nullable: bool,
}

impl Lowered {
    pub fn plain(ty: Type) -> Self {
        Self { ty, nullable: false }
    }

    /// The type where nothing else can carry the null, as in a list.
    pub fn inner(self) -> Type {
        if self.nullable { Type::Nullable(Box::new(self.ty)) } else { self.ty }
    }
}

/// How deep schemas may stand in schemas: more than anybody reads, and what the stack holds.
const DEEPEST: usize = 4_000;

/// How many lists and maps may stand directly within each other.
const DEEPEST_LIST: usize = 32;

/// The work in progress.
pub struct Lowering<'d> {
    pub document: &'d Value,
    pub warnings: &'d mut Vec<String>,
    types: BTreeMap<String, Definition>,
    /// By pointer: what is finished, and the names of what is under way (schemas may be recursive).
    done: HashMap<String, Lowered>,
    active: HashMap<String, String>,
    /// Names that recursion used before it was known that they name no definition (a list of itself).
    aliases: BTreeMap<String, Type>,
    identity: Identity,
    /// Names that are taken, and by what.
    taken: HashMap<String, usize>,
    /// Names that are locked, and where the schema stands that has one.
    locked: HashMap<String, String>,
    /// Names of components: what stands inline leaves them alone.
    reserved: HashSet<String>,
    /// What objects must and may have, by pointer.
    pub fits: RefCell<HashMap<String, Fit>>,
}

/// Lowers the selected operations and every schema that they reach.
pub fn model(document: &Value, selected: &[Selected], lock: &Lock, warnings: &mut Vec<String>) -> Result<Model, Error> {
    let mut lowering = Lowering {
        document,
        warnings,
        types: BTreeMap::new(),
        done: HashMap::new(),
        active: HashMap::new(),
        aliases: BTreeMap::new(),
        identity: Identity::reaching(document, selected.iter().map(|operation| operation.pointer.as_str())),
        taken: HashMap::new(),
        locked: lock.holders(document),
        reserved: components(document),
        fits: RefCell::default(),
    };
    let mut operations = Vec::new();
    for operation in selected {
        lowering.operation(operation, &mut operations)?;
    }
    operations::distinguish(&mut operations, lock, lowering.warnings)?;
    let groups = schema::object(document, "x-groups")
        .filter_map(|(name, group)| Some((name.clone(), schema::text(group, "doc")?.to_owned())))
        .collect();
    let Lowering { types, aliases, warnings, .. } = lowering;
    let mut model = Model { types, operations, groups, ..Model::default() };
    model.resolve(&aliases);
    check_uses(&mut model, warnings);
    forms::split(&mut model);
    mark_sent(&mut model);
    Ok(model)
}

/// The names that components have or are given.
fn components(document: &Value) -> HashSet<String> {
    let schemas = document.get("components").map(|components| schema::object(components, "schemas"));
    let named = schemas.into_iter().flatten().filter(|(_, node)| identity::is_nominal(node));
    named.map(|(key, node)| identity::declared_name(node, key)).collect()
}

impl<'d> Lowering<'d> {
    /// The type of the schema at `at`; `hint` names it where the overlay does not.
    pub fn schema(&mut self, at: &str, hint: &str) -> Result<Lowered, Error> {
        match self.met(at) {
            Some(lowered) => Ok(lowered),
            None => self.unmet(at, schema::node(self.document, at)?, hint),
        }
    }

    /// The same of a schema that was looked up already.
    pub fn schema_of(&mut self, at: &str, node: &'d Value, hint: &str) -> Result<Lowered, Error> {
        self.met(at).map_or_else(|| self.unmet(at, node, hint), Ok)
    }

    /// What is finished, or under way.
    fn met(&self, at: &str) -> Option<Lowered> {
        let name = || Some(Lowered::plain(Type::Named(self.active.get(at)?.clone())));
        self.done.get(at).cloned().or_else(name)
    }

    fn unmet(&mut self, at: &str, node: &'d Value, hint: &str) -> Result<Lowered, Error> {
        let document = self.document;
        if let Some(target) = schema::reference(node, at)? {
            if let Some(lowered) = self.done.get(&target) {
                return Ok(lowered.clone());
            }
            // Also refuses circles of bare references.
            schema::unwrapped(document, at, node)?;
            return self.schema(&target, &identity::component_name(&target));
        }

        if let Some((only, member)) = schema::only_member(document, node, at) {
            // `X or null`: X, and null.
            let mut lowered = self.schema_of(&only, member, hint)?;
            lowered.nullable |= lowered.ty != Type::Any && allows_null(document, node, at);
            return Ok(lowered);
        }

        if self.active.len() >= DEEPEST {
            self.warn(at, "too deep within other schemas");
            return Ok(Lowered::plain(Type::Any));
        }
        let name = self.claim(node, at, hint);
        self.active.insert(at.to_owned(), name.clone());
        let lowered = self.fresh(node, at, &name);
        self.active.remove(at);
        let mut lowered = lowered?;
        if lowered.ty != Type::Named(name.clone()) && !self.types.contains_key(&name) {
            // If the schema holds itself, it can't be named: from the second level on it is any JSON.
            lowered.ty.replace(&|other| (other == name).then_some(Type::Any));
            self.aliases.insert(name, lowered.ty.clone());
        }
        lowered.nullable |= allows_null(document, node, at);
        if lowered.ty == Type::Any {
            // Any value: null is one of them.
            lowered.nullable = false;
        }
        self.done.insert(at.to_owned(), lowered.clone());
        Ok(lowered)
    }

    fn fresh(&mut self, node: &'d Value, at: &str, name: &str) -> Result<Lowered, Error> {
        if let Some(used) = schema::text(node, "x-rust-use") {
            return Ok(Lowered::plain(Type::Named(names::said(used, names::type_name))));
        }
        let has_parts = node.get("properties").is_some() || node.get("allOf").is_some();
        if schema::members_of(self.document, at, node).is_some() && !has_parts {
            return self.union(at, name);
        }
        if node.get("allOf").is_some() {
            return self.all_of(at, name);
        }
        if let Some(texts) = schema::texts(node) {
            let values = texts.into_iter().map(str::to_owned).collect();
            return self.text_enum(values, &[at.to_owned()], name);
        }
        Ok(Lowered::plain(match schema::json_type(node) {
            Some("string") if schema::text(node, "format") == Some("binary") => Type::Binary,
            Some("string") => Type::String,
            Some("boolean") => Type::Boolean,
            Some("integer") => Type::Integer,
            Some("number") => Type::Number,
            Some("array") => match node.get("items") {
                Some(items) => {
                    let items = self.schema_of(&format!("{at}/items"), items, &format!("{name}Item"))?.inner();
                    Type::Array(Box::new(self.shallow(items, at)))
                }
                None => Type::Array(Box::new(Type::Any)),
            },
            Some("object") if node.get("properties").is_some_and(has_entries) => {
                return self.object(&[at.to_owned()], at, name);
            }
            Some("object") => Type::Map(Box::new(self.values(node, at, name)?.unwrap_or(Type::Any))),
            _ => {
                if node.get("type").is_some_and(Value::is_array) {
                    self.warn(at, "several JSON types in one schema");
                }
                Type::Any
            }
        }))
    }

    /// The type of `additionalProperties` where it is more than a yes or no.
    fn values(&mut self, node: &'d Value, at: &str, name: &str) -> Result<Option<Type>, Error> {
        match node.get("additionalProperties") {
            Some(values @ Value::Object(_)) => {
                let at = format!("{at}/additionalProperties");
                let values = self.schema_of(&at, values, &format!("{name}Value"))?.inner();
                Ok(Some(self.shallow(values, &at)))
            }
            Some(Value::Bool(true)) => Ok(Some(Type::Any)),
            _ => Ok(None),
        }
    }

    /// Any JSON in the place of a list of lists of lists that goes on and on.
    fn shallow(&mut self, ty: Type, at: &str) -> Type {
        if ty.depth() < DEEPEST_LIST {
            return ty;
        }
        self.warn(at, "too many lists or maps within each other");
        Type::Any
    }

    /// An open string enum; `sites` are the schemas that its docs may stand on.
    pub fn text_enum(&mut self, values: Vec<String>, sites: &[String], name: &str) -> Result<Lowered, Error> {
        let at = sites.first().map(String::as_str).unwrap_or_default();
        let sites: Vec<&Value> = sites.iter().filter_map(|site| schema::at(self.document, site)).collect();
        let mut variants: Vec<EnumValue> = Vec::new();
        for wire in values {
            if variants.iter().any(|value| value.wire == wire) {
                continue;
            }
            let say = |key: &str| sites.iter().find_map(|site| Some(site.get(key)?.get(&wire)?.as_str()?.to_owned()));
            let rust = say("x-enum-names").map(|said| names::said(&said, names::variant));
            let rust = rust.unwrap_or_else(|| names::variant(&wire));
            let rust = names::free(&rust, "_", |name| variants.iter().any(|value| value.rust == name));
            variants.push(EnumValue { doc: say("x-enum-docs").unwrap_or_default(), rust, wire });
        }
        self.define(name, at, Shape::Enum(variants))
    }

    /// Adds a named type, or finds that it is the one that is there.
    pub fn define(&mut self, name: &str, at: &str, mut shape: Shape) -> Result<Lowered, Error> {
        let node = schema::at(self.document, at);
        let text = |key: &str| node.and_then(|node| schema::text(node, key));
        let doc = text("x-rust-doc").or_else(|| text("description")).unwrap_or_default();
        // A name that a type made by rule took before: rare, since names of schemas are claimed before.
        let name =
            names::free(name, "Value", |name| self.types.get(name).is_some_and(|there| !there.shape.same(&shape)));
        match self.types.get_mut(&name) {
            Some(there) => {
                there.pointers.push(at.to_owned());
                fill_docs(there, doc, shape);
            }
            None => {
                let itself = Type::Named(name.clone());
                let renamed = |other: &str| (self.active.get(at).is_some_and(|a| a == other)).then(|| itself.clone());
                shape.parts_mut().into_iter().for_each(|part| part.replace(&renamed));
                let (doc, pointers) = (doc.to_owned(), vec![at.to_owned()]);
                self.types.insert(name.clone(), Definition { doc, shape, pointers, sent: false, form: false });
            }
        }
        Ok(Lowered::plain(Type::Named(name)))
    }

    pub fn definition(&self, name: &str) -> Option<&Definition> {
        self.types.get(name)
    }

    pub fn definition_mut(&mut self, name: &str) -> Option<&mut Definition> {
        self.types.get_mut(name)
    }

    pub fn warn(&mut self, at: &str, what: &str) {
        self.warnings.push(format!("#{at}: {what}; it becomes serde_json::Value"));
    }
}

fn has_entries(value: &Value) -> bool {
    value.as_object().is_some_and(|map| !map.is_empty())
}

/// Whether `null` is allowed, in the words of 3.0 and of 3.1.
fn allows_null(document: &Value, node: &Value, at: &str) -> bool {
    let has =
        |key: &str, null: &Value| node.get(key).and_then(Value::as_array).is_some_and(|items| items.contains(null));
    let union = ["oneOf", "anyOf"].into_iter().any(|key| {
        let members = node.get(key).and_then(Value::as_array);
        members.is_some_and(|members| {
            members.iter().enumerate().any(|(index, member)| {
                schema::is_null(document, member)
                    || allows_null_inside(document, &format!("{at}/{key}/{index}"), member)
            })
        })
    });
    node.get("nullable") == Some(&Value::Bool(true))
        || has("type", &Value::String("null".into()))
        || has("enum", &Value::Null)
        || union
}

/// A member of a union may itself allow null.
fn allows_null_inside(document: &Value, at: &str, member: &Value) -> bool {
    let Ok((_, node)) = schema::unwrapped(document, at, member) else { return false };
    node.get("nullable") == Some(&Value::Bool(true))
        || node.get("type").and_then(Value::as_array).is_some_and(|t| t.contains(&Value::String("null".into())))
}

/// Docs may stand on any member of a family; the first that has them gives them.
fn fill_docs(there: &mut Definition, doc: &str, shape: Shape) {
    let fill = |mine: &mut String, other: String| {
        if mine.is_empty() {
            *mine = other;
        }
    };
    fill(&mut there.doc, doc.to_owned());
    match (&mut there.shape, shape) {
        (Shape::Struct { fields: a, .. }, Shape::Struct { fields: b, .. }) => {
            a.iter_mut().zip(b).for_each(|(a, b)| fill(&mut a.doc, b.doc));
        }
        (Shape::Enum(a), Shape::Enum(b)) => {
            for b in b {
                a.iter_mut().filter(|a| a.wire == b.wire).for_each(|a| fill(&mut a.doc, b.doc.clone()));
            }
        }
        (
            Shape::Objects { variants: a, .. } | Shape::ByType(a),
            Shape::Objects { variants: b, .. } | Shape::ByType(b),
        ) => {
            for b in b {
                a.iter_mut().filter(|a| a.rust == b.rust).for_each(|a| fill(&mut a.doc, b.doc.clone()));
            }
        }
        _ => {}
    }
}

/// A name that is used and that nothing defines (`x-rust-use` may name anything) stands for any value.
fn check_uses(model: &mut Model, warnings: &mut Vec<String>) {
    let defined: HashSet<String> = model.types.keys().cloned().collect();
    let undefined = |name: &str| (!defined.contains(name)).then_some(Type::Any);
    let mut check = |at: &str, part: &mut Type| {
        if let Some(name) = part.named().filter(|name| !defined.contains(*name)) {
            let problem = format!("uses the type {name}, which nothing defines; it becomes serde_json::Value");
            warnings.push(format!("#{at}: {problem}"));
            part.replace(&undefined);
        }
    };
    for definition in model.types.values_mut() {
        let at = definition.pointer().to_owned();
        definition.shape.parts_mut().into_iter().for_each(|part| check(&at, part));
    }
    for operation in &mut model.operations {
        let at = operation.pointer.clone();
        operation.types_mut().for_each(|part| check(&at, part));
    }
}

/// Marks what requests are made of.
fn mark_sent(model: &mut Model) {
    let mut open: Vec<String> = Vec::new();
    for operation in &model.operations {
        let sent = operation.json_body().into_iter().chain(operation.parameters.iter().map(|parameter| &parameter.ty));
        open.extend(sent.filter_map(Type::named).map(str::to_owned));
        if let Some(Body::Form(name)) = &operation.body {
            open.push(name.clone());
        }
    }
    while let Some(name) = open.pop() {
        let Some(definition) = model.types.get_mut(&name) else { continue };
        if !std::mem::replace(&mut definition.sent, true) {
            open.extend(definition.shape.parts().into_iter().filter_map(Type::named).map(str::to_owned));
        }
    }
}
