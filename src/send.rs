//! One call on the wire: its attempts, the redirects within an attempt, and the waits between attempts.

use std::pin::pin;
use std::sync::Arc;

use futures_core::future::BoxFuture;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, USER_AGENT};
use reqwest::{Request, StatusCode, Url};
use tracing::{Instrument, Span};

use crate::body::Body;
use crate::call::{Operation, OperationSpec, Prepared};
use crate::client::Client;
use crate::error::{Error, TimeoutPhase};
use crate::options::RequestOptions;
use crate::payload::Payload;
use crate::plan::{Plan, put};
use crate::platform::{self, Response};
use crate::redirect::{Hop, MAX_REDIRECTS, next_hop};
use crate::response::{Exchange, FromResponse};
use crate::retry::Schedule;
use crate::time::{Duration, Instant, after, sleep, timeout};
use crate::trace;

#[cfg(test)]
mod tests;

/// An error's body gets this long to arrive; its status is told in any case.
pub(crate) const ERROR_BODY_TIME: Duration = Duration::from_secs(10);

/// Makes a call: attempts until one succeeds or there is no use in another.
pub(crate) async fn send<O: Operation>(begin: BoxFuture<'static, Result<Attempts, Error>>) -> Result<O::Output, Error> {
    let mut attempts = begin.await?;
    let span = attempts.span.clone();
    let outcome = async {
        loop {
            let outcome = match attempts.next().await {
                Ok(exchange) => O::Output::from_exchange(exchange).await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(output) => return Ok(output),
                Err(error) => attempts.pause_after(error).await?,
            }
        }
    };
    let outcome = outcome.instrument(span.clone()).await;
    if let Err(error) = &outcome {
        trace::outcome(&span, Err(error));
    }
    outcome
}

/// The attempts of one call, made one by one.
///
/// What it waits for is behind a pointer, so that it is compiled once, in this crate, and not again in each program for each operation.
pub(crate) struct Attempts {
    plan: Arc<Plan>,
    schedule: Schedule,
    started: Instant,
    deadline: Option<Instant>,
    made: u32,
    span: Span,
}

impl Attempts {
    /// Of a call, which begins now.
    pub(crate) fn begin(
        spec: &'static OperationSpec,
        client: Client,
        request: Result<Prepared, Error>,
        options: RequestOptions,
    ) -> BoxFuture<'static, Result<Self, Error>> {
        Box::pin(async move {
            let plan = request.and_then(|request| Plan::new(spec, client, request, options));
            let plan = plan.map_err(|error| error.with_operation(spec.id))?;
            let span = trace::call(&plan);
            let started = Instant::now();
            let deadline = plan.limits.total.and_then(|limit| after(started, limit));
            Ok(Self { schedule: plan.retry.schedule(), plan: Arc::new(plan), started, deadline, made: 0, span })
        })
    }

    /// To take up a stream again: the call's deadline stands, and the budget is the stream's own.
    pub(crate) fn resuming(
        plan: Arc<Plan>,
        span: Span,
        deadline: Option<Instant>,
        budget: Duration,
        least: Duration,
    ) -> Self {
        let schedule = plan.retry.schedule().within(budget, least);
        Self { schedule, plan, started: Instant::now(), deadline, made: 0, span }
    }

    /// How many attempts there have been.
    pub(crate) fn made(&self) -> u32 {
        self.made
    }

    /// Waits until the next attempt of a stream that is to be resumed is due; the server may have asked for a wait.
    pub(crate) fn wait(&mut self, asked: Option<Duration>) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let wait = self.schedule.next(self.started.elapsed(), asked);
            let wait = wait.ok_or_else(|| Error::interrupted("there is no time left for another attempt"))?;
            let left = self.left().filter(|left| *left < wait);
            sleep(left.unwrap_or(wait)).await;
            left.map_or(Ok(()), |_| Err(Error::timeout(TimeoutPhase::Total)))
        })
    }

    /// Makes the next attempt, up to the head of a response that isn't an error.
    pub(crate) fn next(&mut self) -> BoxFuture<'_, Result<Exchange, Error>> {
        Box::pin(async move {
            self.made += 1;
            let span = trace::attempt(&self.plan, self.made);
            let outcome = self.attempt().instrument(span.clone()).await;
            trace::outcome(&span, outcome.as_ref().map(|exchange| exchange.status));
            if let Ok(exchange) = &outcome {
                trace::outcome(&self.span, Ok(exchange.status));
                self.span.record("http.request.resend_count", self.made - 1);
            }
            outcome
        })
    }

    async fn attempt(&self) -> Result<Exchange, Error> {
        let plan = &self.plan;
        let token = match plan.wants_token() {
            true => self.in_time(None, TimeoutPhase::Total, plan.client.shared().credentials.authorization()).await??,
            false => None,
        };
        let response = self.in_time(plan.limits.headers, TimeoutPhase::Headers, round_trip(plan, token)).await??;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = Body::of_response(response, plan.limits.idle, self.deadline);
        let exchange = Exchange {
            status,
            headers,
            body,
            plan: plan.clone(),
            deadline: self.deadline,
            started: self.started,
            span: self.span.clone(),
        };
        // 304 is an answer, if one without content: what it means is the operation's business.
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            Ok(exchange)
        } else {
            Err(exchange.into_status_error().await)
        }
    }

    /// Waits until the next attempt is due, or gives the error back when there is to be none.
    pub(crate) fn pause_after(&mut self, error: Error) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            match self.next_wait(&error) {
                Some(wait) => {
                    trace::retrying(&error, wait, self.made);
                    // The last response has been read or dropped by now: waiting holds no connection.
                    sleep(wait).await;
                    Ok(())
                }
                None => Err(error.with_operation(self.plan.spec.id).with_attempts(self.made)),
            }
        })
    }

    fn next_wait(&mut self, error: &Error) -> Option<Duration> {
        if !self.plan.payload.is_replayable() || !self.plan.retry.allows(self.plan.is_idempotent(), error) {
            return None;
        }
        let wait = self.schedule.next(self.started.elapsed(), error.retry_after())?;
        let in_time =
            self.deadline.is_none_or(|deadline| after(Instant::now(), wait).is_some_and(|end| end < deadline));
        in_time.then_some(wait)
    }

    /// What is left of the time that the whole call has.
    fn left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Limits a step of an attempt by its own limit and by what is left of the whole call.
    async fn in_time<T>(
        &self,
        limit: Option<Duration>,
        phase: TimeoutPhase,
        step: impl Future<Output = T>,
    ) -> Result<T, Error> {
        // Polled in two places, compiled once.
        let step = pin!(step);
        let (limit, phase) = match (limit, self.left()) {
            (Some(limit), Some(left)) if left <= limit => (left, TimeoutPhase::Total),
            (Some(limit), _) => (limit, phase),
            (None, Some(left)) => (left, TimeoutPhase::Total),
            (None, None) => return Ok(step.await),
        };
        timeout(limit, step).await.map_err(|_| Error::timeout(phase))
    }
}

