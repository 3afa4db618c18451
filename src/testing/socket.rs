//! The sockets of the embedded server: a listener whose connections can be told to break.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How a connection is broken. The numbers are what [`Link`] keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Fault {
    /// FIN, once all that was written is on its way.
    Fin = 1,
    /// RST, once all that was written is on its way.
    Reset = 2,
    /// At once, whatever is still to be written: the server stops.
    Stop = 3,
}

/// The handle by which a reply reaches the socket below it.
#[derive(Debug)]
pub(super) struct Link {
    /// Counts connections from 0, in the order they were accepted.
    pub(super) id: u64,
    fault: AtomicU8,
    waker: AtomicWaker,
}

impl Link {
    /// Has the connection break as soon as the fault's time has come.
    pub(super) fn fail(&self, fault: Fault) {
        self.fault.store(fault as u8, Ordering::Release);
        self.waker.wake();
    }

    fn fault(&self) -> Option<Fault> {
        match self.fault.load(Ordering::Acquire) {
            1 => Some(Fault::Fin),
            2 => Some(Fault::Reset),
            3 => Some(Fault::Stop),
            _ => None,
        }
    }
}

/// All connections of one server.
#[derive(Debug)]
pub(super) struct Links {
    open: Mutex<HashMap<u64, Arc<Link>>>,
    accepted: AtomicU64,
    changed: watch::Sender<()>,
}

impl Links {
    pub(super) fn new(changed: watch::Sender<()>) -> Self {
        Self { open: Mutex::default(), accepted: AtomicU64::new(0), changed }
    }

    /// How many connections are open.
    pub(super) fn open(&self) -> usize {
        self.lock().len()
    }

    /// How many connections were accepted so far.
    pub(super) fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Acquire)
    }

    /// Breaks every open connection.
    pub(super) fn stop(&self) {
        for link in self.lock().values() {
            link.fail(Fault::Stop);
        }
    }

    fn add(&self) -> Arc<Link> {
        let link = Arc::new(Link {
            id: self.accepted.fetch_add(1, Ordering::AcqRel),
            fault: AtomicU8::new(0),
            waker: AtomicWaker::new(),
        });
        self.lock().insert(link.id, Arc::clone(&link));
        self.changed.send_replace(());
        link
    }

    fn remove(&self, id: u64) {
        self.lock().remove(&id);
        self.changed.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<Link>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accepts connections on loopback and wraps each one in a [`Socket`].
pub(super) struct Loopback {
    pub(super) listener: TcpListener,
    pub(super) links: Arc<Links>,
}

impl Listener for Loopback {
    type Io = Socket;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Socket, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    // Every event is a write of its own and must not wait for the next.
                    let _ = stream.set_nodelay(true);
                    let link = self.links.add();
                    return (Socket { stream: Some(stream), link, links: Arc::clone(&self.links) }, address);
                }
                // Out of file descriptors, mostly: others may be closed meanwhile.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection; without a stream once it was broken.
pub(super) struct Socket {
    stream: Option<TcpStream>,
    link: Arc<Link>,
    links: Arc<Links>,
}

impl Socket {
    fn stream(&mut self, cx: &mut Context<'_>) -> io::Result<Pin<&mut TcpStream>> {
        self.link.waker.register(cx.waker());
        if self.link.fault() == Some(Fault::Stop) {
            self.stream = None;
        }
        match &mut self.stream {
            Some(stream) => Ok(Pin::new(stream)),
            None => Err(broken()),
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.stream(cx)?.poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.stream(cx)?.poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream(cx)?.poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    /// Called when the layers above have handed over all they had: the moment at which a script's fault is due.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.stream(cx)?.poll_flush(cx))?;
        match self.link.fault() {
            None => return Poll::Ready(Ok(())),
            Some(Fault::Reset) => {
                if let Some(stream) = &self.stream {
                    stream.set_zero_linger()?;
                }
            }
            Some(Fault::Fin | Fault::Stop) => ready!(self.stream(cx)?.poll_shutdown(cx))?,
        }
        self.stream = None;
        Poll::Ready(Err(broken()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream(cx)?.poll_shutdown(cx)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // First the socket, then the news of it.
        self.stream = None;
        self.links.remove(self.link.id);
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the test server broke the connection")
}

/// The link of the connection that a request came on.
#[derive(Clone)]
pub(super) struct Peer(pub(super) Arc<Link>);

impl Connected<IncomingStream<'_, Loopback>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Loopback>) -> Self {
        Self(Arc::clone(&stream.io().link))
    }
}
