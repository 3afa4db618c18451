//! Files: uploads that are read from one, and downloads that are written to one.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use futures_core::future::BoxFuture;
use futures_util::TryStreamExt;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncWriteExt};
use tokio_util::io::ReaderStream;

use super::Outgoing;
use crate::download::Download;
use crate::error::Error;
use crate::upload::{Opened, Source, Upload};

impl Upload {
    /// A file, opened when the call is made. It gives the upload its name.
    ///
    /// A file that cannot be opened is an error of the kind [`Config`](crate::ErrorKind::Config) that names the path; nothing is sent then.
    /// A web page has no paths: there this isn't.
    pub fn from_path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let upload = Self::from_source(path.to_owned());
        match path.file_name() {
            Some(name) => upload.file_name(name.to_string_lossy()),
            None => upload,
        }
    }

    /// What a reader gives, to its end. It can be sent once. In a web page this isn't.
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self::from_stream(ReaderStream::new(reader))
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

impl Source for PathBuf {
    fn open(&self) -> BoxFuture<'_, Result<Opened, Error>> {
        Box::pin(async move {
            let fault = |error: std::io::Error| {
                Error::config(format!("{} cannot be read: {error}", self.display())).with_source(error)
            };
            let file = File::open(self).await.map_err(fault)?;
            let metadata = file.metadata().await.map_err(fault)?;
            if metadata.is_dir() {
                return Err(Error::config(format!("{} is a directory", self.display())));
            }
            let length = metadata.is_file().then_some(metadata.len());
            Ok(Opened { body: Outgoing::wrap_stream(ReaderStream::new(file)), length })
        })
    }

    fn name(&self) -> Cow<'_, str> {
        self.to_string_lossy()
    }
}

impl Download {
    /// Writes it to a file, and gives the number of bytes written. A web page has no files of its own: there this isn't.
    ///
    /// The file appears under its name when it is complete, in place of one that was there; until then it grows beside it with `.part` behind its
    /// name, and goes away if the download fails. The directory must exist.
    ///
    /// # Errors
    /// If it doesn't come whole, or (kind [`Config`](crate::ErrorKind::Config)) if the file cannot be written.
    pub async fn save_to(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let part = part_of(path);
        match write(&mut self, &part).await {
            Ok(written) => match tokio::fs::rename(&part, path).await {
                Ok(()) => Ok(written),
                Err(error) => {
                    remove(&part).await;
                    Err(cannot_write(path, error))
                }
            },
            Err(error) => {
                remove(&part).await;
                Err(error)
            }
        }
    }
}

async fn write(download: &mut Download, path: &Path) -> Result<u64, Error> {
    let fault = |error| cannot_write(path, error);
    let mut file = File::create(path).await.map_err(fault)?;
    let mut written = 0;
    while let Some(piece) = download.try_next().await? {
        file.write_all(&piece).await.map_err(fault)?;
        written += u64::try_from(piece.len()).unwrap_or(u64::MAX);
    }
    file.flush().await.map_err(fault)?;
    Ok(written)
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

fn cannot_write(path: &Path, error: std::io::Error) -> Error {
    Error::config(format!("{} cannot be written: {error}", path.display())).with_source(error)
}

/// What is left of a download that failed. If it can't be removed either, the first error says more.
async fn remove(path: &Path) {
    let _ = tokio::fs::remove_file(path).await;
}
