//! A server that speaks HTTP/1.1 over TLS and cuts streams as they are cut there.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;

use crate::certificate::Identity;
use crate::cut::{Cut, Play};
use crate::frame::{END, HEAD, frame};
use crate::request::Request;

/// Lives as long as the runtime it was started on.
pub struct Http1 {
    pub client: mka1::Client,
    pub play: Play,
}

impl Http1 {
    /// Starts a server on a free port of loopback.
    pub async fn start() -> Self {
        let identity = Identity::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let client = identity.client(listener.local_addr().expect("an address").port());
        let play = Play::default();
        let server = Self { client, play: play.clone() };
        let acceptor = identity.acceptor("http/1.1");
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, play) = (acceptor.clone(), play.clone());
                tokio::spawn(async move {
                    socket.set_nodelay(true).expect("a socket");
                    if let Ok(connection) = acceptor.accept(socket).await {
                        // A client that goes away is no fault of the server.
                        let _ = serve(connection, &play).await;
                    }
                });
            }
        });
        server
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
