//! From what a call gives to what components see of it, while it comes.

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt;
use serde::de::DeserializeOwned;

use super::run::{Run, Status};
use super::streamed::Streamed;
use crate::error::Error;
use crate::response::FromResponse;
use crate::stream::StreamEvent;
use crate::{Download, EventStream, Response};

/// What hooks can show: every [output](crate::Operation::Output) of an operation. There is nothing to implement by hand.
pub trait Observe: FromResponse {
    /// What is held of it.
    type Data: 'static;

    /// Shows it as it comes, to its end.
    #[doc(hidden)]
    fn observe(self, run: Run<Self::Data>) -> impl Future<Output = Result<(), Error>>;
}

impl<T: DeserializeOwned + Send + 'static> Observe for Response<T> {
    type Data = Self;

    async fn observe(self, run: Run<Self>) -> Result<(), Error> {
        run.show(Status::Done, self);
        Ok(())
    }
}

impl Observe for Download {
    type Data = Response<Bytes>;

    async fn observe(self, run: Run<Self::Data>) -> Result<(), Error> {
        let (status, headers) = (self.status(), self.headers().clone());
        let content = self.bytes().await?;
        run.show(Status::Done, Response::from_parts(status, headers, content));
        Ok(())
    }
}

impl<T: StreamEvent + 'static> Observe for EventStream<T> {
    type Data = Streamed<T>;

    async fn observe(mut self, run: Run<Self::Data>) -> Result<(), Error> {
        run.show(Status::Streaming, Streamed::default());
        while let Some(event) = self.try_next().await? {
            let mut outcome = Ok(());
            run.change(|state| {
                // A copy is made only while somebody keeps what was there before.
                let data = Arc::make_mut(state.data.get_or_insert_default());
                outcome = data.push(event, &self);
            });
            outcome.map_err(|error| self.complete(error))?;
        }
        run.change(|state| Arc::make_mut(state.data.get_or_insert_default()).note(&self));
        Ok(())
    }
}
