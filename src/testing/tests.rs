//! Promises of the embedded server, checked over plain sockets (the bytes) and over reqwest (the behaviour).

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::*;

const HELLO: &str = r#"{"model":"auto","messages":[{"role":"user","content":"Hi"}]}"#;

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn url(server: &Server, path: &str) -> String {
    format!("{}{path}", server.url())
}

async fn post(server: &Server, path: &str, body: &str) -> reqwest::Response {
    http().post(url(server, path)).body(body.to_owned()).send().await.unwrap()
}

async fn json_of(response: reqwest::Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

/// Sends one request over a plain socket.
async fn raw_post(server: &Server, path: &str, body: &str) -> TcpStream {
    let mut socket = TcpStream::connect(server.address()).await.unwrap();
    let request = format!("POST {path} HTTP/1.1\r\nhost: test\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

/// All that comes, and how it ended.
async fn read_all(mut socket: TcpStream) -> (String, std::io::Result<()>) {
    let mut bytes = Vec::new();
    let end = socket.read_to_end(&mut bytes).await.map(|_| ());
    (String::from_utf8_lossy(&bytes).into_owned(), end)
}

/// The data of all events with this name (empty for nameless ones), as JSON where it is.
fn data(body: &str, name: &str) -> Vec<Value> {
    let prefix = if name.is_empty() { String::new() } else { format!("event: {name}\n") };
    body.split_terminator("\n\n")
        .filter_map(|event| event.strip_prefix(&prefix))
        .filter_map(|event| event.split('\n').find_map(|line| line.strip_prefix("data: ")))
        .map(|data| serde_json::from_str(data).unwrap_or_else(|_| json!(data)))
        .collect()
}

fn text(chunks: &[Value]) -> String {
    chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect()
}

#[tokio::test]
async fn a_stream_has_the_bytes_mka1_sends() {
    let server = Server::start().await.unwrap();
    server.reply(
        Script::stream()
            .event(Event::message(&json!({"n": 1})).comment("seen").retry(1500).id("0"))
            .event(Event::named("message"))
            .error_event(&json!({"code": "BAD_GATEWAY"}))
            .done(&Value::Null)
            .cut(),
    );
    let (response, end) = read_all(raw_post(&server, "/x", "{}").await).await;
    end.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains("content-type: text/event-stream\r\n"), "{head}");
    assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
    let events = [
        ": \n\n",
        ": seen\nevent: message\nretry: 1500\nid: 0\ndata: {\"n\":1}\n\n",
        "event: message\n\n",
        "event: error\ndata: {\"code\":\"BAD_GATEWAY\"}\n\n",
        "event: done\ndata: null\n\n",
    ];
    // One HTTP chunk an event, and no terminating chunk.
    assert_eq!(body, events.map(|event| format!("{:X}\r\n{event}\r\n", event.len())).concat());
}

#[tokio::test]
async fn a_clean_end_has_the_terminating_chunk_and_keeps_the_connection() {
    let server = Server::start().await.unwrap();
    let http = http();
    for _ in 0..3 {
        server.reply(Script::stream().text_chunks(["Hel", "lo"]).finish("stop").end());
        let response = http.get(server.url()).send().await.unwrap();
        let body = response.text().await.unwrap();
        let chunks = data(&body, "message");
        assert_eq!(text(&chunks), "Hello");
        assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
        assert_eq!(chunks[2]["choices"][0]["finish_reason"], "stop");
        assert!(chunks.iter().all(|chunk| chunk["id"] == "chatcmpl-test"));
    }
    assert_eq!(server.connection_count(), 1);
    assert!(server.requests().iter().all(|request| request.outcome() == Outcome::Answered));
}

#[tokio::test]
async fn every_ending_is_seen_by_the_client_as_what_it_is() {
    let server = Server::start().await.unwrap();
    let script = Script::stream().message(&1);
    server.reply(script.clone().end()).reply(script.clone().cut()).reply(script.clone().reset());
    server.reply(script.clone().short_body(10)).reply(Script::no_response()).reply(Script::no_response_reset());

    let (clean, _) = timeout(Duration::from_secs(5), async {
        let mut socket = raw_post(&server, "/x", "").await;
        let mut bytes = vec![0; 4096];
        let mut length = 0;
        while !bytes[..length].ends_with(b"0\r\n\r\n") {
            length += socket.read(&mut bytes[length..]).await.unwrap();
        }
        (bytes, socket)
    })
    .await
    .unwrap();
    assert!(clean.starts_with(b"HTTP/1.1 200"));

    let (cut, end) = read_all(raw_post(&server, "/x", "").await).await;
    assert!(cut.ends_with("data: 1\n\n\r\n"), "{cut}");
    assert!(end.is_ok());

    let (reset, end) = read_all(raw_post(&server, "/x", "").await).await;
    assert!(reset.is_empty() || reset.starts_with("HTTP/1.1 200"));
    assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);

    let (short, end) = read_all(raw_post(&server, "/x", "").await).await;
    assert!(end.is_ok());
    let (head, body) = short.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}\r\n", body.len() + 10)), "{head}");
    assert_eq!(body, ": \n\nevent: message\ndata: 1\n\n");

    let (nothing, end) = read_all(raw_post(&server, "/x", "").await).await;
    assert_eq!((nothing.as_str(), end.is_ok()), ("", true));
    let (nothing, end) = read_all(raw_post(&server, "/x", "").await).await;
    assert_eq!((nothing.as_str(), end.unwrap_err().kind()), ("", std::io::ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn a_cut_can_be_made_at_every_byte() {
    let server = Server::start().await.unwrap();
    let reference = Script::stream().text_chunks(["a"]).done(&Value::Null);
    let whole = reference.body();
    let http = http();
    for cut in 0..=whole.len() {
        server.reply(reference.clone().truncate(cut as u64).write_size(7).cut());
        let mut body = Vec::new();
        let mut pieces = http.get(server.url()).send().await.unwrap().bytes_stream();
        let end = loop {
            match pieces.next().await {
                Some(Ok(piece)) => body.extend_from_slice(&piece),
                other => break other,
            }
        };
        assert!(end.is_some_and(|end| end.is_err()), "a cut is an error");
        assert_eq!(body, whole[..cut]);
    }
}

#[tokio::test(start_paused = true)]
async fn keep_alives_come_every_five_seconds_of_waiting() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().delay(Duration::from_secs(7)).delay(Duration::from_secs(5)).message(&1));
    server.reply(Script::stream().silence(Duration::from_secs(12)).message(&1));
    let seconds = async || {
        let begin = Instant::now();
        let mut pieces = http().get(server.url()).send().await.unwrap().bytes_stream();
        let mut seconds = Vec::new();
        while let Some(piece) = pieces.next().await {
            seconds.push((begin.elapsed().as_secs(), piece.unwrap() == ": \n\n"));
        }
        seconds
    };
    assert_eq!(seconds().await, [(0, true), (5, true), (10, true), (12, false)]);
    assert_eq!(seconds().await, [(0, true), (12, false)]);
}

#[tokio::test(start_paused = true)]
async fn headers_come_late_or_never() {
    let server = Server::start().await.unwrap();
    server.reply(Script::status(204).head_delay(Duration::from_secs(20))).reply(Script::no_headers());
    let begin = Instant::now();
    assert_eq!(http().get(server.url()).send().await.unwrap().status(), 204);
    assert_eq!(begin.elapsed().as_secs(), 20);
    timeout(Duration::from_secs(3600), http().get(server.url()).send()).await.unwrap_err();
    let request = server.last_request().unwrap();
    assert_eq!(request.ended().await, Outcome::Abandoned);
    assert_eq!(request.received_at().as_secs(), 20);
    assert_eq!(request.ended_at().unwrap().as_secs(), 3620);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_is_noticed_at_once() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().message(&1).hang()).reply(Script::stream().delay(Duration::MAX));
    for _ in 0..2 {
        let mut pieces = http().get(server.url()).send().await.unwrap().bytes_stream();
        pieces.next().await.unwrap().unwrap();
        let request = server.last_request().unwrap();
        assert_eq!((request.outcome(), server.open_connections()), (Outcome::Answering, 1));
        drop(pieces);
        assert_eq!(request.ended().await, Outcome::Abandoned);
        server.wait_for_open_connections(0).await;
        assert!(request.ended_at().unwrap().is_zero());
    }
}

