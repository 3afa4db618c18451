//! A server that speaks HTTP/1.1 over TLS and cuts streams as they are cut there.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::cut::{Cut, Play};
use crate::frame::{END, HEAD, frame};
use crate::listener::listen;
use crate::request::Request;

/// Lives as long as the runtime it was started on.
pub struct Http1 {
    pub client: mka1::Client,
    pub play: Play,
}

impl Http1 {
    /// Starts a server on a free port of loopback.
    pub async fn start() -> Self {
        let play = Play::default();
        let played = play.clone();
        let client = listen("http/1.1", move |connection| {
            let play = played.clone();
            async move {
                // A client that goes away is no fault of the server.
                let _ = serve(connection, &play).await;
            }
        });
        Self { client: client.await, play }
    }
}

async fn serve(mut connection: TlsStream<TcpStream>, play: &Play) -> std::io::Result<()> {
    while let Some(request) = Request::read(&mut connection).await {
        let (bytes, cut) = play.answer(request.last_chunk_index.as_deref());
        connection.write_all(&[HEAD, &frame(&bytes)].concat()).await?;
        connection.flush().await?;
        if cut.is_some() {
            play.moment().await;
        }
        match cut {
            Some(Cut::Fin) => return fin(connection).await,
            Some(Cut::Reset) => return connection.get_ref().0.set_zero_linger(),
            Some(Cut::CleanEnd) | None => connection.write_all(END).await?,
            Some(cut) => unreachable!("{cut:?} is no cut of HTTP/1.1"),
        }
        connection.flush().await?;
    }
    Ok(())
}

/// Closes the socket below TLS, which learns nothing of it.
async fn fin(connection: TlsStream<TcpStream>) -> std::io::Result<()> {
    let (mut socket, _tls) = connection.into_inner();
    socket.shutdown().await?;
    // What is left unread would turn the FIN into a reset.
    while socket.read(&mut [0; 64]).await? > 0 {}
    Ok(())
}
