//! One piece of work and what has come of it: the state that components read, and the task behind it.

use std::future::Future;
use std::sync::Arc;

use dioxus_core::{Runtime, ScopeId, Task, spawn};
use dioxus_signals::{CopyValue, ReadableExt, Signal, WritableExt};

use crate::error::Error;
use crate::time::Instant;

/// How far a call has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Nothing goes on: it was never called, or was reset or cancelled.
    #[default]
    Idle,
    /// It was called, and no answer has begun.
    Pending,
    /// A stream has begun, and its data grows.
    Streaming,
    /// All has come.
    Done,
    /// It failed. What came before is still there.
    Error,
}

impl Status {
    /// Whether something goes on that may still change what is there.
    pub(super) fn is_busy(self) -> bool {
        matches!(self, Self::Pending | Self::Streaming)
    }
}

/// What components see of a call.
pub(super) struct State<D> {
    pub(super) status: Status,
    pub(super) data: Option<Arc<D>>,
    pub(super) error: Option<Arc<Error>>,
    /// When the data came, if it came whole and nothing has failed since.
    pub(super) done_at: Option<Instant>,
}

impl<D> Default for State<D> {
    fn default() -> Self {
        Self { status: Status::Idle, data: None, error: None, done_at: None }
    }
}

impl<D> Clone for State<D> {
    fn clone(&self) -> Self {
        Self { status: self.status, data: self.data.clone(), error: self.error.clone(), done_at: self.done_at }
    }
}

/// The state of a call and its task. A copy is the same one; it lives as long as its scope, and is idle afterwards.
#[doc(hidden)]
pub struct Run<D: 'static> {
    state: Signal<State<D>>,
    task: CopyValue<Option<Task>>,
    scope: ScopeId,
}

impl<D: 'static> Run<D> {
    /// In this scope: its end ends the task.
    pub(super) fn new(scope: ScopeId, state: State<D>) -> Self {
        Self { state: Signal::new_in_scope(state, scope), task: CopyValue::new_in_scope(None, scope), scope }
    }

    /// What is there; whoever renders with it is rendered again when it changes.
    pub(super) fn read(self) -> State<D> {
        self.state.try_read().map(|state| state.clone()).unwrap_or_default()
    }

    /// The same, without that.
    pub(super) fn peek(self) -> State<D> {
        self.state.try_peek().map(|state| state.clone()).unwrap_or_default()
    }

    /// Changes what is there, if it is still there.
    pub(super) fn change(mut self, change: impl FnOnce(&mut State<D>)) {
        if let Ok(mut state) = self.state.try_write() {
            change(&mut state);
        }
    }

    /// The answer, or what there is of it so far.
    pub(super) fn show(self, status: Status, data: D) {
        self.change(|state| {
            state.status = status;
            state.data = Some(Arc::new(data));
            state.done_at = None;
        });
    }

    /// Begins work in the place of what went on before, of which nothing is heard any more.
    pub(super) fn begin(self, work: impl Future<Output = Result<(), Error>> + 'static) {
        self.stop();
        // The component may have gone, and others still have its handle.
        let (Some(runtime), Ok(_)) = (Runtime::try_current(), self.state.try_peek()) else { return };
        self.change(|state| {
            state.status = Status::Pending;
            state.error = None;
        });
        let work = async move {
            let outcome = work.await;
            self.hold(None);
            self.change(|state| match outcome {
                Ok(()) => {
                    state.status = Status::Done;
                    state.done_at = Some(Instant::now());
                }
                Err(error) => {
                    state.status = Status::Error;
                    state.error = Some(Arc::new(error));
                    state.done_at = None;
                }
            });
        };
        // In the scope of the state, whoever calls: then both end together.
        let task = runtime.in_scope(self.scope, || spawn(work));
        self.hold(Some(task));
    }

    /// Drops what goes on, and leaves what is there.
    pub(super) fn cancel(self) {
        self.stop();
        if self.peek().status.is_busy() {
            self.change(|state| state.status = Status::Idle);
        }
    }

    /// Drops what goes on, and puts this in its place.
    pub(super) fn set(self, state: State<D>) {
        self.stop();
        self.change(|old| *old = state);
    }

    /// Lets the state go, and what goes on with it.
    pub(super) fn close(self) {
        self.stop();
        self.state.manually_drop();
        self.task.manually_drop();
    }

    /// Whether something goes on.
    pub(super) fn is_running(self) -> bool {
        self.task.try_peek().is_ok_and(|task| task.is_some())
    }

    fn stop(self) {
        if let (Some(task), Some(_)) = (self.hold(None), Runtime::try_current()) {
            task.cancel();
        }
    }

    /// Puts a task in the place of another.
    fn hold(mut self, task: Option<Task>) -> Option<Task> {
        let mut held = self.task.try_write().ok()?;
        std::mem::replace(&mut *held, task)
    }
}

impl<D: 'static> Clone for Run<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: 'static> Copy for Run<D> {}

impl<D: 'static> PartialEq for Run<D> {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}
