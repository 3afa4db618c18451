//! Errors in place of a response: the status, the body and what it says are never lost.

use mka1::testing::{Script, Server};
use mka1::{ErrorKind, RetryConfig};
use serde_json::{Value, json};

use crate::common::{builder, hi, once, refused, stream};

#[tokio::test]
async fn a_request_the_server_does_not_accept_says_what_is_wrong_with_it() {
    let body = json!({
        "defined": false, "code": "BAD_REQUEST", "status": 400, "message": "Input validation failed",
        "data": { "issues": [{
            "origin": "array", "code": "too_small", "minimum": 1, "inclusive": true, "path": ["messages"],
            "message": "Too small: expected array to have >=1 items",
        }] },
    });
    let error = refused(Script::status(400).json_body(&body)).await;
    assert!(error.is_status());
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 400));
    assert_eq!(error.code(), Some("BAD_REQUEST"));
    assert_eq!(error.message(), "Input validation failed: messages: Too small: expected array to have >=1 items");
    assert_eq!(error.details::<Value>().unwrap(), body);
    assert_eq!(error.body().unwrap(), body.to_string().as_bytes());
}

#[tokio::test]
async fn the_embedded_server_refuses_what_mka1_would() {
    let server = Server::start().await.unwrap();
    let mut request = hi();
    request.messages.clear();
    let error = server.client().llm().chat().create_chat_completion_stream(request).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.code()), (400, Some("BAD_REQUEST")));
    assert!(error.message().contains("messages"), "{error}");
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_known_as_that() {
    let error = refused(Script::error(401, "UNAUTHORIZED", "Invalid API key")).await;
    assert!(error.is_unauthorized() && !error.is_rate_limited() && !error.never_sent());
    assert_eq!(error.to_string(), "401 Unauthorized: Invalid API key (createChatCompletionStream)");
}

#[tokio::test]
async fn a_rate_limit_of_the_gateway_says_when_to_come_back() {
    let script = Script::status(429).header("retry-after", "7").json_body(&json!({ "error": "Rate limit exceeded" }));
    let error = refused(script).await;
    assert!(error.is_rate_limited());
    assert_eq!((error.message(), error.code()), ("Rate limit exceeded", None));
    assert_eq!(error.retry_after().unwrap().as_secs(), 7);
}

#[tokio::test]
async fn every_shape_of_error_gives_its_message_and_code() {
    for (status, body, message, code) in [
        (429, json!({ "error": "Rate limit exceeded" }), "Rate limit exceeded", None),
        (404, json!({ "error": { "message": "No such agent", "details": {} } }), "No such agent", None),
        (404, json!({ "error": { "message": "gone", "type": "t", "code": 404 } }), "gone", Some("404")),
        (404, json!({ "error": "not_found", "message": "No flag", "request_id": "r" }), "No flag", Some("not_found")),
        (400, json!({ "code": "BAD", "message": "no" }), "no", Some("BAD")),
        (404, json!({ "error": "not_found", "correlation_id": "r" }), "not_found", Some("not_found")),
        (
            422,
            json!({ "detail": [{ "loc": ["body", "name"], "msg": "Field required", "type": "missing" }] }),
            "body.name: Field required",
            None,
        ),
        (403, json!({ "detail": "Not yours" }), "Not yours", None),
        (401, json!({ "message": "Sign in", "code": "NO_SESSION" }), "Sign in", Some("NO_SESSION")),
    ] {
        let error = refused(Script::status(status).json_body(&body)).await;
        assert_eq!((error.message(), error.code()), (message, code), "{body}");
        assert_eq!(error.status().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn the_servers_name_for_a_request_is_at_hand() {
    let in_body = Script::status(404).json_body(&json!({ "error": "not_found", "request_id": "req_1" }));
    assert_eq!(refused(in_body).await.request_id(), Some("req_1"));
    let in_header = Script::status(500).header("x-request-id", "req_2");
    assert_eq!(refused(in_header).await.request_id(), Some("req_2"));
    assert_eq!(refused(Script::status(500)).await.request_id(), None);
}

#[tokio::test]
async fn a_page_of_a_proxy_is_told_by_its_title() {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body></html>";
    let error = refused(Script::status(502).header("content-type", "text/html").raw(page)).await;
    assert_eq!((error.status().unwrap().as_u16(), error.code()), (502, None));
    assert_eq!(error.body().unwrap(), page);
    assert_eq!(error.to_string(), "502 Bad Gateway (createChatCompletionStream)");
}

#[tokio::test]
async fn an_error_without_a_body_is_told_by_its_status() {
    let error = refused(Script::status(500)).await;
    assert_eq!((error.message(), error.code()), ("Internal Server Error", None));
    assert_eq!(error.body().map(|body| body.len()), Some(0));
    assert_eq!(error.to_string(), "500 Internal Server Error (createChatCompletionStream)");
}

#[tokio::test]
async fn a_status_nobody_has_heard_of_is_an_error_like_any() {
    let error = refused(Script::status(599)).await;
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 599));
    assert!(!error.to_string().contains("unknown status code"), "{error}");
}

#[tokio::test]
async fn a_content_type_that_lies_does_not_hide_what_the_error_says() {
    let body = json!({ "code": "NOT_FOUND", "message": "No such model" });
    for content_type in ["text/html", "text/event-stream", "application/octet-stream", ";;"] {
        let script = Script::status(404).header("content-type", content_type).json_body(&body);
        let error = refused(script).await;
        assert_eq!((error.code(), error.message()), (Some("NOT_FOUND"), "No such model"), "{content_type}");
    }
    let error = refused(Script::status(500).header("content-type", "application/json").raw("Worker died\nat x")).await;
    assert_eq!((error.message(), error.status().unwrap().as_u16()), ("Worker died", 500));
}

#[tokio::test]
async fn something_else_where_a_stream_should_be_is_an_error_that_keeps_it() {
    let page = "<html><title>Sign in</title></html>";
    let error = refused(Script::status(200).header("content-type", "text/html").raw(page)).await;
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, 200));
    assert_eq!(error.body().unwrap(), page);
    let told = error.to_string();
    assert!(told.contains("text/event-stream") && told.contains("text/html"), "{told}");
}

