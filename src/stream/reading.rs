//! What an event is for its stream, found without decoding it.

use std::borrow::Cow;

use super::EventRoles;
use crate::{sse, wire};

/// What an event is for its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A piece of the answer.
    Chunk,
    /// The end of a whole answer.
    Done,
    /// The end of one that is not whole.
    Unfinished,
    Error,
    /// The end, and nothing else.
    Sentinel,
    Other,
}

pub(super) struct Reading<'e> {
    pub(super) role: Role,
    /// What the event type knows it by.
    pub(super) name: Cow<'e, str>,
    /// Whether it takes an index.
    pub(super) counts: bool,
    /// Its place among all events, where they are numbered.
    pub(super) number: Option<i64>,
}

impl Role {
    pub(super) fn is_end(self) -> bool {
        matches!(self, Self::Done | Self::Unfinished | Self::Error | Self::Sentinel)
    }
}

impl<'e> Reading<'e> {
    pub(super) fn of(roles: &EventRoles, event: &'e sse::Event) -> Self {
        let data = event.data.as_deref();
        let [tag, number] = match (roles.tag, data) {
            (Some(tag), Some(data)) => wire::peek(data, [tag, roles.sequence.unwrap_or_default()]),
            _ => [None, None],
        };
        let tag = tag.and_then(wire::string);
        let number = number.and_then(|number| number.parse().ok());
        let is_tagged = tag.is_some();
        let name = tag.unwrap_or_else(|| event.name().into());
        let is_chunk = is_tagged || name == roles.chunk;
        let is_nameless = event.event.is_none() || roles.tag.is_some();
        let has = |names: &[&str]| names.contains(&name.as_ref());
        let is_sentinel = || roles.sentinel.is_some() && data.map(str::trim) == roles.sentinel;
        let role = if has(roles.error) {
            Role::Error
        } else if has(roles.done) {
            Role::Done
        } else if has(roles.unfinished) {
            Role::Unfinished
        } else if (is_chunk || is_nameless) && is_sentinel() {
            Role::Sentinel
        } else if is_chunk {
            Role::Chunk
        } else {
            Role::Other
        };
        // Other names for the end are for the stream alone.
        let name = match (role, is_tagged, roles.done) {
            (Role::Done, false, [first, ..]) => Cow::Borrowed(*first),
            _ => name,
        };
        let counts = match role {
            Role::Chunk => true,
            Role::Done | Role::Unfinished => is_tagged,
            _ => false,
        };
        Self { role, name, counts, number }
    }
}
