//! Who holds whom back: a stream is pulled, costs what it holds, and is gone when it is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::{FutureExt, StreamExt, TryStreamExt};
use mka1::testing::{Event, Outcome, Script, Server};
use mka1::{Client, EventStream, RequestOptions};
use serde_json::Value;

use crate::common::{hi, open, outline, stream, text_chunk};

/// A script that makes this many chunks of this size when they are due, and how many it has made.
fn counted(chunks: u64, size: usize) -> (Script, Arc<AtomicU64>) {
    let made = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&made);
    let chunk = Event::message(&text_chunk(&"x".repeat(size)));
    let script = Script::stream().events(chunks, move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        chunk.clone()
    });
    (script, made)
}

/// Lets everything else run until nobody makes any more chunks.
async fn standstill(made: &AtomicU64) -> u64 {
    loop {
        let before = made.load(Ordering::Relaxed);
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        if made.load(Ordering::Relaxed) == before {
            return before;
        }
    }
}

#[tokio::test]
async fn dropping_a_stream_closes_the_connection() {
    for read in 0..2 {
        let (server, mut events) = open(Script::stream().text_chunks(["a"]).hang()).await;
        for _ in 0..read {
            events.try_next().await.unwrap();
        }
        drop(events);
        assert_eq!(server.last_request().unwrap().ended().await, Outcome::Abandoned);
        server.wait_for_open_connections(0).await;
    }
}

#[tokio::test]
async fn dropping_the_text_of_a_stream_closes_the_connection() {
    let (server, events) = open(Script::stream().text_chunks(["a"]).hang()).await;
    let mut text = events.text();
    assert_eq!(text.try_next().await.unwrap().unwrap(), "a");
    drop(text);
    server.wait_for_open_connections(0).await;
}

#[tokio::test]
async fn dropping_a_call_under_way_closes_the_connection() {
    let server = Server::start().await.unwrap();
    server.reply(Script::no_headers());
    let client = server.client();
    tokio::select! {
        _ = stream(&client) => unreachable!("no head ever comes"),
        request = server.request(0) => drop(request),
    }
    assert_eq!(server.request(0).await.ended().await, Outcome::Abandoned);
}