#[tokio::test]
async fn a_dropped_server_closes_its_port_and_its_connections() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().hang()).reply(Script::no_headers());
    let address = server.address();
    let streaming = raw_post(&server, "/x", "").await;
    server.request(0).await;
    let waiting = raw_post(&server, "/x", "").await;
    let request = server.request(1).await;
    drop(server);
    read_all(streaming).await.1.unwrap();
    assert_eq!(read_all(waiting).await.0, "");
    assert_eq!(request.ended().await, Outcome::Abandoned);
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn requests_are_kept_as_they_came_and_hide_their_secrets() {
    let server = Server::start().await.unwrap();
    server.reply(Script::json(&json!({"ok": true})));
    let url = url(&server, "/a%20b?x=1&x=2");
    let response = http().patch(url).bearer_auth("sk-secret").body("{\"n\":1}").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.text().await.unwrap(), r#"{"ok":true}"#);
    let request = server.last_request().unwrap();
    assert_eq!((request.method(), request.path(), request.query()), ("PATCH", "/a%20b", Some("x=1&x=2")));
    assert_eq!(request.header("Authorization"), Some("Bearer sk-secret"));
    assert_eq!(request.json::<Value>().unwrap(), json!({"n": 1}));
    assert!(!format!("{request:?}{server:?}").contains("secret"));
}

