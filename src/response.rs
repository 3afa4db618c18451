//! From a response to what a call gives: a decoded body, or nothing where the API answers with nothing.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use futures_core::future::BoxFuture;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;

use crate::body::Body;
use crate::error::Error;
use crate::json::{self, DecodeError};
use crate::plan::Plan;
use crate::send::ERROR_BODY_TIME;
use crate::time::Instant;
use tracing::Span;

/// A response whose head has come, and whose status is no error.
#[doc(hidden)]
pub struct Exchange {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// What was asked; enough to ask again.
    pub(crate) plan: Arc<Plan>,
    /// The end of the time that the call has.
    pub(crate) deadline: Option<Instant>,
    /// When it began, and what it notes.
    pub(crate) started: Instant,
    pub(crate) span: Span,
}

/// What a call can give: [`Response`], [`EventStream`](crate::EventStream) or [`Download`](crate::Download). There is nothing to implement by hand.
pub trait FromResponse: Sized {
    /// Reads as much of the response as it takes.
    #[doc(hidden)]
    fn from_exchange(exchange: Exchange) -> impl Future<Output = Result<Self, Error>> + Send;
}

/// What the API answered, and the head of the HTTP response it came in.
///
/// It can be used like the value itself; [`into_inner`](Self::into_inner) takes the value out.
///
/// ```
/// use mka1::Response;
///
/// fn show(response: Response<String>) -> String {
///     println!("{} with {} letters", response.status(), response.len());
///     response.into_inner()
/// }
/// ```
#[derive(Clone, PartialEq)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    value: T,
}

impl<T> Response<T> {
    /// The status, 2xx as a rule.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The value, without the head.
    pub fn into_inner(self) -> T {
        self.value
    }

    #[cfg(feature = "dioxus")]
    pub(crate) fn from_parts(status: StatusCode, headers: HeaderMap, value: T) -> Self {
        Self { status, headers, value }
    }

    /// Status, headers and value.
    pub fn into_parts(self) -> (StatusCode, HeaderMap, T) {
        (self.status, self.headers, self.value)
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    /// Leaves the headers out: they may hold cookies.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).field("value", &self.value).finish_non_exhaustive()
    }
}

/// The body as JSON. `()` stands for no body: whatever one there is isn't read. An `Option` is `None` where the status says that there
/// is nothing (204, 205, 304), or where nothing comes.
impl<T: DeserializeOwned + Send + 'static> FromResponse for Response<T> {
    async fn from_exchange(exchange: Exchange) -> Result<Self, Error> {
        // Only what has room for nothing can be made of nothing.
        let nothing = serde_json::from_str("null").ok();
        let is_nothing = TypeId::of::<T>() == TypeId::of::<()>() || matches!(exchange.status.as_u16(), 204 | 205 | 304);
        match nothing {
            Some(value) if is_nothing => Ok(Self { status: exchange.status, headers: exchange.headers, value }),
            _ if exchange.status == StatusCode::NOT_MODIFIED => Err(exchange.into_status_error().await),
            nothing => exchange.into_json(nothing).await,
        }
    }
}

impl Exchange {
    /// The media type of the body, in lower case and without parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = value.split(';').next()?.trim();
        (!essence.is_empty()).then(|| essence.to_ascii_lowercase())
    }

    /// A response of another kind than what was asked for, as an error with as much of its body as errors keep.
    pub(crate) fn into_unexpected<T>(self, found: &str) -> BoxFuture<'_, Error> {
        self.read_unexpected(found, unexpected::<T>)
    }

    fn read_unexpected(self, found: &str, unexpected: fn(&str, &str, &[u8]) -> Error) -> BoxFuture<'_, Error> {
        Box::pin(async move {
            let body = self.body.read_some(self.plan.client.shared().max_error_body, ERROR_BODY_TIME).await;
            unexpected(self.plan.spec.accept, found, &body).with_response(self.status, self.headers)
        })
    }

    async fn into_json<T: DeserializeOwned>(self, nothing: Option<T>) -> Result<Response<T>, Error> {
        let media_type = self.media_type();
        let Self { status, headers, body, plan, .. } = self;
        let failed = |error: Error| error.with_response(status, headers.clone());
        let body = body.read().await.map_err(failed)?;
        if let (true, Some(value)) = (body.is_empty(), nothing) {
            return Ok(Response { status, headers, value });
        }
        match (json::from_slice(&body), media_type) {
            (Ok(value), _) => Ok(Response { status, headers, value }),
            // A page of some proxy, most likely: that it isn't JSON says more than where it stops to be.
            (Err(_), Some(found)) if !is_json(&found) => Err(failed(unexpected::<T>(plan.spec.accept, &found, &body))),
            (Err(error), _) => Err(failed(Error::decode(error, &body))),
        }
    }
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

fn unexpected<T>(asked: &str, found: &str, body: &[u8]) -> Error {
    Error::decode(DecodeError::custom::<T>(&format!("asked for {asked}, got {found}")), body)
}
