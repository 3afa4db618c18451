//! What went wrong, by what is known of the request.

use std::fmt;

/// What went wrong, by how far the request got.
///
/// The kind says what may be done about it. After [`Config`](Self::Config), [`Token`](Self::Token) and [`Connect`](Self::Connect) the
/// server has seen nothing, and a request can be sent again without doing its work twice ([`Error::never_sent`]). After
/// [`Transport`](Self::Transport) and [`Interrupted`](Self::Interrupted) it may have been carried out.
///
/// [`Error::never_sent`]: super::Error::never_sent
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option, an environment variable or an argument that cannot be used. Nothing was sent.
    Config,
    /// The token provider failed. Nothing was sent.
    Token,
    /// There is no connection to the server. Nothing was sent.
    Connect,
    /// Time ran out; [`Error::timeout_phase`](super::Error::timeout_phase) says which.
    Timeout,
    /// The request was sent, at least in part, and no response came.
    Transport,
    /// The response had begun, and was cut: by a reset, an early end, or an end in the middle of an event.
    Interrupted,
    /// A stream was taken up after a cut, and what came doesn't go on from what had come: another answer, or a part is missing.
    Discontinuity,
    /// The response has a status that says it failed.
    Status,
    /// The stream, which had begun well, sent an error event.
    Event,
    /// The response, or an event, doesn't fit its type.
    Decode,
    /// The response, or an event, is larger than the client's limit.
    TooLarge,
}

impl ErrorKind {
    /// Its name for logs and metrics, such as `too_large`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Token => "token",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Interrupted => "interrupted",
            Self::Discontinuity => "discontinuity",
            Self::Status => "status",
            Self::Event => "event",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
        }
    }

    /// What there is to say when nothing else is known.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Config => "the client is not set up to send this request",
            Self::Token => "the token provider failed",
            Self::Connect => "could not connect",
            Self::Timeout => "time ran out",
            Self::Transport => "no response came",
            Self::Interrupted => "the response was cut short",
            Self::Discontinuity => "the stream does not go on where it was",
            Self::Status => "the request failed",
            Self::Event => "the server reported an error",
            Self::Decode => "the response does not fit its type",
            Self::TooLarge => "the response is too large",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Which of the time limits ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutPhase {
    /// Connecting took too long. Nothing was sent.
    Connect,
    /// The head of the response didn't come.
    Headers,
    /// The response had begun, then nothing came for too long.
    Idle,
    /// The call as a whole took too long.
    Total,
}

impl TimeoutPhase {
    /// Its name for logs and metrics, such as `headers`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Headers => "headers",
            Self::Idle => "idle",
            Self::Total => "total",
        }
    }

    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Connect => "timed out while connecting",
            Self::Headers => "timed out waiting for the response to begin",
            Self::Idle => "timed out waiting for more of the response",
            Self::Total => "timed out: the call took longer than it may",
        }
    }
}

impl fmt::Display for TimeoutPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
