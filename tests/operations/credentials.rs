//! Who is calling, and which request was seen before.

use std::time::Duration;

use mka1::testing::{Script, Server};
use mka1::types::ComputeStandaloneVolumeCreate;
use mka1::{Client, RequestOptions, RetryConfig};

use crate::document::Document;
use crate::sample::Sampler;
use crate::{answer, start};

async fn ready(server: &Server, key: &str) {
    let document = Document::read();
    let operation = document.operations().into_iter().find(|operation| operation.key == key).unwrap();
    server.reply(answer(&operation, &Sampler::required_only(&document)).0);
}

#[tokio::test]
async fn an_operation_of_the_browser_gets_the_cookie_and_no_token() {
    let (server, client) = start().await;
    ready(&server, "getSsoPolicy").await;
    client.auth().orgs().get_sso_policy("o1").options(RequestOptions::new().header("cookie", "a=b")).await.unwrap();
    let request = server.last_request().unwrap();
    assert_eq!(request.header("cookie"), Some("a=b; __Secure-mka1-auth-v2.session_token=session"));
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn of_two_credentials_the_first_that_there_is_is_sent() {
    let (server, client) = start().await;
    ready(&server, "getOrgById").await;
    client.auth().orgs().get_by_id("o1").await.unwrap();
    let request = server.last_request().unwrap();
    assert_eq!((request.header("authorization"), request.header("cookie")), (Some("Bearer mk-test"), None));

    ready(&server, "getOrgById").await;
    let client = Client::builder().base_url(server.url()).session_cookie("session").build().unwrap();
    client.auth().orgs().get_by_id("o1").await.unwrap();
    let request = server.last_request().unwrap();
    assert!(request.header("cookie").unwrap().ends_with("=session") && request.header("authorization").is_none());
}

#[tokio::test]
async fn flags_are_evaluated_with_their_own_key() {
    let (server, client) = start().await;
    server.reply(Script::status(304));
    let reply = client.flags().environments().evaluate("production").await.unwrap();
    assert!(reply.is_none(), "nothing is new");
    assert_eq!(server.last_request().unwrap().header("authorization"), Some("Bearer evaluation"));
}

#[tokio::test]
async fn secrets_of_every_kind_are_never_shown() {
    let (_server, client) = start().await;
    let options = RequestOptions::new().session_cookie("s3cret").analytics_key("s3cret").evaluation_key("s3cret");
    let shown = format!("{:?} {options:?}", client.with_options(options.clone()));
    assert!(!shown.contains("s3cret") && shown.contains("session_cookie"), "{shown}");
}

#[tokio::test]
async fn an_idempotency_key_stays_the_same_when_a_post_is_sent_again() {
    let (server, client) = start().await;
    let retry = RetryConfig::default().initial_interval(Duration::ZERO).jitter(Duration::ZERO);
    let client = client.with_options(RequestOptions::new().retry(retry));
    for _ in 0..2 {
        server.reply(Script::status(503));
        ready(&server, "createStandaloneVolume").await;
        client.compute_volumes().create_standalone_volume(ComputeStandaloneVolumeCreate::new("v")).await.unwrap();
    }
    let keys: Vec<_> =
        server.requests().iter().map(|request| request.header("idempotency-key").unwrap().to_owned()).collect();
    assert!(keys[0] == keys[1] && keys[2] == keys[3] && keys[0] != keys[2] && keys[0].len() == 32, "{keys:?}");
}
