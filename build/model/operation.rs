//! Operations: what each sends, what it gives, how its stream or its list goes on.

use super::Type;

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
