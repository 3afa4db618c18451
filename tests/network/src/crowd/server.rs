//! The server of the crowd, in a process of its own: each stream gets its first chunk, and the rest when all are told to go on.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::frame::{END, HEAD, frame};
use crate::reference::{TEXTS, events_between};
use crate::request::Request;

/// The process, which ends with this.
pub(super) struct Server {
    process: Child,
    url: String,
}

impl Server {
    pub(super) async fn start(program: &Path) -> Self {
        let mut command = Command::new(program);
        command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("a process");
        let mut url = String::new();
        BufReader::new(process.stdout.take().expect("a pipe")).read_line(&mut url).await.expect("a URL");
        Self { process, url: url.trim().to_owned() }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Has it send the rest of every stream.
    pub(super) async fn go_on(&mut self) {
        self.process.stdin.as_mut().expect("a pipe").write_all(b"\n").await.expect("a process that listens");
    }
}

/// Is that process: says its URL on the standard output, goes on at a line of the standard input, and ends when that does.
pub async fn serve() -> std::io::Result<()> {
    // As many as can be had: who opens the streams knows how many there are.
    rlimit::increase_nofile_limit(u64::MAX)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let (go_on, told) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(answer(socket, told.clone()));
        }
    });
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while lines.next_line().await?.is_some() {
        go_on.send_replace(true);
    }
    Ok(())
}

async fn answer(mut socket: TcpStream, mut told: watch::Receiver<bool>) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    while Request::read(&mut socket).await.is_some() {
        socket.write_all(&[HEAD, &frame(&events_between(0..1))].concat()).await?;
        // It fails when the server ends, and then there is nobody to write to.
        let _ = told.wait_for(|told| *told).await;
        socket.write_all(&[&frame(&events_between(1..TEXTS.len() + 1)), END].concat()).await?;
    }
    Ok(())
}
