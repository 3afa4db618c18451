//! Plays a script: turns it into a response whose body comes step by step.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use tokio::time::sleep;

use super::event::EMPTY_COMMENT;
use super::request::Exchange;
use super::script::{Ending, Head, Script, Step};
use super::socket::{Fault, Link};

/// Answers one request by the script. Dropped half-way, it leaves the exchange marked as abandoned.
pub(super) async fn play(script: Script, link: Arc<Link>, exchange: Exchange) -> Response {
    if let Some(mistake) = script.mistake {
        exchange.answered();
        return (StatusCode::INTERNAL_SERVER_ERROR, format!("mistake in the script: {mistake}")).into_response();
    }
    let fault = match script.head {
        Head::Sent => None,
        Head::Never => return pending().await,
        Head::Cut => Some(Fault::Fin),
        Head::Reset => Some(Fault::Reset),
    };
    if !script.head_delay.is_zero() {
        sleep(script.head_delay).await;
    }
    if let Some(fault) = fault {
        exchange.answered();
        link.fail(fault);
        return pending().await;
    }

    let mut headers = script.headers.clone();
    if let Some(missing) = script.missing {
        let promised = (script.body().len() as u64).saturating_add(missing);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(promised));
    }
    let empty = script.steps.is_empty() && script.ending == Ending::Clean;
    let player = Player {
        steps: script.steps.into(),
        // A keep-alive would be counted as part of a body of known length.
        keep_alive: script.keep_alive.filter(|_| script.missing.is_none()),
        write_size: script.write_size.unwrap_or(usize::MAX),
        left: script.body_limit.unwrap_or(u64::MAX),
        ending: script.ending,
        started: false,
        link,
        exchange,
    };
    let body = if empty {
        player.exchange.answered();
        Body::empty()
    } else {
        Body::from_stream(unfold(player, Player::next))
    };
    (script.status, headers, body).into_response()
}

struct Player {
    steps: VecDeque<Step>,
    keep_alive: Option<Duration>,
    write_size: usize,
    left: u64,
    ending: Ending,
    started: bool,
    link: Arc<Link>,
    exchange: Exchange,
}

impl Player {
    /// The next piece of the body, when it is due.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if self.started {
            // The connection flushes whenever the body has nothing for it: so each piece is a write of its own.
            tokio::task::yield_now().await;
        }
        self.started = true;
        let Some(mut piece) = self.piece().await else {
            self.end().await;
            return None;
        };
        piece.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        self.left -= piece.len() as u64;
        if self.ending == Ending::Clean && (self.steps.is_empty() || self.left == 0) {
            // Said now because a body of known length is not asked for more once it has come.
            self.exchange.answered();
        }
        Some((Ok(piece), self))
    }

    /// Plays steps until one gives bytes.
    async fn piece(&mut self) -> Option<Bytes> {
        while self.left > 0 {
            match self.steps.pop_front()? {
                Step::Write(bytes) if bytes.is_empty() => {}
                Step::Write(mut bytes) => {
                    if bytes.len() > self.write_size {
                        let rest = bytes.split_off(self.write_size);
                        self.steps.push_front(Step::Write(rest));
                    }
                    return Some(bytes);
                }
                Step::Silence(delay) => sleep(delay).await,
                Step::Wait(delay) => match self.keep_alive {
                    Some(interval) if interval < delay => {
                        sleep(interval).await;
                        self.steps.push_front(Step::Wait(delay - interval));
                        return Some(EMPTY_COMMENT);
                    }
                    _ => sleep(delay).await,
                },
                Step::Series { next, count, make } if next < count => {
                    let bytes = make(next);
                    self.steps.push_front(Step::Series { next: next + 1, count, make });
                    self.steps.push_front(Step::Write(bytes));
                }
                Step::Series { .. } => {}
            }
        }
        None
    }

    /// Ends the body. Only a clean end returns: after a fault there is no connection left to poll this.
    async fn end(&self) {
        let fault = match self.ending {
            Ending::Clean => return self.exchange.answered(),
            Ending::Hang => return pending().await,
            Ending::Cut => Fault::Fin,
            Ending::Reset => Fault::Reset,
        };
        self.exchange.answered();
        self.link.fail(fault);
        pending().await
    }
}