/// Sends the request, and again where redirects lead.
async fn round_trip(plan: &Plan, token: Option<HeaderValue>) -> Result<Response, Error> {
    let shared = plan.client.shared();
    let mut headers = plan.headers.clone();
    if let Some(token) = token {
        headers.insert(AUTHORIZATION, token);
    }
    let (mut method, mut url, mut payload) = (plan.method.clone(), plan.url.clone(), plan.payload.clone());
    let mut redirects = 0;
    loop {
        let mut request = payload.put(Request::new(method.clone(), url.clone()), &shared.http).await?;
        // What the caller or the operation says goes before what the body says of itself.
        request.headers_mut().extend(headers.clone());
        let response = platform::execute(&shared.http, request).await?;
        if !shared.follow_redirects || redirects == MAX_REDIRECTS {
            return Ok(response);
        }
        match next_hop(&method, &url, !payload.is_none(), response.status(), response.headers()) {
            Hop::Stay => return Ok(response),
            // What was sent is gone: the redirect is the response.
            Hop::Follow { keep_body: true, .. } if !payload.is_replayable() => return Ok(response),
            Hop::Follow { url: target, method: next, keep_body, same_origin } => {
                redirects += 1;
                if !same_origin {
                    headers = bare(&headers);
                }
                if !keep_body {
                    payload = Payload::None;
                    headers.remove(CONTENT_TYPE);
                }
                (url, method) = (target, next);
            }
        }
    }
}

/// What may be shown to another origin.
fn bare(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for name in [ACCEPT, USER_AGENT] {
        let value = headers.get(&name).cloned();
        put(&mut kept, name, value);
    }
    kept
}

impl Exchange {
    /// The response as an error, with as much of its body as is wanted and comes.
    pub(crate) fn into_status_error(self) -> BoxFuture<'static, Error> {
        Box::pin(async move {
            let body = self.body.read_some(self.plan.client.shared().max_error_body, ERROR_BODY_TIME).await;
            let elsewhere = redirect_message(self.status, &self.headers);
            let error = Error::from_status(self.status, self.headers, body);
            match elsewhere {
                Some(message) => error.with_message(message),
                None => error,
            }
        })
    }
}

/// Says where a redirect that isn't followed leads: the origin only, since the rest may hold a secret.
fn redirect_message(status: StatusCode, headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION).filter(|_| status.is_redirection())?.to_str().ok()?;
    Some(match Url::parse(location) {
        Ok(url) => {
            let (scheme, host) = (url.scheme(), url.host_str().unwrap_or_default());
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("a redirect to {scheme}://{host}{port} was not followed; if the API is there, make it the base URL")
        }
        Err(_) => format!("a redirect was not followed; at most {MAX_REDIRECTS} are"),
    })
}
