//! Calls that are made when the page says so.

use std::sync::Arc;

use dioxus_core::{current_scope_id, use_hook};
use dioxus_signals::{CopyValue, ReadableExt};

use super::provider::use_provider;
use super::run::{Run, State, Status};
use super::{Data, Observe, Streamed};
use crate::call::{Call, Operation};
use crate::client::Client;
use crate::error::Error;
use crate::stream::EventStream;

/// A call that is made by [`mutate`](Self::mutate), and what has come of it. `A` is what it takes: one argument, or a tuple of them.
///
/// Copies are the same mutation, and can be handed to other components. It ends with the component that called the hook.
pub struct Mutation<O: Operation<Output: Observe>, A: 'static> {
    run: Run<Data<O>>,
    client: CopyValue<Result<Client, Arc<Error>>>,
    call: fn(&Client, A) -> Call<O>,
}

/// A mutation by any call. [`hooks`](crate::hooks) has one for each operation.
///
/// ```no_run
/// # #[cfg(feature = "llm-chat")]
/// # fn component() {
/// use mka1::dioxus::use_mutation;
/// use mka1::types::{ChatCompletionRequest, ChatMessage};
///
/// let answer = use_mutation(|client, question: String| {
///     let request = ChatCompletionRequest::new("auto", [ChatMessage::user(question)]);
///     client.llm().chat().create_chat_completion_stream(request)
/// });
/// answer.mutate("Say hello");
/// # }
/// ```
pub fn use_mutation<O: Operation<Output: Observe>, A: 'static>(call: fn(&Client, A) -> Call<O>) -> Mutation<O, A> {
    let provider = use_provider();
    use_hook(|| Mutation {
        run: Run::new(current_scope_id(), State::default()),
        client: CopyValue::new(provider.client),
        call,
    })
}

impl<O: Operation<Output: Observe>, A> Mutation<O, A> {
    /// Makes the call. One that is on its way is dropped, and what came of it forgotten.
    pub fn mutate(self, args: impl Into<A>) {
        self.mutate_with(args, |call| call);
    }

    /// Makes the call with optional parameters or options: `mutate_with(request, |call| call.options(…))`.
    pub fn mutate_with(self, args: impl Into<A>, with: impl FnOnce(Call<O>) -> Call<O>) {
        let Ok(client) = self.client.try_peek().map(|client| client.clone()) else { return };
        match client {
            Ok(client) => {
                let (run, call) = (self.run, with((self.call)(&client, args.into())));
                run.set(State::default());
                run.begin(async move { call.await?.observe(run).await });
            }
            Err(error) => {
                self.run.set(State { status: Status::Error, error: Some(error), ..State::default() });
            }
        }
    }

    /// How far the call has got.
    pub fn status(self) -> Status {
        self.run.read().status
    }

    /// Whether the call is on its way, or its stream goes on.
    pub fn pending(self) -> bool {
        self.status().is_busy()
    }

    /// What came, or has come so far.
    pub fn data(self) -> Option<Arc<Data<O>>> {
        self.run.read().data
    }

    /// What went wrong.
    pub fn error(self) -> Option<Arc<Error>> {
        self.run.read().error
    }

    /// Drops a call that is on its way, and with it the request. What has come stays.
    pub fn cancel(self) {
        self.run.cancel();
    }

    /// Back to the beginning: cancelled, with no data and no error.
    pub fn reset(self) {
        self.run.set(State::default());
    }
}

impl<T: 'static, O: Operation<Output = EventStream<T>>, A> Mutation<O, A>
where
    EventStream<T>: Observe<Data = Streamed<T>>,
{
    /// The [text](Streamed::text) so far.
    pub fn text(self) -> String {
        self.data().map(|data| data.text().to_owned()).unwrap_or_default()
    }
}

impl<O: Operation<Output: Observe>, A> Clone for Mutation<O, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O: Operation<Output: Observe>, A> Copy for Mutation<O, A> {}

/// Whether they are the same one.
impl<O: Operation<Output: Observe>, A> PartialEq for Mutation<O, A> {
    fn eq(&self, other: &Self) -> bool {
        self.run == other.run
    }
}
