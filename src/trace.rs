//! What a call shows of itself to `tracing`, under OpenTelemetry's names for HTTP and generative AI.
//!
//! Names: <https://opentelemetry.io/docs/specs/semconv/http/http-spans/> and <https://opentelemetry.io/docs/specs/semconv/gen-ai/>. URLs are shown as
//! templates and bodies not at all, so nothing secret can get here. Without a subscriber nothing is worked out.

use reqwest::StatusCode;
use tracing::field::Empty;
use tracing::{Level, Span, Value, debug, info, span, warn};

use crate::error::Error;
use crate::payload::Payload;
use crate::plan::Plan;
use crate::stream::{StreamEnd, StreamFacts};
use crate::time::{Duration, Instant};

/// The span of a call: until its response is there, and for a stream until it ends.
pub(crate) fn call(plan: &Plan) -> Span {
    let span = span!(
        Level::INFO,
        "mka1.call",
        otel.name = plan.spec.id,
        otel.kind = "client",
        http.request.method = plan.spec.method.as_str(),
        url.template = plan.spec.path,
        server.address = plan.url.host_str(),
        server.port = plan.url.port_or_known_default(),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        "error.type" = Empty,
        gen_ai.operation.name = plan.spec.gen_ai,
        gen_ai.provider.name = plan.spec.gen_ai.map(|_| "mka1"),
        gen_ai.request.model = Empty,
        gen_ai.response.id = Empty,
        gen_ai.response.model = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        mka1.stream.ended = Empty,
        mka1.stream.chunks = Empty,
        mka1.stream.resumptions = Empty,
        mka1.stream.time_to_first_chunk = Empty,
    );
    if let (Some(_), false, Payload::Json(body)) = (plan.spec.gen_ai, span.is_disabled(), &plan.payload)
        && let Ok(body) = std::str::from_utf8(body)
        && let Some(model) = crate::wire::peek_at(body, &["model"]).and_then(crate::wire::string)
    {
        record(&span, "gen_ai.request.model", &model.as_ref());
    }
    span
}

/// The span of one attempt.
pub(crate) fn attempt(plan: &Plan, number: u32) -> Span {
    span!(
        Level::DEBUG,
        "mka1.attempt",
        otel.name = plan.method.as_str(),
        otel.kind = "client",
        http.request.method = plan.method.as_str(),
        http.request.resend_count = number.saturating_sub(1),
        http.response.status_code = Empty,
        "error.type" = Empty,
    )
}

/// Notes a value in a span that has a field for it. `Span::record` is as much code again at every place that calls it.
#[inline(never)]
fn record(span: &Span, name: &'static str, value: &dyn Value) {
    span.record(name, value);
}

/// Notes how an attempt, or a call, went.
pub(crate) fn outcome(span: &Span, outcome: Result<StatusCode, &Error>) {
    match outcome {
        Ok(status) => {
            record(span, "http.response.status_code", &status.as_u16());
        }
        Err(error) => {
            let status = error.status().map(|status| status.as_u16());
            record(span, "http.response.status_code", &status);
            record(span, "error.type", &error.kind().as_str());
        }
    }
}

/// Notes that there is to be another attempt.
pub(crate) fn retrying(error: &Error, wait: Duration, made: u32) {
    info!(
        "error.type" = error.kind().as_str(),
        status = error.status().map(|status| status.as_u16()),
        wait = wait.as_secs_f64(),
        attempts = made,
        "trying again"
    );
}

/// What a stream notes in the span of its call.
pub(crate) struct StreamTrace {
    span: Span,
    started: Instant,
    chunks: u64,
    ended: Option<StreamEnd>,
}

impl StreamTrace {
    pub(crate) fn new(span: Span, started: Instant) -> Self {
        Self { span, started, chunks: 0, ended: None }
    }

    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    pub(crate) fn chunk(&mut self) {
        if self.chunks == 0 && !self.span.is_disabled() {
            record(&self.span, "mka1.stream.time_to_first_chunk", &self.started.elapsed().as_secs_f64());
        }
        self.chunks += 1;
    }

    pub(crate) fn cut(&self, error: &Error, last_chunk_index: Option<u64>) {
        info!(parent: &self.span, { "error.type" = error.kind().as_str(), last_chunk_index }, "the stream was cut; resuming it");
    }

    pub(crate) fn resumed(&self, resumptions: u32, after: Duration) {
        info!(parent: &self.span, resumptions, after = after.as_secs_f64(), "the stream was resumed");
        record(&self.span, "mka1.stream.resumptions", &resumptions);
    }

    pub(crate) fn failed(&self, error: &Error) {
        record(&self.span, "error.type", &error.kind().as_str());
        warn!(parent: &self.span, { "error.type" = error.kind().as_str() }, "the stream failed");
    }

    pub(crate) fn end(&mut self, end: StreamEnd, facts: &StreamFacts) {
        self.ended = Some(end);
        if self.span.is_disabled() {
            return;
        }
        record(&self.span, "mka1.stream.ended", &end.as_str());
        record(&self.span, "gen_ai.response.id", &facts.id.as_deref());
        record(&self.span, "gen_ai.response.model", &facts.model.as_deref());
        record(&self.span, "gen_ai.usage.input_tokens", &facts.usage.map(|usage| usage.input));
        record(&self.span, "gen_ai.usage.output_tokens", &facts.usage.map(|usage| usage.output));
        debug!(parent: &self.span, chunks = self.chunks, "the stream ended");
    }
}

/// A stream that is dropped has chunks to tell of too.
impl Drop for StreamTrace {
    fn drop(&mut self) {
        if self.span.is_disabled() {
            return;
        }
        record(&self.span, "mka1.stream.chunks", &self.chunks);
        if self.ended.is_none() {
            record(&self.span, "mka1.stream.ended", &"dropped");
        }
    }
}
