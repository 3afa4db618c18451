//! Content that comes as bytes: read piece by piece, as a whole, or into a file.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};

use crate::body::Body;
use crate::error::Error;
use crate::response::{Exchange, FromResponse};

/// Content that the API gives as bytes, with the head of the HTTP response it came in.
///
/// It is a [`Stream`] of pieces as they arrive, nothing is read ahead of the caller, and dropping it closes the connection. A connection that breaks,
/// and content shorter than announced, are errors of the kind [`Interrupted`](crate::ErrorKind::Interrupted). The idle timeout of the call holds
/// between two pieces.
///
/// ```no_run
/// # async fn example(download: mka1::Download) -> mka1::Result<()> {
/// println!("{:?}, {:?} bytes", download.content_type(), download.content_length());
/// let bytes_written = download.save_to("speech.wav").await?;
/// # let _ = bytes_written;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read from a download until it is polled"]
pub struct Download {
    status: StatusCode,
    headers: HeaderMap,
    /// Gone once it has ended.
    body: Option<Body>,
    operation: &'static str,
}

impl Download {
    /// The status, 200 as a rule.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The media type, as the server wrote it.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// How many bytes there are, if the server said so.
    pub fn content_length(&self) -> Option<u64> {
        self.headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
    }

    /// The file name that the server suggests (`Content-Disposition`): a bare name, without any directory.
    pub fn file_name(&self) -> Option<String> {
        let disposition = self.headers.get(CONTENT_DISPOSITION)?.to_str().ok()?;
        file_name(disposition)
    }

    /// All of it, in memory.
    ///
    /// # Errors
    /// If it doesn't come whole.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        match self.body.take() {
            Some(body) => body.read().await.map_err(|error| self.complete(error)),
            None => Ok(Bytes::new()),
        }
    }

    fn complete(&self, error: Error) -> Error {
        error.with_operation(self.operation).with_response(self.status, self.headers.clone())
    }
}

/// The name in a `Content-Disposition` (RFC 6266); the extended form goes before the plain one. What could lead elsewhere is taken off.
fn file_name(disposition: &str) -> Option<String> {
    let parameters = || disposition.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let find = |wanted: &str| {
        parameters().find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    };
    let extended = find("filename*").and_then(|value| {
        let encoded = value.splitn(3, '\'').nth(2)?;
        percent_encoding::percent_decode_str(encoded).decode_utf8().ok().map(|name| name.into_owned())
    });
    let name = extended.or_else(|| find("filename").map(|value| value.trim_matches('"').to_owned()))?;
    let name: String = name.rsplit(['/', '\\']).next()?.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    (!name.is_empty() && name != "." && name != "..").then(|| name.to_owned())
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        match Pin::new(body).poll_next(cx) {
            Poll::Ready(None) => {
                self.body = None;
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => {
                self.body = None;
                Poll::Ready(Some(Err(self.complete(error))))
            }
            piece => piece,
        }
    }
}

impl FromResponse for Download {
    async fn from_exchange(exchange: Exchange) -> Result<Self, Error> {
        if exchange.status == StatusCode::NOT_MODIFIED {
            return Err(exchange.into_status_error().await);
        }
        let operation = exchange.plan.spec.id;
        Ok(Self { status: exchange.status, headers: exchange.headers, body: Some(exchange.body), operation })
    }
}

/// Leaves the headers out: they may hold cookies.
impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("content_type", &self.content_type())
            .field("content_length", &self.content_length())
            .finish_non_exhaustive()
    }
}
