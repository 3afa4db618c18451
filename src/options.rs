//! What a caller can say about one call, or about every call of a client.

use std::fmt;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::auth::bearer;
use crate::error::text::one_line;
use crate::retry::RetryConfig;
use crate::stream::ResumePolicy;

/// Carries the end user in whose name a request is made.
pub(crate) const ON_BEHALF_OF: HeaderName = HeaderName::from_static("x-on-behalf-of");

/// Characters that are shown of what is no name.
const SHOWN_NAME: usize = 100;

/// Settings of a call: headers, query, time limits, retries, base URL, end user.
///
/// They can be given on any call ([`Call::options`](crate::Call::options)), for a copy of a client
/// ([`Client::with_options`](crate::Client::with_options)), and, under the same names, when a client is built. What is said on a call wins over
/// the copy, the copy over the client; what isn't said anywhere has the default that is written at each setter.
///
/// A value that cannot be sent (a line break in a header, a base URL that is none) is reported when the call is made, as
/// [`ErrorKind::Config`](crate::ErrorKind::Config), before anything is sent. `Debug` shows names, not values.
///
/// ```
/// use std::time::Duration;
/// use mka1::{RequestOptions, RetryConfig};
///
/// let options = RequestOptions::new()
///     .header("x-trace", "7f3a")
///     .on_behalf_of("user-42")
///     .idle_timeout(Duration::from_secs(20))
///     .retry(RetryConfig::none());
/// # let _ = options;
/// ```
#[derive(Clone, Default)]
pub struct RequestOptions {
    pub(crate) headers: HeaderMap,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) base_url: Option<Url>,
    pub(crate) on_behalf_of: Option<HeaderValue>,
    pub(crate) session_cookie: Option<HeaderValue>,
    pub(crate) analytics_key: Option<HeaderValue>,
    pub(crate) evaluation_key: Option<HeaderValue>,
    pub(crate) retry: Option<RetryConfig>,
    pub(crate) resume: Option<ResumePolicy>,
    // Inside: `None` is "no limit". Outside: `None` is "not said".
    pub(crate) timeout: Option<Option<Duration>>,
    pub(crate) headers_timeout: Option<Option<Duration>>,
    pub(crate) idle_timeout: Option<Option<Duration>>,
    /// The first thing said that cannot be done.
    pub(crate) fault: Option<String>,
}

impl RequestOptions {
    /// Nothing said.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a header, in place of any other of that name: one of an earlier call of this setter, or one the client would have sent
    /// (`accept`, `user-agent`, `authorization`, …). Case doesn't matter in the name.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        let name = name.as_ref();
        match (HeaderName::try_from(name), HeaderValue::from_bytes(value.as_ref())) {
            (Ok(name), Ok(mut value)) => {
                // What a caller adds may well be a secret; there is no telling.
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            (Err(_), _) => self.fail(format!("`{}` is not a header name", one_line(name, SHOWN_NAME))),
            (Ok(name), Err(_)) => {
                self.fail(format!("the value of header `{name}` has characters that a header cannot carry"))
            }
        }
        self
    }

