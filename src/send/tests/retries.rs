//! Promises about attempts.

use super::*;

fn busy(status: &str) -> Vec<Step> {
    reply(status, "", "busy")
}

#[tokio::test]
async fn a_get_is_repeated_until_it_succeeds() {
    let server = Server::start([
        busy("503 Service Unavailable"),
        vec![],
        busy("500 Internal Server Error"),
        ok(r#"{"name":"a"}"#),
    ])
    .await;
    assert_eq!(get(&server.client()).await.unwrap().name, "a");
    assert_eq!(server.received().len(), 4);
}

#[tokio::test]
async fn a_get_whose_body_breaks_is_repeated() {
    let cut = vec![Step::Send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".into())];
    let server = Server::start([cut, ok(r#"{"name":"a"}"#)]).await;
    assert_eq!(get(&server.client()).await.unwrap().name, "a");
}

#[tokio::test]
async fn a_post_that_may_have_been_accepted_is_sent_once() {
    for script in [busy("503 Service Unavailable"), vec![], vec![Step::Reset]] {
        let server = Server::start([script]).await;
        let error = create(&server.client()).await.unwrap_err();
        assert_eq!((server.received().len(), error.attempts()), (1, 1), "{error}");
    }
}

#[tokio::test]
async fn a_post_that_may_have_been_accepted_is_repeated_if_the_caller_says_so() {
    let server = Server::start([busy("503 Service Unavailable"), vec![], ok("{}")]).await;
    let retry = RetryConfig::default()
        .initial_interval(Duration::from_millis(1))
        .jitter(Duration::ZERO)
        .retry_non_idempotent(true);
    create(&server.client()).options(RequestOptions::new().retry(retry)).await.unwrap();
    let bodies: Vec<_> = server.received().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, [r#"{"name":"a"}"#; 3]);
}

#[tokio::test]
async fn a_post_that_is_limited_is_repeated_when_the_server_said() {
    let server = Server::start([
        reply(
            "429 Too Many Requests",
            "retry-after-ms: 2\r\nretry-after: 900\r\n",
            r#"{"error":"Rate limit exceeded"}"#,
        ),
        ok("{}"),
    ])
    .await;
    create(&server.client()).await.unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_server_that_asks_for_more_than_is_left_ends_the_call_at_once() {
    let server =
        Server::start([reply("429 Too Many Requests", "retry-after: 900\r\n", r#"{"error":"Rate limit exceeded"}"#)])
            .await;
    let error = create(&server.client()).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.message(), error.attempts()), ("Rate limit exceeded", 1));
    assert_eq!(error.retry_after().unwrap().as_secs(), 900);
}

#[tokio::test]
async fn no_wait_begins_that_the_calls_limit_would_end() {
    let server = Server::start([reply("429 Too Many Requests", "retry-after: 9\r\n", "")]).await;
    let error =
        create(&server.client()).options(RequestOptions::new().timeout(Duration::from_secs(5))).await.unwrap_err();
    assert!(error.is_rate_limited());
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again_even_for_a_post() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let retry = RetryConfig::default()
        .initial_interval(Duration::from_millis(1))
        .jitter(Duration::ZERO)
        .max_elapsed(Duration::from_millis(40));
    let error = create(&Client::builder().base_url(format!("http://{address}")).retry(retry).build().unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.attempts() > 1, "{}", error.attempts());
}

#[tokio::test]
async fn a_token_is_asked_for_at_every_attempt() {
    let server = Server::start([busy("429 Too Many Requests"), ok("{}")]).await;
    let count = Arc::new(AtomicUsize::new(0));
    let provider = move || {
        let count = count.fetch_add(1, Ordering::Relaxed);
        async move { Ok::<_, std::convert::Infallible>(format!("t{count}")) }
    };
    create(&server.builder().token_provider(provider).build().unwrap()).await.unwrap();
    let tokens: Vec<_> =
        server.received().iter().map(|request| request.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["Bearer t0", "Bearer t1"]);
}

#[tokio::test]
async fn the_last_response_is_the_error_when_the_budget_is_spent() {
    let server = Server::start([busy("503 Service Unavailable")]).await;
    let retry = RetryConfig::default()
        .initial_interval(Duration::from_millis(1))
        .jitter(Duration::ZERO)
        .max_elapsed(Duration::from_millis(30));
    let error = get(&server.client()).options(RequestOptions::new().retry(retry)).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.body().unwrap().as_ref()), (503, &b"busy"[..]));
    assert_eq!(error.attempts() as usize, server.received().len());
}
