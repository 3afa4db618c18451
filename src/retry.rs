//! Which failures are worth another attempt, which requests may be sent twice, and how long to wait in between.

use std::time::Duration;

use reqwest::StatusCode;

use crate::error::{Error, ErrorKind, TimeoutPhase};

/// When a failed call is tried again, and how patiently.
///
/// The default is the one of the official clients: first wait 500 ms, each next one 1.5 times as long, up to one second of
/// chance on top, never above 5 s, until 15 s have passed since the call began; after a connection failure and after the statuses 429, 500, 502, 503
/// and 504. A server that names a time (`retry-after-ms`, `Retry-After`) is taken at its word, unless that is more than what is left
/// of the 15 s: then the call gives up at once with the server's own error.
///
/// It differs from them in one thing: **work that may have been accepted is not asked for twice**. A call is resent
/// when nothing was sent (no connection), after 429, and when its method is idempotent (`GET`, `HEAD`, `PUT`, `DELETE`, `OPTIONS`). A `POST`
/// answered with a 5xx, or whose connection broke after sending, is not, unless [`retry_non_idempotent`](Self::retry_non_idempotent) says so.
///
/// Once a call has its response, retrying is over: what becomes of a stream that breaks later, [`ResumePolicy`](crate::ResumePolicy) says.
///
/// ```
/// use std::time::Duration;
/// use mka1::RetryConfig;
///
/// let patient = RetryConfig::default()
///     .max_interval(Duration::from_secs(20))
///     .max_elapsed(Duration::from_secs(120));
/// let never = RetryConfig::none();
/// # let _ = (patient, never);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RetryConfig {
    enabled: bool,
    initial_interval: Duration,
    max_interval: Duration,
    exponent: f32,
    max_elapsed: Duration,
    jitter: Duration,
    status_codes: Vec<u16>,
    retry_connection_errors: bool,
    retry_non_idempotent: bool,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            initial_interval: Duration::from_millis(500),
            max_interval: Duration::from_secs(5),
            exponent: 1.5,
            max_elapsed: Duration::from_secs(15),
            jitter: Duration::from_secs(1),
            status_codes: vec![429, 500, 502, 503, 504],
            retry_connection_errors: true,
            retry_non_idempotent: false,
        }
    }
}

impl RetryConfig {
    /// The default: see [`RetryConfig`].
    pub fn new() -> Self {
        Self::default()
    }

    /// One attempt, whatever happens.
    pub fn none() -> Self {
        Self { enabled: false, ..Self::default() }
    }

    /// Sets the first wait (500 ms).
    pub fn initial_interval(mut self, interval: Duration) -> Self {
        self.initial_interval = interval;
        self
    }

    /// Sets the longest wait, chance included (5 s). What a server asks for is not held to it.
    pub fn max_interval(mut self, interval: Duration) -> Self {
        self.max_interval = interval;
        self
    }

    /// Sets how much longer each wait is than the one before (1.5). Below 1, or not a number, counts as 1.
    pub fn exponent(mut self, exponent: f32) -> Self {
        self.exponent = exponent.max(1.0);
        self
    }

    /// Sets the budget (15 s): no wait begins that would end later than this after the start of the call.
    pub fn max_elapsed(mut self, elapsed: Duration) -> Self {
        self.max_elapsed = elapsed;
        self
    }

    /// Sets how much chance is added to each wait at most (1 s), so that many clients don't come back in step.
    pub fn jitter(mut self, jitter: Duration) -> Self {
        self.jitter = jitter;
        self
    }

    /// Sets the statuses worth another attempt (429, 500, 502, 503, 504).
    pub fn status_codes(mut self, codes: impl IntoIterator<Item = u16>) -> Self {
        self.status_codes = codes.into_iter().collect();
        self
    }

    /// Sets whether connections that fail, break or time out are worth another attempt (yes).
    pub fn retry_connection_errors(mut self, retry: bool) -> Self {
        self.retry_connection_errors = retry;
        self
    }

    /// Sets whether `POST` and `PATCH` are resent even when the server may have accepted the first one (no).
    ///
    /// The second send may repeat the work, and its price.
    pub fn retry_non_idempotent(mut self, retry: bool) -> Self {
        self.retry_non_idempotent = retry;
        self
    }

    /// Whether this failure of a request is worth, and allowed, another attempt.
    pub(crate) fn allows(&self, is_idempotent: bool, error: &Error) -> bool {
        self.enabled
            && self.is_worth_it(error)
            && (is_idempotent || cannot_repeat_work(error) || self.retry_non_idempotent)
    }

    /// Whether this failure may pass.
    pub(crate) fn is_worth_it(&self, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Status => error.status().is_some_and(|status| self.status_codes.contains(&status.as_u16())),
            ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Interrupted => self.retry_connection_errors,
            ErrorKind::Timeout => self.retry_connection_errors && error.timeout_phase() != Some(TimeoutPhase::Total),
            _ => false,
        }
    }

    /// The waits of one call.
    pub(crate) fn schedule(&self) -> Schedule {
        Schedule {
            backoff: self.initial_interval,
            exponent: self.exponent,
            max_interval: self.max_interval,
            jitter: self.jitter,
            max_elapsed: self.max_elapsed,
            least: Duration::ZERO,
        }
    }
}

fn cannot_repeat_work(error: &Error) -> bool {
    // Rate limits are enforced before the work begins: nothing was done, nothing is billed.
    error.never_sent() || error.status() == Some(StatusCode::TOO_MANY_REQUESTS)
}

/// How long to wait before each next attempt of one call.
pub(crate) struct Schedule {
    /// What comes next, without chance.
    backoff: Duration,
    exponent: f32,
    max_interval: Duration,
    jitter: Duration,
    max_elapsed: Duration,
    least: Duration,
}

impl Schedule {
    /// The same waits with another budget, and none shorter than `least`.
    pub(crate) fn within(self, budget: Duration, least: Duration) -> Self {
        Self { max_elapsed: budget, least, ..self }
    }

    /// The next wait, or `None` when it would outlast the budget. `asked` is what the server wants.
    pub(crate) fn next(&mut self, elapsed: Duration, asked: Option<Duration>) -> Option<Duration> {
        // Chance does not grow with the wait: it is a fixed span under the cap, as the official clients have it.
        let backoff = self.backoff.saturating_add(random_up_to(self.jitter)).min(self.max_interval);
        let grown = Duration::try_from_secs_f64(self.backoff.as_secs_f64() * f64::from(self.exponent));
        self.backoff = grown.unwrap_or(self.max_interval).min(self.max_interval);
        let wait = asked.filter(|asked| !asked.is_zero()).unwrap_or(backoff).max(self.least);
        (elapsed.saturating_add(wait) <= self.max_elapsed).then_some(wait)
    }
}

fn random_up_to(span: Duration) -> Duration {
    let nanos = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(fastrand::u64(..=nanos))
}

#[cfg(test)]
mod tests;
