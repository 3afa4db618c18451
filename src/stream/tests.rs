//! Promises about streams of events, most of them kept on bytes that are fed by hand, some over a socket.

use std::sync::LazyLock;

use bytes::Bytes;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};

use super::*;
use crate::client::Client;
use crate::fixture::{self, Server, Step, StreamThings, Thing, ThingEvent, stream_head, thing};
use crate::options::RequestOptions;
use crate::wire::Nullable;

mod ends;
mod joins;
mod templates;
mod waits;

type Item = Result<ThingEvent, Error>;

impl EventStream<ThingEvent> {
    fn is_closed(&self) -> bool {
        matches!(self.connection, Connection::Closed)
    }
}

/// A stream over pieces that are fed by hand.
fn events_of(
    pieces: impl Stream<Item = Result<Bytes, Error>> + Send + 'static,
    options: RequestOptions,
) -> EventStream<ThingEvent> {
    static CLIENT: LazyLock<Client> =
        LazyLock::new(|| Client::builder().max_event_size(100).resume(ResumePolicy::none()).build().unwrap());
    let plan = Arc::new(fixture::stream(&CLIENT).options(options).plan());
    let body =
        Body::new(pieces.boxed(), plan.limits.idle, plan.limits.total.map(|limit| crate::time::Instant::now() + limit));
    EventStream::new(Exchange {
        status: StatusCode::OK,
        headers: HeaderMap::new(),
        body,
        plan,
        deadline: None,
        started: crate::time::Instant::now(),
        span: tracing::Span::none(),
    })
}

/// A stream over a body that comes whole and ends in good order.
fn events(body: &'static str) -> EventStream<ThingEvent> {
    events_of(stream::iter([Ok(Bytes::from_static(body.as_bytes()))]), RequestOptions::new())
}

/// A stream over a body that never ends.
fn open(body: &'static str) -> EventStream<ThingEvent> {
    events_of(stream::iter([Ok(Bytes::from_static(body.as_bytes()))]).chain(stream::pending()), RequestOptions::new())
}

async fn all(events: &mut EventStream<ThingEvent>) -> Vec<Item> {
    let mut items = Vec::new();
    while let Some(item) = events.next().await {
        items.push(item);
    }
    items
}

fn ok(items: Vec<Item>) -> Vec<ThingEvent> {
    items.into_iter().map(|item| item.unwrap()).collect()
}

fn message(name: &str, id: Option<&str>, retry: Option<i64>) -> ThingEvent {
    ThingEvent::Message { data: Thing { name: name.to_owned() }, id: id.map(str::to_owned), retry }
}

#[tokio::test]
async fn chunks_then_done() {
    let mut events = events(
        ": \n\nevent: message\nretry: 1500\nid: 0\ndata: {\"name\":\"a\"}\n\nevent: message\ndata: {\"name\":\"b\"}\n\nevent: done\ndata: {\"x\":1}\n\n",
    );
    assert_eq!(events.last_chunk_index(), None);
    let items = ok(all(&mut events).await);
    assert_eq!(
        items,
        [
            message("a", Some("0"), Some(1500)),
            message("b", Some("0"), None),
            ThingEvent::Done { data: Some(serde_json::json!({"x": 1})) }
        ]
    );
    assert_eq!(
        (events.ended(), events.last_chunk_index(), events.last_event_id()),
        (Some(StreamEnd::Done), Some(1), Some("0"))
    );
    assert_eq!(events.status(), StatusCode::OK);
}

#[tokio::test]
async fn events_come_out_the_same_whatever_the_pieces() {
    let body = ": \n\nevent: message\ndata: {\"name\":\"\u{e4}\"}\n\nevent: new\ndata: 1\n\nevent: done\n\n";
    let whole = ok(all(&mut events(body)).await);
    for cut in 0..body.len() {
        let pieces = [&body.as_bytes()[..cut], &body.as_bytes()[cut..]].map(|piece| Ok(Bytes::from_static(piece)));
        assert_eq!(ok(all(&mut events_of(stream::iter(pieces), RequestOptions::new())).await), whole, "{cut}");
    }
}

