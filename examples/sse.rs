//! `mka1::sse` over any HTTP response, here with reqwest: `cargo run --example sse [-- URL]`.
//!
//! Without a URL it reads from a clock that this program serves itself, on loopback.

use std::time::Duration;

use futures::TryStreamExt;
use mka1::sse::{Decoder, Events};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Result<()> {
    let url = match std::env::args().nth(1) {
        Some(url) => url,
        None => serve_a_clock().await?,
    };
    let request = reqwest::Client::new().get(url).header("accept", "text/event-stream");
    let response = request.send().await?.error_for_status()?;

    // The clock says `event: stop` without data, which a decoder drops unless it is told otherwise.
    let decoder = Decoder::new().with_dataless_events(true).with_max_event_size(1024 * 1024);
    let mut events = Events::with_decoder(response.bytes_stream(), decoder);
    while let Some(event) = events.try_next().await? {
        println!("{}: {}", event.name(), event.data.as_deref().unwrap_or("(no data)"));
    }

    let id = events.last_event_id().unwrap_or("(none)");
    let wait = events.reconnection_time().unwrap_or(Duration::from_secs(3));
    println!("To go on, connect again in {wait:?} with Last-Event-ID {id}.");
    Ok(())
}

/// Serves an event stream to one client and gives its URL.
async fn serve_a_clock() -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}/clock", listener.local_addr()?);
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await?;
        tick(socket).await
    });
    Ok(url)
}

async fn tick(mut socket: TcpStream) -> Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(socket.read_u8().await?);
    }
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n: a clock\nretry: 1500\n\n";
    socket.write_all(head.as_bytes()).await?;
    for second in 1..=3 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let event = format!("id: {second}\nevent: tick\ndata: {second} o'clock\ndata: and all is well\n\n");
        socket.write_all(event.as_bytes()).await?;
    }
    socket.write_all(b"event: stop\n\n").await?;
    Ok(socket.shutdown().await?)
}
