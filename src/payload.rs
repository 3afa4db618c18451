//! What a request carries, made anew for every attempt.

use bytes::Bytes;
#[cfg(feature = "multipart")]
use reqwest::RequestBuilder;
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
    Raw(Upload),
    #[cfg(feature = "multipart")]
    Form(Form),
}

impl Payload {
    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// Whether there can be another attempt, as far as the body goes.
    pub(crate) fn is_replayable(&self) -> bool {
        match self {
            Self::None | Self::Json(_) => true,
            Self::Raw(upload) => upload.is_replayable(),
            #[cfg(feature = "multipart")]
            Self::Form(form) => form.is_replayable(),
        }
    }

    /// The media type, if it is known before the body is put together.
    pub(crate) fn content_type(&self) -> Result<Option<HeaderValue>, Error> {
        match self {
            Self::Json(_) => Ok(Some(HeaderValue::from_static("application/json"))),
            Self::Raw(upload) => {
                let media_type = upload.media_type().unwrap_or(OCTET_STREAM);
                let value = HeaderValue::try_from(media_type)
                    .map_err(|_| Error::config(format!("`{}` is not a media type", one_line(media_type, 100))))?;
                Ok(Some(value))
            }
            _ => Ok(None),
        }
    }

    /// Puts the body, and what it alone knows about itself, into a request.
    #[allow(clippy::useless_conversion, unused_variables, reason = "a web page sends bytes; a form needs the client")]
    pub(crate) async fn put(&self, mut request: Request, http: &Client) -> Result<Request, Error> {
        match self {
            Self::None => {}
            Self::Json(bytes) => *request.body_mut() = Some(bytes.clone().into()),
            Self::Raw(upload) => {
                let Opened { body, length } = upload.open().await?;
                if let Some(length) = length {
                    request.headers_mut().insert(CONTENT_LENGTH, length.into());
                }
                *request.body_mut() = Some(body.into());
            }
            #[cfg(feature = "multipart")]
            // The form says its media type itself; said twice, it would be two headers.
            Self::Form(form) => {
                let request = RequestBuilder::from_parts(http.clone(), request).multipart(form.open().await?);
                return request.build().map_err(crate::platform::not_answered);
            }
        }
        Ok(request)
    }
}