#[tokio::test]
async fn an_event_that_is_not_known_is_kept_as_it_came() {
    let items = ok(all(&mut events(
        "event: usage\nid: 3\nretry: 5\ndata: {\"n\":1}\n\nevent: ping\n\nevent: note\ndata: hi\n\n",
    ))
    .await);
    let shown: Vec<_> = items
        .iter()
        .map(|item| if let ThingEvent::Unknown(raw) = item { raw.get() } else { panic!("{item:?}") })
        .collect();
    assert_eq!(shown[0], r#"{"event":"usage","data":{"n":1},"id":"3","retry":5}"#);
    assert_eq!(shown[1], r#"{"event":"ping","id":"3"}"#);
    assert_eq!(shown[2], r#"{"event":"note","data":"hi","id":"3"}"#);
}

#[tokio::test]
async fn a_message_without_data_is_kept_and_counted() {
    let mut events = events("event: message\n\nevent: message\ndata: {\"name\":\"a\"}\n\n");
    let items = ok(all(&mut events).await);
    assert!(matches!(&items[0], ThingEvent::Unknown(raw) if raw.get() == r#"{"event":"message"}"#), "{items:?}");
    assert_eq!((items.len(), events.last_chunk_index()), (2, Some(1)));
}

#[tokio::test]
async fn an_event_without_a_name_is_a_message() {
    let mut events = events("data: {\"name\":\"a\"}\n\n");
    assert_eq!(ok(all(&mut events).await), [thing("a")]);
    assert_eq!(events.last_chunk_index(), Some(0));
}

#[tokio::test]
async fn half_a_surrogate_pair_does_not_end_the_stream() {
    let items = ok(all(&mut events("data: {\"name\":\"\\ud83d\"}\n\ndata: {\"name\":\"b\"}\n\n")).await);
    assert_eq!(items, [thing("\u{fffd}"), thing("b")]);
}

#[tokio::test]
async fn an_event_that_does_not_fit_is_an_error_with_its_data_and_the_stream_goes_on() {
    let mut events = events("data: {\"name\":\"a\"}\n\ndata: {\"name\":7}\n\ndata: {\"name\":\"c\"}\n\n");
    let items = all(&mut events).await;
    let error = items[1].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.body().unwrap().as_ref()), (ErrorKind::Decode, &br#"{"name":7}"#[..]));
    assert_eq!((error.last_chunk_index(), error.operation()), (Some(0), Some("streamThings")));
    assert_eq!(items[2].as_ref().unwrap(), &thing("c"));
    assert_eq!((events.last_chunk_index(), events.ended()), (Some(2), Some(StreamEnd::Closed)));
}

#[tokio::test]
async fn counting_goes_on_after_the_chunk_that_was_asked_for() {
    let mut events = events_of(
        stream::iter([Ok(Bytes::from_static(b"data: {\"name\":\"a\"}\n\n"))]),
        RequestOptions::new().header("X-Last-Chunk-Index", "41"),
    );
    assert_eq!(events.last_chunk_index(), Some(41));
    events.next().await.unwrap().unwrap();
    assert_eq!(events.last_chunk_index(), Some(42));
}

#[tokio::test]
async fn nothing_is_decoded_before_it_is_asked_for() {
    let pulled = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = pulled.clone();
    let pieces = stream::iter(0..5).map(move |_| {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok(Bytes::from_static(b"data: {\"name\":\"a\"}\n\n"))
    });
    let mut events = events_of(pieces, RequestOptions::new());
    for expected in 1..=3 {
        events.next().await.unwrap().unwrap();
        assert_eq!(pulled.load(std::sync::atomic::Ordering::Relaxed), expected);
    }
}

#[tokio::test]
async fn dropping_a_next_that_is_not_ready_loses_nothing() {
    let (feed, pieces) = futures::channel::mpsc::unbounded();
    let mut events = events_of(pieces, RequestOptions::new());
    for piece in ["data: {\"na", "me\":\"a\"}\n", "\ndata: {\"name\":\"b\"}"] {
        assert!(events.next().now_or_never().is_none());
        feed.unbounded_send(Ok(Bytes::from(piece))).unwrap();
    }
    assert_eq!(events.next().now_or_never().unwrap().unwrap().unwrap(), thing("a"));
    assert!(events.next().now_or_never().is_none());
    feed.unbounded_send(Ok(Bytes::from("\n\n"))).unwrap();
    assert_eq!(events.next().now_or_never().unwrap().unwrap().unwrap(), thing("b"));
}

#[test]
fn data_that_is_missing_null_or_not_json_is_told_apart() {
    let read = |data: Option<&str>| {
        let event = sse::Event { data: data.map(Into::into), ..Default::default() };
        let frame = Frame::new("x", &event);
        (frame.optional_json::<u8>().ok(), frame.nullable_json::<u8>().ok(), frame.any_json().ok().flatten())
    };
    assert_eq!(read(None), (Some(None), Some(Nullable::Absent), None));
    assert_eq!(read(Some("null")), (Some(None), Some(Nullable::Null), Some(serde_json::Value::Null)));
    assert_eq!(read(Some("7")), (Some(Some(7)), Some(Nullable::Value(7)), Some(7.into())));
    assert_eq!(read(Some("bye")), (None, None, Some("bye".into())));
}

#[test]
fn a_stream_can_be_moved_between_threads_and_needs_no_pin() {
    fn check<T: Send + Unpin + FusedStream + 'static>() {}
    check::<EventStream<ThingEvent>>();
}

#[tokio::test]
async fn debug_shows_where_a_stream_is() {
    let mut events = events("data: {\"name\":\"a\"}\n\n");
    all(&mut events).await;
    let shown = format!("{events:?}");
    assert!(shown.contains("streamThings") && shown.contains("Closed"), "{shown}");
}
