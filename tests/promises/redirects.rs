//! Where redirects lead, and that secrets stay behind.

use futures::TryStreamExt;
use mka1::testing::{Script, Server};
use mka1::{Client, ErrorKind, RetryConfig};
use serde_json::{Value, json};

use crate::common::{builder, once, stream};

fn redirect(status: u16, location: &str) -> Script {
    Script::status(status).header("location", location)
}

/// A client with every secret a client can have.
fn secretive(server: &Server) -> Client {
    builder(server)
        .on_behalf_of("ada")
        .default_header("x-key", "s3cret")
        .default_header("cookie", "s3cret")
        .retry(RetryConfig::none())
        .build()
        .unwrap()
}

#[tokio::test]
async fn within_the_origin_a_redirect_is_followed_with_everything() {
    let server = Server::start().await.unwrap();
    for status in [307, 308] {
        server.reply(redirect(status, "/v2/chat?a=b")).reply(Script::stream().text_chunks(["a"]));
        let events = stream(&secretive(&server)).await.unwrap();
        assert_eq!(events.text().try_collect::<String>().await.unwrap(), "a");
        let request = server.last_request().unwrap();
        assert_eq!((request.method(), request.path(), request.query()), ("POST", "/v2/chat", Some("a=b")));
        assert_eq!(request.header("authorization"), Some("Bearer mk-secret"));
        assert_eq!([request.header("x-on-behalf-of"), request.header("x-key")], [Some("ada"), Some("s3cret")]);
        assert_eq!(request.json::<Value>().unwrap()["model"], "auto");
    }
}

#[tokio::test]
async fn a_request_is_not_handed_to_another_origin() {
    let (server, other) = (Server::start().await.unwrap(), Server::start().await.unwrap());
    for status in [301, 302, 307, 308] {
        server.reply(redirect(status, &format!("{}/chat?token=s3cret", other.url())));
        let result = stream(&secretive(&server)).await;
        for request in other.requests() {
            let sent = format!("{:?} {:?}", request.headers(), request.body());
            assert_eq!(
                (request.method(), request.body().len(), request.header("authorization")),
                ("GET", 0, None),
                "{sent}"
            );
            assert_eq!(
                [request.header("cookie"), request.header("x-key"), request.header("x-on-behalf-of")],
                [None; 3]
            );
        }
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status, "{status}: {error}");
        assert!(!format!("{error} {}", error.message()).contains("s3cret"), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_that_would_take_the_conversation_elsewhere_says_so() {
    let (server, other) = (Server::start().await.unwrap(), Server::start().await.unwrap());
    server.reply(redirect(307, &format!("{}/chat", other.url())));
    let error = stream(&once(&server)).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), other.connection_count()), (307, 0));
    assert!(error.message().contains(other.url()), "{error}");
}

#[tokio::test]
async fn the_result_of_a_request_is_fetched_from_another_origin_without_secrets() {
    let (server, other) = (Server::start().await.unwrap(), Server::start().await.unwrap());
    server.reply(redirect(303, &format!("{}/result", other.url())));
    other.on("GET", "/result", Script::stream().text_chunks(["a"]));
    let events = stream(&secretive(&server)).await.unwrap();
    assert_eq!(events.text().try_collect::<String>().await.unwrap(), "a");
    let request = other.last_request().unwrap();
    let mut names: Vec<_> = request.headers().keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!((names, request.body().len()), (vec!["accept", "host", "user-agent"], 0));
}

#[tokio::test]
async fn a_way_back_does_not_bring_the_secrets_back() {
    let (server, other) = (Server::start().await.unwrap(), Server::start().await.unwrap());
    server.reply(redirect(303, &format!("{}/hop", other.url()))).reply(Script::stream());
    other.on("GET", "/hop", redirect(302, &format!("{}/back", server.url())));
    drop(stream(&secretive(&server)).await.unwrap());
    let request = server.last_request().unwrap();
    assert_eq!((request.path(), request.header("authorization"), request.header("cookie")), ("/back", None, None));
}

#[tokio::test]
async fn redirects_without_end_are_given_up() {
    let server = Server::start().await.unwrap();
    server.on("POST", "/{a}/{b}/{c}/{d}/{e}/{f}", redirect(307, "/1/2/3/4/5/6"));
    server.on("POST", "/1/2/3/4/5/6", redirect(307, "/1/2/3/4/5/6"));
    let error = stream(&once(&server)).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 307));
    assert!(server.request_count() <= 11);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error_with_its_status() {
    let server = Server::start().await.unwrap();
    for script in [Script::status(302), redirect(302, "ftp://host/x"), redirect(302, "http://"), redirect(300, "/x")] {
        server.reply(script.json_body(&json!({ "message": "moved" })));
        let error = stream(&once(&server)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status, "{error}");
        assert!(error.status().unwrap().is_redirection());
    }
}

#[tokio::test]
async fn your_own_http_client_keeps_the_token_within_the_origin_too() {
    let (server, other) = (Server::start().await.unwrap(), Server::start().await.unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = builder(&server).http_client(http).retry(RetryConfig::none()).build().unwrap();
    server.reply(redirect(307, "/here")).reply(Script::stream());
    drop(stream(&client).await.unwrap());
    assert_eq!(server.last_request().unwrap().header("authorization"), Some("Bearer mk-secret"));
    server.reply(redirect(307, &format!("{}/there", other.url())));
    other.reply(Script::stream());
    drop(stream(&client).await);
    assert!(other.requests().iter().all(|request| request.header("authorization").is_none()));
}