    /// Adds a query parameter. Said twice, a name is sent twice. One that the operation has too takes the place of the operation's.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sets the end user in whose name the call is made, by your own id for them (`X-On-Behalf-Of`). An empty one is not sent.
    ///
    /// Only operations that know of end users send it.
    pub fn on_behalf_of(mut self, user: impl AsRef<str>) -> Self {
        match HeaderValue::from_bytes(user.as_ref().as_bytes()) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.on_behalf_of = Some(value);
            }
            Err(_) => self.fail("`on_behalf_of` has characters that a header cannot carry".to_owned()),
        }
        self
    }

    /// Sets the session of a user who has signed in with a browser: the value of the cookie `__Secure-mka1-auth-v2.session_token`.
    ///
    /// Some operations on organisations take it, and some take nothing else. Where an operation takes the client's token too, the one that its
    /// documentation names first is sent.
    ///
    /// In a web page it isn't sent: a browser lets no page set a cookie.
    pub fn session_cookie(mut self, value: impl AsRef<str>) -> Self {
        let cookie = format!("__Secure-mka1-auth-v2.session_token={}", value.as_ref());
        self.session_cookie = self.secret("session_cookie", &cookie);
        self
    }

    /// Sets the key that events of a project are captured with (`X-Analytics-Key`), in place of the client's token.
    pub fn analytics_key(mut self, key: impl AsRef<str>) -> Self {
        self.analytics_key = self.secret("analytics_key", key.as_ref());
        self
    }

    /// Sets the key that feature flags of an environment are evaluated with, in place of the client's token.
    pub fn evaluation_key(mut self, key: impl AsRef<str>) -> Self {
        match bearer(key.as_ref()) {
            Ok(value) => self.evaluation_key = Some(value),
            Err(_) => self.fail("`evaluation_key` is empty, or has characters that a header cannot carry".to_owned()),
        }
        self
    }

    /// Sets where the API is, with or without a trailing slash; a path in it is kept in front of every operation's.
    /// Default: `https://apigw.mka1.com`.
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        match parse_base_url(url.as_ref()) {
            Ok(url) => self.base_url = Some(url),
            Err(fault) => self.fail(fault),
        }
        self
    }

    /// Sets when and how failed attempts are repeated. Default: [`RetryConfig::default`].
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Sets whether and how patiently a stream that is cut is taken up again. Default: [`ResumePolicy::default`], which is on.
    pub fn resume(mut self, resume: ResumePolicy) -> Self {
        self.resume = Some(resume);
        self
    }

    /// Limits the whole call: all attempts, the waits between them and the reading of the response, of a stream to its last event.
    /// Default: `None`, no limit; a stream may be as long as it likes.
    pub fn timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.timeout = Some(limit.into());
        self
    }

    /// Limits the time from the start of an attempt, connecting included, to the head of its response.
    /// Default: 10 minutes; `None` for no limit.
    ///
    /// Don't set it low for streams: some servers send the head together with the first event, when the model has begun to answer.
    pub fn headers_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.headers_timeout = Some(limit.into());
        self
    }

    /// Limits the silence between two pieces of a response. Default: 60 seconds; `None` for no limit.
    ///
    /// Anything received ends the silence, keep-alive comments too; the server sends one every 5 seconds. Only time spent waiting for
    /// the server counts, not the time you take between two events.
    pub fn idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = Some(limit.into());
        self
    }

    /// Puts `over` on top: what it says wins, what it doesn't say stays. Headers and query parameters are compared by name.
    pub fn merge(mut self, over: RequestOptions) -> Self {
        if over.on_behalf_of.is_some() {
            self.headers.remove(ON_BEHALF_OF);
        }
        self.headers.extend(over.headers);
        self.query.retain(|(name, _)| over.query.iter().all(|(other, _)| other != name));
        self.query.extend(over.query);
        lay(&mut self.base_url, over.base_url);
        lay(&mut self.on_behalf_of, over.on_behalf_of);
        lay(&mut self.session_cookie, over.session_cookie);
        lay(&mut self.analytics_key, over.analytics_key);
        lay(&mut self.evaluation_key, over.evaluation_key);
        lay(&mut self.retry, over.retry);
        lay(&mut self.resume, over.resume);
        lay(&mut self.timeout, over.timeout);
        lay(&mut self.headers_timeout, over.headers_timeout);
        lay(&mut self.idle_timeout, over.idle_timeout);
        self.fault = self.fault.or(over.fault);
        self
    }

    fn secret(&mut self, name: &str, value: &str) -> Option<HeaderValue> {
        let value = HeaderValue::try_from(value).ok().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        if value.is_none() {
            self.fail(format!("`{name}` has characters that a header cannot carry"));
        }
        value
    }

    fn fail(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }
}

