//! What a request carries, made anew for every attempt.

use std::sync::Arc;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use reqwest::header::{CONTENT_LENGTH, HeaderValue};
use reqwest::{Client, Request};

use crate::error::Error;
use crate::error::text::one_line;
#[cfg(feature = "multipart")]
use crate::upload::Form;
use crate::upload::{OCTET_STREAM, Opened, Upload};

/// The body of a request.
#[derive(Clone)]
#[allow(dead_code, reason = "which of these are used depends on the features")]
pub(crate) enum Payload {
    None,
    /// Written out once; attempts share the bytes.
    Json(Bytes),
    /// Of a type that isn't known here: so a program that sends none has no code for it.
    Content(Arc<dyn Content>),
}

/// What is put into a request as it is sent.
pub(crate) trait Content: Send + Sync {
    /// Whether it can be sent again.
    fn is_replayable(&self) -> bool;

    /// The media type, if it is known before the body is put together.
    fn content_type(&self) -> Result<Option<HeaderValue>, Error>;

    /// Puts itself, and what it alone knows about itself, into a request.
    fn put<'c>(&'c self, request: Request, http: &'c Client) -> BoxFuture<'c, Result<Request, Error>>;
}

impl Payload {
    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether there can be another attempt, as far as the body goes.
    pub(crate) fn is_replayable(&self) -> bool {
        match self {
            Self::None | Self::Json(_) => true,
            Self::Content(content) => content.is_replayable(),
        }
    }

    /// The media type, if it is known before the body is put together.
    pub(crate) fn content_type(&self) -> Result<Option<HeaderValue>, Error> {
        match self {
            Self::None => Ok(None),
            Self::Json(_) => Ok(Some(HeaderValue::from_static("application/json"))),
            Self::Content(content) => content.content_type(),
        }
    }

    /// Puts the body, and what it alone knows about itself, into a request.
    pub(crate) async fn put(&self, mut request: Request, http: &Client) -> Result<Request, Error> {
        match self {
            Self::None => Ok(request),
            Self::Json(bytes) => {
                *request.body_mut() = Some(bytes.clone().into());
                Ok(request)
            }
            Self::Content(content) => content.put(request, http).await,
        }
    }
}

impl Content for Upload {
    fn is_replayable(&self) -> bool {
        self.is_replayable()
    }

    fn content_type(&self) -> Result<Option<HeaderValue>, Error> {
        let media_type = self.media_type().unwrap_or(OCTET_STREAM);
        let value = HeaderValue::try_from(media_type)
            .map_err(|_| Error::config(format!("`{}` is not a media type", one_line(media_type, 100))))?;
        Ok(Some(value))
    }

    #[allow(clippy::useless_conversion, reason = "a web page sends bytes")]
    fn put<'c>(&'c self, mut request: Request, _: &'c Client) -> BoxFuture<'c, Result<Request, Error>> {
        Box::pin(async move {
            let Opened { body, length } = self.open().await?;
            if let Some(length) = length {
                request.headers_mut().insert(CONTENT_LENGTH, length.into());
            }
            *request.body_mut() = Some(body.into());
            Ok(request)
        })
    }
}

#[cfg(feature = "multipart")]
impl Content for Form {
    fn is_replayable(&self) -> bool {
        self.is_replayable()
    }

    /// The form says its media type itself; said twice, it would be two headers.
    fn content_type(&self) -> Result<Option<HeaderValue>, Error> {
        Ok(None)
    }

    fn put<'c>(&'c self, request: Request, http: &'c Client) -> BoxFuture<'c, Result<Request, Error>> {
        Box::pin(async move {
            let request = reqwest::RequestBuilder::from_parts(http.clone(), request).multipart(self.open().await?);
            request.build().map_err(crate::platform::not_answered)
        })
    }
}
