//! Promises about how streams end.

use super::*;

const CHUNK: &str = "data: {\"name\":\"a\"}\n\n";

#[tokio::test]
async fn done_ends_the_stream_though_the_body_stays_open() {
    for body in ["event: done\n\n", "event: close\n\n", "event: done\n\nevent: message\ndata: {}\n\n"] {
        let mut events = open(body);
        assert_eq!(events.next().await.unwrap().unwrap(), ThingEvent::Done { data: None }, "{body}");
        assert_eq!(events.ended(), Some(StreamEnd::Done));
        assert!(events.is_terminated() && events.is_closed());
        assert!(events.next().await.is_none() && events.next().await.is_none());
    }
}

#[tokio::test]
async fn done_may_carry_anything() {
    for (body, data) in [
        ("event: done\ndata: {\"n\":1}\n\n", serde_json::json!({"n": 1})),
        ("event: done\ndata: null\n\n", serde_json::Value::Null),
        ("event: done\ndata: \"[DONE]\"\n\n", "[DONE]".into()),
        ("event: done\ndata: [DONE]\n\n", "[DONE]".into()),
    ] {
        assert_eq!(ok(all(&mut open(body)).await), [ThingEvent::Done { data: Some(data) }]);
    }
}

#[tokio::test]
async fn a_sentinel_ends_the_stream_and_is_not_given_out() {
    for body in ["data: [DONE]\n\n", "data: [DONE] \n\n", "event: message\ndata: [DONE]\n\ndata: {}\n\n"] {
        let mut events = open(body);
        assert!(all(&mut events).await.is_empty(), "{body}");
        assert_eq!(events.ended(), Some(StreamEnd::Sentinel));
    }
}

#[tokio::test]
async fn a_clean_end_without_done_is_told_apart() {
    let mut events = events(": \n\ndata: {\"name\":\"a\"}\n\n: \n\n");
    assert_eq!(events.ended(), None);
    assert_eq!(ok(all(&mut events).await), [thing("a")]);
    assert_eq!(events.ended(), Some(StreamEnd::Closed));
}

#[tokio::test]
async fn an_error_event_is_an_error_with_all_it_says_and_the_end() {
    let mut events = open(
        "data: {\"name\":\"a\"}\n\nevent: error\nid: 1\ndata: {\"defined\":true,\"code\":\"BAD_GATEWAY\",\"status\":502,\"message\":\"no luck\",\"data\":{\"n\":1}}\n\n",
    );
    let items = all(&mut events).await;
    let error = items[1].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Event, 502));
    assert_eq!((error.code(), error.message(), error.last_chunk_index()), (Some("BAD_GATEWAY"), "no luck", Some(0)));
    assert_eq!(error.details::<serde_json::Value>().unwrap(), serde_json::json!({"n": 1}));
    assert_eq!((items.len(), events.ended()), (2, Some(StreamEnd::Failed)));
    assert!(events.is_closed());
}

#[tokio::test]
async fn an_error_event_may_say_little() {
    for body in [
        "event: error\n\n",
        "event: error\ndata: null\n\n",
        "event: error\ndata: overloaded\n\n",
        "event: error\ndata: \"overloaded\"\n\n",
    ] {
        let error = all(&mut open(body)).await.pop().unwrap().unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Event, None), "{body}");
        assert!(!error.message().is_empty());
    }
}

#[tokio::test]
async fn an_error_where_a_chunk_should_be_is_an_error_of_the_server() {
    let mut events =
        open("data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":\"busy\"}}\n\n");
    let error = all(&mut events).await.pop().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.code(), error.message()), (ErrorKind::Event, Some("busy"), "overloaded"));
    assert_eq!((events.ended(), events.last_chunk_index()), (Some(StreamEnd::Failed), None));
}

