//! Calls that are made because a component shows what comes of them.

use std::rc::Rc;
use std::sync::Arc;

use dioxus_core::{spawn, use_drop, use_hook};
use dioxus_signals::{CopyValue, ReadableExt, Signal, WritableExt};

use super::cache::{Entry, Wanted};
use super::provider::use_provider;
use super::run::{State, Status};
use super::{Data, Observe, Streamed};
use crate::call::{Call, Operation};
use crate::client::Client;
use crate::error::Error;
use crate::stream::EventStream;
use crate::time::Duration;

/// A call that is made when a component appears or its arguments change, and what has come of it.
///
/// Copies are the same query, and can be handed to other components. It ends with the component that called the hook.
pub struct Query<O: Operation<Output: Observe>> {
    /// That of its request; `None` before the first rendering and after the last.
    entry: Signal<Option<Rc<Entry<O>>>>,
    stale_time: CopyValue<Duration>,
}

/// A query by any call. [`hooks`](crate::hooks) has one for each `GET`, with what it needs; here go optional parameters and options.
///
/// The call is made up anew at every rendering, which costs little: it is sent only if it differs from the last one. Its body, if it has one, must
/// be JSON.
pub fn use_query<O: Operation<Output: Observe>>(call: impl FnOnce(&Client) -> Call<O>) -> Query<O> {
    let provider = use_provider();
    let query = use_hook(|| Query { entry: Signal::new(None), stale_time: CopyValue::new(Duration::ZERO) });
    let wanted = Wanted::new(&provider.client, call);
    if query.current().is_none_or(|entry| entry.key != wanted.key) {
        query.turn_to(Some(provider.queries.enter(wanted, provider.scope)));
        // After the rendering: by then the stale time is set.
        spawn(async move {
            if let (Some(entry), Ok(stale_time)) = (query.current(), query.stale_time.try_peek()) {
                entry.refresh(*stale_time);
            }
        });
    }
    use_drop(move || query.turn_to(None));
    query
}

impl<O: Operation<Output: Observe>> Query<O> {
    /// Sets for how long what came is as good as new: a component that appears within that time shows it and asks for nothing. Default: 0, so that every
    /// component asks anew, and shows meanwhile what is there.
    #[must_use = "the time is that of the query given back"]
    pub fn stale_time(mut self, time: Duration) -> Self {
        if let Ok(mut stale_time) = self.stale_time.try_write() {
            *stale_time = time;
        }
        self
    }

    /// How far the call has got.
    pub fn status(self) -> Status {
        self.state().status
    }

    /// Whether the call is on its way, or its stream goes on. There may be data all the same: of the time before.
    pub fn loading(self) -> bool {
        self.status().is_busy()
    }

    /// What came last, or has come so far.
    pub fn data(self) -> Option<Arc<Data<O>>> {
        self.state().data
    }

    /// What went wrong the last time.
    pub fn error(self) -> Option<Arc<Error>> {
        self.state().error
    }

    /// Makes the call again, whatever is there and in the place of one that is on its way. The data stays until there is new one.
    pub fn refetch(self) {
        if let Some(entry) = self.current() {
            entry.fetch();
        }
    }

    /// Drops a call that is on its way, and with it the request, for all components that show it. What has come stays.
    pub fn cancel(self) {
        if let Some(entry) = self.current() {
            entry.run.cancel();
        }
    }

    fn state(self) -> State<Data<O>> {
        let entry = self.entry.try_read().ok().and_then(|entry| entry.clone());
        entry.map(|entry| entry.run.read()).unwrap_or_default()
    }

    fn current(self) -> Option<Rc<Entry<O>>> {
        self.entry.try_peek().ok()?.clone()
    }

    /// Shows another entry in the place of the last one.
    fn turn_to(mut self, entry: Option<Rc<Entry<O>>>) {
        let Ok(mut current) = self.entry.try_write() else { return };
        let last = std::mem::replace(&mut *current, entry);
        drop(current);
        if let Some(last) = last {
            last.leave();
        }
    }
}

impl<T: 'static, O: Operation<Output = EventStream<T>>> Query<O>
where
    EventStream<T>: Observe<Data = Streamed<T>>,
{
    /// The [text](Streamed::text) so far.
    pub fn text(self) -> String {
        self.data().map(|data| data.text().to_owned()).unwrap_or_default()
    }
}

impl<O: Operation<Output: Observe>> Clone for Query<O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O: Operation<Output: Observe>> Copy for Query<O> {}

/// Whether they are the same one.
impl<O: Operation<Output: Observe>> PartialEq for Query<O> {
    fn eq(&self, other: &Self) -> bool {
        self.entry == other.entry
    }
}
