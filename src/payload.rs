//! What a request carries, made anew for every attempt.

use bytes::Bytes;
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_LENGTH, HeaderValue};

use crate::error::Error;
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
                    .map_err(|_| Error::config(format!("`{}` is not a media type", media_type.escape_debug())))?;
                Ok(Some(value))
            }
            _ => Ok(None),
        }
    }

    /// Puts the body, and what it alone knows about itself, into a request.
    pub(crate) async fn put(&self, request: RequestBuilder) -> Result<RequestBuilder, Error> {
        match self {
            Self::None => Ok(request),
            Self::Json(bytes) => Ok(request.body(bytes.clone())),
            Self::Raw(upload) => {
                let Opened { body, length } = upload.open().await?;
                let request =
                    length.into_iter().fold(request, |request, length| request.header(CONTENT_LENGTH, length));
                Ok(request.body(body))
            }
            #[cfg(feature = "multipart")]
            // The form says its media type itself; said twice, it would be two headers.
            Self::Form(form) => Ok(request.multipart(form.open().await?)),
        }
    }
}