#[tokio::test]
async fn a_call_that_is_not_awaited_sends_nothing() {
    let server = Server::start().await.unwrap();
    let client = server.client();
    drop(client.llm().chat().create_chat_completion_stream(hi()));
    drop(client.llm().chat().create_chat_completion_stream(hi()).into_future());
    assert_eq!((server.request_count(), server.connection_count()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_next_that_loses_a_select_loses_no_event() {
    let mut script = Script::stream();
    for n in 0..20 {
        script = script.delay(Duration::from_secs(3)).text_chunks([n.to_string()]);
    }
    // In pieces, so that a `next()` is also given up in the middle of an event.
    let (_server, mut events) = open(script.done(&Value::Null).write_size(10)).await;
    let mut ticks = tokio::time::interval(Duration::from_millis(700));
    let (mut told, mut given_up) = (Vec::new(), 0);
    loop {
        tokio::select! {
            biased;
            _ = ticks.tick() => given_up += 1,
            item = events.next() => match item {
                Some(item) => told.push(outline(&item)),
                None => break,
            },
        }
    }
    let expected: Vec<_> = (0..20).map(|n| n.to_string()).chain(["<done>".to_owned()]).collect();
    assert_eq!(told, expected);
    assert!(given_up > 20, "{given_up}");
}

#[tokio::test]
async fn a_next_polled_once_at_a_time_loses_no_event() {
    let (_server, mut events) = open(Script::stream().text_chunks(["a", "b"]).done(&Value::Null).write_size(1)).await;
    let mut told = Vec::new();
    while events.ended().is_none() {
        match events.next().now_or_never() {
            Some(item) => told.extend(item.as_ref().map(outline)),
            None => tokio::task::yield_now().await,
        }
    }
    assert_eq!(told, ["a", "b", "<done>"]);
}

#[tokio::test]
async fn a_slow_reader_holds_the_server_back() {
    const CHUNKS: u64 = 10_000;
    let (script, made) = counted(CHUNKS, 64 * 1024);
    let (_server, mut events) = open(script).await;

    let ahead = standstill(&made).await;
    assert!(ahead < CHUNKS / 10, "{ahead} chunks of 64 KiB were made for a reader who took none");

    // It goes on when the reader does, and only as far.
    for taken in 1..=2 * ahead {
        events.try_next().await.unwrap().unwrap();
        let under_way = made.load(Ordering::Relaxed) - taken;
        assert!(under_way < CHUNKS / 10, "{under_way}");
    }
    assert!(made.load(Ordering::Relaxed) > ahead);
}

/// In a process of its own, since what other tests take counts too.
#[test]
fn a_hundred_thousand_chunks_go_through_in_constant_memory() {
    const ALONE: &str = "MKA1_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(a_hundred_thousand_chunks());
    }
    let itself = "flow::a_hundred_thousand_chunks_go_through_in_constant_memory";
    let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
    let output = alone.args(["--exact", itself]).env(ALONE, "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

async fn a_hundred_thousand_chunks() {
    const CHUNKS: u64 = 100_000;
    const SIZE: usize = 1024;
    let (script, made) = counted(CHUNKS, SIZE);
    let (_server, mut events) = open(script.done(&Value::Null)).await;
    let (mut taken, mut most_under_way, mut start) = (0, 0, None);
    while let Some(event) = events.try_next().await.unwrap() {
        if let Some(chunk) = event.chunk() {
            assert_eq!(chunk.text().len(), SIZE);
            taken += 1;
            most_under_way = most_under_way.max(made.load(Ordering::Relaxed) - taken);
        }
        if taken == CHUNKS / 10 {
            start = start.or_else(resident_bytes);
        }
    }
    assert_eq!((taken, events.last_chunk_index()), (CHUNKS, Some(CHUNKS - 1)));
    // What the buffers of two sockets hold, which may grow to 40 MB.
    assert!(most_under_way < CHUNKS / 2, "{most_under_way}");
    if let (Some(start), Some(end)) = (start, resident_bytes()) {
        // All chunks would be more than 100 MB.
        let growth = end.saturating_sub(start);
        assert!(growth < 10_000_000, "{growth} bytes more");
    }
}

/// How much memory the process has; `None` where it isn't told.
fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_streams_run_side_by_side_on_one_client() {
    let server = Server::start().await.unwrap();
    let answers = mka1::testing::Chat::answering(["Hel", "lo"]);
    server.on("POST", mka1::testing::CHAT_STREAM_PATH, answers);
    let client = server.client();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { stream(&client).await?.text().try_collect::<String>().await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), "Hello");
    }
    assert_eq!(server.request_count(), 50);
}

#[tokio::test]
async fn a_call_outlives_its_client_and_moves_into_a_task() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().text_chunks(["a"]));
    let call = server.client().with_options(RequestOptions::new()).llm().chat().create_chat_completion_stream(hi());
    let text: String = tokio::spawn(async move { call.await?.text().try_collect().await }).await.unwrap().unwrap();
    assert_eq!(text, "a");
}

#[test]
fn clients_and_streams_go_anywhere() {
    fn anywhere<T: Send + Sync + Unpin + 'static>() {}
    anywhere::<Client>();
    anywhere::<mka1::Error>();
    anywhere::<RequestOptions>();
    anywhere::<EventStream<mka1::types::ChatCompletionEvent>>();
    anywhere::<mka1::chat::TextStream>();
    anywhere::<mka1::Download>();
    anywhere::<mka1::Upload>();
    assert_eq!(size_of::<mka1::Error>(), size_of::<usize>());
}
