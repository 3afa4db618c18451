//! Everything one call sends and the limits it keeps, worked out once; each attempt is a copy of it.

use std::mem;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{Method, Url};

use crate::auth::Credentials;
use crate::call::{Credential, Elsewhere, OperationSpec, Prepared, Resume, encode_path};
use crate::client::Client;
use crate::error::Error;
use crate::options::{ON_BEHALF_OF, RequestOptions};
use crate::payload::Payload;
use crate::platform;
use crate::retry::RetryConfig;
use crate::stream::{Position, ResumePolicy};
use crate::time::Duration;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const ANALYTICS_KEY: HeaderName = HeaderName::from_static("x-analytics-key");

/// From the start of an attempt to the head of its response. Long, since a model may think before the first byte is sent.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(600);
/// Well over the 5 s at which the server sends keep-alives.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) client: Client,
    pub(crate) spec: &'static OperationSpec,
    /// Where the API is, without a slash at its end.
    base: String,
    pub(crate) url: Url,
    /// What of its query the caller added to the operation's.
    query: Vec<(String, String)>,
    /// All but `authorization`, unless the caller set it.
    pub(crate) headers: HeaderMap,
    pub(crate) payload: Payload,
    /// What says who is calling; `None` if nothing does.
    credential: Option<Credential>,
    pub(crate) retry: RetryConfig,
    pub(crate) resume: ResumePolicy,
    /// Method of the request: the operation's, unless the rest of a stream is elsewhere.
    pub(crate) method: Method,
    pub(crate) limits: Limits,
}

/// How long things may take; `None` is for ever.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) total: Option<Duration>,
    pub(crate) headers: Option<Duration>,
    pub(crate) idle: Option<Duration>,
}

impl Plan {
    pub(crate) fn new(
        spec: &'static OperationSpec,
        client: Client,
        request: Prepared,
        options: RequestOptions,
    ) -> Result<Self, Error> {
        let mut options = client.request_options().clone().merge(options);
        if let Some(fault) = options.fault.take() {
            return Err(Error::config(fault));
        }
        let query: Vec<_> = request.query.iter().map(|(name, value)| (name.as_ref(), value.as_str())).collect();
        let base = options.base_url.as_ref().map_or(crate::client::DEFAULT_BASE_URL, Url::as_str);
        let base = base.trim_end_matches('/').to_owned();
        let url = url(&base, &request.path, &query, &options.query)?;
        let has = |credential: &&Credential| match credential {
            Credential::Bearer => {
                !matches!(client.shared().credentials, Credentials::None) || options.headers.contains_key(AUTHORIZATION)
            }
            Credential::SessionCookie => options.session_cookie.is_some(),
            Credential::AnalyticsKey => options.analytics_key.is_some(),
            Credential::EvaluationKey => options.evaluation_key.is_some(),
        };
        let credential = spec.security.iter().find(has).copied();
        let content_type = request.payload.content_type()?;
        Ok(Self {
            headers: headers(spec, request.headers, content_type, credential, &options)?,
            spec,
            base,
            url,
            // Taken, not moved: so the rest is dropped in one piece.
            query: mem::take(&mut options.query),
            payload: request.payload,
            credential,
            retry: options.retry.take().unwrap_or_default(),
            resume: options.resume.take().unwrap_or_default(),
            method: spec.method.clone(),
            limits: Limits {
                total: options.timeout.flatten(),
                headers: options.headers_timeout.unwrap_or(Some(HEADERS_TIMEOUT)),
                idle: options.idle_timeout.unwrap_or(Some(IDLE_TIMEOUT)),
            },
            client,
        })
    }

    /// Whether an attempt has to ask who is calling.
    pub(crate) fn wants_token(&self) -> bool {
        self.credential == Some(Credential::Bearer) && !self.headers.contains_key(AUTHORIZATION)
    }

    /// Whether a second send cannot repeat work.
    pub(crate) fn is_idempotent(&self) -> bool {
        self.spec.method.is_idempotent() || self.spec.idempotency_key
    }

    /// The chunk after which a stream is asked to go on.
    pub(crate) fn chunk_index(&self) -> Option<u64> {
        let Resume::ChunkIndex(header) = self.spec.resume else { return None };
        self.headers.get(header)?.to_str().ok()?.trim().parse().ok()
    }

    /// What asks for the rest of a stream.
    pub(crate) fn resumed(&self, position: &Position) -> Result<Self, Error> {
        let mut plan = self.clone();
        match (position, self.spec.resume) {
            (Position::Chunk(index), Resume::ChunkIndex(header)) => {
                let header = HeaderName::try_from(header)
                    .map_err(|_| Error::config(format!("`{header}` is not a header name")))?;
                plan.headers.insert(header, HeaderValue::from(*index));
            }
            (Position::Sequence { number, id }, Resume::Sequence { parameter, elsewhere }) => {
                if let (Some(elsewhere), Some(id)) = (elsewhere, id) {
                    plan.turn_to(&elsewhere, id)?;
                }
                if let Some(parameter) = parameter {
                    let query = replaced(plan.url.query().unwrap_or_default(), parameter, *number);
                    plan.url.set_query(Some(&query));
                }
            }
            _ => {}
        }
        Ok(plan)
    }

