//! A new connection for a stream that was cut.

use std::sync::Arc;

use futures_core::future::BoxFuture;
use tracing::Span;

use super::{Position, ResumePolicy};
use crate::error::Error;
use crate::plan::Plan;
use crate::response::Exchange;
use crate::send::Attempts;
use crate::time::{Duration, Instant};

/// Connects again, as patiently as the policy says, and asks for what comes after `position`.
///
/// `left` is what the stream may still spend without a connection, `least` how long its server wants to be left alone.
pub(super) fn reconnect(
    plan: Arc<Plan>,
    position: Position,
    policy: ResumePolicy,
    deadline: Option<Instant>,
    span: Span,
    left: Duration,
    least: Duration,
) -> BoxFuture<'static, Result<Exchange, Error>> {
    Box::pin(async move {
        let mut attempts = Attempts::resuming(Arc::new(plan.resumed(&position)?), span, deadline, left, least);
        attempts.wait(None).await?;
        loop {
            let outcome = match attempts.next().await {
                Ok(exchange) => exchange.into_events::<()>().await,
                Err(error) => Err(error),
            };
            let error = match outcome {
                Ok(exchange) => return Ok(exchange),
                Err(error) => error,
            };
            if attempts.made() >= policy.max_attempts || !plan.retry.is_worth_it(&error) {
                return Err(error.with_attempts(attempts.made()));
            }
            if attempts.wait(error.retry_after()).await.is_err() {
                return Err(error.with_attempts(attempts.made()));
            }
        }
    })
}
