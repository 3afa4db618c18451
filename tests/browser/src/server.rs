//! Serves the page and the API, by the embedded server: `browser-server <folder of the page>`.
//!
//! What the API answers depends on the question. `GET /seen` tells what requests came. The addresses are printed as JSON.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use std::{fs, io};

use mka1::testing::{CHAT_PATH, CHAT_STREAM_PATH, Chat, Request, Respond, Script, Server};
use serde_json::{Value, json};

const FILES: [(&str, &str); 3] =
    [("index.html", "text/html"), ("page.js", "text/javascript"), ("page_bg.wasm", "application/wasm")];
const WORDS: [&str; 8] = ["one ", "two ", "three ", "four ", "five ", "six ", "seven ", "eight"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let folder = std::env::args_os().nth(1).expect("usage: browser-server <folder of the page>");
    let server = api().await?;
    for (name, media_type) in FILES {
        let content = fs::read(Path::new(&folder).join(name))?;
        let path = if name == "index.html" { "/".to_owned() } else { format!("/{name}") };
        server.on("GET", &path, Script::status(200).header("content-type", media_type).raw(content));
    }
    // Of another origin than the page.
    let other = api().await?;
    println!("{}", json!({ "page": server.url(), "other": other.url() }));
    std::future::pending().await
}

/// A server that answers by the question, and tells what it saw.
async fn api() -> io::Result<Arc<Server>> {
    let server = Arc::new(Server::start().await?);
    let tries = Arc::new(AtomicU32::new(0));
    server.on("POST", CHAT_STREAM_PATH, move |request: &Request| open_to_all(stream(request, &tries)));
    server.on("POST", CHAT_PATH, Chat::answering(WORDS));
    server.on("OPTIONS", CHAT_STREAM_PATH, |request: &Request| {
        let asked = request.header("access-control-request-headers").unwrap_or_default();
        open_to_all(Script::status(204).header("access-control-allow-headers", asked))
    });
    server.on("GET", "/token", Script::status(200).raw("token-of-the-page"));
    let file = json!({ "id": "file-1", "object": "file", "bytes": 9, "created_at": 0, "filename": "rain.csv", "purpose": "user_data", "status": "processed" });
    server.on("POST", "/api/v1/llm/files", Script::json(&file));
    server.on("POST", "/api/v1/compute/volumes", Script::error(400, "BAD_REQUEST", "Not today"));
    let own = Arc::new(OnceLock::new());
    // The server lives as long as the process.
    let _ = own.set(Arc::clone(&server));
    server.on("GET", "/seen", move |_: &Request| {
        let seen: Vec<Value> =
            own.get().map(|server: &Arc<Server>| server.requests().iter().map(told).collect()).unwrap_or_default();
        Script::json(&seen)
    });
    Ok(server)
}

fn stream(request: &Request, tries: &AtomicU32) -> Script {
    let body: Value = request.json().unwrap_or_default();
    let is_first = request.header("x-last-chunk-index").is_none();
    let words = Chat::answering(WORDS);
    match body["messages"][0]["content"].as_str().unwrap_or_default() {
        "count" => words.pace(Duration::from_millis(50)).respond(request),
        "hang" => Script::bare_stream().text_chunks(&WORDS[..2]).hang(),
        "refuse" => Script::error(400, "BAD_REQUEST", "No such model"),
        // Slowly: what a page has not read yet when the connection breaks, it never gets.
        "cut" if is_first => words.pace(Duration::from_millis(50)).respond(request).truncate(1000).cut(),
        "busy" if !tries.fetch_add(1, Ordering::Relaxed).is_multiple_of(3) => words.respond(request),
        "busy" => Script::error(429, "TOO_MANY_REQUESTS", "Later"),
        "gone" => Script::no_response(),
        "silent" => Script::no_headers(),
        _ => words.respond(request),
    }
}

/// Lets pages of any origin read the reply.
fn open_to_all(script: Script) -> Script {
    script.header("access-control-allow-origin", "*")
}

fn told(request: &Request) -> Value {
    let headers: serde_json::Map<_, _> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    json!({
        "method": request.method(),
        "path": request.path(),
        "headers": headers,
        "body": String::from_utf8_lossy(request.body()),
        "outcome": format!("{:?}", request.outcome()),
        "at": request.received_at().as_millis(),
    })
}
