//! What a caller can say about a client, a copy of it, or one call; what is said nearest to the call wins.

use futures::StreamExt;
use mka1::testing::{Request, Script, Server};
use mka1::{Client, ErrorKind, RequestOptions};

use crate::common::{builder, hi, stream};

/// What arrives when a client is used with these options on the call.
async fn sent(server: &Server, client: &Client, options: RequestOptions) -> Request {
    server.reply(Script::stream());
    let call = client.llm().chat().create_chat_completion_stream(hi()).options(options);
    // Read to its end, so that the connection can be used again.
    assert_eq!(call.await.unwrap().collect::<Vec<_>>().await.len(), 0);
    server.last_request().unwrap()
}

fn nothing() -> RequestOptions {
    RequestOptions::new()
}

#[tokio::test]
async fn the_call_wins_over_the_copy_and_the_copy_over_the_client() {
    let server = Server::start().await.unwrap();
    let client = builder(&server).default_header("x-a", "client").default_header("x-b", "client").build().unwrap();
    let client = client.with_options(nothing().header("x-b", "copy").header("x-c", "copy"));
    let request = sent(&server, &client, nothing().header("x-c", "call").header("x-d", "call")).await;
    let values = ["x-a", "x-b", "x-c", "x-d"].map(|name| request.header(name).unwrap());
    assert_eq!(values, ["client", "copy", "call", "call"]);
}

#[tokio::test]
async fn a_copy_leaves_its_client_as_it_was() {
    let server = Server::start().await.unwrap();
    let client = builder(&server).build().unwrap();
    let copy = client.with_options(nothing().header("x-a", "copy"));
    assert_eq!(sent(&server, &copy, nothing()).await.header("x-a"), Some("copy"));
    assert_eq!(sent(&server, &client, nothing()).await.header("x-a"), None);
    assert_eq!(server.connection_count(), 1, "they share connections");
}

#[tokio::test]
async fn options_given_twice_on_a_call_add_up() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream());
    let client = server.client();
    let call = client.llm().chat().create_chat_completion_stream(hi());
    drop(call.options(nothing().header("x-a", "1").header("x-b", "1")).options(nothing().header("x-b", "2")).await);
    let request = server.last_request().unwrap();
    assert_eq!([request.header("x-a"), request.header("x-b")], [Some("1"), Some("2")]);
}

#[tokio::test]
async fn case_does_not_matter_in_the_name_of_a_header() {
    let server = Server::start().await.unwrap();
    let client = builder(&server).default_header("X-Trace", "client").build().unwrap();
    let request = sent(&server, &client, nothing().header("x-TRACE", "call")).await;
    assert_eq!(request.headers().get_all("x-trace").iter().collect::<Vec<_>>(), ["call"]);
}

#[tokio::test]
async fn a_header_of_the_caller_takes_the_place_of_ours() {
    let server = Server::start().await.unwrap();
    let client = builder(&server).build().unwrap();
    let options = nothing()
        .header("Accept", "text/event-stream;q=0.5")
        .header("User-Agent", "mine/1")
        .header("Authorization", "Basic abc")
        .header("Content-Type", "application/json; charset=utf-8");
    let request = sent(&server, &client, options).await;
    for (name, value) in [
        ("accept", "text/event-stream;q=0.5"),
        ("user-agent", "mine/1"),
        ("authorization", "Basic abc"),
        ("content-type", "application/json; charset=utf-8"),
    ] {
        assert_eq!(request.headers().get_all(name).iter().collect::<Vec<_>>(), [value], "{name}");
    }
}

#[tokio::test]
async fn the_client_says_who_it_is() {
    let server = Server::start().await.unwrap();
    let request = sent(&server, &server.client(), nothing()).await;
    assert_eq!(request.header("user-agent"), Some(concat!("mka1-rust/", env!("CARGO_PKG_VERSION"))));
}

#[tokio::test]
async fn query_parameters_go_along_and_are_encoded() {
    let server = Server::start().await.unwrap();
    let client = builder(&server).build().unwrap().with_options(nothing().query("a", "copy").query("b", "copy"));
    let request = sent(&server, &client, nothing().query("a", "1").query("a", "é &=+/?#")).await;
    assert_eq!(request.query(), Some("b=copy&a=1&a=%C3%A9+%26%3D%2B%2F%3F%23"));
    assert_eq!(request.path(), mka1::testing::CHAT_STREAM_PATH);
}

#[tokio::test]
async fn a_base_url_may_have_a_path_and_a_slash_at_the_end() {
    let server = Server::start().await.unwrap();
    for (suffix, path) in [("", ""), ("/", ""), ("/gateway", "/gateway"), ("/gateway/", "/gateway"), ("/a/b//", "/a/b")]
    {
        let client = builder(&server).base_url(format!("{}{suffix}", server.url())).build().unwrap();
        let request = sent(&server, &client, nothing()).await;
        assert_eq!(request.path(), format!("{path}/api/v1/llm/chat/completions/stream"), "{suffix}");
    }
}

