//! A server of plain sockets, for what no HTTP server would do: each connection gets its bytes, whatever HTTP has to say.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mka1::{Client, ResumePolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub struct Raw {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl Raw {
    /// Answers every request with these pieces, each a write of its own, and then with a FIN.
    pub async fn start(pieces: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let pieces: Vec<Vec<u8>> = pieces.into_iter().map(Into::into).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, pieces.clone(), Arc::clone(&count)));
            }
        });
        Self { url, requests }
    }

    pub fn client(&self) -> Client {
        Client::builder().base_url(&self.url).resume(ResumePolicy::none()).build().unwrap()
    }

    pub fn request_count(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

async fn answer(mut socket: TcpStream, pieces: Vec<Vec<u8>>, count: Arc<AtomicUsize>) {
    socket.set_nodelay(true).unwrap();
    if read_request(&mut socket).await.is_none() {
        return;
    }
    count.fetch_add(1, Ordering::Relaxed);
    for piece in pieces {
        if socket.write_all(&piece).await.is_err() {
            return;
        }
        // Lets the client take it before the next one comes.
        tokio::task::yield_now().await;
    }
    let _ = socket.shutdown().await;
    // What is left unread would turn the FIN into a reset.
    while socket.read(&mut [0; 64]).await.is_ok_and(|read| read > 0) {}
}

/// Reads a request to its end; `None` if the client goes away before that.
async fn read_request(socket: &mut TcpStream) -> Option<()> {
    let mut bytes = Vec::new();
    loop {
        socket.read_buf(&mut bytes).await.ok().filter(|read| *read > 0)?;
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if bytes.len() >= end + 4 + length.map_or(0, |length| length.parse().unwrap()) {
            return Some(());
        }
    }
}
