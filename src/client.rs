//! The client: connections, credentials and defaults, shared by every call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{Credentials, TokenProvider};
use crate::error::Error;
use crate::options::RequestOptions;

mod builder;
mod env;
#[cfg(test)]
mod tests;

pub use builder::ClientBuilder;

/// Where the API is unless said otherwise.
pub(crate) const DEFAULT_BASE_URL: &str = "https://apigw.mka1.com";

/// The way to the MKA1 API.
///
/// A client holds a pool of connections, so make one and keep it. Clones share the pool and cost next to nothing; a client can be
/// used from any number of tasks at once.
///
/// ```no_run
/// use mka1::Client;
///
/// let client = Client::from_env()?;
/// # Ok::<(), mka1::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    options: Arc<RequestOptions>,
}

/// What the clones and copies of a client have in common.
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) credentials: Credentials,
    /// No: then the caller's own `reqwest::Client` has its own ways.
    pub(crate) follow_redirects: bool,
    pub(crate) max_error_body: usize,
    pub(crate) max_event_size: usize,
}

impl Client {
    /// A client set up by environment variables: the API key in `MKA1_API_KEY` or else `MKA1_BEARER_AUTH`, and, where the API isn't at
    /// its usual address, its URL in `MKA1_SERVER_URL`. An empty variable counts as not set.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is no key, or a variable holds something that cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        env::builder(|name| std::env::var_os(name))?.build()
    }

    /// Sets up a client by hand.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A copy of the client whose calls have these options, on top of those it has already. It shares the connections.
    ///
    /// ```
    /// use mka1::{Client, RequestOptions};
    ///
    /// let client = Client::builder().bearer_token("mk-secret").build()?;
    /// let for_ada = client.with_options(RequestOptions::new().on_behalf_of("ada"));
    /// # let _ = for_ada;
    /// # Ok::<(), mka1::Error>(())
    /// ```
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        let options = RequestOptions::clone(&self.options).merge(options);
        Self { shared: self.shared.clone(), options: Arc::new(options) }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn request_options(&self) -> &RequestOptions {
        &self.options
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("credentials", &self.shared.credentials)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
