//! Promises about time, kept on a clock that stands still unless it is waited for.

use super::*;
use crate::error::TimeoutPhase;
use crate::time::{Duration, Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

fn every(pause: Duration, piece: &'static str) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
    stream::unfold((), move |()| async move {
        sleep(pause).await;
        Some((Ok(Bytes::from_static(piece.as_bytes())), ()))
    })
}

#[tokio::test(start_paused = true)]
async fn silence_beyond_the_idle_timeout_is_an_error_that_says_so() {
    let start = Instant::now();
    let mut events = open("data: {\"name\":\"a\"}\n\n");
    let items = all(&mut events).await;
    let error = items[1].as_ref().unwrap_err();
    assert_eq!((error.timeout_phase(), error.last_chunk_index()), (Some(TimeoutPhase::Idle), Some(0)));
    assert_eq!(start.elapsed().as_secs(), 60);
    assert_eq!(events.ended(), Some(StreamEnd::Failed));
}

#[tokio::test(start_paused = true)]
async fn keep_alives_end_the_silence() {
    let pieces =
        every(5 * SECOND, ": \n\n").take(100).chain(stream::iter([Ok(Bytes::from_static(b"event: done\n\n"))]));
    let mut events = events_of(pieces, RequestOptions::new().idle_timeout(6 * SECOND));
    assert_eq!(ok(all(&mut events).await), [ThingEvent::Done { data: None }]);
}

#[tokio::test(start_paused = true)]
async fn the_time_a_reader_takes_is_not_silence() {
    let mut events =
        events_of(every(SECOND, "data: {\"name\":\"a\"}\n\n"), RequestOptions::new().idle_timeout(2 * SECOND));
    for _ in 0..3 {
        events.next().await.unwrap().unwrap();
        sleep(100 * SECOND).await;
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_not_forgotten_when_a_next_is_dropped() {
    let mut events = open("");
    let start = Instant::now();
    for _ in 0..5 {
        assert!(tokio::time::timeout(10 * SECOND, events.next()).await.is_err());
    }
    assert_eq!(events.next().await.unwrap().unwrap_err().timeout_phase(), Some(TimeoutPhase::Idle));
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_the_whole_call_covers_the_stream() {
    let start = Instant::now();
    let mut events = events_of(every(SECOND, ": \n\n"), RequestOptions::new().timeout(30 * SECOND));
    let error = all(&mut events).await.pop().unwrap().unwrap_err();
    assert_eq!(error.timeout_phase(), Some(TimeoutPhase::Total));
    assert_eq!(start.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn limits_can_be_lifted() {
    let pieces = stream::once(async {
        sleep(1000 * SECOND).await;
        Ok(Bytes::from_static(b"event: done\n\n"))
    });
    let mut events = events_of(pieces, RequestOptions::new().idle_timeout(None));
    assert_eq!(ok(all(&mut events).await).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn limits_beyond_all_time_do_no_harm() {
    let options = RequestOptions::new().idle_timeout(Duration::MAX);
    let mut events = events_of(every(1000 * SECOND, "event: done\n\n"), options);
    assert_eq!(ok(all(&mut events).await).len(), 1);
}
