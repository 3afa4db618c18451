//! What the document says, in the terms of the client: types here, operations in a file of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

mod operation;

pub use operation::*;

/// Everything that is generated.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// By Rust name.
    pub types: BTreeMap<String, Definition>,
    /// By group, then in document order.
    pub operations: Vec<Operation>,
    /// Docs of groups by their dotted path.
    pub groups: BTreeMap<String, String>,
    /// The names of their types, by path.
    pub group_types: BTreeMap<Vec<String>, String>,
    /// Types whose names mean something else where operations stand.
    pub shadowed: BTreeSet<String>,
    /// Types that hold each other, by the number of the circle that they are in.
    pub circles: HashMap<String, usize>,
}

/// A type in the wire's terms; `Named` is a definition of the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// JSON pointers of the schemas it was made from.
    pub pointers: Vec<String>,
    /// Reached from a request: gets a constructor and setters.
    pub sent: bool,
    /// A multipart form: written part by part, not as JSON.
    pub form: bool,
}

#[derive(Clone, Debug)]
pub enum Shape {
    Struct {
        fields: Vec<Field>,
        extra: Option<Type>,
    },
    /// A string enum; unknown values are kept.
    Enum(Vec<EnumValue>),
    /// Objects told apart by the text of one property, the tag; where that doesn't decide, by best fit.
    Objects {
        tag: Option<String>,
        variants: Vec<Variant>,
        events: Option<Box<Roles>>,
        /// The tag is written by the union: its variants don't have it.
        stripped: bool,
    },
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
    /// Set by the methods of operations and by nobody else.
    pub internal: bool,
}

#[derive(Clone, Debug)]
pub struct EnumValue {
    pub wire: String,
    pub rust: String,
    pub doc: String,
}

/// A union's variant; `keys` are its tag values, or its JSON type.
#[derive(Clone, Debug)]
pub struct Variant {
    pub keys: Vec<String>,
    pub rust: String,
    pub ty: Type,
    pub doc: String,
    pub fit: Fit,
}

/// What an object must and may have to be of a variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fit {
    pub required: Vec<String>,
    pub known: Vec<String>,
    /// Properties with one value only, as JSON text.
    pub constants: Vec<(String, String)>,
}

/// What the events of a stream mean, by name or by a tag in their data.
#[derive(Clone, Debug, PartialEq)]
pub struct Roles {
    pub tag: Option<String>,
    pub chunk: String,
    pub done: Vec<String>,
    pub unfinished: Vec<String>,
    pub error: Vec<String>,
    pub sentinel: Option<String>,
    /// The stream always says that it ends.
    pub always_ends: bool,
    /// The member of the data that numbers the events.
    pub sequence: Option<String>,
    /// Path to what is the same in all chunks of an answer, and to what only its first chunk has.
    pub answer: Vec<String>,
    pub opening: Vec<String>,
    /// The module of the runtime that knows what the events say: of their stream, and of the text of the answer.
    pub facts: Option<String>,
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

    /// The name of the definition that a value of this holds itself, not in a list or map.
    pub fn held(&self) -> Option<&str> {
        match self {
            Type::Named(name) => Some(name),
            Type::Nullable(inner) => inner.held(),
            _ => None,
        }
    }

    /// How many lists and maps stand within each other.
    pub fn depth(&self) -> usize {
        match self {
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => 1 + inner.depth(),
            _ => 0,
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
    /// Whether a value of `part`, which stands in the type `whole`, holds one of `whole` without a list or map between, so that a `Box` must.
    pub fn holds(&self, part: &Type, whole: &str) -> bool {
        let circle = |name: &str| self.circles.get(name);
        part.held().is_some_and(|part| part == whole || circle(part).is_some_and(|it| circle(whole) == Some(it)))
    }

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

impl Definition {
    /// Where it was met first, for messages.
    pub fn pointer(&self) -> &str {
        self.pointers.first().map_or("", String::as_str)
    }
}

impl Shape {
    /// The struct's field of this wire name.
    pub fn field_mut(&mut self, wire: &str) -> Option<&mut Field> {
        match self {
            Shape::Struct { fields, .. } => fields.iter_mut().find(|field| field.wire == wire),
            _ => None,
        }
    }

    /// The types this shape is directly made of.
    pub fn parts(&self) -> Vec<&Type> {
        match self {
            Shape::Struct { fields, extra } => fields.iter().map(|field| &field.ty).chain(extra).collect(),
            Shape::Enum(_) => Vec::new(),
            Shape::Objects { variants, .. } | Shape::ByType(variants) => {
                variants.iter().map(|variant| &variant.ty).collect()
            }
        }
    }

    pub fn parts_mut(&mut self) -> Vec<&mut Type> {
        match self {
            Shape::Struct { fields, extra } => fields.iter_mut().map(|field| &mut field.ty).chain(extra).collect(),
            Shape::Enum(_) => Vec::new(),
            Shape::Objects { variants, .. } | Shape::ByType(variants) => {
                variants.iter_mut().map(|variant| &mut variant.ty).collect()
            }
        }
    }

    /// Whether two shapes are the same on the wire and in Rust; docs may differ.
    pub fn same(&self, other: &Shape) -> bool {
        let variants = |a: &[Variant], b: &[Variant]| {
            let is_same = |a: &Variant, b: &Variant| a.keys == b.keys && a.rust == b.rust && a.ty == b.ty;
            a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| is_same(a, b)))
        };
        match (self, other) {
            (Shape::Struct { fields: a, extra: x }, Shape::Struct { fields: b, extra: y }) => {
                x == y
                    && a.len() == b.len()
                    && a.iter().zip(b).all(|(a, b)| {
                        (&a.wire, &a.ty, a.required, a.nullable) == (&b.wire, &b.ty, b.required, b.nullable)
                    })
            }
            (Shape::Enum(a), Shape::Enum(b)) => {
                a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| a.wire == b.wire))
            }
            // What its events mean is said when the stream's operation is met, and the same for all of a type.
            (Shape::Objects { tag: s, variants: a, .. }, Shape::Objects { tag: t, variants: b, .. }) => {
                s == t && variants(a, b)
            }
            (Shape::ByType(a), Shape::ByType(b)) => variants(a, b),
            _ => false,
        }
    }
}
