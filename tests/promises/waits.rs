//! Silence, and how long it is borne. The clock stands still except where somebody waits, so hours take no time.

use std::time::Duration;

use futures::StreamExt;
use mka1::testing::{Outcome, Script, Server};
use mka1::{ErrorKind, RequestOptions, StreamEnd, TimeoutPhase};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::common::{Told, builder, hi, open, played, stream};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn silence_is_an_error_after_a_minute() {
    for script in [Script::stream().text_chunks(["a"]).hang(), Script::stream().text_chunks(["a"]).silence(HOUR)] {
        let start = Instant::now();
        let (server, events) = open(script).await;
        let told = Told::by(events).await;
        assert_eq!(
            (told.outline(), told.ended),
            (vec!["a".to_owned(), "!timeout".to_owned()], Some(StreamEnd::Failed))
        );
        assert_eq!(start.elapsed().as_secs(), 60);
        let error = told.error();
        assert_eq!((error.timeout_phase(), error.last_chunk_index()), (Some(TimeoutPhase::Idle), Some(0)));
        assert!(error.is_timeout() && !error.never_sent());
        assert_eq!(server.last_request().unwrap().ended().await, Outcome::Abandoned);
    }
}

#[tokio::test(start_paused = true)]
async fn keep_alives_carry_a_stream_through_any_wait() {
    let told = played(Script::stream().text_chunks(["a"]).delay(HOUR).text_chunks(["b"]).done(&Value::Null)).await;
    assert_eq!(told.outline(), ["a", "b", "<done>"]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_keep_alives_is_silence() {
    let script = Script::stream().keep_alive_every(None).delay(HOUR).text_chunks(["a"]);
    assert_eq!(played(script).await.outline(), ["!timeout"]);
}

#[tokio::test(start_paused = true)]
async fn the_time_a_reader_takes_is_not_silence() {
    let (_server, mut events) = open(Script::stream().text_chunks(["a"]).delay(SECOND).text_chunks(["b"])).await;
    events.next().await.unwrap().unwrap();
    tokio::time::sleep(HOUR).await;
    events.next().await.unwrap().unwrap();
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_model_may_think_before_the_head_comes() {
    let script = Script::stream().head_delay(9 * 60 * SECOND).text_chunks(["a"]);
    assert_eq!(played(script).await.outline(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_comes_is_an_error_after_ten_minutes() {
    let server = Server::start().await.unwrap();
    server.reply(Script::no_headers());
    let start = Instant::now();
    let error = stream(&server.client()).await.unwrap_err();
    assert_eq!((error.kind(), error.timeout_phase()), (ErrorKind::Timeout, Some(TimeoutPhase::Headers)));
    assert_eq!((start.elapsed().as_secs(), error.attempts(), error.never_sent()), (600, 1, false));
    assert_eq!(server.last_request().unwrap().ended().await, Outcome::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn an_answer_whose_body_stops_coming_is_an_error() {
    let server = Server::start().await.unwrap();
    server.reply(Script::json(&json!({ "id": "c" })).hang());
    let error = server.client().llm().chat().create_chat(hi()).await.unwrap_err();
    assert_eq!((error.timeout_phase(), error.status().unwrap().as_u16()), (Some(TimeoutPhase::Idle), 200));
}

#[tokio::test(start_paused = true)]
async fn each_limit_can_be_set_on_the_client_and_on_the_call() {
    let server = Server::start().await.unwrap();
    let client = builder(&server).idle_timeout(3 * SECOND).headers_timeout(4 * SECOND).build().unwrap();
    for (script, options, seconds, phase) in [
        (Script::bare_stream().hang(), RequestOptions::new(), 3, TimeoutPhase::Idle),
        (Script::bare_stream().hang(), RequestOptions::new().idle_timeout(7 * SECOND), 7, TimeoutPhase::Idle),
        (Script::no_headers(), RequestOptions::new(), 4, TimeoutPhase::Headers),
        (Script::no_headers(), RequestOptions::new().headers_timeout(8 * SECOND), 8, TimeoutPhase::Headers),
        (Script::no_headers(), RequestOptions::new().timeout(2 * SECOND), 2, TimeoutPhase::Total),
    ] {
        server.reply(script);
        let start = Instant::now();
        let call = client.llm().chat().create_chat_completion_stream(hi()).options(options);
        let error = match call.await {
            Ok(events) => Told::by(events).await.error(),
            Err(error) => error,
        };
        assert_eq!((error.timeout_phase(), start.elapsed().as_secs()), (Some(phase), seconds));
    }
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_a_call_covers_its_stream_however_lively() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().text_chunks(["a"]).delay(HOUR).text_chunks(["b"]));
    let call = server.client().llm().chat().create_chat_completion_stream(hi());
    let told = Told::by(call.options(RequestOptions::new().timeout(90 * SECOND)).await.unwrap()).await;
    assert_eq!(told.outline(), ["a", "!timeout"]);
    assert_eq!(told.error().timeout_phase(), Some(TimeoutPhase::Total));
}

#[tokio::test(start_paused = true)]
async fn a_limit_can_be_lifted() {
    let server = Server::start().await.unwrap();
    server.reply(Script::bare_stream().head_delay(HOUR).silence(HOUR).text_chunks(["a"]));
    let client = builder(&server).idle_timeout(None).headers_timeout(None).build().unwrap();
    assert_eq!(Told::by(stream(&client).await.unwrap()).await.outline(), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_next_that_was_given_up_does_not_start_the_silence_anew() {
    let (_server, mut events) = open(Script::stream().hang()).await;
    let start = Instant::now();
    while tokio::time::timeout(10 * SECOND, events.next()).await.is_err() {}
    assert_eq!(start.elapsed().as_secs(), 60);
    assert_eq!(events.ended(), Some(StreamEnd::Failed));
}
