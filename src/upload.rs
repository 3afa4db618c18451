//! Content that is sent as it is read: one file, or a form with files among its parts.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use crate::error::Error;
use crate::platform::{self, Outgoing};

#[cfg(feature = "multipart")]
mod form;

#[cfg(feature = "multipart")]
pub(crate) use form::Form;

/// What content is when nothing says what (RFC 2046, section 4.5.1).
pub(crate) const OCTET_STREAM: &str = "application/octet-stream";

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Content that comes in pieces.
pub(crate) type Pieces = BoxStream<'static, Result<Bytes, BoxError>>;

/// Content to upload, with the name and the content type of a file.
///
/// It is read while it is sent, and never held in memory as a whole unless it came that way. Content from bytes or a path can be sent again,
/// so the call is retried like any other. Content from a reader or a stream is gone once it is sent: the first failure is the call's.
///
/// In a web page there are no paths and no readers, and a stream is read to its end before it is sent.
///
/// ```
/// use mka1::Upload;
///
/// let upload = Upload::from_bytes("city,rain\nOslo,yes\n").file_name("rain.csv").content_type("text/csv");
/// let upload = Upload::from_path("rain.csv");
/// # let _ = upload;
/// ```
#[derive(Clone)]
pub struct Upload {
    content: Content,
    file_name: Option<String>,
    content_type: Option<String>,
    length: Option<u64>,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    /// Opened by every attempt.
    #[allow(dead_code, reason = "a web page has none")]
    Source(Arc<dyn Source>),
    /// Taken by the attempt that sends it.
    Once(Arc<Mutex<Option<Pieces>>>),
}

/// What content is read from, anew for every attempt.
pub(crate) trait Source: Send + Sync {
    fn open(&self) -> BoxFuture<'_, Result<Opened, Error>>;

    /// For `Debug`.
    fn name(&self) -> Cow<'_, str>;
}

/// A body that is ready to be sent.
pub(crate) struct Opened {
    pub(crate) body: Outgoing,
    pub(crate) length: Option<u64>,
}

impl Upload {
    /// Bytes in memory.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Content::Bytes(bytes.into()))
    }

    /// What is opened when the call is made, and can be sent again.
    #[allow(dead_code, reason = "a web page has none")]
    pub(crate) fn from_source(source: impl Source + 'static) -> Self {
        Self::new(Content::Source(Arc::new(source)))
    }

    /// What a stream of pieces gives, to its end. It can be sent once.
    pub fn from_stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes> + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let pieces = stream.map_ok(Into::into).map_err(Into::into).boxed();
        Self::new(Content::Once(Arc::new(Mutex::new(Some(pieces)))))
    }

    /// Sets the name of the file, as the server is told it.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type, such as `text/csv`. Without it a form takes that of the file name's ending, and `application/octet-stream` is sent elsewhere.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Sets how many bytes a reader or stream gives, for servers that want to know. Of bytes and files it is known.
    pub fn length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    fn new(content: Content) -> Self {
        Self { content, file_name: None, content_type: None, length: None }
    }

    /// Whether it can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        !matches!(self.content, Content::Once(_))
    }

    /// The media type that was set.
    pub(crate) fn media_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The content, to be sent.
    pub(crate) async fn open(&self) -> Result<Opened, Error> {
        match &self.content {
            Content::Bytes(bytes) => Ok(Opened { length: u64::try_from(bytes.len()).ok(), body: bytes.clone().into() }),
            Content::Source(source) => source.open().await,
            Content::Once(pieces) => {
                let pieces = pieces.lock().unwrap_or_else(PoisonError::into_inner).take();
                let pieces = pieces.ok_or_else(|| {
                    Error::config("the content of an upload from a reader or stream has been sent, and is gone")
                })?;
                Ok(Opened { body: platform::streamed(pieces).await?, length: self.length })
            }
        }
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::from_bytes(bytes)
    }
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_bytes(bytes)
    }
}

/// Without the content.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match &self.content {
            Content::Bytes(bytes) => Cow::Owned(format!("{} bytes", bytes.len())),
            Content::Source(source) => source.name(),
            Content::Once(_) => Cow::Borrowed("a stream"),
        };
        f.debug_struct("Upload")
            .field("content", &content)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}
