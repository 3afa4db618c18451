//! What a stream says of itself besides its events: who answered, and what it took.

/// What a stream has said of itself so far: who answers, and what it takes. Empty where the API doesn't say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamFacts {
    /// Identifier of the answer.
    pub id: Option<String>,
    /// Model that answers.
    pub model: Option<String>,
    /// Provider whose model answers.
    pub provider: Option<String>,
    /// Place where the model runs.
    pub serving_location: Option<String>,
    /// Tokens used; as a rule the last event brings it.
    pub usage: Option<TokenUsage>,
}

/// Tokens that an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenUsage {
    /// Of the request.
    pub input: i64,
    /// Of the answer.
    pub output: i64,
    /// Of both.
    pub total: i64,
}

/// Puts a text in the place of another. Most events say the same again.
#[allow(dead_code, reason = "which of these are used depends on the features")]
pub(crate) fn replace(known: &mut Option<String>, new: Option<&str>) {
    if new.is_some() && known.as_deref() != new {
        *known = new.map(str::to_owned);
    }
}