#[tokio::test]
async fn a_cut_inside_an_event_is_an_error() {
    for body in [
        "data: {\"name\":\"a\"}\n\ndata: {\"na",
        "data: {\"name\":\"a\"}\n\ndata: {\"name\":\"b\"}\n",
        "data: {\"name\":\"a\"}\n\nevent: done\n",
    ] {
        let mut events = events(body);
        let items = all(&mut events).await;
        let error = items[1].as_ref().unwrap_err();
        assert_eq!(
            (items.len(), error.kind(), error.last_chunk_index()),
            (2, ErrorKind::Interrupted, Some(0)),
            "{body}"
        );
        assert_eq!(events.ended(), Some(StreamEnd::Failed));
    }
}

#[tokio::test]
async fn a_broken_connection_is_an_error_after_what_came_before_it() {
    let pieces =
        stream::iter([Ok(Bytes::from(CHUNK.repeat(2))), Err(Error::interrupted("reset"))]).chain(stream::pending());
    let mut events = events_of(pieces, RequestOptions::new());
    let items = all(&mut events).await;
    assert_eq!(items.len(), 3);
    let error = items[2].as_ref().unwrap_err();
    assert_eq!(
        (error.kind(), error.last_chunk_index(), error.operation()),
        (ErrorKind::Interrupted, Some(1), Some("streamThings"))
    );
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn an_event_beyond_the_limit_is_an_error() {
    let mut events =
        events_of(stream::repeat_with(|| Ok(Bytes::from_static(b"data: 0123456789\n"))), RequestOptions::new());
    let items = all(&mut events).await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].as_ref().unwrap_err().kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn a_stream_over_a_socket_ends_at_done_and_closes_the_connection() {
    let mut server =
        Server::start([vec![stream_head("event: message\ndata: {\"name\":\"a\"}\n\nevent: done\n\n"), Step::Hang]])
            .await;
    let mut events = fixture::stream(&server.client()).await.unwrap();
    assert_eq!(events.try_next().await.unwrap(), Some(thing("a")));
    assert_eq!(events.try_next().await.unwrap(), Some(ThingEvent::Done { data: None }));
    server.closed().await;
    assert_eq!(events.try_next().await.unwrap(), None);
    assert_eq!(server.received()[0].header("accept"), Some("text/event-stream"));
}

#[tokio::test]
async fn dropping_a_stream_closes_the_connection() {
    let mut server = Server::start([vec![stream_head("data: {\"name\":\"a\"}\n\n"), Step::Hang]]).await;
    let mut events = fixture::stream(&server.client()).await.unwrap();
    events.try_next().await.unwrap();
    drop(events);
    server.closed().await;
}

#[tokio::test]
async fn a_missing_terminator_and_a_reset_are_errors_and_a_terminator_is_an_end() {
    let chunked = |last: &str| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        Step::Send(format!("{head}{:x}\r\n{CHUNK}\r\n{last}", CHUNK.len()))
    };
    for (script, end) in [
        (vec![chunked("0\r\n\r\n")], StreamEnd::Closed),
        (vec![chunked("")], StreamEnd::Failed),
        (vec![chunked(""), Step::Reset], StreamEnd::Failed),
    ] {
        let server = Server::start([script]).await;
        let mut events = fixture::stream(&server.client()).await.unwrap();
        let last = all(&mut events).await.pop().unwrap();
        assert_eq!(events.ended(), Some(end));
        if let Err(error) = last {
            assert_eq!(error.kind(), ErrorKind::Interrupted);
            assert_eq!(error.status(), Some(StatusCode::OK));
        }
    }
}

#[tokio::test]
async fn a_stream_is_asked_for_with_its_type() {
    let server = Server::start([vec![stream_head("")]]).await;
    let call = fixture::stream(&server.client()).set_header("x-last-chunk-index", 7);
    let mut events: EventStream<<StreamThings as Events>::Event> = call.await.unwrap();
    assert_eq!(events.last_chunk_index(), Some(7));
    assert!(events.next().await.is_none());
    assert_eq!(server.received()[0].header("x-last-chunk-index"), Some("7"));
}

/// Names the event type of a streaming operation.
trait Events {
    type Event;
}

impl Events for StreamThings {
    type Event = ThingEvent;
}
