//! A server that speaks HTTP/2 over TLS and cuts streams as they are cut there.

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::{Request, Response};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_rustls::server::TlsStream;

use crate::cut::{Cut, Play};
use crate::listener::listen;

/// Lives as long as the runtime it was started on.
pub struct Http2 {
    pub client: mka1::Client,
    pub play: Play,
}

impl Http2 {
    /// Starts a server on a free port of loopback.
    pub async fn start() -> Self {
        let play = Play::default();
        let played = play.clone();
        let client = listen("h2", move |connection| {
            let play = played.clone();
            async move {
                // A client that goes away is no fault of the server.
                let _ = serve(connection, play).await;
            }
        });
        Self { client: client.await, play }
    }
}

async fn serve(connection: TlsStream<TcpStream>, play: Play) -> Result<(), h2::Error> {
    let mut connection = h2::server::handshake(connection).await?;
    let (go_away, mut gone) = mpsc::channel(1);
    loop {
        tokio::select! {
            request = connection.accept() => match request {
                Some(request) => {
                    let (request, respond) = request?;
                    tokio::spawn(answer(request, respond, play.clone(), go_away.clone()));
                }
                None => return Ok(()),
            },
            Some(reason) = gone.recv() => connection.abrupt_shutdown(reason),
        }
    }
}

async fn answer(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    play: Play,
    go_away: mpsc::Sender<Reason>,
) -> Result<(), h2::Error> {
    let last = request.headers().get("x-last-chunk-index").map(|index| index.to_str().expect("text").to_owned());
    let mut body = request.into_body();
    while let Some(piece) = body.data().await {
        body.flow_control().release_capacity(piece?.len())?;
    }
    let (bytes, cut) = play.answer(last.as_deref());
    let head = Response::builder().header("content-type", "text/event-stream").body(()).expect("a response");
    let mut stream = respond.send_response(head, false)?;
    if !bytes.is_empty() {
        stream.send_data(bytes.into(), false)?;
    }
    if cut.is_some() {
        play.moment().await;
    }
    match cut {
        Some(Cut::ResetStream(reason)) => stream.send_reset(reason),
        Some(Cut::GoAway(reason)) => {
            // The connection may be gone already; in any case the stream itself must not end before it is.
            let _ = go_away.send(reason).await;
            go_away.closed().await;
        }
        Some(Cut::CleanEnd) | None => stream.send_data(Bytes::new(), true)?,
        Some(cut) => unreachable!("{cut:?} is no cut of HTTP/2"),
    }
    Ok(())
}
