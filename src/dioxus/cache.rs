//! The queries below a provider: those of one request are one.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use dioxus_core::ScopeId;

use super::run::{Run, State, Status};
use super::{Data, Observe};
use crate::call::{Call, Operation};
use crate::client::Client;
use crate::error::Error;
use crate::payload::Payload;
use crate::plan::Plan;
use crate::time::{Duration, Instant};

/// How long what nobody shows any more is kept.
const KEPT: Duration = Duration::from_secs(300);

/// A call that a component wants, and what tells it from others.
pub(super) struct Wanted<O> {
    pub(super) key: Vec<u8>,
    call: Result<Call<O>, Arc<Error>>,
}

impl<O: Operation> Wanted<O> {
    pub(super) fn new(client: &Result<Client, Arc<Error>>, call: impl FnOnce(&Client) -> Call<O>) -> Self {
        let call = match client {
            Ok(client) => call(client),
            Err(error) => return Self { key: Vec::new(), call: Err(error.clone()) },
        };
        match call.planned().map(|plan| key(&plan)) {
            Ok(Some(key)) => Self { key, call: Ok(call) },
            Ok(None) => {
                let error =
                    Error::config("a query has a body that cannot be compared with another: make it a mutation");
                Self { key: error.to_string().into_bytes(), call: Ok(call.fail(error)) }
            }
            // Sent, it gives the error itself.
            Err(error) => Self { key: error.into_bytes(), call: Ok(call) },
        }
    }
}

/// All that the server sees of a request, but for the key that is new for every call; `None` if its body is read only as it is sent.
fn key(plan: &Plan) -> Option<Vec<u8>> {
    let body: &[u8] = match &plan.payload {
        Payload::None => &[],
        Payload::Json(body) => body,
        _ => return None,
    };
    let mut key = format!("{} {}\n", plan.method, plan.url).into_bytes();
    for (name, value) in plan.headers.iter().filter(|(name, _)| *name != "idempotency-key") {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"] {
            key.extend_from_slice(part);
        }
    }
    key.extend_from_slice(body);
    Some(key)
}

/// An operation, and what tells its calls from each other.
type Key = (TypeId, Vec<u8>);

/// The queries of a provider.
#[derive(Default)]
pub(super) struct Cache {
    entries: RefCell<HashMap<Key, Rc<dyn Kept>>>,
}

impl Cache {
    /// What there is of the call, for one more component; its state lives in `scope`.
    pub(super) fn enter<O: Operation<Output: Observe>>(&self, wanted: Wanted<O>, scope: ScopeId) -> Rc<Entry<O>> {
        let mut entries = self.entries.borrow_mut();
        entries.retain(|_, entry| entry.stays());
        let key = (TypeId::of::<O>(), wanted.key.clone());
        let known = entries.get(&key).and_then(|entry| entry.clone().any().downcast::<Entry<O>>().ok());
        let entry = known.unwrap_or_else(|| {
            let entry = Rc::new(Entry::new(wanted, scope));
            entries.insert(key, entry.clone());
            entry
        });
        entry.shown.set(entry.shown.get() + 1);
        entry
    }
}

/// A query of whatever operation.
trait Kept {
    fn any(self: Rc<Self>) -> Rc<dyn Any>;

    /// Whether somebody shows it, or may do so again soon; else it is let go.
    fn stays(&self) -> bool;
}

/// A query, and the components that show it.
pub(super) struct Entry<O: Operation<Output: Observe>> {
    pub(super) key: Vec<u8>,
    pub(super) run: Run<Data<O>>,
    /// Gone once it was made, if it can only fail.
    call: RefCell<Option<Call<O>>>,
    /// By how many.
    shown: Cell<usize>,
    left_at: Cell<Option<Instant>>,
}

impl<O: Operation<Output: Observe>> Entry<O> {
    fn new(wanted: Wanted<O>, scope: ScopeId) -> Self {
        // It will be made, so nobody is to see that it hasn't been yet.
        let state = match &wanted.call {
            Ok(_) => State { status: Status::Pending, ..State::default() },
            Err(error) => State { status: Status::Error, error: Some(error.clone()), ..State::default() },
        };
        Self {
            key: wanted.key,
            run: Run::new(scope, state),
            call: RefCell::new(wanted.call.ok()),
            shown: Cell::new(0),
            left_at: Cell::new(None),
        }
    }

    /// Makes the call, in the place of one that is on its way.
    pub(super) fn fetch(&self) {
        let mut call = self.call.borrow_mut();
        let Some(call) = call.as_ref().and_then(Call::again).or_else(|| call.take()) else { return };
        let run = self.run;
        run.begin(async move { call.await?.observe(run).await });
    }

    /// Makes the call, unless it is on its way, or what came of it is younger than that.
    pub(super) fn refresh(&self, stale_time: Duration) {
        let is_fresh = |done_at: Instant| done_at.elapsed() < stale_time;
        if !self.run.is_running() && !self.run.peek().done_at.is_some_and(is_fresh) {
            self.fetch();
        }
    }

    /// One component less. What nobody waits for any more is cancelled.
    pub(super) fn leave(&self) {
        self.shown.set(self.shown.get().saturating_sub(1));
        if self.shown.get() == 0 {
            self.run.cancel();
            self.left_at.set(Some(Instant::now()));
            // Whoever comes next makes the call, and begins with what there is.
            self.run.change(|state| {
                if state.data.is_none() && self.call.borrow().is_some() {
                    *state = State { status: Status::Pending, ..State::default() };
                }
            });
        }
    }
}

impl<O: Operation<Output: Observe>> Kept for Entry<O> {
    fn any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn stays(&self) -> bool {
        let stays = self.shown.get() > 0 || self.left_at.get().is_none_or(|left| left.elapsed() < KEPT);
        if !stays {
            self.run.close();
        }
        stays
    }
}
