//! Errors in a stream that had begun with status 200: none is taken for an end, and what oRPC tells of them is there.

use mka1::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::outcome::{Outcome, read};

/// The status, the code and the message of the error event that came after these chunks.
fn event<'a>(outcome: &'a Outcome, texts: &[&str]) -> (Option<u16>, Option<&'a str>, &'a str) {
    let error = outcome.error_after(texts);
    assert_eq!(error.kind(), ErrorKind::Event);
    (error.status().map(|status| status.as_u16()), error.code(), error.message())
}

fn details(error: &Error) -> Value {
    error.details().expect("JSON")
}

#[tokio::test]
async fn an_error_of_the_handler_comes_with_code_status_message_and_data() {
    let Some(outcome) = read("error-orpc").await else { return };
    assert_eq!(event(&outcome, &["a"]), (Some(502), Some("BAD_GATEWAY"), "the model is gone"));
    let error = outcome.error_after(&["a"]);
    assert_eq!(details(error), json!({ "provider": "p" }));
    assert_eq!(error.to_string(), "error event 502 Bad Gateway: the model is gone (createChatCompletionStream)");
    let body: Value = serde_json::from_slice(error.body().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({ "defined": false, "code": "BAD_GATEWAY", "status": 502, "message": "the model is gone", "data": { "provider": "p" } })
    );
}

#[tokio::test]
async fn any_other_exception_is_an_internal_error() {
    let Some(outcome) = read("error-plain").await else { return };
    assert_eq!(event(&outcome, &["a"]), (Some(500), Some("INTERNAL_SERVER_ERROR"), "Internal server error"));
}

#[tokio::test]
async fn an_error_that_the_contract_declares_comes_with_its_data() {
    let Some(outcome) = read("error-defined").await else { return };
    assert_eq!(event(&outcome, &["a"]), (Some(429), Some("QUOTA"), "the quota is used up"));
    let error = outcome.error_after(&["a"]);
    assert_eq!(details(error), json!({ "limit": 1000 }));
    assert!(error.is_rate_limited());
}

#[tokio::test]
async fn a_rate_limit_is_known_as_one() {
    let Some(outcome) = read("error-rate-limited").await else { return };
    assert_eq!(event(&outcome, &["a"]), (Some(429), Some("TOO_MANY_REQUESTS"), "Too Many Requests"));
    assert!(outcome.error_after(&["a"]).is_rate_limited());
}

#[tokio::test]
async fn codes_are_open_and_a_status_of_its_own_is_kept() {
    let Some(outcome) = read("error-own-code").await else { return };
    assert_eq!(event(&outcome, &["a"]), (Some(500), Some("OUT_OF_TOKENS"), "ありません 💚"));
    let Some(outcome) = read("error-own-status").await else { return };
    assert_eq!(event(&outcome, &["a"]), (Some(402), Some("OUT_OF_TOKENS"), "pay first"));
}

#[tokio::test]
async fn an_error_event_may_have_an_id_and_a_retry() {
    let Some(outcome) = read("error-with-meta").await else { return };
    assert_eq!(event(&outcome, &["a"]), (Some(502), Some("BAD_GATEWAY"), "Bad Gateway"));
    assert_eq!(outcome.last_event_id.as_deref(), Some("1"));
}

#[tokio::test]
async fn an_error_may_come_before_the_first_chunk() {
    let Some(outcome) = read("error-before-first-yield").await else { return };
    assert_eq!(event(&outcome, &[]), (Some(503), Some("SERVICE_UNAVAILABLE"), "not now"));
}

#[tokio::test]
async fn a_chunk_that_the_server_itself_rejects_is_an_error_of_the_server() {
    let Some(outcome) = read("error-validation").await else { return };
    let said = (Some(500), Some("EVENT_ITERATOR_VALIDATION_FAILED"), "Event iterator validation failed");
    assert_eq!(event(&outcome, &["a"]), said);
}
