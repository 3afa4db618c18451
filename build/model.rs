//! What the document says, in the terms of the client: types, operations, groups.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

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

/// How a stream is taken up after a cut.
#[derive(Clone, Debug, PartialEq)]
pub enum Resume {
    Never,
    /// The same again, with the index of the last chunk in a header.
    ChunkIndex(String),
    /// The number of the last event goes into a query parameter.
    Sequence {
        parameter: Option<String>,
        elsewhere: Option<Elsewhere>,
    },
}

/// The operation that has the rest of a stream, and where in the events that began it stands which that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Elsewhere {
    pub path: String,
    pub query: Vec<(String, String)>,
    pub id: Vec<String>,
    pub stored: Vec<String>,
    pub background: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// What tells it from all others: the id, with `:stream` behind it for the streaming method of two.
    pub key: String,
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
    /// Query parameters that the method itself decides.
    pub fixed_query: Vec<(String, String)>,
    pub body: Option<Body>,
    /// Nothing may be given for the body.
    pub body_optional: bool,
    pub output: Output,
    /// The media types asked for.
    pub accept: String,
    /// In order of preference.
    pub security: Vec<Credential>,
    pub on_behalf_of: bool,
    pub resume: Resume,
    pub idempotency_key: bool,
    /// What it does, in the words of OpenTelemetry for generative AI.
    pub gen_ai: Option<String>,
    pub pages: Option<Pages>,
    /// Statuses with an error payload of their own.
    pub errors: Vec<(String, Type)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub wire: String,
    pub rust: String,
    pub place: Place,
    pub ty: Type,
    pub required: bool,
    /// A path value that is a path itself.
    pub keep_slash: bool,
    pub style: Style,
    pub doc: String,
}

/// How a list or an object is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    /// As its place has it by default: in the query an item after the other, elsewhere with commas.
    Default,
    /// In the query, a list as one value.
    Joined(&'static str),
    /// In the query, an object as `name[key]=value`.
    Deep,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    Path,
    Query,
    Header,
}

#[derive(Clone, Debug)]
pub enum Body {
    Json {
        ty: Type,
        /// A flag in the body that is set to what the method promises, where JSON and events share an operation.
        stream_flag: Option<(String, bool)>,
    },
    /// Multipart: the name of the form's type.
    Form(String),
    /// Bytes as they are.
    Raw,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    Json(Type),
    /// JSON, or nothing with a status that says so.
    OptionalJson(Type),
    Empty,
    /// Server-sent events: a union of them.
    Events(Type),
    /// Bytes as they come.
    Download,
}

/// A way to say who is calling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Credential {
    Bearer,
    SessionCookie,
    AnalyticsKey,
    EvaluationKey,
}

/// How a list goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Pages {
    /// Path of the member that has the items; empty where the response is the list.
    pub items: Vec<String>,
    pub item: Type,
    /// The query parameter, or the body's member, that asks for the next page.
    pub parameter: String,
    pub in_body: bool,
    pub next: Next,
    /// Path of the member that says whether there is more.
    pub more: Option<Vec<String>>,
}

/// Where the parameter's next value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// A member of the page.
    Member(Vec<String>),
    /// A member of the last item.
    LastItem(String),
    /// How many items there have been; the member has the number of all.
    Offset(Option<Vec<String>>),
}

impl Output {
    fn ty(&self) -> Option<&Type> {
        match self {
            Output::Json(ty) | Output::OptionalJson(ty) | Output::Events(ty) => Some(ty),
            Output::Empty | Output::Download => None,
        }
    }
}

impl Operation {
    /// The types that its signature and docs name.
    pub fn types(&self) -> impl Iterator<Item = &Type> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.ty);
        parameters.chain(self.json_body()).chain(self.output.ty()).chain(self.errors.iter().map(|(_, ty)| ty))
    }

    /// The type of a JSON body.
    pub fn json_body(&self) -> Option<&Type> {
        match &self.body {
            Some(Body::Json { ty, .. }) => Some(ty),
            _ => None,
        }
    }

    pub fn types_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        let output = match &mut self.output {
            Output::Json(ty) | Output::OptionalJson(ty) | Output::Events(ty) => Some(ty),
            Output::Empty | Output::Download => None,
        };
        let body = match &mut self.body {
            Some(Body::Json { ty, .. }) => Some(ty),
            _ => None,
        };
        let parameters = self.parameters.iter_mut().map(|parameter| &mut parameter.ty);
        let errors = self.errors.iter_mut().map(|(_, ty)| ty);
        parameters.chain(body).chain(output).chain(errors).chain(self.pages.iter_mut().map(|pages| &mut pages.item))
    }

    /// The name of the standalone function: the group, then the method.
    pub fn function(&self) -> String {
        let words = self.group.iter().chain([&self.name]);
        words.map(|word| word.trim_start_matches("r#")).collect::<Vec<_>>().join("_")
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
