//! Promises about setting up a client.

use std::ffi::OsString;

use super::*;
use crate::ErrorKind;

fn from_env(variables: &[(&str, &str)]) -> Result<Client, Error> {
    let find = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value));
    env::builder(find).and_then(ClientBuilder::build)
}

fn base_url(client: &Client) -> &str {
    client.request_options().base_url.as_ref().unwrap().as_str()
}

async fn authorization(client: &Client) -> Option<String> {
    client.shared().credentials.authorization().await.unwrap().map(|value| value.to_str().unwrap().to_owned())
}

#[test]
fn a_client_can_be_shared_among_threads() {
    fn check<T: Clone + Send + Sync + 'static>() {}
    check::<Client>();
}

#[tokio::test]
async fn the_environment_gives_key_and_server() {
    let client = from_env(&[
        ("MKA1_API_KEY", "mk-1"),
        ("MKA1_BEARER_AUTH", "Bearer mk-2"),
        ("MKA1_SERVER_URL", "http://host/x"),
    ])
    .unwrap();
    assert_eq!(authorization(&client).await.unwrap(), "Bearer mk-1");
    assert_eq!(base_url(&client), "http://host/x");
    let client = from_env(&[("MKA1_BEARER_AUTH", "Bearer mk-2")]).unwrap();
    assert_eq!(authorization(&client).await.unwrap(), "Bearer mk-2");
    assert_eq!(base_url(&client), "https://apigw.mka1.com/");
}

#[tokio::test]
async fn an_empty_variable_counts_as_not_set() {
    let client = from_env(&[("MKA1_API_KEY", ""), ("MKA1_BEARER_AUTH", "mk-2"), ("MKA1_SERVER_URL", " ")]).unwrap();
    assert_eq!(authorization(&client).await.unwrap(), "Bearer mk-2");
    assert_eq!(base_url(&client), "https://apigw.mka1.com/");
}

#[test]
fn a_missing_key_is_an_error_that_names_the_variables() {
    let error = from_env(&[("MKA1_API_KEY", " ")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("MKA1_API_KEY") && error.to_string().contains("MKA1_BEARER_AUTH"), "{error}");
}

#[test]
fn a_variable_that_cannot_be_used_is_named_and_a_key_is_not_shown() {
    let error = from_env(&[("MKA1_API_KEY", "s3c\u{2026}ret")]).unwrap_err();
    assert!(error.to_string().contains("MKA1_API_KEY") && !error.to_string().contains("s3c"), "{error}");
    let error = from_env(&[("MKA1_API_KEY", "mk-1"), ("MKA1_SERVER_URL", "apigw")]).unwrap_err();
    assert!(error.to_string().contains("MKA1_SERVER_URL"), "{error}");
}

#[tokio::test]
async fn a_client_needs_no_token() {
    let client = Client::builder().build().unwrap();
    assert_eq!(authorization(&client).await, None);
}

#[test]
fn what_cannot_be_used_fails_the_build() {
    for builder in [
        Client::builder().base_url("nowhere"),
        Client::builder().bearer_token("a\nb"),
        Client::builder().default_header("x y", "1"),
        Client::builder().on_behalf_of("a\nb"),
    ] {
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
    }
}

#[test]
fn debug_shows_no_secret() {
    let builder = Client::builder().bearer_token("s3cret").default_header("x-key", "s3cret").on_behalf_of("s3cret");
    let shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    for shown in [
        shown,
        format!("{client:?}"),
        format!("{:?}", client.with_options(RequestOptions::new().header("cookie", "s3cret"))),
    ] {
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}

#[test]
fn a_copy_with_options_leaves_the_client_as_it_was() {
    let client = Client::builder().base_url("http://one").build().unwrap();
    let copy = client.with_options(RequestOptions::new().base_url("http://two"));
    assert_eq!((base_url(&client), base_url(&copy)), ("http://one/", "http://two/"));
}
