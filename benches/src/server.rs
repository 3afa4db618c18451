//! A server of chat streams on loopback, in a process of its own so that its CPU time isn't counted.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::inputs;

/// The argument that makes the program this server.
pub const ARGUMENT: &str = "serve";

/// Bytes of one write, so that it is the client that is measured and not the loopback.
const WRITE: usize = 16 * 1024;

/// A running server, until it is dropped.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    pub fn start() -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?).arg(ARGUMENT).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut url)?;
        }
        Ok(Self { child, url: url.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until it is killed. A request says with its model how many chunks it wants: `"model":"20000"`.
pub fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    for connection in listener.incoming() {
        let connection = connection?;
        thread::spawn(move || answer(&connection));
    }
    Ok(())
}

fn answer(connection: &TcpStream) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::new(connection);
    let (mut wanted, mut response) = (None, Vec::new());
    while let Some(body) = read_request(&mut reader)? {
        let count = model(&body).unwrap_or(1);
        if wanted.replace(count) != Some(count) {
            response = respond(count);
        }
        for part in response.chunks(WRITE) {
            (&mut &*connection).write_all(part)?;
        }
    }
    Ok(())
}

/// The body of the next request; `None` when there is none.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(String::from_utf8_lossy(&body).into_owned()))
}

fn model(body: &str) -> Option<usize> {
    let (_, rest) = body.split_once(r#""model":""#)?;
    rest.split('"').next()?.parse().ok()
}

/// The whole response. Every event is an HTTP chunk of its own, as oRPC writes them, and `[DONE]` is an end that all clients know.
fn respond(count: usize) -> Vec<u8> {
    let mut response =
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let events = inputs::chat_payloads(count).into_iter().map(|payload| format!("event: message\ndata: {payload}\n\n"));
    for chunk in [": \n\n".to_owned()].into_iter().chain(events).chain(["data: [DONE]\n\n".to_owned()]) {
        response.extend_from_slice(format!("{:x}\r\n{chunk}\r\n", chunk.len()).as_bytes());
    }
    response.extend_from_slice(b"0\r\n\r\n");
    response
}
