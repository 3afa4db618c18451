//! One exchange: takes a request in, records it, finds its script and plays it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use super::play::play;
use super::request::{Exchange, Progress, Request, hide_secrets};
use super::script::Script;
use super::server::Shared;
use super::socket::Peer;

/// Request bodies longer than this are refused.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The one handler of the server.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(Peer(link)): ConnectInfo<Peer>,
    request: axum::extract::Request,
) -> Response {
    let progress = Arc::new(Progress::new(shared.started));
    let exchange = Exchange(Arc::clone(&progress));
    let (parts, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err(refusal) => return play(refusal, link, exchange).await,
    };
    let mut headers = parts.headers;
    hide_secrets(&mut headers);
    let request = Request {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers,
        body,
        connection: link.id,
        progress,
    };
    // Asked without a lock held, so that a responder may use its server.
    let script = shared.take_in(request.clone()).respond(&request);
    play(script, link, exchange).await
}

/// Reads the whole body, keeping no more than is allowed; or the refusal to answer with.
async fn read(body: Body) -> Result<Bytes, Script> {
    let mut kept = BytesMut::new();
    let mut too_large = false;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let Ok(piece) = piece else {
            return Err(Script::error(400, "BAD_REQUEST", "The request body could not be read"));
        };
        // The rest is read too: a connection closed before that would be reset, and the refusal lost.
        too_large |= kept.len() + piece.len() > MAX_BODY;
        if !too_large {
            kept.extend_from_slice(&piece);
        }
    }
    if too_large { Err(Script::error(413, "PAYLOAD_TOO_LARGE", "Payload too large")) } else { Ok(kept.freeze()) }
}
