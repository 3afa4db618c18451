//! A call that is ready to be made: what every generated operation gives, and what `.await` sends.

mod style;

use std::borrow::Cow;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use crate::client::Client;
use crate::download::Download;
use crate::error::Error;
use crate::options::RequestOptions;
use crate::pages::{PageParameter, PagePlace};
use crate::payload::Payload;
use crate::response::FromResponse;
use crate::send::{Attempts, send};
use crate::upload::Upload;

#[allow(unused_imports, reason = "which of these are used depends on the features")]
pub(crate) use style::{joined, written};

/// One operation of the API, as a type. Generated; there is nothing to implement by hand.
pub trait Operation: 'static {
    /// What a successful call gives.
    type Output: FromResponse + Send + 'static;

    /// The fixed facts of the operation.
    #[doc(hidden)]
    const SPEC: OperationSpec;
}

/// The fixed facts of an operation.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct OperationSpec {
    /// The `operationId`, which errors name.
    pub id: &'static str,
    pub method: Method,
    /// The path below the base URL, with `{name}` where a parameter goes.
    pub path: &'static str,
    /// The media type asked for.
    pub accept: &'static str,
    /// The credentials that the operation takes: the first of these that the client has is sent. None: it is public.
    pub security: &'static [Credential],
    /// Whether the operation knows of end users.
    pub on_behalf_of: bool,
    /// How a stream of the operation is taken up after a cut.
    pub resume: Resume,
    /// Whether the operation takes an `Idempotency-Key`, by which the server knows a request that it has seen.
    pub idempotency_key: bool,
    /// What it does, in the words of OpenTelemetry for generative AI; `None` for all other operations.
    pub gen_ai: Option<&'static str>,
    /// Query parameters that the method itself decides.
    pub query: &'static [(&'static str, &'static str)],
}

/// How a stream is taken up after a cut.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[allow(dead_code, reason = "which of these are used depends on the features")]
pub enum Resume {
    /// It cannot be.
    Never,
    /// By the same request, with the index of the last chunk in this header.
    ChunkIndex(&'static str),
    /// By the number of the last event, in this query parameter; without one, the server begins where it likes.
    Sequence { parameter: Option<&'static str>, elsewhere: Option<Elsewhere> },
}

/// Where the rest of a stream is, if not at the request that began it: a `GET`.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Elsewhere {
    /// With one parameter: the identifier of what the stream is about.
    pub path: &'static str,
    pub query: &'static [(&'static str, &'static str)],
    /// Path to that identifier in the data of an event.
    pub id: &'static [&'static str],
    /// Paths to what says whether it is kept: `false` at the first, unless `true` at the second, is no.
    pub stored: &'static [&'static str],
    pub background: &'static [&'static str],
}

/// A way to say who is calling.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization`, with the client's token.
    Bearer,
    /// A cookie, as browsers have it.
    SessionCookie,
    /// `X-Analytics-Key`.
    AnalyticsKey,
    /// `Authorization`, with the key of a feature flag environment.
    EvaluationKey,
}

/// A call that is ready to be made. Nothing happens before it is awaited.
///
/// It owns all it needs, so it can be moved into a task. Optional parameters of the operation are set by the methods that
/// have their names, everything else about the call by [`options`](Self::options).
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<O> {
    client: Client,
    request: Result<Prepared, Error>,
    options: RequestOptions,
    operation: PhantomData<fn() -> O>,
}

/// What the arguments of a call put on the wire.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) path: String,
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) payload: Payload,
}

impl Prepared {
    fn new(spec: &OperationSpec) -> Self {
        let query = spec.query.iter().map(|(name, value)| (Cow::Borrowed(*name), (*value).to_owned())).collect();
        Self { path: spec.path.to_owned(), query, headers: HeaderMap::new(), payload: Payload::None }
    }
}

#[allow(dead_code, reason = "which of these are used depends on the features")]
impl<O: Operation> Call<O> {
    /// A call without arguments.
    pub(crate) fn new(client: &Client) -> Self {
        let request = Ok(Prepared::new(const { &O::SPEC }));
        Self { client: client.clone(), request, options: RequestOptions::new(), operation: PhantomData }
    }

