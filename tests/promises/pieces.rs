//! However the network cuts a stream into pieces, the same events come out.

use futures::StreamExt;
use mka1::testing::{Event, Script, Server};
use serde_json::{Value, json};

use crate::common::{Raw, Told, chunk, played, stream, text_chunk};

/// A small stream with all that a stream can have.
fn reference() -> Script {
    let role = chunk(&json!({ "role": "assistant", "content": "é\u{1f600}" }));
    Script::stream()
        .event(Event::message(&role).comment("seen").retry(15).id("0"))
        .event(Event::named("usage").data(&json!({ "n": 1 })))
        .event(Event::named("message"))
        .raw(format!("data: {}\r\n\r\n", text_chunk("b")))
        .done(&Value::Null)
}

#[tokio::test]
async fn a_split_at_any_byte_changes_nothing() {
    let server = Server::start().await.unwrap();
    let client = server.client();
    let whole = played(reference()).await.json();
    let body = reference().body();
    for at in 1..body.len() {
        server.reply(Script::bare_stream().raw(body.slice(..at)).raw(body.slice(at..)));
        assert_eq!(Told::by(stream(&client).await.unwrap()).await.json(), whole, "{at}");
    }
}

#[tokio::test]
async fn pieces_of_any_size_change_nothing() {
    let server = Server::start().await.unwrap();
    let client = server.client();
    let whole = played(reference()).await.json();
    for size in 1..=20 {
        server.reply(reference().write_size(size));
        assert_eq!(Told::by(stream(&client).await.unwrap()).await.json(), whole, "{size}");
    }
}

#[tokio::test]
async fn a_response_that_comes_byte_by_byte_from_its_head_on_changes_nothing() {
    let whole = played(reference()).await.json();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = reference().body();
    // The chunks of HTTP and the events needn't end together.
    let chunked = body.chunks(50).map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    let response = [head.as_bytes(), &chunked.collect::<Vec<_>>().concat(), b"0\r\n\r\n"].concat();
    let server = Raw::start(response.into_iter().map(|byte| [byte])).await;
    assert_eq!(Told::by(stream(&server.client()).await.unwrap()).await.json(), whole);
}

#[tokio::test]
async fn many_events_in_one_piece_come_one_by_one() {
    let server = Server::start().await.unwrap();
    let many = Script::stream().text_chunks((0..1000).map(|n| n.to_string())).body();
    server.reply(Script::bare_stream().raw(many));
    let mut events = stream(&server.client()).await.unwrap();
    for n in 0..1000 {
        assert_eq!(events.next().await.unwrap().unwrap().chunk().unwrap().text(), n.to_string());
        assert_eq!(events.last_chunk_index(), Some(n));
    }
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn an_event_is_given_out_when_it_is_there_and_not_when_the_next_one_comes() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().text_chunks(["a"]).hang());
    let mut events = stream(&server.client()).await.unwrap();
    assert_eq!(events.next().await.unwrap().unwrap().chunk().unwrap().text(), "a");
}
