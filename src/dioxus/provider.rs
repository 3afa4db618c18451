//! The client in the context of components.

use std::rc::Rc;
use std::sync::Arc;

use dioxus_core::{ScopeId, current_scope_id, provide_context, try_consume_context, use_hook};

use super::cache::Cache;
use crate::client::Client;
use crate::error::Error;

/// What hooks find in their context.
#[derive(Clone)]
pub(super) struct Provider {
    pub(super) client: Result<Client, Arc<Error>>,
    pub(super) queries: Rc<Cache>,
    /// Where it was provided, and lives.
    pub(super) scope: ScopeId,
}

impl Provider {
    fn new(client: Result<Client, Error>) -> Self {
        Self { client: client.map_err(Arc::new), queries: Rc::default(), scope: current_scope_id() }
    }
}

/// The nearest provider. Without one all there is is an error, which says what to do.
pub(super) fn use_provider() -> Provider {
    use_hook(|| {
        try_consume_context().unwrap_or_else(|| {
            Provider::new(Err(Error::config(
                "there is no client here: call `use_mka1_provider` in a component above this one",
            )))
        })
    })
}

/// Makes a client for the hooks of this component and of all below it, once. The nearest one counts.
///
/// A client that cannot be made is the error of all those hooks; [`use_mka1_client`] tells at once.
///
/// ```no_run
/// # fn component() {
/// use mka1::Client;
/// use mka1::dioxus::use_mka1_provider;
///
/// use_mka1_provider(|| Client::builder().base_url("http://localhost:8080").build());
/// # }
/// ```
pub fn use_mka1_provider(client: impl FnOnce() -> Result<Client, Error>) {
    use_hook(|| provide_context(Provider::new(client())));
}

/// The client of the nearest [`use_mka1_provider`], for calls of your own.
///
/// # Errors
/// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is none, or why it could not be made.
pub fn use_mka1_client() -> Result<Client, Arc<Error>> {
    use_provider().client
}