    /// Lays options over those of the client and over what was given here before: what they say wins.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options = self.options.merge(options);
        self
    }

    /// Fills `{name}` in the path. `keep_slash` is for values that are paths themselves.
    pub(crate) fn set_path(self, name: &'static str, value: impl fmt::Display, keep_slash: bool) -> Self {
        self.change(|request| {
            let value = encode_path(name, &value.to_string(), keep_slash)?;
            request.path = request.path.replace(&format!("{{{name}}}"), &value);
            Ok(())
        })
    }

    /// Adds a query parameter; again for each item of a list.
    pub(crate) fn set_query(self, name: &'static str, value: impl fmt::Display) -> Self {
        self.change(|request| {
            request.query.push((name.into(), value.to_string()));
            Ok(())
        })
    }

    /// Adds what JSON says: a plain value under the name, a list again for each item, a map under its own keys, null not at all.
    pub(crate) fn set_query_json(self, name: &'static str, value: &(impl Serialize + ?Sized)) -> Self {
        self.change(|request| {
            match style::json(name, value)? {
                Value::Array(items) => items.into_iter().for_each(|item| push(request, name.into(), item)),
                Value::Object(map) => map.into_iter().for_each(|(name, item)| push(request, name.into(), item)),
                value => push(request, name.into(), value),
            }
            Ok(())
        })
    }

    /// Sets the parameter that asks for a page, in place of what it was.
    pub(crate) fn set_page(self, parameter: PageParameter, value: &str) -> Self {
        self.change(|request| match (parameter.place, &mut request.payload) {
            (PagePlace::Query, _) => {
                request.query.retain(|(name, _)| name != parameter.name);
                request.query.push((parameter.name.into(), value.to_owned()));
                Ok(())
            }
            (PagePlace::Body, Payload::Json(body)) => {
                let fault =
                    |error| Error::config(format!("the request has no place for `{}`: {error}", parameter.name));
                let mut members: serde_json::Map<String, Value> = serde_json::from_slice(body).map_err(fault)?;
                // Of the kind that was there before: an offset is a number.
                let number =
                    members.get(parameter.name).is_some_and(Value::is_number).then(|| value.parse::<i64>().ok());
                members.insert(parameter.name.to_owned(), number.flatten().map_or_else(|| value.into(), Value::from));
                *body = serde_json::to_vec(&members).map_err(fault)?.into();
                Ok(())
            }
            (PagePlace::Body, _) => Err(Error::config("the request has no body to ask for a page in")),
        })
    }

    /// The value that a query parameter was given.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        let query = &self.request.as_ref().ok()?.query;
        query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The same call again; `None` if it can only fail.
    pub(crate) fn again(&self) -> Option<Self> {
        let request = Ok(self.request.as_ref().ok()?.clone());
        Some(Self { client: self.client.clone(), request, options: self.options.clone(), operation: PhantomData })
    }

    /// Makes the call fail with this.
    pub(crate) fn fail(mut self, error: Error) -> Self {
        self.request = Err(error);
        self
    }

    /// Adds a query parameter for each item of a list.
    pub(crate) fn set_query_list(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = impl fmt::Display>,
    ) -> Self {
        values.into_iter().fold(self, |call, value| call.set_query(name, value))
    }

    /// Sets a header parameter. An empty value is not sent.
    pub(crate) fn set_header(self, name: &'static str, value: impl fmt::Display) -> Self {
        self.change(|request| {
            let header =
                HeaderName::try_from(name).map_err(|_| Error::config(format!("`{name}` is not a header name")))?;
            let mut value = HeaderValue::try_from(value.to_string()).map_err(|_| {
                Error::config(format!("the value of `{name}` has characters that a header cannot carry"))
            })?;
            value.set_sensitive(true);
            if value.is_empty() {
                request.headers.remove(header);
            } else {
                request.headers.insert(header, value);
            }
            Ok(())
        })
    }

    /// Sets the body, written out at once: attempts share the bytes, and the caller's value is free again.
    pub(crate) fn json<T: Serialize + ?Sized>(self, body: &T) -> Self {
        self.change(|request| {
            let body = serde_json::to_vec(body)
                .map_err(|error| Error::config(format!("the request cannot be written as JSON: {error}")))?;
            request.payload = Payload::Json(Bytes::from(body));
            Ok(())
        })
    }

    /// Sets a form as the body.
    #[cfg(feature = "multipart")]
    pub(crate) fn multipart(self, form: crate::upload::Form) -> Self {
        self.change(|request| {
            request.payload = Payload::Content(Arc::new(form));
            Ok(())
        })
    }

    /// Sets content as the body, as it is.
    pub(crate) fn raw(self, content: Upload) -> Self {
        self.change(|request| {
            request.payload = Payload::Content(Arc::new(content));
            Ok(())
        })
    }

    /// A fault is kept for the moment the call is made; what is set after it no longer matters.
    fn change(mut self, change: impl FnOnce(&mut Prepared) -> Result<(), Error>) -> Self {
        if let Ok(request) = &mut self.request
            && let Err(error) = change(request)
        {
            self.request = Err(error);
        }
        self
    }
}