#[tokio::test]
async fn an_answer_that_does_not_fit_says_where() {
    let server = Server::start().await.unwrap();
    let body = json!({ "id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [{}] });
    server.reply(Script::json(&body));
    let error = server.client().llm().chat().create_chat(hi()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, Some("createChatCompletion")));
    assert!(error.message().contains("ChatCompletion at choices[0].index: missing field"), "{error}");
    assert_eq!(error.body().unwrap(), body.to_string().as_bytes());
}

#[tokio::test]
async fn the_body_of_an_error_is_read_as_far_as_the_limit() {
    let server = Server::start().await.unwrap();
    server.reply(Script::status(500).raw("x".repeat(100_000)).hang());
    let client = builder(&server).max_error_body(1000).retry(RetryConfig::none()).build().unwrap();
    let error = stream(&client).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.body().unwrap().len()), (500, 1000));
}

#[tokio::test(start_paused = true)]
async fn a_status_is_told_even_when_its_body_breaks_or_never_comes() {
    let begun = Script::status(403).raw("not for y");
    for script in [begun.clone().cut(), begun.clone().hang(), begun.short_body(5)] {
        let error = refused(script).await;
        assert_eq!((error.status().unwrap().as_u16(), error.message()), (403, "not for y"));
    }
}

#[tokio::test]
async fn an_errors_message_is_one_line_whatever_the_server_says() {
    let long = format!("first\r\nsecond\x1b[31m {}", "x".repeat(5000));
    let error = refused(Script::error(500, "X", &long)).await;
    let told = error.to_string();
    assert!(!told.contains(['\n', '\r', '\x1b']) && told.len() < 500, "{told}");
    assert_eq!(error.message(), long, "in full here");
}

#[tokio::test]
async fn a_path_the_server_does_not_know_is_not_found() {
    let server = Server::start().await.unwrap();
    let error = stream(&builder(&server).base_url(format!("{}/v9", server.url())).build().unwrap()).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.message()), (404, "Not Found"));
}

#[tokio::test]
async fn nothing_is_sent_when_an_option_cannot_be() {
    let server = Server::start().await.unwrap();
    for client in [
        once(&server).with_options(mka1::RequestOptions::new().header("x a", "b")),
        once(&server).with_options(mka1::RequestOptions::new().header("x-a", "b\nc")),
        once(&server).with_options(mka1::RequestOptions::new().base_url("nowhere")),
        once(&server).with_options(mka1::RequestOptions::new().on_behalf_of("a\r\nb")),
    ] {
        let error = stream(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 0), "{error}");
        assert!(error.never_sent());
    }
    assert_eq!(server.connection_count(), 0);
}
