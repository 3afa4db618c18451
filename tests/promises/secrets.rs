//! Tokens, end users and what callers add never show in anything that may be logged.

use std::fmt::Debug;

use mka1::testing::{Script, Server};
use mka1::{Client, Error, RequestOptions};
use serde_json::json;

use crate::common::{hi, stream};

const SECRET: &str = "s3cret";

fn client(server: &Server) -> Client {
    Client::builder()
        .base_url(server.url())
        .bearer_token(SECRET)
        .on_behalf_of(SECRET)
        .default_header("x-key", SECRET)
        .default_header("cookie", SECRET)
        .build()
        .unwrap()
}

fn options() -> RequestOptions {
    RequestOptions::new().query("token", SECRET).header("authorization", SECRET).on_behalf_of(SECRET)
}

#[track_caller]
fn assert_silent(what: impl Debug) {
    let shown = format!("{what:?} {what:#?}");
    assert!(!shown.contains(SECRET), "{shown}");
}

/// An error, all its causes included.
#[track_caller]
fn assert_error_silent(error: &Error) {
    assert_silent(error);
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        cause = error.source();
    }
}

#[tokio::test]
async fn no_client_options_call_or_request_shows_a_secret() {
    let server = Server::start().await.unwrap();
    let client = client(&server);
    assert_silent(Client::builder().bearer_token(SECRET).default_header("x-key", SECRET).on_behalf_of(SECRET));
    assert_silent(&client);
    assert_silent(client.with_options(options()));
    assert_silent(options());
    assert_silent(client.llm().chat());
    assert_silent(client.llm().chat().create_chat(hi()).options(options()));
    assert_silent(Client::builder().token_provider(async || Ok::<_, Error>(SECRET.to_owned())).build().unwrap());
}

#[tokio::test]
async fn no_stream_or_response_shows_a_secret() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().header("set-cookie", SECRET).text_chunks(["a"]));
    let events = stream(&client(&server)).await.unwrap();
    assert_silent(&events);
    assert_silent(events.text());
    let whole = mka1::testing::Completion::new("auto").whole("Hello", 1, 1);
    server.reply(Script::json(&whole).header("set-cookie", SECRET));
    assert_silent(client(&server).llm().chat().create_chat(hi()).await.unwrap());
    assert_silent(server.last_request().unwrap().header("accept"));
}

#[tokio::test]
async fn no_error_of_a_response_shows_what_was_sent_or_a_cookie() {
    let server = Server::start().await.unwrap();
    server.reply(Script::error(400, "BAD_REQUEST", "no").header("set-cookie", SECRET).header("x-api-key", SECRET));
    let call = client(&server).llm().chat().create_chat(hi()).options(options());
    assert_error_silent(&call.await.unwrap_err());
}

#[tokio::test(start_paused = true)]
async fn no_error_without_a_response_shows_what_was_sent() {
    let server = Server::start().await.unwrap();
    for script in [Script::no_response(), Script::no_response_reset(), Script::no_headers()] {
        server.reply(script);
        let call = client(&server).llm().chat().create_chat(hi()).options(options());
        assert_error_silent(&call.await.unwrap_err());
    }
    let nobody = tokio::net::TcpSocket::new_v4().unwrap();
    nobody.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    let call = client(&server).llm().chat().create_chat(hi()).options(options().base_url(url));
    assert_error_silent(&call.await.unwrap_err());
}

#[tokio::test]
async fn no_error_of_a_stream_shows_what_was_sent() {
    let server = Server::start().await.unwrap();
    for script in [Script::stream().cut(), Script::stream().error_event(&json!({ "message": "no" }))] {
        server.reply(script.header("set-cookie", SECRET));
        let call = client(&server).llm().chat().create_chat_completion_stream(hi()).options(options());
        assert_error_silent(&call.await.unwrap().collect_message().await.unwrap_err());
    }
}
