//! Promises about redirects.

use super::*;

fn redirect(status: &str, location: &str) -> Vec<Step> {
    reply(status, &format!("location: {location}\r\n"), "moved")
}

fn secretive(server: &Server) -> Client {
    server
        .builder()
        .on_behalf_of("ada")
        .default_header("x-key", "s3cret")
        .default_header("cookie", "s3cret")
        .build()
        .unwrap()
}

#[tokio::test]
async fn within_the_origin_everything_goes_along() {
    let server = Server::start([redirect("307 Temporary Redirect", "/v2/things"), ok("{}")]).await;
    create(&secretive(&server)).await.unwrap();
    let request = &server.received()[1];
    assert_eq!((request.line.as_str(), request.body.as_str()), ("POST /v2/things HTTP/1.1", r#"{"name":"a"}"#));
    assert_eq!(request.header("authorization"), Some("Bearer mk-secret"));
    assert_eq!([request.header("x-on-behalf-of"), request.header("x-key")], [Some("ada"), Some("s3cret")]);
}

#[tokio::test]
async fn to_another_origin_goes_no_secret() {
    let files = Server::start([ok(r#"{"name":"a"}"#)]).await;
    let server = Server::start([redirect("302 Found", &format!("{}/f?sig=1", files.url))]).await;
    assert_eq!(get(&secretive(&server)).await.unwrap().name, "a");
    let request = &files.received()[0];
    assert_eq!(request.line, "GET /f?sig=1 HTTP/1.1");
    let names: Vec<_> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["accept", "user-agent", "host"]);
}

#[tokio::test]
async fn a_body_is_not_sent_to_another_origin() {
    let other = Server::start([ok("{}")]).await;
    let server = Server::start([redirect("307 Temporary Redirect", &format!("{}/x?sig=s3cret", other.url))]).await;
    let error = create(&secretive(&server)).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 307));
    assert!(error.message().contains(&other.url) && !error.message().contains("s3cret"), "{error}");
    assert!(other.received().is_empty());
}

#[tokio::test]
async fn a_way_back_to_the_origin_does_not_bring_the_secrets_back() {
    let server = Server::start([vec![]]).await;
    let other = Server::start([redirect("302 Found", &format!("{}/evil", server.url))]).await;
    let first = Server::start([redirect("302 Found", &format!("{}/hop", other.url)), ok(r#"{"name":"a"}"#)]).await;
    let _ = get(&secretive(&first)).options(RequestOptions::new().retry(RetryConfig::none())).await;
    assert_eq!(server.received()[0].header("authorization"), None);
}

#[tokio::test]
async fn redirects_without_end_are_given_up() {
    let server = Server::start([redirect("302 Found", "/again")]).await;
    let error = get(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, 302));
    assert!(error.message().contains("at most 10"), "{error}");
    assert_eq!(server.received().len(), 11);
}

#[tokio::test]
async fn your_own_http_client_follows_redirects_its_own_way() {
    let server = Server::start([redirect("302 Found", "/elsewhere")]).await;
    let own = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let error = get(&server.builder().http_client(own).build().unwrap()).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 302);
    assert_eq!(server.received().len(), 1);
}
