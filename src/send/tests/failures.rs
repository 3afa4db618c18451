//! Promises about what goes wrong, and how much is then known.

use super::*;

#[tokio::test]
async fn an_option_that_cannot_be_sent_fails_the_call_before_anything_is() {
    let server = Server::start([ok("{}")]).await;
    let error = create(&server.client()).options(RequestOptions::new().header("x-a", "s3cret\n")).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Config, Some("createThing")));
    assert!(error.never_sent() && !error.to_string().contains("s3cret"));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn not_modified_is_an_error_for_an_operation_that_gives_something() {
    let server = Server::start([vec![Step::Send("HTTP/1.1 304 Not Modified\r\n\r\n".into())]]).await;
    let error = get(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 304));
}

#[tokio::test]
async fn a_failed_response_keeps_status_headers_and_body() {
    let body = r#"{"code":"BAD_REQUEST","message":"no"}"#;
    let server =
        Server::start([reply("400 Bad Request", "content-type: application/json\r\nx-request-id: r1\r\n", body)]).await;
    let error = create(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Status, Some(StatusCode::BAD_REQUEST)));
    assert_eq!((error.code(), error.message(), error.request_id()), (Some("BAD_REQUEST"), "no", Some("r1")));
    assert_eq!(error.body().unwrap(), body);
    assert_eq!((error.operation(), error.attempts()), (Some("createThing"), 1));
}

#[tokio::test]
async fn of_an_errors_body_no_more_is_read_than_the_limit() {
    let server = Server::start([reply("400 Bad Request", "", &"x".repeat(100_000))]).await;
    let error = create(&server.builder().max_error_body(1000).build().unwrap()).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.body().unwrap().len()), (400, 1000));
}

#[tokio::test]
async fn a_status_survives_a_cut_in_its_body() {
    let cut = "HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\nnot for y";
    for end in [Step::Reset, Step::Send(String::new())] {
        let server = Server::start([vec![Step::Send(cut.into()), end]]).await;
        let error = create(&server.client()).await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 403));
    }
}

#[tokio::test]
async fn a_status_survives_a_stall_in_its_body() {
    let server = Server::start([vec![
        Step::Send("HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\nnot for y".into()),
        Step::Hang,
    ]])
    .await;
    let error = create(&server.builder().idle_timeout(Duration::from_millis(20)).build().unwrap()).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.body().unwrap().as_ref()), (403, &b"not for y"[..]));
}

#[tokio::test]
async fn a_page_where_json_should_be_is_an_error_that_names_its_type_and_keeps_it() {
    let server = Server::start([reply("200 OK", "content-type: text/html\r\n", "<html>hi</html>")]).await;
    let error = create(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.body().unwrap().as_ref()), (ErrorKind::Decode, &b"<html>hi</html>"[..]));
    assert!(error.to_string().contains("text/html"), "{error}");
}

#[tokio::test]
async fn json_that_does_not_fit_is_an_error_with_the_place_and_the_body() {
    let server = Server::start([ok(r#"{"name":1}"#)]).await;
    let error = get(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, 200));
    assert!(error.to_string().contains("name") && error.body().is_some(), "{error}");
}

#[tokio::test]
async fn something_else_where_a_stream_should_be_is_an_error_that_keeps_it() {
    let server = Server::start([ok(r#"{"error":"busy"}"#)]).await;
    let error = stream(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.body().unwrap().as_ref()), (ErrorKind::Decode, &br#"{"error":"busy"}"#[..]));
    assert!(error.to_string().contains("application/json"), "{error}");
}

#[tokio::test]
async fn a_body_that_is_cut_is_interrupted() {
    let server = Server::start([vec![Step::Send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".into())]]).await;
    let error = create(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.status().unwrap().as_u16()), (ErrorKind::Interrupted, 1, 200));
    assert!(!error.never_sent());
}

#[tokio::test]
async fn no_response_is_a_transport_error() {
    let server = Server::start([vec![]]).await;
    let error = create(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.never_sent(), error.attempts()), (ErrorKind::Transport, false, 1));
}

#[tokio::test]
async fn an_unreachable_server_is_a_connect_error_that_shows_no_query() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let client = Client::builder().base_url(format!("http://{closed}")).retry(RetryConfig::none()).build().unwrap();
    let error = create(&client).options(RequestOptions::new().query("token", "s3cret")).await.unwrap_err();
    assert_eq!((error.kind(), error.never_sent()), (ErrorKind::Connect, true));
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}

#[tokio::test]
async fn headers_that_never_come_are_a_timeout_that_says_so() {
    let server = Server::start([vec![Step::Hang]]).await;
    let error =
        create(&server.builder().headers_timeout(Duration::from_millis(20)).build().unwrap()).await.unwrap_err();
    assert_eq!((error.timeout_phase(), error.never_sent(), error.attempts()), (Some(TimeoutPhase::Headers), false, 1));
}

#[tokio::test]
async fn the_whole_call_can_be_limited() {
    let server = Server::start([vec![Step::Hang]]).await;
    let error =
        get(&server.client()).options(RequestOptions::new().timeout(Duration::from_millis(20))).await.unwrap_err();
    assert_eq!((error.timeout_phase(), error.attempts()), (Some(TimeoutPhase::Total), 1));
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_handshake_that_hangs_is_a_connect_timeout_and_nothing_was_sent() {
    let server = Server::start([vec![Step::Hang]]).await;
    let client = Client::builder()
        .base_url(server.url.replace("http:", "https:"))
        .connect_timeout(Duration::from_millis(20))
        .retry(RetryConfig::none());
    let error = create(&client.build().unwrap()).await.unwrap_err();
    assert_eq!((error.timeout_phase(), error.never_sent()), (Some(TimeoutPhase::Connect), true));
}

#[tokio::test]
async fn a_failing_token_provider_fails_the_call_before_anything_is_sent() {
    let server = Server::start([ok("{}")]).await;
    let client = server.builder().token_provider(async || Err::<String, _>("vault sealed")).build().unwrap();
    let error = create(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Token, 1));
    assert!(server.received().is_empty());
}
