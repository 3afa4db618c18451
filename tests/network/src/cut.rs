//! What a server does to one stream: where and how it cuts it, and what it sends when it is asked to go on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::reference::{BODY, TEXTS, chunks_before, events_between};

/// How a stream is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The body ends as HTTP wants it, though in the middle.
    CleanEnd,
    /// A FIN, without the `close_notify` of TLS and without the last chunk of HTTP.
    Fin,
    /// A TCP reset.
    Reset,
    /// RST_STREAM with this reason.
    ResetStream(h2::Reason),
    /// GOAWAY with this reason, then the connection closes.
    GoAway(h2::Reason),
}

/// What a server sends that is asked to go on after a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// What comes after it.
    Rest,
    /// All, from the first one: it doesn't know the header.
    All,
    /// That chunk once more, and what comes after it.
    Overlap,
}

impl Again {
    pub const EACH: [Self; 3] = [Self::Rest, Self::All, Self::Overlap];
}

/// One stream that is cut after so many bytes.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub at: usize,
    pub cut: Cut,
    pub again: Again,
    pub moment: Moment,
}

/// When a cut comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// When all whole chunks before it have been read, so that it takes none of them along.
    AfterReading,
    /// Right after the bytes.
    AtOnce,
}

impl Case {
    /// How many chunks come whole before the cut.
    pub fn chunks(&self) -> usize {
        chunks_before(self.at)
    }

    /// Whether the cut falls between two events, or before the first.
    pub fn is_between(&self) -> bool {
        (0..=TEXTS.len()).any(|events| events_between(0..events).len() == self.at)
    }
}

/// The case that is played, shared by a server and its test.
#[derive(Clone, Default)]
pub struct Play {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    now: Mutex<Now>,
    taken: Notify,
}

#[derive(Default)]
struct Now {
    case: Option<Case>,
    /// After which chunk each request asked to go on.
    asked: Vec<Option<usize>>,
}

impl Play {
    /// Plays another case from now on.
    pub fn begin(&self, case: Case) {
        *self.now() = Now { case: Some(case), asked: Vec::new() };
    }

    /// What the requests of this case asked for.
    pub fn asked(&self) -> Vec<Option<usize>> {
        self.now().asked.clone()
    }

    /// Says that all whole chunks before the cut have been read.
    pub fn taken(&self) {
        self.shared.taken.notify_one();
    }

    /// Waits until the cut is due.
    pub(crate) async fn moment(&self) {
        let moment = self.now().case.map(|case| case.moment);
        if moment == Some(Moment::AfterReading) {
            self.shared.taken.notified().await;
        }
    }

    /// The bytes that answer a request, and how to cut them; `None` for an end in good order.
    pub(crate) fn answer(&self, last_chunk_index: Option<&str>) -> (Vec<u8>, Option<Cut>) {
        let last = last_chunk_index.map(|index| index.parse().expect("an index"));
        let mut now = self.now();
        now.asked.push(last);
        let case = now.case.expect("a case");
        match last {
            None => (BODY[..case.at].to_vec(), Some(case.cut)),
            Some(last) => {
                let next = match case.again {
                    Again::Rest => last + 1,
                    Again::All => 0,
                    Again::Overlap => last,
                };
                (events_between(next..TEXTS.len() + 1), None)
            }
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.shared.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