fn push(request: &mut Prepared, name: Cow<'static, str>, value: Value) {
    match value {
        Value::Null => {}
        Value::String(text) => request.query.push((name, text)),
        other => request.query.push((name, other.to_string())),
    }
}

impl<O: Operation<Output = Download>> Call<O> {
    /// Sets the media type to ask for, where the API has the content in several, such as `audio/mpeg`.
    pub fn accept(self, media_type: impl AsRef<str>) -> Self {
        self.options(RequestOptions::new().header("accept", media_type.as_ref()))
    }
}

impl<O: Operation> IntoFuture for Call<O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(send::<O>(Attempts::begin(const { &O::SPEC }, self.client, self.request, self.options)))
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &O::SPEC.id).field("options", &self.options).finish_non_exhaustive()
    }
}

/// What a path segment may hold as it is: the unreserved characters, and those that have no meaning to any server.
const SEGMENT: AsciiSet =
    NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'@');
const PATH: AsciiSet = SEGMENT.remove(b'/');

/// A value must not reach beyond its place in the path: to another operation by `..` or by being empty.
pub(crate) fn encode_path(name: &str, value: &str, keep_slash: bool) -> Result<String, Error> {
    // Encoding the dots doesn't help: URLs take `%2e%2e` for `..` too.
    if value.split('/').any(|segment| segment == "." || segment == "..") && (keep_slash || !value.contains('/')) {
        return Err(Error::config(format!("`{name}` must not have `.` or `..` as a path segment")));
    }
    if value.is_empty() && !keep_slash {
        return Err(Error::config(format!("`{name}` must not be empty")));
    }
    Ok(utf8_percent_encode(value, if keep_slash { &PATH } else { &SEGMENT }).to_string())
}

#[cfg(feature = "dioxus")]
impl<O: Operation> Call<O> {
    /// What would be sent, or why nothing can be.
    pub(crate) fn planned(&self) -> Result<crate::plan::Plan, String> {
        let request = self.request.as_ref().map_err(ToString::to_string)?.clone();
        let plan = crate::plan::Plan::new(const { &O::SPEC }, self.client.clone(), request, self.options.clone());
        plan.map_err(|error| error.to_string())
    }
}

#[cfg(test)]
impl<O: Operation> Call<O> {
    /// What would be sent.
    pub(crate) fn plan(self) -> crate::plan::Plan {
        crate::plan::Plan::new(const { &O::SPEC }, self.client, self.request.unwrap(), self.options).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn a_value_stays_in_its_place_in_the_path() {
        for (value, encoded) in [
            ("resp_1-a.b~c", "resp_1-a.b~c"),
            ("openai:gpt-4o", "openai:gpt-4o"),
            ("a/../b", "a%2F..%2Fb"),
            ("a b?c#d%e\\f", "a%20b%3Fc%23d%25e%5Cf"),
            ("%2e%2e", "%252e%252e"),
            ("{other}", "%7Bother%7D"),
            ("é", "%C3%A9"),
            ("...", "..."),
        ] {
            assert_eq!(encode_path("id", value, false).unwrap(), encoded);
        }
    }

    #[test]
    fn a_value_that_is_a_path_keeps_its_slashes() {
        assert_eq!(encode_path("file_path", "src/a b.rs", true).unwrap(), "src/a%20b.rs");
        assert_eq!(encode_path("subpath", "", true).unwrap(), "");
    }

    #[test]
    fn a_value_that_would_leave_its_place_is_refused() {
        for (value, keep_slash) in
            [(".", false), ("..", false), ("", false), ("../a", true), ("a/..", true), ("a/./b", true)]
        {
            let error = encode_path("id", value, keep_slash).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{value}");
            assert!(error.to_string().contains("`id`"), "{error}");
        }
    }
}