#[tokio::test]
async fn a_base_url_can_be_given_for_one_call() {
    let (here, there) = (Server::start().await.unwrap(), Server::start().await.unwrap());
    there.reply(Script::stream());
    let call = here.client().llm().chat().create_chat_completion_stream(hi());
    drop(call.options(nothing().base_url(there.url())).await.unwrap());
    assert_eq!((here.request_count(), there.request_count()), (0, 1));
}

#[tokio::test]
async fn an_end_user_can_be_named_at_every_level() {
    let server = Server::start().await.unwrap();
    let client = builder(&server).on_behalf_of("ada").build().unwrap();
    let copy = client.with_options(nothing().on_behalf_of("bob"));
    for (client, options, user) in [
        (&client, nothing(), Some("ada")),
        (&copy, nothing(), Some("bob")),
        (&copy, nothing().on_behalf_of("eve"), Some("eve")),
        (&copy, nothing().header("x-on-behalf-of", "header"), Some("header")),
        (&copy, nothing().on_behalf_of(""), None),
        (&server.client(), nothing(), None),
    ] {
        assert_eq!(sent(&server, client, options).await.header("x-on-behalf-of"), user);
    }
}

#[tokio::test]
async fn the_word_bearer_is_never_doubled() {
    let server = Server::start().await.unwrap();
    for token in ["mk-1", "Bearer mk-1", "bearer mk-1", " BEARER  mk-1\n"] {
        let client = Client::builder().base_url(server.url()).bearer_token(token).build().unwrap();
        assert_eq!(sent(&server, &client, nothing()).await.header("authorization"), Some("Bearer mk-1"), "{token:?}");
    }
}

#[tokio::test]
async fn a_client_without_a_token_sends_none() {
    let server = Server::start().await.unwrap();
    let client = Client::builder().base_url(server.url()).build().unwrap();
    assert_eq!(sent(&server, &client, nothing()).await.header("authorization"), None);
}

#[tokio::test]
async fn a_token_provider_is_asked_for_every_call() {
    let server = Server::start().await.unwrap();
    let asked = std::sync::atomic::AtomicU32::new(0);
    let provider = move || {
        let number = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        async move { Ok::<_, std::convert::Infallible>(format!("bearer t{number}")) }
    };
    let client = builder(&server).token_provider(provider).build().unwrap();
    assert_eq!(sent(&server, &client, nothing()).await.header("authorization"), Some("Bearer t0"));
    assert_eq!(sent(&server, &client, nothing()).await.header("authorization"), Some("Bearer t1"));
    // Who brings a token along needs none.
    let own = nothing().header("authorization", "Bearer own");
    assert_eq!(sent(&server, &client, own).await.header("authorization"), Some("Bearer own"));
    assert_eq!(sent(&server, &client, nothing()).await.header("authorization"), Some("Bearer t2"));
}

#[tokio::test]
async fn a_token_provider_that_fails_fails_the_call_and_nothing_is_sent() {
    let server = Server::start().await.unwrap();
    let sealed = async || Err::<String, _>(std::io::Error::other("the vault is sealed"));
    let client = builder(&server).token_provider(sealed).build().unwrap();
    let error = stream(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.never_sent()), (ErrorKind::Token, true));
    assert!(error.message().contains("the vault is sealed"), "{error}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.is::<std::io::Error>(), "{source:?}");
    assert_eq!(server.connection_count(), 0);
}

#[tokio::test]
async fn a_call_is_sent_by_your_own_http_client() {
    let server = Server::start().await.unwrap();
    let headers = [("x-mine".parse().unwrap(), "yes".parse().unwrap())].into_iter().collect();
    let http = reqwest::Client::builder().no_proxy().default_headers(headers).build().unwrap();
    let client = builder(&server).http_client(http).build().unwrap();
    let request = sent(&server, &client, nothing()).await;
    assert_eq!([request.header("x-mine"), request.header("authorization")], [Some("yes"), Some("Bearer mk-secret")]);
}

#[test]
fn what_cannot_be_used_is_told_when_the_client_is_built() {
    for builder in [
        Client::builder().base_url("nowhere"),
        Client::builder().base_url("ftp://host"),
        Client::builder().base_url("https://me:s3cret@host"),
        Client::builder().default_header("x a", "b"),
        Client::builder().default_header("x-a", "s3cret\n"),
        Client::builder().on_behalf_of("s3cret\n"),
        Client::builder().bearer_token("s3cret\u{201c}"),
        Client::builder().bearer_token(" "),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
}
