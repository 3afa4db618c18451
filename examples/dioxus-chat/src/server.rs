//! What serves the page: built for browsers, where there is such a build, or run here and shown by the browser.

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use axum::Router;
use axum::extract::WebSocketUpgrade;
use axum::response::Html;
use axum::routing::get;
use dioxus::prelude::VirtualDom;
use dioxus_liveview::{LiveViewPool, axum_socket, interpreter_glue};
use mka1::Client;
use mka1::testing::{CHAT_STREAM_PATH, Script, Server};
use tokio::net::TcpListener;

use crate::app::app;
use crate::model::Model;

/// Serves until it is ended. `build` is the directory that `wasm-bindgen` wrote to.
pub async fn run(build: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    let api = Server::start().await?;
    api.on("POST", CHAT_STREAM_PATH, Model::new());
    match build {
        Some(build) => {
            serve_build(&api, &build)?;
            println!("The page is at {}", api.url());
            std::future::pending::<()>().await;
        }
        None => {
            let has_key = std::env::var_os("MKA1_API_KEY").is_some();
            let client = if has_key { Client::from_env()? } else { api.client() };
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            println!("The page is at http://{}", listener.local_addr()?);
            axum::serve(listener, live(client)).await?;
        }
    }
    Ok(())
}

/// The page and its API from one place, as a page may only talk to where it came from.
fn serve_build(api: &Server, build: &Path) -> io::Result<()> {
    let html = page(r#"<script type="module">import start from "/dioxus-chat.js"; start();</script>"#);
    api.on("GET", "/", Script::status(200).header("content-type", "text/html").raw(html));
    serve_files(api, build, "")
}

/// The files of a directory and of those below it, at this path.
fn serve_files(api: &Server, directory: &Path, path: &str) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let file = entry?.path();
        let path = format!("{path}/{}", file.file_name().unwrap_or_default().to_string_lossy());
        if file.is_dir() {
            serve_files(api, &file, &path)?;
            continue;
        }
        let media_type = match file.extension().and_then(|extension| extension.to_str()) {
            Some("js") => "text/javascript",
            Some("wasm") => "application/wasm",
            _ => continue,
        };
        api.on("GET", &path, Script::status(200).header("content-type", media_type).raw(fs::read(&file)?));
    }
    Ok(())
}

/// The page, which runs here: what happens in the browser comes over a socket, and what changes goes back over it.
fn live(client: Client) -> Router {
    let pool = LiveViewPool::new();
    let connect = async move |upgrade: WebSocketUpgrade| {
        let (pool, client) = (pool.clone(), client.clone());
        upgrade.on_upgrade(async move |socket| {
            // It ends when the browser goes.
            let _ = pool.launch_virtualdom(axum_socket(socket), || VirtualDom::new_with_props(app, client)).await;
        })
    };
    Router::new().route("/", get(async || Html(page(&interpreter_glue("/socket"))))).route("/socket", get(connect))
}

fn page(script: &str) -> String {
    include_str!("page.html").replace("/* style */", include_str!("style.css")).replace("<!-- script -->", script)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 3] =
        [("dioxus-chat.js", "start"), ("dioxus-chat_bg.wasm", "program"), ("snippets/core/set.js", "set")];

    async fn text(url: String) -> String {
        mka1::reqwest::get(url).await.unwrap().error_for_status().unwrap().text().await.unwrap()
    }

    #[tokio::test]
    async fn without_a_build_the_page_is_shown_over_a_socket() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::builder().build().unwrap();
        tokio::spawn(async { axum::serve(listener, live(client)).await });
        let html = text(url).await;
        assert!(html.contains(".message {") && html.contains("/socket"), "{html}");
    }

    #[tokio::test]
    async fn a_build_is_served_beside_the_api() {
        let build = std::env::temp_dir().join(format!("dioxus-chat-{}", std::process::id()));
        fs::create_dir_all(build.join("snippets/core")).unwrap();
        for (file, content) in FILES {
            fs::write(build.join(file), content).unwrap();
        }
        let api = Server::start().await.unwrap();
        serve_build(&api, &build).unwrap();
        fs::remove_dir_all(&build).unwrap();
        assert!(text(format!("{}/", api.url())).await.contains(FILES[0].0));
        for (file, content) in FILES {
            assert_eq!(text(format!("{}/{file}", api.url())).await, content);
        }
    }
}
