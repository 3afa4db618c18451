//! What is sent again, when, and what never is. The clock stands still except where somebody waits.

use std::sync::Mutex;
use std::time::Duration;

use mka1::testing::{Script, Server};
use mka1::{Client, Error, ErrorKind, RequestOptions, RetryConfig};
use serde_json::json;
use tokio::net::TcpSocket;
use tokio::time::Instant;

use crate::common::{Told, builder, hi, stream};

const SECOND: Duration = Duration::from_secs(1);

fn limited() -> Script {
    Script::status(429).json_body(&json!({ "error": "Rate limit exceeded" }))
}

fn again(server: &Server) -> Client {
    builder(server).retry(RetryConfig::default().retry_non_idempotent(true)).build().unwrap()
}

/// How long the client waited before each attempt but the first.
fn waits(server: &Server) -> Vec<Duration> {
    let requests = server.requests();
    requests.windows(2).map(|pair| pair[1].received_at() - pair[0].received_at()).collect()
}

/// What the server says every time, given up in the end.
async fn always(script: Script, client: impl FnOnce(&Server) -> Client) -> (Server, Error) {
    let server = Server::start().await.unwrap();
    server.on("POST", mka1::testing::CHAT_STREAM_PATH, script);
    let error = stream(&client(&server)).await.unwrap_err();
    (server, error)
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_limited_is_sent_again_unchanged() {
    let server = Server::start().await.unwrap();
    server.reply(limited()).reply(limited()).reply(Script::stream().text_chunks(["a"]));
    let told = Told::by(stream(&server.client()).await.unwrap()).await;
    assert_eq!((told.outline(), server.request_count()), (vec!["a".to_owned()], 3));
    for request in server.requests() {
        assert_eq!(request.body(), server.requests()[0].body());
        assert_eq!(request.headers(), server.requests()[0].headers());
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_that_may_have_been_accepted_is_not_sent_again() {
    for script in [
        Script::status(500),
        Script::status(502),
        Script::status(503).header("retry-after", "1"),
        Script::status(504),
        Script::no_response(),
        Script::no_response_reset(),
        Script::no_headers(),
    ] {
        let (server, error) = always(script, Server::client).await;
        assert_eq!((server.request_count(), error.attempts()), (1, 1), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_is_sent_again_when_the_caller_says_so() {
    for script in [
        Script::status(500),
        Script::status(502),
        Script::status(503),
        Script::status(504),
        Script::no_response(),
        Script::no_response_reset(),
        Script::no_headers(),
    ] {
        let server = Server::start().await.unwrap();
        server.reply(script.clone()).reply(Script::stream());
        let client = again(&server).with_options(RequestOptions::new().headers_timeout(SECOND));
        drop(stream(&client).await.unwrap_or_else(|error| panic!("{script:?}: {error}")));
        assert_eq!(server.request_count(), 2, "{script:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_attempt_cannot_mend_is_not_tried_again() {
    for status in [400, 401, 402, 403, 404, 408, 409, 422, 501] {
        let (server, error) = always(Script::status(status), again).await;
        assert_eq!((server.request_count(), error.attempts()), (1, 1), "{status}");
    }
    let page = Script::status(200).header("content-type", "text/html").raw("hi");
    let (server, error) = always(page, again).await;
    assert_eq!((server.request_count(), error.kind()), (1, ErrorKind::Decode));
}

#[tokio::test(start_paused = true)]
async fn the_caller_says_which_statuses_are_worth_another_attempt() {
    let server = Server::start().await.unwrap();
    let retry = RetryConfig::default().status_codes([418]).retry_non_idempotent(true);
    let client = builder(&server).retry(retry).build().unwrap();
    server.reply(Script::status(418)).reply(Script::status(429));
    assert!(stream(&client).await.unwrap_err().is_rate_limited());
    assert_eq!(server.request_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn waits_grow_from_half_a_second_to_five_with_up_to_a_second_of_chance() {
    let (server, error) = always(limited(), Server::client).await;
    let waits = waits(&server);
    for (n, wait) in waits.iter().enumerate() {
        let least = 0.5 * 1.5_f64.powi(n as i32);
        let range = least.min(5.0)..=(least + 1.01).min(5.01);
        assert!(range.contains(&wait.as_secs_f64()), "wait {n} was {wait:?}");
    }
    let total: Duration = waits.iter().sum();
    assert!(total <= 15 * SECOND, "{total:?}");
    // Without any luck 1.5 + 1.75 + 2.125 + 2.69 + 3.53 s fit in; with all of it seven waits and a bit.
    assert!((5..=8).contains(&waits.len()), "{waits:?}");
    assert_eq!(error.attempts() as usize, waits.len() + 1);
    assert!(error.is_rate_limited());
    assert!(error.to_string().contains(&format!("{} attempts", error.attempts())), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_waits_are_the_callers_to_set() {
    let retry = RetryConfig::default()
        .initial_interval(SECOND)
        .exponent(2.0)
        .max_interval(10 * SECOND)
        .max_elapsed(40 * SECOND)
        .jitter(Duration::ZERO);
    let (server, error) = always(limited(), |server| builder(server).retry(retry).build().unwrap()).await;
    let seconds: Vec<_> = waits(&server).iter().map(Duration::as_secs).collect();
    assert_eq!((seconds, error.attempts()), (vec![1, 2, 4, 8, 10, 10], 7));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_names_a_time_is_taken_at_its_word() {
    for (headers, wait) in [
        (&[("retry-after", "7")][..], 7000),
        (&[("retry-after", "0.25")], 250),
        (&[("retry-after-ms", "1250")], 1250),
        (&[("retry-after-ms", "1250"), ("retry-after", "9")], 1250),
        (&[("retry-after-ms", "soon"), ("retry-after", "3")], 3000),
    ] {
        let server = Server::start().await.unwrap();
        let script = headers.iter().fold(limited(), |script, (name, value)| script.header(name, value));
        server.reply(script).reply(Script::stream());
        drop(stream(&server.client()).await.unwrap());
        let waited = waits(&server)[0].as_millis();
        assert!((wait..wait + 10).contains(&waited), "{headers:?}: {waited} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_that_says_nothing_is_passed_over() {
    for value in ["0", "-5", "soon", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let server = Server::start().await.unwrap();
        server.reply(limited().header("retry-after", value)).reply(Script::stream());
        drop(stream(&server.client()).await.unwrap());
        let waited = waits(&server)[0];
        assert!(waited >= SECOND / 2 && waited <= 2 * SECOND, "{value}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_date_is_waited_for() {
    let server = Server::start().await.unwrap();
    // A date has whole seconds, and the wall clock runs: so the wait is not exactly this.
    let date = httpdate::fmt_http_date(std::time::SystemTime::now() + 9 * SECOND);
    server.reply(limited().header("retry-after", &date)).reply(Script::stream());
    drop(stream(&server.client()).await.unwrap());
    assert!(waits(&server)[0] > 5 * SECOND, "{:?}", waits(&server));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_more_than_is_left_ends_the_call_at_once() {
    let start = Instant::now();
    let (server, error) = always(limited().header("retry-after", "16"), Server::client).await;
    assert_eq!((server.request_count(), error.attempts(), start.elapsed().as_secs()), (1, 1, 0));
    assert_eq!((error.message(), error.retry_after()), ("Rate limit exceeded", Some(16 * SECOND)));

    let (server, error) = always(limited().header("retry-after", "10"), Server::client).await;
    assert_eq!((server.request_count(), error.attempts()), (2, 2), "the second 10 s would go beyond the 15");
}

#[tokio::test(start_paused = true)]
async fn no_wait_begins_that_the_limit_of_the_call_would_end() {
    let start = Instant::now();
    let client = |server: &Server| server.client().with_options(RequestOptions::new().timeout(5 * SECOND));
    let (_server, error) = always(limited().header("retry-after", "6"), client).await;
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!(start.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn none_means_one_attempt() {
    let none = |server: &Server| builder(server).retry(RetryConfig::none()).build().unwrap();
    let (server, error) = always(limited(), none).await;
    assert_eq!((server.request_count(), error.attempts()), (1, 1));
    let per_call = |server: &Server| server.client().with_options(RequestOptions::new().retry(RetryConfig::none()));
    let (server, _) = always(limited(), per_call).await;
    assert_eq!(server.request_count(), 1);
}

/// A port that refuses connections, and that nobody else can take.
fn refusing() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    (socket, url)
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_down_is_tried_again_since_nothing_was_sent() {
    let (_port, url) = refusing();
    let start = Instant::now();
    let error = stream(&Client::builder().base_url(url).build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_connect(), error.never_sent()), (ErrorKind::Connect, true, true));
    assert!((6..=9).contains(&error.attempts()), "{error}");
    assert!(start.elapsed() <= 15 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_comes_up_in_time_is_reached() {
    let (port, url) = refusing();
    let (port, attempts) = (Mutex::new(Some(port)), Mutex::new(0));
    let (up, mut listener) = tokio::sync::mpsc::unbounded_channel();
    // Asked at every attempt, so it is a good moment for the server to start.
    let provider = move || {
        let mut attempts = attempts.lock().unwrap();
        *attempts += 1;
        if *attempts == 3 {
            up.send(port.lock().unwrap().take().unwrap().listen(8).unwrap()).unwrap();
        }
        std::future::ready(Ok::<_, std::convert::Infallible>("t".to_owned()))
    };
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = listener.recv().await.unwrap();
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await;
        let response = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: done\n\n";
        socket.write_all(response).await.unwrap();
        let _ = socket.read(&mut [0; 1]).await;
    });
    let client = Client::builder().base_url(url).token_provider(provider).build().unwrap();
    assert_eq!(Told::by(stream(&client).await.unwrap()).await.outline(), ["<done>"]);
}

#[tokio::test(start_paused = true)]
async fn failed_connections_are_left_alone_when_the_caller_says_so() {
    let (_port, url) = refusing();
    let retry = RetryConfig::default().retry_connection_errors(false);
    let error = stream(&Client::builder().base_url(url).retry(retry).build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 1));
}

#[tokio::test(start_paused = true)]
async fn a_token_is_asked_for_at_every_attempt() {
    let server = Server::start().await.unwrap();
    server.reply(limited()).reply(limited()).reply(Script::stream());
    let asked = std::sync::atomic::AtomicU32::new(0);
    let provider = move || {
        let number = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move { Ok::<_, std::convert::Infallible>(format!("t{number}")) }
    };
    drop(stream(&builder(&server).token_provider(provider).build().unwrap()).await.unwrap());
    let tokens: Vec<_> =
        server.requests().iter().map(|request| request.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["Bearer t0", "Bearer t1", "Bearer t2"]);
}

#[tokio::test(start_paused = true)]
async fn waiting_holds_no_response_open() {
    let server = Server::start().await.unwrap();
    // A body that would never end: it is given up before the wait begins.
    server.reply(limited().hang()).reply(Script::stream());
    drop(stream(&server.client()).await.unwrap());
    let first = &server.requests()[0];
    assert!(first.ended_at().unwrap() <= server.requests()[1].received_at());
}

#[tokio::test(start_paused = true)]
async fn dropping_a_call_between_attempts_ends_it() {
    let server = Server::start().await.unwrap();
    server.on("POST", mka1::testing::CHAT_PATH, limited());
    let call = server.client().llm().chat().create_chat(hi()).into_future();
    assert!(tokio::time::timeout(Duration::from_millis(400), call).await.is_err());
    tokio::time::sleep(60 * SECOND).await;
    assert_eq!(server.request_count(), 1);
}
