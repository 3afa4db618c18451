//! How a stream ends well, and that it says so.

use futures::stream::FusedStream;
use futures::{StreamExt, TryStreamExt};
use mka1::StreamEnd;
use mka1::testing::{Event, Outcome, Script, Server};
use serde_json::{Value, json};

use crate::common::{Raw, Told, chunk, open, played, stream, text_chunk};

#[tokio::test]
async fn done_ends_the_stream_though_the_socket_stays_open() {
    for last in [Event::named("done").data(&Value::Null), Event::named("done"), Event::named("close")] {
        let (server, events) = open(Script::stream().text_chunks(["a"]).event(last).hang()).await;
        let told = Told::by(events).await;
        assert_eq!((told.outline(), told.ended), (vec!["a".to_owned(), "<done>".to_owned()], Some(StreamEnd::Done)));
        // Not when the stream is dropped: when `done` was given out.
        assert_eq!(server.last_request().unwrap().ended().await, Outcome::Abandoned);
    }
}

#[tokio::test]
async fn the_connection_is_let_go_with_done_while_the_stream_is_still_held() {
    let (server, mut events) = open(Script::stream().done(&Value::Null).hang()).await;
    events.try_next().await.unwrap().unwrap();
    assert_eq!(events.ended(), Some(StreamEnd::Done));
    server.wait_for_open_connections(0).await;
    drop(events);
}

#[tokio::test]
async fn nothing_after_done_is_given_out() {
    let script = Script::stream().done(&Value::Null).text_chunks(["a"]).error_event(&json!({ "message": "no" })).cut();
    let told = played(script).await;
    assert_eq!((told.outline(), told.ended), (vec!["<done>".to_owned()], Some(StreamEnd::Done)));
}

#[tokio::test]
async fn a_clean_end_without_done_is_no_error_and_can_be_told_apart() {
    let told = played(Script::stream().text_chunks(["a"]).finish("stop")).await;
    assert_eq!((told.outline(), told.ended), (vec!["a".to_owned(), String::new()], Some(StreamEnd::Closed)));
}

#[tokio::test]
async fn a_stream_without_a_single_event_is_no_error() {
    for script in [Script::stream(), Script::bare_stream()] {
        let told = played(script).await;
        assert_eq!((told.items.len(), told.ended, told.last_chunk_index), (0, Some(StreamEnd::Closed), None));
    }
}

#[tokio::test]
async fn a_body_that_ends_with_the_connection_has_ended_well_between_two_events() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let server = Raw::start([format!("{head}data: {}\n\n", text_chunk("a"))]).await;
    let told = Told::by(stream(&server.client()).await.unwrap()).await;
    assert_eq!((told.outline(), told.ended), (vec!["a".to_owned()], Some(StreamEnd::Closed)));
}

#[tokio::test]
async fn the_sentinel_of_openai_ends_the_stream_and_is_no_event() {
    for sentinel in ["data: [DONE]\n\n", "data:[DONE]\n\n", "data: [DONE] \n\n", "event: message\ndata: [DONE]\n\n"] {
        let script = Script::bare_stream().event(Event::nameless().data(&text_chunk("a"))).raw(sentinel);
        let told = played(script.text_chunks(["b"]).hang()).await;
        assert_eq!((told.outline(), told.ended), (vec!["a".to_owned()], Some(StreamEnd::Sentinel)), "{sentinel:?}");
        assert_eq!(told.last_chunk_index, Some(0));
    }
}

#[tokio::test]
async fn the_reason_for_stopping_does_not_end_the_stream() {
    let told = played(Script::stream().finish("stop").message(&chunk(&json!({}))).done(&Value::Null)).await;
    assert_eq!(told.outline(), ["", "", "<done>"]);
}

#[tokio::test]
async fn after_its_end_a_stream_stays_ended() {
    let error = json!({ "message": "no" });
    for (script, end) in [
        (Script::stream().done(&Value::Null), StreamEnd::Done),
        (Script::stream().done_sentinel(), StreamEnd::Sentinel),
        (Script::stream(), StreamEnd::Closed),
        (Script::stream().error_event(&error), StreamEnd::Failed),
        (Script::stream().cut(), StreamEnd::Failed),
    ] {
        let (_server, mut events) = open(script).await;
        assert_eq!((events.ended(), events.is_terminated()), (None, false));
        while events.next().await.is_some() {}
        for _ in 0..3 {
            assert!(events.next().await.is_none() && events.is_terminated());
        }
        assert_eq!(events.ended(), Some(end));
    }
}

#[tokio::test]
async fn a_connection_serves_the_next_stream_after_a_clean_end() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().text_chunks(["a"])).reply(Script::stream().text_chunks(["b"]));
    for text in ["a", "b"] {
        assert_eq!(Told::by(stream(&server.client()).await.unwrap()).await.outline(), [text]);
    }
    assert_eq!(server.connection_count(), 1);
}
