//! How a server comes from a request to the script of its reply.

use std::collections::VecDeque;
use std::sync::Arc;

use super::chat::{CHAT_PATH, CHAT_STREAM_PATH, Chat};
use super::request::Request;
use super::script::Script;

/// Decides what a request gets. A [`Script`] is the same for all requests; a closure or [`Chat`] looks at them.
///
/// ```
/// use mka1::testing::{Request, Respond, Script};
///
/// fn is_responder(_: impl Respond) {}
/// is_responder(Script::error(404, "NOT_FOUND", "No such model"));
/// is_responder(|request: &Request| Script::json(&request.path()));
/// ```
pub trait Respond: Send + Sync + 'static {
    /// The reply to this request.
    fn respond(&self, request: &Request) -> Script;
}

impl Respond for Script {
    fn respond(&self, _: &Request) -> Script {
        self.clone()
    }
}

impl<F: Fn(&Request) -> Script + Send + Sync + 'static> Respond for F {
    fn respond(&self, request: &Request) -> Script {
        self(request)
    }
}

/// Everything a server was told to answer.
pub(super) struct Replies {
    queue: VecDeque<Script>,
    routes: Vec<Route>,
}

struct Route {
    method: String,
    path: String,
    responder: Arc<dyn Respond>,
}

impl Default for Replies {
    fn default() -> Self {
        let mut replies = Self { queue: VecDeque::new(), routes: Vec::new() };
        replies.on("POST", CHAT_STREAM_PATH, Chat::echo());
        replies.on("POST", CHAT_PATH, Chat::echo());
        replies
    }
}

impl Replies {
    pub(super) fn push(&mut self, script: Script) {
        self.queue.push_back(script);
    }

    pub(super) fn queued(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn on(&mut self, method: &str, path: &str, responder: impl Respond) {
        let responder = Arc::new(responder);
        self.routes.push(Route { method: method.to_owned(), path: path.to_owned(), responder });
    }

    /// Who answers: the queue first, then the newest route that fits. A path nobody knows is 404, by the host and not
    /// by the framework: so it is plain text.
    pub(super) fn next(&mut self, request: &Request) -> Arc<dyn Respond> {
        if let Some(script) = self.queue.pop_front() {
            return Arc::new(script);
        }
        let fits = |route: &&Route| route.method == request.method() && path_fits(&route.path, request.path());
        match self.routes.iter().rev().find(fits) {
            Some(route) => Arc::clone(&route.responder),
            None => Arc::new(Script::status(404).header("content-type", "text/plain").raw("Not Found")),
        }
    }
}

/// Compares by segments; `{…}` in the pattern stands for any one of them.
fn path_fits(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    pattern.split('/').all(|expected| {
        segments.next().is_some_and(|segment| {
            let any = expected.starts_with('{') && expected.ends_with('}') && !segment.is_empty();
            any || expected == segment
        })
    }) && segments.next().is_none()
}
