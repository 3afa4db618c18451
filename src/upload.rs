//! Content that is sent as it is read: one file, or a form with files among its parts.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use crate::error::Error;

#[cfg(feature = "multipart")]
mod form;

#[cfg(feature = "multipart")]
pub(crate) use form::Form;

/// What content is when nothing says what (RFC 2046, section 4.5.1).
pub(crate) const OCTET_STREAM: &str = "application/octet-stream";

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Pieces = BoxStream<'static, Result<Bytes, BoxError>>;

/// Content to upload, with the name and the content type of a file.
///
/// It is read while it is sent, and never held in memory as a whole unless it came that way. Content from bytes or a path can be sent again,
/// so the call is retried like any other. Content from a reader or a stream is gone once it is sent: the first failure is the call's.
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
    Path(PathBuf),
    /// Taken by the attempt that sends it.
    Once(Arc<Mutex<Option<Pieces>>>),
}

/// A body that is ready to be sent.
pub(crate) struct Opened {
    pub(crate) body: reqwest::Body,
    pub(crate) length: Option<u64>,
}

impl Upload {
    /// Bytes in memory.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Content::Bytes(bytes.into()))
    }

    /// A file, opened when the call is made. It gives the upload its name.
    ///
    /// A file that cannot be opened is an error of the kind [`Config`](crate::ErrorKind::Config) that names the path; nothing is sent then.
    pub fn from_path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self { file_name: name, ..Self::new(Content::Path(path.to_owned())) }
    }

    /// What a reader gives, to its end. It can be sent once.
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::from_stream(ReaderStream::new(reader))
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
            Content::Path(path) => {
                let fault = |error: std::io::Error| {
                    Error::config(format!("{} cannot be read: {error}", path.display())).with_source(error)
                };
                let file = tokio::fs::File::open(path).await.map_err(fault)?;
                let metadata = file.metadata().await.map_err(fault)?;
                if metadata.is_dir() {
                    return Err(Error::config(format!("{} is a directory", path.display())));
                }
                let length = metadata.is_file().then_some(metadata.len());
                Ok(Opened { body: reqwest::Body::wrap_stream(ReaderStream::new(file)), length })
            }
            Content::Once(pieces) => {
                let pieces = pieces.lock().unwrap_or_else(PoisonError::into_inner).take();
                let pieces = pieces.ok_or_else(|| {
                    Error::config("the content of an upload from a reader or stream has been sent, and is gone")
                })?;
                Ok(Opened { body: reqwest::Body::wrap_stream(pieces), length: self.length })
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

impl From<&Path> for Upload {
    fn from(path: &Path) -> Self {
        Self::from_path(path)
    }
}

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::from_path(path)
    }
}

/// Without the content.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match &self.content {
            Content::Bytes(bytes) => Cow::Owned(format!("{} bytes", bytes.len())),
            Content::Path(path) => path.to_string_lossy(),
            Content::Once(_) => Cow::Borrowed("a stream"),
        };
        f.debug_struct("Upload")
            .field("content", &content)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}
