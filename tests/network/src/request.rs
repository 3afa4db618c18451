//! A request of HTTP/1.1, read off a connection as far as these servers care.

use tokio::io::{AsyncRead, AsyncReadExt};

/// Of a request, what makes a difference for the answer.
pub(crate) struct Request {
    pub(crate) last_chunk_index: Option<String>,
}

impl Request {
    /// Reads one to its end; `None` if the client goes away before that.
    pub(crate) async fn read(connection: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        let mut bytes = Vec::with_capacity(1024);
        loop {
            connection.read_buf(&mut bytes).await.ok().filter(|read| *read > 0)?;
            let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            let length: usize = header("content-length: ").map_or(0, |length| length.parse().expect("a length"));
            if bytes.len() >= end + 4 + length {
                return Some(Self { last_chunk_index: header("x-last-chunk-index: ") });
            }
        }
    }
}
