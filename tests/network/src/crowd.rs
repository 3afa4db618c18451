//! Thousands of streams open at once in one process, and what memory they take there.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::{StreamExt, TryStreamExt, stream};
use mka1::types::ChatCompletionEvent;
use mka1::{Client, Error, EventStream, StreamEnd};

use crate::told::{hi, outline};

mod server;

use server::Server;
pub use server::serve;

/// Files that a process has open besides the sockets of its streams.
const OTHER_FILES: u64 = 100;
/// A server's queue of new connections is short.
const OPENED_AT_ONCE: usize = 100;

/// What was found.
pub struct Report {
    /// How many streams were open at once: fewer than were asked for where the system forbids more.
    pub streams: usize,
    /// What the process grew by for each stream, all of it: the connection under it too.
    pub kib_per_stream: f64,
    pub opened_in: Duration,
    pub ended_in: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousands = match (self.streams / 1000, self.streams % 1000) {
            (0, rest) => rest.to_string(),
            (thousands, rest) => format!("{thousands},{rest:03}"),
        };
        writeln!(f, "memory of a stream: {:.1} KiB ({thousands} streams)", self.kib_per_stream)?;
        write!(f, "opened in {:.1?}, ended in {:.1?}", self.opened_in, self.ended_in)
    }
}

/// Opens as many streams, reads the first chunk of each, and when all are open reads all of them to their ends.
///
/// The server is `program serve`, a process of its own, so that what this one grows by is the client's.
///
/// # Panics
/// When a chunk is missing anywhere, or a stream doesn't end as it should.
pub async fn crowd(program: &Path, wanted: usize) -> Report {
    let limit = rlimit::increase_nofile_limit(wanted as u64 + OTHER_FILES).expect("a limit of open files");
    let streams = wanted.min(usize::try_from(limit.saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX));
    let mut server = Server::start(program).await;
    let client = Client::builder().base_url(server.url()).bearer_token("mk-secret").build().expect("a client");
    // What the first stream needs is there for all of them.
    drop(open(&client).await.expect("a first stream"));

    let (before, started) = (resident_kib(), Instant::now());
    let opening = stream::iter(0..streams).map(|_| open(&client)).buffer_unordered(OPENED_AT_ONCE);
    let mut opened: Vec<_> = opening.try_collect().await.expect("all streams");
    let (after, opened_in) = (resident_kib(), started.elapsed());

    let started = Instant::now();
    server.go_on().await;
    for events in &mut opened {
        let rest: Vec<_> = events.by_ref().map(|item| outline(&item)).collect().await;
        assert_eq!(rest, [", y", "ou", "<done>"]);
        assert_eq!((events.ended(), events.resumptions()), (Some(StreamEnd::Done), 0));
    }
    let kib_per_stream = after.saturating_sub(before) as f64 / streams as f64;
    Report { streams, kib_per_stream, opened_in, ended_in: started.elapsed() }
}

/// A stream that has given its first chunk.
async fn open(client: &Client) -> Result<EventStream<ChatCompletionEvent>, Error> {
    let mut events = client.llm().chat().create_chat_completion_stream(hi()).await?;
    assert_eq!(events.next().await.map(|item| outline(&item)).as_deref(), Some("Hi"));
    Ok(events)
}

/// What of this process is in memory.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line of it");
    resident.trim().trim_end_matches(" kB").parse().expect("a number")
}
