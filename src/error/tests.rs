//! What errors promise.

use super::*;
use crate::json;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use std::error::Error as _;
use std::io;

mod shapes;

fn headers(headers: &[(&'static str, &'static str)]) -> HeaderMap {
    headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

fn status(code: u16, body: &str) -> Error {
    Error::from_status(StatusCode::from_u16(code).unwrap(), HeaderMap::new(), body.to_owned())
}

#[test]
fn it_is_one_word_and_crosses_threads() {
    fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
}

#[test]
fn it_reads_as_one_line() {
    let error = status(429, r#"{"error":"Rate limit exceeded"}"#).with_operation("createChatCompletionStream");
    assert_eq!(error.to_string(), "429 Too Many Requests: Rate limit exceeded (createChatCompletionStream)");
    assert_eq!(
        error.with_attempts(3).to_string(),
        "429 Too Many Requests: Rate limit exceeded (createChatCompletionStream, 3 attempts)"
    );
    let long = status(500, &format!(r#"{{"message":"a\n{}"}}"#, "é ".repeat(5000)));
    assert!(long.to_string().chars().count() < 350 && !long.to_string().contains('\n'));
    assert!(long.message().len() > 10_000);
}

#[test]
fn without_a_message_the_status_is_enough() {
    assert_eq!(status(404, "").to_string(), "404 Not Found");
    assert_eq!(status(404, "Not Found").to_string(), "404 Not Found");
    assert_eq!(status(502, "<html><head><title>502 Bad Gateway</title>").to_string(), "502 Bad Gateway");
    assert_eq!(status(599, "").to_string(), "599: the request failed");
    assert_eq!(status(404, "").message(), "Not Found");
}

#[test]
fn the_response_is_never_lost() {
    let sent = headers(&[("x-request-id", "r1"), ("retry-after", "2"), ("content-type", "text/plain")]);
    let error = Error::from_status(StatusCode::IM_A_TEAPOT, sent.clone(), "no\ncoffee");
    assert_eq!(error.status(), Some(StatusCode::IM_A_TEAPOT));
    assert_eq!(error.headers(), Some(&sent));
    assert_eq!(error.body().map(|body| &body[..]), Some(&b"no\ncoffee"[..]));
    assert_eq!((error.message(), error.code(), error.request_id()), ("no", None, Some("r1")));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
}

#[test]
fn the_body_names_the_request_before_the_headers_do_and_the_edge_comes_last() {
    let named = |sent: &[(&'static str, &'static str)], body: &'static str| {
        Error::from_status(StatusCode::BAD_REQUEST, headers(sent), body).request_id().map(str::to_owned)
    };
    let all = [("cf-ray", "ray"), ("x-kong-request-id", "kong"), ("x-correlation-id", "correlation")];
    assert_eq!(named(&all, r#"{"error":"bad_request","message":"m","request_id":"body"}"#).as_deref(), Some("body"));
    assert_eq!(named(&all, "").as_deref(), Some("correlation"));
    assert_eq!(named(&all[..2], "").as_deref(), Some("kong"));
    assert_eq!(named(&all[..1], "").as_deref(), Some("ray"));
    assert_eq!(named(&[("x-request-id", " ")], ""), None);
}

#[test]
fn an_error_event_has_the_status_its_data_names() {
    let error = Error::from_event(r#"{"defined":false,"code":"BAD_GATEWAY","status":502,"message":"Upstream failed"}"#);
    assert_eq!((error.kind(), error.status()), (ErrorKind::Event, Some(StatusCode::BAD_GATEWAY)));
    assert_eq!((error.code(), error.message()), (Some("BAD_GATEWAY"), "Upstream failed"));
    assert_eq!(error.to_string(), "error event 502 Bad Gateway: Upstream failed");
    // The response had another, which says nothing of this.
    let error = error.with_response(StatusCode::OK, headers(&[("x-request-id", "r1")]));
    assert_eq!((error.status(), error.request_id()), (Some(StatusCode::BAD_GATEWAY), Some("r1")));
    assert_eq!(Error::from_event("{}").with_response(StatusCode::OK, HeaderMap::new()).status(), None);
    assert!(Error::from_event(r#"{"status":429}"#).is_rate_limited());
}

#[test]
fn an_error_event_may_hold_anything() {
    for (data, message) in [
        ("", "the server reported an error"),
        ("null", "the server reported an error"),
        ("7", "the server reported an error"),
        ("{}", "the server reported an error"),
        (r#""out of memory""#, "out of memory"),
        ("out of memory", "out of memory"),
        (r#"{"error":{"message":"out of memory","code":7}}"#, "out of memory"),
        (r#"{"message":"\ud83d"}"#, "\u{fffd}"),
    ] {
        let error = Error::from_event(data);
        assert_eq!((error.message(), error.status()), (message, None), "{data}");
        assert_eq!(error.to_string(), format!("error event: {message}"));
        assert_eq!(error.body().map(|body| &body[..]), Some(data.as_bytes()).filter(|data| !data.is_empty()));
    }
    for status in ["200", "99999", "-1", "\"x\"", "1e3"] {
        assert_eq!(Error::from_event(&format!(r#"{{"status":{status}}}"#)).status(), None);
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Quota {
    limit: u32,
}

#[test]
fn details_are_the_body_or_the_data_within_an_event() {
    let quota = || Quota { limit: 5 };
    assert_eq!(status(400, r#"{"limit":5}"#).details::<Quota>().unwrap(), quota());
    assert_eq!(Error::from_event(r#"{"code":"Q","data":{"limit":5}}"#).details::<Quota>().unwrap(), quota());
    assert_eq!(Error::from_event(r#"{"limit":5,"data":null}"#).details::<Quota>().unwrap(), quota());
    assert_eq!(Error::from_event(r#"{"limit":5}"#).details::<Quota>().unwrap(), quota());
    assert_eq!(Error::from_event(r#""text""#).details::<String>().unwrap(), "text");
}

#[test]
fn a_word_for_people_is_no_code() {
    for word in ["Unauthorized", "Überlastet", "not found"] {
        assert_eq!(status(401, &format!(r#"{{"error":"{word}"}}"#)).code(), None, "{word}");
    }
    assert_eq!(status(401, r#"{"error":"invalid_token"}"#).code(), Some("invalid_token"));
}

#[test]
fn details_that_do_not_fit_are_a_decode_error() {
    let error = status(400, r#"{"limit":"five"}"#).details::<Quota>().unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.message(), r#"unexpected Quota at limit: invalid type: string "five", expected u32"#);
    assert_eq!(error.body().map(|body| &body[..]), Some(&br#"{"limit":"five"}"#[..]));
    assert!(Error::config("x").details::<Quota>().is_err());
}

#[test]
fn a_decode_error_keeps_the_cause_the_response_and_a_bounded_body() {
    let body = vec![b'x'; 1 << 20];
    let error = Error::decode(json::from_slice::<Quota>(&body).unwrap_err(), &body)
        .with_response(StatusCode::OK, headers(&[("cf-ray", "r")]));
    assert_eq!(error.body().map(Bytes::len), Some(64 * 1024));
    assert_eq!((error.status(), error.request_id()), (Some(StatusCode::OK), Some("r")));
    assert_eq!(error.to_string(), "unexpected Quota: expected value");
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("Quota: expected value"));
}

#[test]
fn only_what_is_certain_counts_as_never_sent() {
    let io = || io::Error::from(io::ErrorKind::ConnectionReset);
    for error in [Error::config("x"), Error::token("x"), Error::connect(io()), Error::timeout(TimeoutPhase::Connect)] {
        assert!(error.never_sent(), "{error}");
    }
    let timeouts = [TimeoutPhase::Headers, TimeoutPhase::Idle, TimeoutPhase::Total].map(Error::timeout);
    for error in [
        Error::transport(io()),
        Error::interrupted(io()),
        Error::too_large("x"),
        status(429, ""),
        Error::from_event(""),
    ]
    .into_iter()
    .chain(timeouts)
    {
        assert!(!error.never_sent(), "{error}");
    }
}

#[test]
fn timeouts_say_which() {
    let error = Error::timeout(TimeoutPhase::Idle);
    assert!(error.is_timeout() && !error.is_connect());
    assert_eq!(error.timeout_phase().map(TimeoutPhase::as_str), Some("idle"));
    assert_eq!(error.to_string(), "timed out waiting for more of the response");
    assert!(Error::timeout(TimeoutPhase::Connect).is_connect());
}

#[derive(Debug)]
struct Sending(io::Error);

impl fmt::Display for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("error sending request")
    }
}

impl std::error::Error for Sending {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn the_root_cause_is_told_and_the_chain_is_kept() {
    let error = Error::connect(Sending(io::Error::other("connection refused")));
    assert_eq!(error.to_string(), "could not connect: connection refused");
    assert!(error.is_connect());
    let source = error.source().unwrap();
    assert!(source.is::<Sending>());
    assert!(source.source().unwrap().is::<io::Error>());
}

#[tokio::test]
async fn a_url_is_never_shown() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(); // and closed again
    let url = format!("http://127.0.0.1:{port}/?key=hidden");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let failed = async || client.get(&url).send().await.unwrap_err();
    assert!(failed().await.to_string().contains("hidden"));
    for error in [Error::connect(failed().await), Error::timeout(TimeoutPhase::Headers).with_source(failed().await)] {
        let mut shown = format!("{error} {error:?}");
        let mut source = error.source();
        while let Some(error) = source {
            shown.push_str(&format!("{error} {error:?}"));
            source = error.source();
        }
        assert!(!shown.contains("hidden"), "{shown}");
    }
}

#[test]
fn debug_shows_what_is_known_and_no_secret() {
    let mut sent = headers(&[
        ("set-cookie", "s=hidden1"),
        ("x-auth-token", "hidden2"),
        ("x-api-key", "hidden3"),
        ("date", "today"),
    ]);
    let mut sensitive = HeaderValue::from_static("hidden4");
    sensitive.set_sensitive(true);
    sent.insert("x-plain", sensitive);
    let body = format!("{}\n{}", "seen ".repeat(10), "x".repeat(1 << 20));
    let debug = format!("{:?}", Error::from_status(StatusCode::BAD_REQUEST, sent, body).with_operation("getFile"));
    assert!(debug.starts_with("Error { kind: Status, message: \"seen seen"), "{debug}");
    for shown in ["status: 400", "\"date\": \"today\"", "\"set-cookie\": ***", "operation: \"getFile\"", "xxx…\""] {
        assert!(debug.contains(shown), "{shown} in {debug}");
    }
    for hidden in ["hidden", "None", "phase", "source", "attempts"] {
        assert!(!debug.contains(hidden), "{hidden} in {debug}");
    }
    assert!(debug.len() < 2000);
}

#[test]
fn bodies_are_shown_whatever_their_bytes() {
    for body in [&b"\xff\xfe\x00"[..], &[0xf0, 0x9f].repeat(5000), "😀".repeat(5000).as_bytes()] {
        let error = Error::from_status(StatusCode::BAD_REQUEST, HeaderMap::new(), body.to_vec());
        assert!(format!("{error} {error:?}").chars().count() < 2000);
        assert_eq!(error.body().map(|kept| &kept[..]), Some(body));
    }
}

#[test]
fn test_doubles_can_make_any_error() {
    let error = Error::builder(ErrorKind::Status)
        .status(StatusCode::CONFLICT)
        .headers(headers(&[("retry-after-ms", "10")]))
        .body(r#"{"code":"conflict","message":"Twice"}"#)
        .build();
    assert_eq!(
        (error.status(), error.code(), error.message()),
        (Some(StatusCode::CONFLICT), Some("conflict"), "Twice")
    );
    assert_eq!(error.retry_after(), Some(Duration::from_millis(10)));
    assert_eq!(Error::builder(ErrorKind::Status).build().status(), Some(StatusCode::INTERNAL_SERVER_ERROR));

    let error = Error::builder(ErrorKind::Event).body(r#"{"status":503,"message":"Busy"}"#).last_chunk_index(4).build();
    assert_eq!(
        (error.status(), error.message(), error.last_chunk_index()),
        (Some(StatusCode::SERVICE_UNAVAILABLE), "Busy", Some(4))
    );

    let error = Error::builder(ErrorKind::Event).headers(headers(&[("x-request-id", "r")])).build();
    assert_eq!((error.status(), error.request_id(), error.body()), (None, Some("r"), None));

    let error = Error::builder(ErrorKind::Interrupted).message("cut").source(io::Error::other("reset")).build();
    assert_eq!((error.to_string().as_str(), error.source().is_some()), ("cut", true));
    assert!(Error::builder(ErrorKind::Timeout).build().is_timeout());
    assert!(Error::builder(ErrorKind::Timeout).phase(TimeoutPhase::Connect).build().never_sent());
}

#[test]
fn kinds_have_stable_names() {
    assert_eq!(ErrorKind::TooLarge.to_string(), "too_large");
    assert_eq!(format!("{:>8}", ErrorKind::Event), "   event");
    assert_eq!(TimeoutPhase::Headers.to_string(), "headers");
}
