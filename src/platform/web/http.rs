//! HTTP by `fetch`: the browser connects, follows redirects, and sends cookies, all by its own rules.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use reqwest::header::HeaderValue;
use reqwest::{Client, Request, Url};
use send_wrapper::SendWrapper;

use crate::error::Error;
use crate::upload::Pieces;

/// What a request carries, ready to be sent.
pub(crate) type Outgoing = Bytes;

/// A response whose head has come.
pub(crate) type Response = SendWrapper<reqwest::Response>;

/// The browser says who it is; a name of ours would be one more header for a server of another origin to allow.
pub(crate) fn user_agent() -> Option<HeaderValue> {
    None
}

/// How long connecting may take is the browser's business.
pub(crate) fn connector(_: Option<Duration>, _: Option<&Url>) -> Result<Client, Error> {
    Ok(Client::new())
}

/// Sends a request, and waits for the head of the response.
pub(crate) async fn execute(client: &Client, request: Request) -> Result<Response, Error> {
    match SendWrapper::new(client.execute(request)).await {
        Ok(response) => Ok(SendWrapper::new(response)),
        Err(error) => Err(not_answered(error)),
    }
}

/// The body of a response, as it comes.
///
/// When it breaks, what came before and was not read yet is gone: the Streams standard has it so (`ReadableStreamDefaultControllerError`). A stream
/// that is taken up again asks for that too.
pub(crate) fn pieces(response: Response) -> BoxStream<'static, Result<Bytes, Error>> {
    SendWrapper::new(response.take().bytes_stream()).map_err(|error| Error::interrupted(reason(&error))).boxed()
}

/// The browser reads ahead by itself, and all of a page runs in turns on its one thread.
pub(crate) fn read_ahead(source: BoxStream<'static, Result<Bytes, Error>>) -> BoxStream<'static, Result<Bytes, Error>> {
    source
}

/// Not every browser streams what it sends, so it is read first.
pub(crate) async fn streamed(mut pieces: Pieces) -> Result<Outgoing, Error> {
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.try_next().await.map_err(Error::transport)? {
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// A file of a form.
#[cfg(feature = "multipart")]
pub(crate) fn part(content: Outgoing, _: Option<u64>) -> reqwest::multipart::Part {
    reqwest::multipart::Part::bytes(content.to_vec())
}

/// No head of a response came. Why not, and whether the request can have been received, a browser keeps from the page.
pub(crate) fn not_answered(error: reqwest::Error) -> Error {
    if error.is_builder() {
        return Error::config("the request cannot be sent").with_source(error.without_url());
    }
    Error::transport(reason(&error))
}

/// What the browser said, such as `TypeError: Failed to fetch`: reqwest has it as a text with the stack behind it.
fn reason(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let Some(cause) = causes.last() else { return "no reason was given".to_owned() };
    let text = cause.to_string();
    let text = text.strip_prefix("JsValue(").and_then(|text| text.strip_suffix(')')).unwrap_or(&text);
    text.lines().next().unwrap_or_default().to_owned()
}
