//! What the document says, in the terms of the client: types, operations, groups.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Everything that is generated.
#[derive(Debug, Default)]
pub struct Model {
    /// By Rust name.
    pub types: BTreeMap<String, Definition>,
    /// By group, then in document order.
    pub operations: Vec<Operation>,
    /// Docs of groups by their dotted path.
    pub groups: BTreeMap<String, String>,
}

/// A type in the wire's terms; `Named` is a definition of the model.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    Any,
    Boolean,
    Integer,
    /// An integer that is never negative.
    Index,
    Number,
    String,
    Binary,
    Array(Box<Type>),
    Map(Box<Type>),
    Nullable(Box<Type>),
    Named(String),
}

/// A named type.
#[derive(Clone, Debug)]
pub struct Definition {
    pub doc: String,
    pub shape: Shape,
    /// JSON pointer of the schema it was made from, for messages.
    pub pointer: String,
    /// Reached from a request: gets a constructor and setters.
    pub sent: bool,
}

#[derive(Clone, Debug)]
pub enum Shape {
    Struct {
        fields: Vec<Field>,
        extra: Option<Type>,
    },
    /// A string enum; unknown values are kept.
    Enum(Vec<EnumValue>),
    /// Objects told apart by the text of one property.
    Tagged {
        tag: String,
        variants: Vec<Variant>,
        events: Option<Roles>,
        stripped: bool,
    },
    /// Objects told apart by the properties they require.
    Keyed(Vec<Variant>),
    /// Told apart by JSON type.
    ByType(Vec<Variant>),
}

#[derive(Clone, Debug)]
pub struct Field {
    pub wire: String,
    pub rust: String,
    pub ty: Type,
    pub required: bool,
    pub nullable: bool,
    pub doc: String,
    pub default: Option<Value>,
    /// The only value there is.
    pub constant: Option<String>,
}

#[derive(Clone, Debug)]
pub struct EnumValue {
    pub wire: String,
    pub rust: String,
    pub doc: String,
}

/// A union's variant; `keys` are its tag values, its telling properties, or its JSON type.
#[derive(Clone, Debug)]
pub struct Variant {
    pub keys: Vec<String>,
    pub rust: String,
    pub ty: Type,
    pub doc: String,
}

/// What the event names of a stream mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Roles {
    pub chunk: String,
    pub done: Vec<String>,
    pub error: Vec<String>,
    pub sentinel: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The marker type's name.
    pub marker: String,
    /// The method's name.
    pub name: String,
    /// `["llm", "chat"]`.
    pub group: Vec<String>,
    pub method: String,
    pub path: String,
    pub pointer: String,
    pub summary: String,
    pub description: String,
    pub deprecated: bool,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub output: Output,
    pub bearer: bool,
    pub on_behalf_of: bool,
    /// The header that takes the index of the last chunk received.
    pub chunk_index_header: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub wire: String,
    pub rust: String,
    pub place: Place,
    pub ty: Type,
    pub required: bool,
    pub doc: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    Path,
    Query,
    Header,
}

#[derive(Clone, Debug)]
pub struct Body {
    pub ty: Type,
    /// A flag in the body that is set to what the method promises, where JSON and events share an operation.
    pub stream_flag: Option<(String, bool)>,
}

#[derive(Clone, Debug)]
pub enum Output {
    Json(Type),
    Empty,
    /// Server-sent events: a union of them.
    Events(Type),
}

impl Operation {
    /// The types that its signature names.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let output = match &self.output {
            Output::Json(ty) | Output::Events(ty) => Some(ty),
            Output::Empty => None,
        };
        let body = self.body.iter().map(|body| &body.ty);
        self.parameters.iter().map(|parameter| &parameter.ty).chain(body).chain(output)
    }

    pub fn types_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        let output = match &mut self.output {
            Output::Json(ty) | Output::Events(ty) => Some(ty),
            Output::Empty => None,
        };
        let body = self.body.iter_mut().map(|body| &mut body.ty);
        self.parameters.iter_mut().map(|parameter| &mut parameter.ty).chain(body).chain(output)
    }
}

impl Type {
    /// The name of the definition this is, or is a list, map or nullable of.
    pub fn named(&self) -> Option<&str> {
        match self {
            Type::Named(name) => Some(name),
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => inner.named(),
            _ => None,
        }
    }

    /// Puts other types in the place of names.
    pub fn replace(&mut self, with: &dyn Fn(&str) -> Option<Type>) {
        match self {
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => inner.replace(with),
            Type::Named(name) => {
                if let Some(ty) = with(name) {
                    *self = ty;
                }
            }
            _ => {}
        }
    }
}

impl Model {
    /// Puts what they stand for in the place of names that are no definitions.
    pub fn resolve(&mut self, aliases: &BTreeMap<String, Type>) {
        let defined: BTreeSet<String> = self.types.keys().cloned().collect();
        let once = |name: &str| aliases.get(name).filter(|_| !defined.contains(name)).cloned();
        // An alias may stand for another; what is left after that could only go round.
        let with = |name: &str| {
            let mut ty = once(name)?;
            ty.replace(&once);
            ty.replace(&|name| (!defined.contains(name)).then_some(Type::Any));
            Some(ty)
        };
        for definition in self.types.values_mut() {
            definition.shape.parts_mut().into_iter().for_each(|ty| ty.replace(&with));
        }
        for operation in &mut self.operations {
            operation.types_mut().for_each(|ty| ty.replace(&with));
        }
    }
}

impl Shape {
    /// The types this shape is directly made of.
    pub fn parts(&self) -> Vec<&Type> {
        match self {
            Shape::Struct { fields, extra } => fields.iter().map(|field| &field.ty).chain(extra).collect(),
            Shape::Enum(_) => Vec::new(),
            Shape::Tagged { variants, .. } | Shape::Keyed(variants) | Shape::ByType(variants) => {
                variants.iter().map(|variant| &variant.ty).collect()
            }
        }
    }

    pub fn parts_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Shape::Struct { fields, extra } => fields.iter_mut().map(|field| &mut field.ty).chain(extra).collect(),
            Shape::Enum(_) => Vec::new(),
            Shape::Tagged { variants, .. } | Shape::Keyed(variants) | Shape::ByType(variants) => {
                variants.iter_mut().map(|variant| &mut variant.ty).collect()
            }
        }
    }

    /// Whether two shapes are the same on the wire and in Rust; docs may differ.
    pub fn same(&self, other: &Shape) -> bool {
        let variants = |a: &[Variant], b: &[Variant]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.keys == b.keys && a.rust == b.rust && a.ty == b.ty)
        };
        match (self, other) {
            (Shape::Struct { fields: a, extra: x }, Shape::Struct { fields: b, extra: y }) => {
                x == y
                    && a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| {
                        (&a.wire, &a.ty, a.required, a.nullable) == (&b.wire, &b.ty, b.required, b.nullable)
                    })
            }
            (Shape::Enum(a), Shape::Enum(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.wire == b.wire),
            (
                Shape::Tagged { tag: s, variants: a, events: e, .. },
                Shape::Tagged { tag: t, variants: b, events: f, .. },
            ) => s == t && e == f && variants(a, b),
            (Shape::Keyed(a), Shape::Keyed(b)) | (Shape::ByType(a), Shape::ByType(b)) => variants(a, b),
            _ => false,
        }
    }
}
