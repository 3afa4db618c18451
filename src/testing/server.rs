//! The embedded server: started, scripted, asked what it saw, stopped when dropped.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::handler::Handler;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::exchange;
use super::log::Log;
use super::request::Request;
use super::respond::{Replies, Respond};
use super::script::Script;
use super::socket::{Links, Loopback, Peer};
use crate::Client;

/// What clients of a test server authenticate with. The server takes any token, and none.
const TOKEN: &str = "test-token";

/// A server on loopback that speaks MKA1's wire format over real HTTP.
///
/// It runs on the current tokio runtime, so a paused clock holds for its delays too, and stops when dropped: its port
/// and all its connections are closed then.
///
/// Without a script it answers both chat endpoints, as [`Chat::echo`](super::Chat::echo) describes, and 404 elsewhere.
pub struct Server {
    address: SocketAddr,
    url: String,
    client: Client,
    shared: Arc<Shared>,
    accepting: AbortHandle,
}

/// What the server and its connections have in common.
pub(super) struct Shared {
    pub(super) started: Instant,
    replies: Mutex<Replies>,
    log: Mutex<Log>,
    links: Arc<Links>,
    changed: watch::Sender<()>,
}

impl Server {
    /// Starts a server on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be had, or no client be made.
    ///
    /// # Panics
    /// Outside a tokio runtime with I/O and time enabled.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let url = format!("http://{address}");
        let client = Client::builder().base_url(&url).bearer_token(TOKEN).build().map_err(io::Error::other)?;
        let changed = watch::Sender::new(());
        let links = Arc::new(Links::new(changed.clone()));
        let shared = Arc::new(Shared {
            started: Instant::now(),
            replies: Mutex::default(),
            log: Mutex::default(),
            links: Arc::clone(&links),
            changed,
        });
        let service = exchange::answer.with_state(Arc::clone(&shared));
        let serve = axum::serve(Loopback { listener, links }, service.into_make_service_with_connect_info::<Peer>());
        let accepting = tokio::spawn(async move {
            // It never ends by itself.
            let _ = serve.await;
        });
        Ok(Self { address, url, client, shared, accepting: accepting.abort_handle() })
    }

    /// Where it listens, as a base URL: `http://127.0.0.1:…`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client of this server, with all defaults and the token `test-token`. All of them share their connections.
    ///
    /// For other settings there is [`Client::builder`], with [`url`](Self::url) as its base URL.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers the next request that has no reply yet with this script, whatever it asks for. Called again, it queues:
    /// the replies are given out in order, once each, before any [`on`](Self::on) is looked at.
    pub fn reply(&self, script: Script) -> &Self {
        self.shared.replies().push(script);
        self
    }

    /// Answers all requests with this method and path from now on. The newest wins.
    ///
    /// The path is compared as it is on the wire; a segment in braces, as in `/api/v1/llm/responses/{id}`, stands for any.
    pub fn on(&self, method: &str, path: &str, responder: impl Respond) -> &Self {
        self.shared.replies().on(method, path, responder);
        self
    }

    /// How many scripts given to [`reply`](Self::reply) nobody has asked for yet.
    pub fn queued_replies(&self) -> usize {
        self.shared.replies().queued()
    }

    /// All requests received so far, in order; of a great many, the latest (65,536 of them, or 256 MiB).
    pub fn requests(&self) -> Vec<Request> {
        self.shared.log().all()
    }

    /// The latest request.
    pub fn last_request(&self) -> Option<Request> {
        self.shared.log().last()
    }

    /// How many requests were received so far.
    pub fn request_count(&self) -> u64 {
        self.shared.log().count()
    }

    /// The request with this number, counted from 0; waits for it where it has not come yet.
    pub async fn request(&self, number: u64) -> Request {
        self.wait_for(|| self.shared.log().get(number)).await
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        self.shared.links.open()
    }

    /// How many connections were made so far.
    pub fn connection_count(&self) -> u64 {
        self.shared.links.accepted()
    }

    /// Waits until at most this many connections are open. A client's pool may keep idle ones.
    pub async fn wait_for_open_connections(&self, at_most: usize) {
        self.wait_for(|| (self.open_connections() <= at_most).then_some(())).await;
    }

    async fn wait_for<T>(&self, look: impl Fn() -> Option<T>) -> T {
        let mut changed = self.shared.changed.subscribe();
        loop {
            if let Some(found) = look() {
                return found;
            }
            // The sender lives as long as `self`.
            let _ = changed.changed().await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        self.shared.links.stop();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("url", &self.url)
            .field("requests", &self.request_count())
            .field("open_connections", &self.open_connections())
            .finish_non_exhaustive()
    }
}

impl Shared {
    /// Keeps a request for the test to look at, and tells who answers it. In one step, so that requests are kept in
    /// the order in which replies were given out.
    pub(super) fn take_in(&self, request: Request) -> Arc<dyn Respond> {
        let mut log = self.log();
        let responder = self.replies().next(&request);
        log.push(request);
        drop(log);
        self.changed.send_replace(());
        responder
    }

    fn replies(&self) -> MutexGuard<'_, Replies> {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
