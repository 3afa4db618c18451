//! The latest requests of a server, within bounds.

use std::collections::VecDeque;

use super::request::Request;

const MAX_REQUESTS: usize = 65_536;
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// The latest requests, the oldest first.
#[derive(Default)]
pub(super) struct Log {
    requests: VecDeque<Request>,
    count: u64,
    bytes: usize,
}

impl Log {
    /// Adds a request, and forgets the oldest where there are too many.
    pub(super) fn push(&mut self, request: Request) {
        self.count += 1;
        self.bytes += request.body().len();
        self.requests.push_back(request);
        while self.requests.len() > MAX_REQUESTS || self.bytes > MAX_BYTES {
            let Some(oldest) = self.requests.pop_front() else { break };
            self.bytes -= oldest.body().len();
        }
    }

    pub(super) fn all(&self) -> Vec<Request> {
        self.requests.iter().cloned().collect()
    }

    pub(super) fn last(&self) -> Option<Request> {
        self.requests.back().cloned()
    }

    /// The request with this number, counted from 0; the oldest that is left if it was forgotten.
    pub(super) fn get(&self, number: u64) -> Option<Request> {
        let forgotten = self.count - self.requests.len() as u64;
        let place = usize::try_from(number.saturating_sub(forgotten)).ok()?;
        self.requests.get(place).cloned()
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }
}
