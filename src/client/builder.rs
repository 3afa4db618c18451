//! Setting up a client: faults are kept until `build`, so that the setters chain.

use std::fmt;
use std::sync::Arc;

use super::{Client, Credentials, DEFAULT_BASE_URL, Duration, Error, RequestOptions, Shared, TokenProvider};
use crate::platform;
use crate::retry::RetryConfig;
use crate::stream::ResumePolicy;

const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_MAX_ERROR_BODY: usize = 1024 * 1024;
const DEFAULT_MAX_EVENT_SIZE: usize = 64 * 1024 * 1024;

/// Sets up a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use mka1::Client;
///
/// let client = Client::builder()
///     .bearer_token("mk-secret")
///     .base_url("https://ai.example.org")
///     .idle_timeout(Duration::from_secs(30))
///     .build()?;
/// # let _ = client;
/// # Ok::<(), mka1::Error>(())
/// ```
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    options: RequestOptions,
    credentials: Result<Credentials, Error>,
    http: Option<reqwest::Client>,
    connect_timeout: Option<Duration>,
    max_error_body: usize,
    max_event_size: usize,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            options: RequestOptions::new(),
            credentials: Ok(Credentials::None),
            http: None,
            connect_timeout: Some(DEFAULT_CONNECT_TIMEOUT),
            max_error_body: DEFAULT_MAX_ERROR_BODY,
            max_event_size: DEFAULT_MAX_EVENT_SIZE,
        }
    }

    /// Sets the API key or other bearer token, with or without the word `Bearer` in front.
    ///
    /// Without one, and without a provider, calls are made without `authorization`.
    pub fn bearer_token(mut self, token: impl AsRef<str>) -> Self {
        self.credentials = Credentials::fixed(token.as_ref());
        self
    }

    /// Asks for the token anew at every attempt. Takes the place of [`bearer_token`](Self::bearer_token).
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.credentials = Ok(Credentials::provider(provider));
        self
    }

    /// Sets where the API is, with or without a trailing slash; a path in it is kept in front of every operation's.
    /// Default: `https://apigw.mka1.com`.
    pub fn base_url(self, url: impl AsRef<str>) -> Self {
        self.change(|options| options.base_url(url))
    }

    /// Sets the end user in whose name calls are made, by your own id for them (`X-On-Behalf-Of`).
    pub fn on_behalf_of(self, user: impl AsRef<str>) -> Self {
        self.change(|options| options.on_behalf_of(user))
    }

    /// Sets the session of a signed-in user: see [`RequestOptions::session_cookie`].
    pub fn session_cookie(self, value: impl AsRef<str>) -> Self {
        self.change(|options| options.session_cookie(value))
    }

    /// Sets the key that events are captured with: see [`RequestOptions::analytics_key`].
    pub fn analytics_key(self, key: impl AsRef<str>) -> Self {
        self.change(|options| options.analytics_key(key))
    }

    /// Sets the key that feature flags are evaluated with: see [`RequestOptions::evaluation_key`].
    pub fn evaluation_key(self, key: impl AsRef<str>) -> Self {
        self.change(|options| options.evaluation_key(key))
    }

    /// Sends a header with every call, in place of any other of that name.
    pub fn default_header(self, name: impl AsRef<str>, value: impl AsRef<[u8]>) -> Self {
        self.change(|options| options.header(name, value))
    }

    /// Limits the time to connect, TLS included. Default: 10 seconds; `None` for no limit. In a web page it says nothing: the browser connects.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = limit.into();
        self
    }

    /// Limits the time to the head of a response: see [`RequestOptions::headers_timeout`]. Default: 10 minutes.
    pub fn headers_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        self.change(|options| options.headers_timeout(limit))
    }

    /// Limits the silence between two pieces of a response: see [`RequestOptions::idle_timeout`]. Default: 60 seconds.
    pub fn idle_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        self.change(|options| options.idle_timeout(limit))
    }

    /// Limits each call as a whole, streams too: see [`RequestOptions::timeout`]. Default: `None`, no limit.
    pub fn timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        self.change(|options| options.timeout(limit))
    }

    /// Sets when and how failed attempts are repeated. Default: [`RetryConfig::default`].
    pub fn retry(self, retry: RetryConfig) -> Self {
        self.change(|options| options.retry(retry))
    }

    /// Sets whether and how patiently streams that are cut are taken up again. Default: [`ResumePolicy::default`], which is on.
    pub fn resume(self, resume: ResumePolicy) -> Self {
        self.change(|options| options.resume(resume))
    }

    /// Sets how many bytes of an error's body are read at most; the rest is dropped. Default: 1 MiB.
    pub fn max_error_body(mut self, bytes: usize) -> Self {
        self.max_error_body = bytes;
        self
    }

    /// Sets how many bytes one event of a stream may have; more is [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge). Default: 64 MiB.
    pub fn max_event_size(mut self, bytes: usize) -> Self {
        self.max_event_size = bytes;
        self
    }

    /// Sends by your own HTTP client, for proxies, certificates, pools and the like.
    ///
    /// Connecting and following redirects are then its business: [`connect_timeout`](Self::connect_timeout) says nothing, and reqwest's own
    /// redirects keep `authorization` and cookies within the origin, but not other headers. A total or read timeout that it has counts
    /// on top of the limits here, and cuts streams.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) with the first thing set that cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let credentials = self.credentials?;
        let options = RequestOptions::new().base_url(DEFAULT_BASE_URL).merge(self.options);
        if let Some(fault) = options.fault {
            return Err(Error::config(fault));
        }
        let follow_redirects = self.http.is_none();
        let http = match self.http {
            Some(http) => http,
            None => platform::connector(self.connect_timeout, options.base_url.as_ref())?,
        };
        let shared = Shared {
            http,
            credentials,
            follow_redirects,
            max_error_body: self.max_error_body,
            max_event_size: self.max_event_size,
        };
        Ok(Client { shared: Arc::new(shared), options: Arc::new(options) })
    }

    /// [`bearer_token`](Self::bearer_token), its fault told with where the token was found.
    pub(super) fn bearer_token_from(mut self, place: &str, token: &str) -> Self {
        self.credentials =
            Credentials::fixed(token).map_err(|error| Error::config(format!("{place}: {}", error.message())));
        self
    }

    /// [`base_url`](Self::base_url), its fault told with where the URL was found.
    pub(super) fn base_url_from(mut self, place: &str, url: &str) -> Self {
        self.options = self.options.base_url(url);
        self.options.fault = self.options.fault.map(|fault| format!("{place}: {fault}"));
        self
    }

    fn change(mut self, change: impl FnOnce(RequestOptions) -> RequestOptions) -> Self {
        self.options = change(self.options);
        self
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("options", &self.options)
            .field("connect_timeout", &self.connect_timeout)
            .field("max_error_body", &self.max_error_body)
            .field("max_event_size", &self.max_event_size)
            .finish_non_exhaustive()
    }
}