#[tokio::test]
async fn replies_come_before_routes_and_the_newest_route_wins() {
    let server = Server::start().await.unwrap();
    server.on("GET", "/items/{id}", Script::status(201));
    server.on("GET", "/items/{id}", |request: &Request| Script::json(request.path()));
    server.reply(Script::status(418));
    let get = async |path: &str| http().get(url(&server, path)).send().await.unwrap();
    assert_eq!(get("/items/1").await.status(), 418);
    assert_eq!(get("/items/1").await.text().await.unwrap(), "\"/items/1\"");
    assert_eq!(get("/items/1/parts").await.status(), 404);
    assert_eq!(get("/items/").await.status(), 404);
    assert_eq!(post(&server, "/items/1", "").await.status(), 404);
    assert_eq!(server.queued_replies(), 0);
}

#[tokio::test]
async fn a_mistake_in_a_script_is_told() {
    let server = Server::start().await.unwrap();
    server.reply(Script::status(99)).reply(Script::stream().header("a b", "c")).reply(Script::status(100));
    for mistake in ["99 cannot be", "\"a b\"", "100 cannot be"] {
        let response = post(&server, "/x", "").await;
        assert_eq!(response.status(), 500);
        let text = response.text().await.unwrap();
        assert!(text.contains(mistake), "{text}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused() {
    let server = Server::start().await.unwrap();
    let response = http().post(server.url()).body(vec![b' '; 17 << 20]).send().await.unwrap();
    assert_eq!(response.status(), 413);
    assert_eq!(json_of(response).await["code"], "PAYLOAD_TOO_LARGE");
    assert_eq!(server.request_count(), 0);
}

#[tokio::test]
async fn a_long_stream_is_made_piece_by_piece() {
    let server = Server::start().await.unwrap();
    server.reply(Script::bare_stream().events(10_000, |n| Event::message(&n)));
    let body = post(&server, "/x", "").await.text().await.unwrap();
    let numbers = data(&body, "message");
    assert!(numbers.len() == 10_000 && numbers.iter().enumerate().all(|(at, number)| *number == at));
}

mod chat {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_answer_comes_piece_by_piece_and_repeats_what_was_said() {
        let server = Server::start().await.unwrap();
        let begin = Instant::now();
        let body = post(&server, CHAT_STREAM_PATH, HELLO).await.text().await.unwrap();
        assert!(body.starts_with(": \n\nevent: message\ndata: {\"id\":\"chatcmpl-"), "{body}");
        assert!(body.ends_with("event: done\ndata: null\n\n"), "{body}");
        let chunks = data(&body, "message");
        assert!(text(&chunks).starts_with("Hello! You said: \"Hi\""));
        assert_eq!(begin.elapsed(), Duration::from_millis(40 * chunks.len() as u64));
        let last = &chunks[chunks.len() - 1];
        assert_eq!(last["choices"][0]["finish_reason"], "stop");
        assert_eq!(last["usage"]["completion_tokens"], chunks.len() - 1);
        assert_eq!(last["resolved_provider"], "testing");
    }

    #[tokio::test]
    async fn resuming_gives_the_rest_the_whole_or_an_overlap() {
        let server = Server::start().await.unwrap();
        let chat = Chat::answering(["a", "b", "c"]).ids().without_done();
        let resume = async |how| {
            server.on("POST", CHAT_STREAM_PATH, chat.clone().resume(how));
            let request = http().post(url(&server, CHAT_STREAM_PATH)).header("x-last-chunk-index", "1").body(HELLO);
            request.send().await.unwrap().text().await.unwrap()
        };
        assert_eq!(text(&data(&resume(Resume::Honoured).await, "message")), "c");
        assert!(resume(Resume::Honoured).await.starts_with(": \n\nevent: message\nid: 2\ndata: "));
        assert_eq!(text(&data(&resume(Resume::Ignored).await, "message")), "abc");
        assert_eq!(text(&data(&resume(Resume::Overlapping(1)).await, "message")), "bc");
        let whole = resume(Resume::Ignored).await;
        let rest = resume(Resume::Honoured).await;
        assert_eq!(data(&whole, "message")[0]["id"], data(&rest, "message")[0]["id"]);
    }

    #[tokio::test]
    async fn the_openai_format_has_nameless_events_and_a_sentinel() {
        let server = Server::start().await.unwrap();
        server.on("POST", CHAT_PATH, Chat::answering(["Hel", "lo"]));
        let streamed = HELLO.replacen('{', "{\"stream\":true,", 1);
        let body = post(&server, CHAT_PATH, &streamed).await.text().await.unwrap();
        assert!(body.starts_with("data: {") && body.ends_with("\n\ndata: [DONE]\n\n"), "{body}");
        assert_eq!(text(&data(&body, "")), "Hello");

        let whole = json_of(post(&server, CHAT_PATH, HELLO).await).await;
        assert_eq!(whole["object"], "chat.completion");
        assert_eq!(whole["choices"][0]["message"]["content"], "Hello");
        assert_eq!(whole["usage"]["total_tokens"], 3);
    }

    #[tokio::test]
    async fn wrong_input_is_refused_in_the_words_of_the_server() {
        let server = Server::start().await.unwrap();
        for path in [CHAT_PATH, CHAT_STREAM_PATH] {
            let empty = post(&server, path, r#"{"model":"auto","messages":[]}"#).await;
            assert_eq!(empty.status(), 400);
            assert_eq!(
                json_of(empty).await,
                json!({"defined": false, "code": "BAD_REQUEST", "status": 400, "message": "Input validation failed",
                    "data": {"issues": [{"origin": "array", "code": "too_small", "minimum": 1, "inclusive": true,
                        "path": ["messages"], "message": "Too small: expected array to have >=1 items"}]}})
            );
            let malformed = post(&server, path, "{").await;
            assert_eq!(malformed.status(), 400);
            let text = malformed.text().await.unwrap();
            assert!(text.starts_with(r#"{"defined":false,"code":"BAD_REQUEST","status":400,"message":"Malformed"#));
            let nothing = json_of(post(&server, path, "{}").await).await;
            let paths: Vec<_> = nothing["data"]["issues"].as_array().unwrap().iter().map(|i| &i["path"][0]).collect();
            assert_eq!(paths, ["model", "messages"]);
        }
        assert_eq!(post(&server, "/api/v1/llm/nothing", HELLO).await.status(), 404);
    }
}