    /// The rest of the stream is elsewhere, and is read without a body.
    fn turn_to(&mut self, elsewhere: &Elsewhere, id: &str) -> Result<(), Error> {
        let (before, after) = match elsewhere.path.split_once('{') {
            Some((before, rest)) => (before, rest.split_once('}').map_or("", |(_, after)| after)),
            None => (elsewhere.path, ""),
        };
        let path = format!("{before}{}{after}", encode_path("id", id, false)?);
        self.url = url(&self.base, &path, elsewhere.query, &self.query)?;
        self.method = Method::GET;
        self.payload = Payload::None;
        self.headers.remove(CONTENT_TYPE);
        Ok(())
    }
}

#[inline(never)]
fn url(base: &str, path: &str, query: &[(&str, &str)], extra: &[(String, String)]) -> Result<Url, Error> {
    let mut url = Url::parse(&format!("{base}{path}"))
        .map_err(|error| Error::config(format!("the URL of the request is none: {error}")))?;
    let mut pairs: Vec<(&str, &str)> = query.to_vec();
    pairs.retain(|(name, _)| extra.iter().all(|(other, _)| other != name));
    pairs.extend(extra.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(url)
}

/// A query as it is in a URL, with a parameter of ours in place of what it has under that name.
fn replaced(query: &str, name: &str, number: i64) -> String {
    let is_ours = |pair: &str| pair.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='));
    let mut replaced = String::new();
    for pair in query.split('&') {
        if !pair.is_empty() && !is_ours(pair) {
            replaced.push_str(pair);
            replaced.push('&');
        }
    }
    format!("{replaced}{name}={number}")
}

/// Ours first, then those of the arguments, the end user, and last what the caller set, which wins.
fn headers(
    spec: &OperationSpec,
    arguments: HeaderMap,
    content_type: Option<HeaderValue>,
    credential: Option<Credential>,
    options: &RequestOptions,
) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    put(&mut headers, ACCEPT, Some(HeaderValue::from_static(spec.accept)));
    put(&mut headers, USER_AGENT, platform::user_agent());
    put(&mut headers, CONTENT_TYPE, content_type);
    if spec.idempotency_key {
        put(&mut headers, IDEMPOTENCY_KEY, Some(new_key()?));
    }
    headers.extend(arguments);
    let user = options.on_behalf_of.as_ref().filter(|user| spec.on_behalf_of && !user.is_empty());
    put(&mut headers, ON_BEHALF_OF, user.cloned());
    match credential {
        Some(Credential::SessionCookie) => put(&mut headers, COOKIE, options.session_cookie.clone()),
        Some(Credential::AnalyticsKey) => put(&mut headers, ANALYTICS_KEY, options.analytics_key.clone()),
        Some(Credential::EvaluationKey) => put(&mut headers, AUTHORIZATION, options.evaluation_key.clone()),
        Some(Credential::Bearer) | None => {}
    }
    headers.extend(options.headers.clone());
    // A cookie joins the caller's own; of everything else the caller's wins.
    if let (Some(Credential::SessionCookie), Some(theirs), Some(ours)) =
        (credential, options.headers.get(COOKIE), &options.session_cookie)
    {
        put(&mut headers, COOKIE, Some(joined(theirs, ours)?));
    }
    Ok(headers)
}

/// Sets a header, if there is anything to set it to.
#[inline(never)]
pub(crate) fn put(headers: &mut HeaderMap, name: HeaderName, value: Option<HeaderValue>) {
    if let Some(value) = value {
        headers.insert(name, value);
    }
}

/// One key for all attempts of a call: 128 bits of chance.
fn new_key() -> Result<HeaderValue, Error> {
    HeaderValue::try_from(format!("{:032x}", fastrand::u128(..))).map_err(|error| Error::config(error.to_string()))
}

fn joined(theirs: &HeaderValue, ours: &HeaderValue) -> Result<HeaderValue, Error> {
    let bytes = [theirs.as_bytes(), b"; ", ours.as_bytes()].concat();
    let mut value =
        HeaderValue::from_bytes(&bytes).map_err(|_| Error::config("the cookies cannot be put into one header"))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url_of(base: &str, path: &str, query: &[(&str, &str)], extra: &[(&str, &str)]) -> String {
        let extra: Vec<_> = extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        url(base.trim_end_matches('/'), path, query, &extra).unwrap().into()
    }

    #[test]
    fn the_base_url_may_end_in_a_slash_and_have_a_path() {
        for (base, whole) in [
            ("http://host", "http://host/api/v1/x"),
            ("http://host/", "http://host/api/v1/x"),
            ("http://host:81/gateway", "http://host:81/gateway/api/v1/x"),
            ("http://host/gateway//", "http://host/gateway/api/v1/x"),
        ] {
            assert_eq!(url_of(base, "/api/v1/x", &[], &[]), whole);
        }
    }

    #[test]
    fn queries_are_written_like_forms() {
        let query = [("q", "a b&c=d+é"), ("after", ""), ("tag", "1"), ("tag", "2")];
        assert_eq!(url_of("http://h", "/x", &query, &[]), "http://h/x?q=a+b%26c%3Dd%2B%C3%A9&after=&tag=1&tag=2");
    }

    #[test]
    fn a_callers_query_takes_the_place_of_the_operations() {
        assert_eq!(
            url_of("http://h", "/x", &[("a", "1"), ("b", "1")], &[("a", "2"), ("a", "3")]),
            "http://h/x?b=1&a=2&a=3"
        );
    }

    #[test]
    fn encoded_path_values_stay_encoded() {
        assert_eq!(
            url_of("http://h", "/files/a%2F..%2Fb%3Fc/content", &[], &[]),
            "http://h/files/a%2F..%2Fb%3Fc/content"
        );
    }
}