/// What is said on top wins.
fn lay<T>(below: &mut Option<T>, over: Option<T>) {
    if over.is_some() {
        *below = over;
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<_> = self.query.iter().map(|(name, _)| name).collect();
        f.debug_struct("RequestOptions")
            .field("headers", &self.headers.keys().map(HeaderName::as_str).collect::<Vec<_>>())
            .field("query", &query)
            .field("base_url", &self.base_url.as_ref().map(Url::as_str))
            .field("on_behalf_of", &self.on_behalf_of.as_ref().map(|_| "…"))
            .field("session_cookie", &self.session_cookie.as_ref().map(|_| "…"))
            .field("analytics_key", &self.analytics_key.as_ref().map(|_| "…"))
            .field("evaluation_key", &self.evaluation_key.as_ref().map(|_| "…"))
            .field("retry", &self.retry)
            .field("timeout", &self.timeout)
            .field("headers_timeout", &self.headers_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a URL is said without showing it whole: it may hold a password.
fn parse_base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim())
        .map_err(|error| format!("the base URL is not a URL: {error}; it looks like `https://apigw.mka1.com`"))?;
    let fault = if !matches!(url.scheme(), "http" | "https") {
        format!("the base URL must begin with https:// or http://, not with {}:", url.scheme())
    } else if !url.username().is_empty() || url.password().is_some() {
        "the base URL must not hold a user name or password; give a token instead".to_owned()
    } else if url.query().is_some() || url.fragment().is_some() {
        "the base URL must not have a query or fragment".to_owned()
    } else {
        return Ok(url);
    };
    Err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_is_said_on_top_wins_and_the_rest_stays() {
        let below = RequestOptions::new()
            .header("x-a", "1")
            .header("x-b", "1")
            .timeout(SECOND)
            .idle_timeout(SECOND)
            .on_behalf_of("below");
        let merged = below.merge(RequestOptions::new().header("X-B", "2").timeout(None));
        assert_eq!(merged.headers["x-a"], "1");
        assert_eq!(merged.headers["x-b"], "2");
        assert_eq!(merged.timeout, Some(None));
        assert_eq!(merged.idle_timeout, Some(Some(SECOND)));
        assert_eq!(merged.on_behalf_of.unwrap(), "below");
    }

    #[test]
    fn query_parameters_are_replaced_by_name_and_repeated_within_one_level() {
        let merged = RequestOptions::new()
            .query("a", "1")
            .query("b", "1")
            .merge(RequestOptions::new().query("a", "2").query("a", "3"));
        assert_eq!(
            merged.query,
            [("b", "1"), ("a", "2"), ("a", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn an_end_user_on_top_wins_over_a_header_below() {
        let merged =
            RequestOptions::new().header("X-On-Behalf-Of", "below").merge(RequestOptions::new().on_behalf_of("above"));
        assert!(merged.headers.is_empty());
        assert_eq!(merged.on_behalf_of.unwrap(), "above");
    }

    #[test]
    fn what_cannot_be_sent_is_kept_for_the_call_without_its_value() {
        assert_eq!(RequestOptions::new().header("x a", "s3cret").fault.unwrap(), "`x a` is not a header name");
        let fault = RequestOptions::new().header("x-a", "s3cret\n").header("y y", "").fault.unwrap();
        assert_eq!(fault, "the value of header `x-a` has characters that a header cannot carry");
        assert!(RequestOptions::new().on_behalf_of("a\nb").fault.is_some());
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let options =
            RequestOptions::new().header("authorization", "s3cret").query("token", "s3cret").on_behalf_of("s3cret");
        let shown = format!("{options:?}");
        assert!(shown.contains("authorization") && shown.contains("token") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_base_url_must_be_one() {
        for (text, fault) in [
            ("", "not a URL"),
            ("/", "not a URL"),
            ("apigw.mka1.com", "not a URL"),
            ("localhost:8080", "not with localhost:"),
            ("ftp://host", "not with ftp:"),
            ("https://me:s3cret@host", "user name or password"),
            ("https://host/?a=b", "query or fragment"),
            ("https://host/#a", "query or fragment"),
        ] {
            let found = parse_base_url(text).unwrap_err();
            assert!(found.contains(fault), "{text}: {found}");
            assert!(!found.contains("s3cret"));
        }
        assert_eq!(parse_base_url(" https://host/prefix/ ").unwrap().as_str(), "https://host/prefix/");
    }
}
