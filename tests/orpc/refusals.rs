//! Errors in place of a stream.

use std::time::Duration;

use mka1::types::{ChatCompletionRequest, ChatMessage};
use mka1::{Error, ErrorKind, RequestOptions, RetryConfig};
use serde_json::{Value, json};

use crate::outcome::{client, in_time, read_all, refusal, request};

fn said(error: &Error) -> (ErrorKind, Option<u16>, Option<&str>, &str) {
    (error.kind(), error.status().map(|status| status.as_u16()), error.code(), error.message())
}

#[tokio::test]
async fn a_refusal_comes_with_status_code_and_message() {
    for (mode, status, code, message) in [
        ("unauthorized", 401, "UNAUTHORIZED", "no such key"),
        ("forbidden-data", 403, "FORBIDDEN", "Forbidden"),
        ("throws-plain", 500, "INTERNAL_SERVER_ERROR", "Internal server error"),
        ("unavailable", 503, "SERVICE_UNAVAILABLE", "Service Unavailable"),
        ("own-status", 418, "TEAPOT", "short and stout"),
        ("not-an-iterator", 500, "INTERNAL_SERVER_ERROR", "Output validation failed"),
        ("other-error-body", 404, "404", "no such model"),
    ] {
        let Some(error) = refusal(mode).await else { return };
        assert_eq!(said(&error), (ErrorKind::Status, Some(status), Some(code), message), "{mode}");
        assert_eq!((error.attempts(), error.last_chunk_index()), (1, None), "{mode}");
    }
}

#[tokio::test]
async fn the_body_of_a_refusal_is_kept() {
    let Some(error) = refusal("forbidden-data").await else { return };
    let body: Value = error.details().unwrap();
    let expected = json!({ "defined": false, "code": "FORBIDDEN", "status": 403, "message": "Forbidden", "data": { "scope": "chat" } });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_request_that_does_not_fit_the_contract_is_told_what_is_wrong() {
    let Some(client) = client() else { return };
    let empty = ChatCompletionRequest::new("ok", Vec::<ChatMessage>::new());
    let call = client.llm().chat().create_chat_completion_stream(empty);
    let error = in_time(async { call.await.expect_err("a refusal") }).await;
    let message = "Input validation failed: messages: Too small: expected array to have >=1 items";
    assert_eq!(said(&error), (ErrorKind::Status, Some(400), Some("BAD_REQUEST"), message));
    let body: Value = error.details().unwrap();
    assert_eq!(body["data"]["issues"][0]["path"], json!(["messages"]));
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let Some(error) = refusal("rate-limited").await else { return };
    assert_eq!(said(&error), (ErrorKind::Status, Some(429), Some("TOO_MANY_REQUESTS"), "slow down"));
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.to_string(), "429 Too Many Requests: slow down (createChatCompletionStream)");
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_and_the_request_sent_again() {
    let Some(client) = client() else { return };
    let call = client.llm().chat().create_chat_completion_stream(request("rate-limited-once").user("waits"));
    let outcome = read_all(call.options(RequestOptions::new().retry(RetryConfig::default()))).await;
    assert_eq!(outcome.texts(), ["attempt 2"]);
}

#[tokio::test]
async fn a_server_without_the_endpoint_answers_for_itself() {
    let Some(client) = client() else { return };
    let elsewhere =
        client.with_options(RequestOptions::new().base_url(format!("{}/elsewhere", crate::node::url().unwrap())));
    let call = elsewhere.llm().chat().create_chat_completion_stream(request("ok"));
    let error = in_time(async { call.await.expect_err("a refusal") }).await;
    assert_eq!(said(&error), (ErrorKind::Status, Some(404), None, "Not here"));
}
