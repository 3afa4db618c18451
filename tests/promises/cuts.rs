//! The ways in which a stream is cut: none of them looks like an end.

use futures::StreamExt;
use mka1::testing::{Script, Server};
use mka1::{ErrorKind, ResumePolicy, RetryConfig, StreamEnd};
use serde_json::{Value, json};

use crate::common::{Raw, Told, builder, once, open, played, stream, text_chunk};

fn two_chunks() -> Script {
    Script::stream().text_chunks(["a", "b"])
}

/// The chunks came, then an error that says how far the stream was.
fn assert_cut_after_two(told: Told, cut: &str) {
    assert_eq!(
        (told.outline(), told.ended),
        (["a", "b", "!interrupted"].map(str::to_owned).to_vec(), Some(StreamEnd::Failed)),
        "{cut}"
    );
    let error = told.error();
    assert!(error.is_interrupted() && !error.never_sent(), "{cut}");
    assert_eq!((error.last_chunk_index(), error.status().unwrap().as_u16()), (Some(1), 200), "{cut}");
    assert_eq!(error.operation(), Some("createChatCompletionStream"), "{cut}");
    assert_eq!(error.headers().unwrap()["content-type"], "text/event-stream", "{cut}");
    assert!(std::error::Error::source(&error).is_some(), "{cut}");
}

#[tokio::test]
async fn a_connection_closed_without_the_last_http_chunk_is_an_error() {
    assert_cut_after_two(played(two_chunks().cut()).await, "FIN");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_reset_is_an_error() {
    // The pause lets the chunks through: a reset takes along what is still on its way.
    let pause = std::time::Duration::from_secs(1);
    assert_cut_after_two(played(two_chunks().delay(pause).reset()).await, "RST");
}

#[tokio::test]
async fn fewer_bytes_than_promised_are_an_error() {
    assert_cut_after_two(played(two_chunks().short_body(10)).await, "short body");
}

#[tokio::test]
async fn a_cut_inside_an_event_is_an_error() {
    for tail in ["event: message\ndata: {\"id\"", "event: done\n", "event: done", "data: [DONE]\n", "d"] {
        assert_cut_after_two(played(two_chunks().raw(tail).cut()).await, tail);
    }
}

#[tokio::test]
async fn a_clean_end_inside_an_event_is_an_error() {
    for tail in ["event: message\ndata: {\"id\"", "event: done\n", "event: done", "data: [DONE]\n", "d"] {
        assert_cut_after_two(played(two_chunks().raw(tail).end()).await, tail);
    }
}

#[tokio::test]
async fn a_body_that_ends_with_the_connection_inside_an_event_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let tail = "event: message\ndata: {";
    let body = [head.as_bytes(), &two_chunks().body(), tail.as_bytes()].concat();
    let server = Raw::start([body]).await;
    assert_cut_after_two(Told::by(stream(&server.client()).await.unwrap()).await, "close-delimited");
}

#[tokio::test]
async fn a_cut_inside_the_framing_of_http_is_an_error() {
    let event = format!("data: {}\n\n", text_chunk("a"));
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    for tail in ["", "5", "5\r\n", "5\r\ndata:", "0\r\n", "zz\r\n", "0\r\nx: y\r\n"] {
        let server = Raw::start([format!("{head}{:x}\r\n{event}\r\n{tail}", event.len())]).await;
        let told = Told::by(stream(&server.client()).await.unwrap()).await;
        assert_eq!(told.outline(), ["a", "!interrupted"], "{tail:?}");
    }
}

#[tokio::test]
async fn a_cut_at_any_byte_is_an_error_after_the_events_before_it() {
    let server = Server::start().await.unwrap();
    let client = once(&server);
    let whole = two_chunks().done(&Value::Null);
    let body = whole.body();
    for end in 0..body.len() {
        server.reply(whole.clone().truncate(end as u64).cut());
        let told = Told::by(stream(&client).await.unwrap()).await;
        let events = complete_events(&body[..end]);
        let expected: Vec<_> = ["a", "b"].into_iter().take(events).chain(["!interrupted"]).collect();
        assert_eq!(
            (told.outline(), told.ended),
            (expected.into_iter().map(str::to_owned).collect(), Some(StreamEnd::Failed)),
            "{end}"
        );
    }
}

#[tokio::test]
async fn a_clean_end_is_an_end_between_events_and_an_error_anywhere_else() {
    let server = Server::start().await.unwrap();
    let client = once(&server);
    let whole = two_chunks().done(&Value::Null);
    let body = whole.body();
    for end in 0..body.len() {
        server.reply(whole.clone().truncate(end as u64).end());
        let told = Told::by(stream(&client).await.unwrap()).await;
        // A comment that is cut takes nothing along.
        let text = std::str::from_utf8(&body[..end]).unwrap();
        let between = ": \n\n".starts_with(text) || text.ends_with("\n\n");
        let ended = if between { StreamEnd::Closed } else { StreamEnd::Failed };
        assert_eq!(
            (told.ended, told.items.iter().filter(|item| item.is_ok()).count()),
            (Some(ended), complete_events(text.as_bytes())),
            "{text:?}"
        );
    }
}

/// How many events a prefix of a stream holds whole.
fn complete_events(prefix: &[u8]) -> usize {
    std::str::from_utf8(prefix)
        .unwrap()
        .split_inclusive("\n\n")
        .filter(|event| event.starts_with("event") && event.ends_with("\n\n"))
        .count()
}

#[tokio::test]
async fn a_cut_stream_is_not_started_again_where_resuming_is_off() {
    let server = Server::start().await.unwrap();
    server.reply(two_chunks().cut());
    let eager = RetryConfig::default().retry_non_idempotent(true);
    let client = builder(&server).retry(eager).resume(ResumePolicy::none()).build().unwrap();
    let told = Told::by(stream(&client).await.unwrap()).await;
    assert_eq!((told.ended, server.request_count()), (Some(StreamEnd::Failed), 1));
}

#[tokio::test]
async fn no_response_at_all_is_a_transport_error_since_the_request_was_sent() {
    for script in [Script::no_response(), Script::no_response_reset()] {
        let server = Server::start().await.unwrap();
        server.reply(script.clone());
        let error = stream(&once(&server)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.never_sent(), error.status()),
            (ErrorKind::Transport, false, None),
            "{script:?}"
        );
    }
}

#[tokio::test]
async fn what_is_no_http_at_all_is_a_transport_error() {
    let server = Raw::start(["SSH-2.0-OpenSSH_9.6\r\n"]).await;
    let error = stream(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), server.request_count()), (ErrorKind::Transport, 1, 1));
}

#[tokio::test]
async fn a_server_that_goes_away_is_an_error() {
    let (server, mut events) = open(Script::stream().text_chunks(["a"]).hang()).await;
    events.next().await.unwrap().unwrap();
    drop(server);
    assert!(events.next().await.unwrap().unwrap_err().is_interrupted());
}

#[tokio::test]
async fn a_cut_answer_is_an_error_where_nothing_is_streamed() {
    let server = Server::start().await.unwrap();
    server.reply(Script::json(&json!({ "id": "c" })).short_body(5));
    let error = once(&server).llm().chat().create_chat(crate::common::hi()).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Interrupted, 200));
}
