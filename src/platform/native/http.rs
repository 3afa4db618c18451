//! HTTP over sockets.

use std::time::Duration;

use bytes::Bytes;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Client, Request, Url};

use crate::error::{Error, TimeoutPhase};
use crate::upload::Pieces;

/// What a request carries, ready to be sent.
pub(crate) type Outgoing = reqwest::Body;

/// A response whose head has come.
pub(crate) type Response = reqwest::Response;

/// What we call ourselves.
pub(crate) fn user_agent() -> Option<HeaderValue> {
    Some(HeaderValue::from_static(concat!("mka1-rust/", env!("CARGO_PKG_VERSION"))))
}

/// Redirects are followed by hand: see the module `redirect`.
pub(crate) fn connector(connect_timeout: Option<Duration>, base_url: Option<&Url>) -> Result<Client, Error> {
    let mut builder = Client::builder().redirect(Policy::none());
    if let Some(limit) = connect_timeout {
        builder = builder.connect_timeout(limit);
    }
    // A proxy of the environment cannot reach what listens on this machine.
    if base_url.is_some_and(is_loopback) {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| Error::config(format!("the HTTP client cannot be set up: {}", error.without_url())))
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some(host) => {
            host == "localhost"
                || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        None => false,
    }
}

/// Sends a request, and waits for the head of the response.
pub(crate) async fn execute(client: &Client, request: Request) -> Result<Response, Error> {
    client.execute(request).await.map_err(not_answered)
}

/// The body of a response, as it comes.
pub(crate) fn pieces(response: Response) -> BoxStream<'static, Result<Bytes, Error>> {
    response.bytes_stream().map_err(cut).boxed()
}

/// A body that is read while it is sent.
pub(crate) async fn streamed(pieces: Pieces) -> Result<Outgoing, Error> {
    Ok(Outgoing::wrap_stream(pieces))
}

/// A file of a form.
#[cfg(feature = "multipart")]
pub(crate) fn part(content: Outgoing, length: Option<u64>) -> reqwest::multipart::Part {
    match length {
        Some(length) => reqwest::multipart::Part::stream_with_length(content, length),
        None => reqwest::multipart::Part::stream(content),
    }
}

/// No head of a response came: says whether the request can have been received.
pub(crate) fn not_answered(error: reqwest::Error) -> Error {
    let error = error.without_url();
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Error::timeout(TimeoutPhase::Connect).with_source(error),
        (true, false) => Error::connect(error),
        (false, true) => Error::timeout(TimeoutPhase::Headers).with_source(error),
        // Not a request at all, such as a header that HTTP cannot carry.
        (false, false) if error.is_builder() => Error::config("the request cannot be sent").with_source(error),
        (false, false) => Error::transport(error),
    }
}

/// The response had begun, and this is where it broke.
fn cut(error: reqwest::Error) -> Error {
    let error = error.without_url();
    if error.is_timeout() { Error::timeout(TimeoutPhase::Idle).with_source(error) } else { Error::interrupted(error) }
}
