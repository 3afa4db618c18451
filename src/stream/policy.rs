//! Whether a stream that is cut is taken up again, and how patiently.

use std::time::Duration;

/// Whether a stream that is cut is taken up again, and how patiently.
///
/// When the connection under an [`EventStream`](crate::EventStream) breaks, the stream connects again and asks for what comes after the
/// last event it has given out; the caller sees every event once, in order, and no error. It works where the API has a way for it:
///
/// | stream | asks again |
/// |---|---|
/// | `create_chat_completion_stream` | with the same request, and `x-last-chunk-index` |
/// | `responses().create_stream`, `get_stream` | for the rest of that response by its id, and `starting_after`; the response must be stored, as it is by default, or made in the background |
/// | `agent_runs().stream_agent_run_events` | with the same request; events that have come already are left out |
/// | `create_chat_stream` | never: nothing is known of how |
///
/// What comes then is checked. A server that sends chunks again that have come already (by their event ids, or else by their content) is
/// recognised, and they are left out; one that began again from the start is not asked another time, since it may have done the work
/// twice. Another answer, or a gap, is an error of the kind [`Discontinuity`](crate::ErrorKind::Discontinuity).
///
/// Before the first event the rules of [`RetryConfig`](crate::RetryConfig) hold: a request that may have been accepted is not repeated. Waits
/// between attempts are those of the `RetryConfig` too, but never shorter than the stream's own `retry`.
///
/// ```
/// use std::time::Duration;
/// use mka1::ResumePolicy;
///
/// let patient = ResumePolicy::default().max_attempts(10).max_elapsed(Duration::from_secs(300));
/// let never = ResumePolicy::none();
/// # let _ = (patient, never);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ResumePolicy {
    pub(super) enabled: bool,
    pub(super) max_attempts: u32,
    pub(super) max_resumptions: u32,
    pub(super) max_elapsed: Duration,
}

impl Default for ResumePolicy {
    fn default() -> Self {
        Self { enabled: true, max_attempts: 5, max_resumptions: 20, max_elapsed: Duration::from_secs(60) }
    }
}

impl ResumePolicy {
    /// The default: see [`ResumePolicy`].
    pub fn new() -> Self {
        Self::default()
    }

    /// A cut is an error at once.
    pub fn none() -> Self {
        Self { enabled: false, ..Self::default() }
    }

    /// Sets how often connecting is tried after each cut (5).
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets how often one stream is taken up again at most (20).
    pub fn max_resumptions(mut self, resumptions: u32) -> Self {
        self.max_resumptions = resumptions;
        self
    }

    /// Sets how long one stream may be without a connection, all cuts taken together (60 s). No wait begins that would end later.
    pub fn max_elapsed(mut self, elapsed: Duration) -> Self {
        self.max_elapsed = elapsed;
        self
    }
}
