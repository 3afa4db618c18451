//! A reference stream cut at every byte, in every way, before servers that go on, begin again or overlap: each chunk is delivered once.

use std::sync::{Arc, Mutex};

use mka1::testing::{CHAT_STREAM_PATH, Event, Request, Script, Server};
use mka1::{ErrorKind, StreamEnd};
use serde_json::Value;

use crate::common::{Told, stream, text_chunk};
use crate::resume::eager;

const TEXTS: [&str; 4] = ["to", "be", "or", "not"];

/// What a server makes of `x-last-chunk-index`: the first chunk that it sends.
type Begins = fn(usize) -> usize;

/// How a stream is cut.
type Cut = fn(Script) -> Script;

const CUTS: [(&str, Cut); 4] = [
    ("FIN", Script::cut),
    ("reset", Script::reset),
    ("short body", |script| script.short_body(7)),
    ("clean end", Script::end),
];

/// The stream from a chunk on, to its end.
fn rest(first: usize, ids: bool) -> Script {
    let events = TEXTS.iter().enumerate().skip(first).map(|(index, text)| {
        let event = Event::message(&text_chunk(text));
        if ids { event.id(index.to_string()) } else { event }
    });
    events.fold(Script::stream(), Script::event).done(&Value::Null)
}

/// What came of the first connection, so far as the client can have got it.
fn whole_events(prefix: &[u8]) -> usize {
    String::from_utf8_lossy(prefix)
        .split_inclusive("\n\n")
        .filter(|event| event.starts_with("event") && event.ends_with("\n\n"))
        .count()
}

async fn matrix(begins: Begins, ids: bool) {
    let server = Server::start().await.unwrap();
    let first = Arc::new(Mutex::new(Script::stream()));
    let script = Arc::clone(&first);
    server.on("POST", CHAT_STREAM_PATH, move |request: &Request| {
        match request.header("x-last-chunk-index").and_then(|index| index.parse::<usize>().ok()) {
            Some(index) => rest(begins(index + 1), ids),
            None => script.lock().unwrap().clone(),
        }
    });
    let client = eager(&server);
    let body = rest(0, ids).body();
    // A prime, so that each kind of byte is met; in CI none is left out.
    let step = if std::env::var_os("MKA1_EVERY_BYTE").is_some() { 1 } else { 13 };
    let all: Vec<String> = TEXTS.iter().map(ToString::to_string).chain(["<done>".to_owned()]).collect();
    for (cut, how) in CUTS {
        for end in (0..=body.len()).step_by(step) {
            *first.lock().unwrap() = how(rest(0, ids).truncate(end as u64));
            let told = Told::by(stream(&client).await.unwrap()).await;
            let place = format!("{cut} at byte {end}");
            let came = whole_events(&body[..end]);
            // Between events a clean end is an end like any other.
            let is_end = cut == "clean end" && (body[..end].ends_with(b"\n\n") || b": \n\n".starts_with(&body[..end]));
            match told.ended {
                Some(StreamEnd::Closed) => {
                    assert!(is_end, "{place}");
                    assert_eq!(told.outline(), all[..came], "{place}");
                }
                Some(StreamEnd::Done) => assert_eq!(told.outline(), all, "{place}"),
                _ => {
                    // Nothing had come, and the request is not sent twice.
                    assert_eq!(told.items.len(), 1, "{place}: {:?}", told.outline());
                    assert!(came == 0 || cut == "reset", "{place}");
                    assert_eq!(told.error().kind(), ErrorKind::Interrupted, "{place}");
                }
            }
        }
    }
}

#[tokio::test]
async fn before_a_server_that_goes_on_every_chunk_comes_once() {
    matrix(|next| next, false).await;
}

#[tokio::test]
async fn before_a_server_that_goes_on_and_numbers_its_chunks_every_chunk_comes_once() {
    matrix(|next| next, true).await;
}

#[tokio::test]
async fn before_a_server_that_begins_again_every_chunk_comes_once() {
    matrix(|_| 0, false).await;
}

#[tokio::test]
async fn before_a_server_that_begins_again_and_numbers_its_chunks_every_chunk_comes_once() {
    matrix(|_| 0, true).await;
}

#[tokio::test]
async fn before_a_server_that_overlaps_every_chunk_comes_once() {
    matrix(|next| next.saturating_sub(1), false).await;
    matrix(|next| next.saturating_sub(2), false).await;
}

#[tokio::test]
async fn before_a_server_that_overlaps_and_numbers_its_chunks_every_chunk_comes_once() {
    matrix(|next| next.saturating_sub(2), true).await;
}
