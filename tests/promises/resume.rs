//! A stream that is cut goes on where it was: every chunk once, in order, or the right error.

use std::time::Duration;

use futures::StreamExt;
use mka1::testing::{CHAT_STREAM_PATH, Event, Request, Script, Server};
use mka1::{Client, ErrorKind, RequestOptions, ResumePolicy, RetryConfig, StreamEnd};
use serde_json::{Value, json};

use crate::common::{Told, builder, chunk, hi, stream, text_chunk};

/// Without waits.
pub fn eager(server: &Server) -> Client {
    builder(server).retry(no_waits()).build().unwrap()
}

pub fn no_waits() -> RetryConfig {
    RetryConfig::default().initial_interval(Duration::ZERO).jitter(Duration::ZERO)
}

/// Which chunk a request says was the last.
fn last_index(request: &Request) -> Option<u64> {
    request.header("x-last-chunk-index")?.parse().ok()
}

/// One `message` event with this text, and an id if there is to be one.
fn message(text: &str, id: Option<&str>) -> Event {
    let event = Event::message(&text_chunk(text));
    match id {
        Some(id) => event.id(id),
        None => event,
    }
}

fn script(texts: &[&str]) -> Script {
    texts.iter().fold(Script::stream(), |script, text| script.event(message(text, None)))
}

/// `script`, each event with its index as its id, the first being `first`.
fn numbered(texts: &[&str], first: usize) -> Script {
    let events = texts.iter().enumerate().map(|(index, text)| message(text, Some(&(first + index).to_string())));
    events.fold(Script::stream(), Script::event)
}

/// What a client makes of these replies, given one after the other.
async fn replies(scripts: impl IntoIterator<Item = Script>) -> (Server, Told) {
    let server = Server::start().await.unwrap();
    for script in scripts {
        server.reply(script);
    }
    let events = stream(&eager(&server)).await.unwrap();
    let told = Told::by(events).await;
    (server, told)
}

fn indices(server: &Server) -> Vec<Option<u64>> {
    server.requests().iter().map(last_index).collect()
}

#[tokio::test]
async fn a_cut_stream_goes_on_after_its_last_chunk_and_says_so() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["a", "b"]).cut()).reply(script(&["c"]).done(&Value::Null));
    let mut events = stream(&eager(&server)).await.unwrap();
    let mut texts = Vec::new();
    while let Some(event) = events.next().await {
        texts.push(crate::common::outline(&event));
    }
    assert_eq!(texts, ["a", "b", "c", "<done>"]);
    assert_eq!((events.resumptions(), events.last_chunk_index()), (1, Some(2)));
    assert_eq!(indices(&server), [None, Some(1)]);
}

#[tokio::test]
async fn the_second_request_is_the_first_with_one_header_more() {
    let (server, _) = replies([script(&["a"]).cut(), script(&["b"]).done(&Value::Null)]).await;
    let [first, second] = &server.requests()[..] else { panic!("two requests") };
    assert_eq!((first.method(), first.path(), first.body()), (second.method(), second.path(), second.body()));
    let mut headers = second.headers().clone();
    assert_eq!(headers.remove("x-last-chunk-index").unwrap(), "0");
    assert_eq!(*first.headers(), headers);
}

#[tokio::test]
async fn it_goes_on_as_often_as_it_takes() {
    let cuts = ["a", "b", "c", "d"].map(|text| script(&[text]).cut());
    let (server, told) = replies(cuts.into_iter().chain([script(&[]).done(&Value::Null)])).await;
    assert_eq!(told.outline(), ["a", "b", "c", "d", "<done>"]);
    assert_eq!(indices(&server), [None, Some(0), Some(1), Some(2), Some(3)]);
}

#[tokio::test]
async fn a_server_that_begins_again_repeats_nothing() {
    let whole = || script(&["a", "b", "c"]).done(&Value::Null);
    let (server, told) = replies([script(&["a", "b"]).cut(), whole()]).await;
    assert_eq!(
        (told.outline(), told.last_chunk_index),
        (["a", "b", "c", "<done>"].map(str::to_owned).to_vec(), Some(2))
    );
    assert_eq!(server.request_count(), 2);
}

#[tokio::test]
async fn a_server_that_begins_again_is_not_asked_another_time() {
    for begins in [script as fn(&[&str]) -> Script, |texts| numbered(texts, 0)] {
        let (server, told) = replies([begins(&["a", "b"]).cut(), begins(&["a", "b", "c"]).cut()]).await;
        assert_eq!(told.outline(), ["a", "b", "c", "!interrupted"]);
        assert_eq!((server.request_count(), told.error().last_chunk_index()), (2, Some(2)));
    }
}

#[tokio::test]
async fn a_server_that_begins_again_and_is_cut_before_anything_new_is_not_asked_another_time() {
    let (server, told) = replies([script(&["a", "b", "c"]).cut(), script(&["a", "b"]).cut()]).await;
    assert_eq!(told.outline(), ["a", "b", "c", "!interrupted"]);
    assert_eq!((server.request_count(), told.error().last_chunk_index()), (2, Some(2)));
}

#[tokio::test]
async fn a_server_that_overlaps_repeats_nothing_and_may_be_asked_again() {
    for overlaps in [|texts: &[&str], _| script(texts), numbered as fn(&[&str], usize) -> Script] {
        let scripts = [
            overlaps(&["a", "b", "c"], 0).cut(),
            overlaps(&["b", "c", "d"], 1).cut(),
            overlaps(&["d", "e"], 3).done(&Value::Null),
        ];
        let (server, told) = replies(scripts).await;
        assert_eq!(told.outline(), ["a", "b", "c", "d", "e", "<done>"]);
        assert_eq!(indices(&server), [None, Some(2), Some(3)]);
    }
}

#[tokio::test]
async fn chunks_that_look_alike_are_told_apart_by_their_ids() {
    let (_, told) =
        replies([numbered(&["ha", "ha"], 0).cut(), numbered(&["ha", "ha", "!"], 2).done(&Value::Null)]).await;
    assert_eq!(told.outline(), ["ha", "ha", "ha", "ha", "!", "<done>"]);
    let (_, told) =
        replies([numbered(&["ha", "ha"], 0).cut(), numbered(&["ha", "ha", "!"], 1).done(&Value::Null)]).await;
    assert_eq!(told.outline(), ["ha", "ha", "ha", "!", "<done>"]);
}

#[tokio::test]
async fn chunks_that_repeat_anyway_are_no_sign_of_a_repetition() {
    let (_, told) = replies([script(&["so", "ha", "ha"]).cut(), script(&["ha", "!"]).done(&Value::Null)]).await;
    assert_eq!(told.outline(), ["so", "ha", "ha", "ha", "!", "<done>"]);
}

#[tokio::test]
async fn a_word_that_comes_again_later_is_not_taken_for_a_repetition() {
    let (_, told) = replies([script(&["the", "cat", "and"]).cut(), script(&["the", "dog"]).done(&Value::Null)]).await;
    assert_eq!(told.outline(), ["the", "cat", "and", "the", "dog", "<done>"]);
}

#[tokio::test]
async fn another_answer_is_an_error_and_never_mixed_in() {
    let mut other = text_chunk("c");
    other["id"] = "chatcmpl-2".into();
    let (server, told) = replies([script(&["a", "b"]).cut(), Script::stream().message(&other)]).await;
    assert_eq!(told.outline(), ["a", "b", "!discontinuity"]);
    let error = told.error();
    assert!(error.is_discontinuity() && !error.never_sent());
    assert_eq!((error.last_chunk_index(), server.request_count()), (Some(1), 2));
}

#[tokio::test]
async fn text_that_does_not_go_on_is_an_error() {
    let opening = |text: &str| chunk(&json!({ "role": "assistant", "content": text }));
    let opened = |texts: &[&str]| {
        let script = Script::stream().message(&opening(""));
        texts.iter().fold(script, |script, text| script.message(&text_chunk(text)))
    };
    for (again, what) in [
        (opened(&["x", "y"]), "another text after the same opening"),
        (Script::stream().message(&opening("Well")).message(&text_chunk("b")), "another opening"),
        (opened(&["a"]).done(&Value::Null), "an end before the place of the cut"),
        (opened(&["a"]), "the end of the body before the place of the cut"),
    ] {
        let (_, told) = replies([opened(&["a", "b"]).cut(), again]).await;
        assert_eq!(told.outline(), ["", "a", "b", "!discontinuity"], "{what}");
    }
}

#[tokio::test]
async fn the_same_ids_with_another_text_are_an_error() {
    for again in [numbered(&["x", "y"], 0), numbered(&["b", "y"], 1), numbered(&["a"], 0).done(&Value::Null)] {
        let (_, told) = replies([numbered(&["a", "b", "c"], 0).cut(), again]).await;
        assert_eq!(told.outline(), ["a", "b", "c", "!discontinuity"]);
    }
}

#[tokio::test]
async fn a_gap_is_an_error() {
    for (next, missing) in [(3, "a chunk is missing"), (9, "7 chunks are missing")] {
        let (_, told) = replies([numbered(&["a", "b"], 0).cut(), numbered(&["x"], next)]).await;
        assert_eq!(told.outline(), ["a", "b", "!discontinuity"]);
        assert_eq!(told.error().message(), missing);
    }
}

#[tokio::test]
async fn events_of_other_names_come_once_too() {
    let other = || Event::named("progress").data(&json!(1));
    let begin = || script(&["a"]).event(other()).event(message("b", None));
    let whole = || begin().event(other()).event(message("c", None)).done(&Value::Null);
    let (_, told) = replies([begin().cut(), whole()]).await;
    assert_eq!(told.outline(), ["a", "<progress>", "b", "<progress>", "c", "<done>"]);
    let rest = Script::stream().event(other()).event(message("c", None)).done(&Value::Null);
    let (_, told) = replies([begin().cut(), rest]).await;
    assert_eq!(told.outline(), ["a", "<progress>", "b", "<progress>", "c", "<done>"]);
}

#[tokio::test]
async fn what_the_server_says_is_wrong_is_told_at_once() {
    let error = json!({ "code": "BAD_GATEWAY", "status": 502, "message": "Gone" });
    let (_, told) = replies([script(&["a", "b"]).cut(), script(&["a"]).error_event(&error)]).await;
    assert_eq!(told.outline(), ["a", "b", "!event"]);
    assert_eq!(told.error().message(), "Gone");
}

#[tokio::test]
async fn an_id_stays_in_force_across_a_cut() {
    let (_, told) = replies([numbered(&["a"], 0).cut(), Script::stream().done(&Value::Null)]).await;
    assert_eq!((told.json()[1]["id"].as_str(), told.last_event_id.as_deref()), (Some("0"), Some("0")));
}

#[tokio::test]
async fn a_chunk_that_does_not_fit_its_type_counts_and_is_not_sent_for_again() {
    let odd = Event::message(&json!({ "id": 5 }));
    let (server, told) = replies([script(&["a"]).event(odd).cut(), script(&["b"]).done(&Value::Null)]).await;
    assert_eq!(told.outline(), ["a", "!decode", "b", "<done>"]);
    assert_eq!(indices(&server), [None, Some(1)]);
}

#[tokio::test]
async fn before_the_first_chunk_the_rules_for_posts_hold() {
    let (server, told) = replies([Script::stream().cut()]).await;
    assert_eq!((told.outline(), server.request_count()), (vec!["!interrupted".to_owned()], 1));

    let server = Server::start().await.unwrap();
    server.reply(Script::stream().cut()).reply(script(&["a"]).done(&Value::Null));
    let client = builder(&server).retry(no_waits().retry_non_idempotent(true)).build().unwrap();
    assert_eq!(Told::by(stream(&client).await.unwrap()).await.outline(), ["a", "<done>"]);
    assert_eq!(indices(&server), [None, None]);
}

#[tokio::test]
async fn the_policy_can_be_off_for_a_client_and_on_for_a_call() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["a"]).cut());
    let off = builder(&server).retry(no_waits()).resume(ResumePolicy::none()).build().unwrap();
    let told = Told::by(stream(&off).await.unwrap()).await;
    assert_eq!((told.outline(), server.request_count()), (["a", "!interrupted"].map(str::to_owned).to_vec(), 1));

    server.reply(script(&["a"]).cut()).reply(script(&["b"]).done(&Value::Null));
    let on = RequestOptions::new().resume(ResumePolicy::default());
    let events = off.llm().chat().create_chat_completion_stream(hi()).options(on).await.unwrap();
    assert_eq!(Told::by(events).await.outline(), ["a", "b", "<done>"]);
}

#[tokio::test]
async fn when_it_gives_up_the_error_is_that_of_the_cut_and_says_why() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["a", "b"]).cut());
    server.on("POST", CHAT_STREAM_PATH, Script::error(503, "SERVICE_UNAVAILABLE", "Down"));
    let client = builder(&server).retry(no_waits()).resume(ResumePolicy::default().max_attempts(3)).build().unwrap();
    let told = Told::by(stream(&client).await.unwrap()).await;
    assert_eq!((told.ended, server.request_count()), (Some(StreamEnd::Failed), 4));
    let error = told.error();
    assert!(error.is_interrupted() && !error.never_sent());
    assert_eq!((error.last_chunk_index(), error.attempts()), (Some(1), 3));
    assert!(error.message().contains("could not be resumed: 503 Service Unavailable: Down"), "{error}");
    let cause = std::error::Error::source(&error).unwrap().downcast_ref::<mka1::Error>().unwrap();
    assert_eq!(cause.status().unwrap().as_u16(), 503);
}

#[tokio::test]
async fn a_refusal_is_final() {
    let (server, told) = replies([script(&["a"]).cut(), Script::error(401, "UNAUTHORIZED", "Expired")]).await;
    assert_eq!((told.outline(), server.request_count()), (["a", "!interrupted"].map(str::to_owned).to_vec(), 2));
}

#[tokio::test]
async fn an_answer_that_is_no_stream_is_final() {
    let (server, told) = replies([script(&["a"]).cut(), Script::json(&json!({}))]).await;
    assert_eq!((told.outline(), server.request_count()), (["a", "!interrupted"].map(str::to_owned).to_vec(), 2));
}

#[tokio::test]
async fn a_server_that_comes_back_is_waited_for() {
    let down = || Script::error(503, "SERVICE_UNAVAILABLE", "Down");
    let (server, told) =
        replies([script(&["a"]).cut(), down(), down(), Script::no_response(), script(&["b"]).done(&Value::Null)]).await;
    assert_eq!((told.outline(), server.request_count()), (["a", "b", "<done>"].map(str::to_owned).to_vec(), 5));
}

#[tokio::test]
async fn there_is_a_limit_to_how_often_a_stream_is_resumed() {
    let server = Server::start().await.unwrap();
    server.on("POST", CHAT_STREAM_PATH, |request: &Request| {
        let next = last_index(request).map_or(0, |index| index + 1);
        Script::stream().event(message(&next.to_string(), Some(&next.to_string()))).cut()
    });
    let policy = ResumePolicy::default().max_resumptions(3);
    let client = builder(&server).retry(no_waits()).resume(policy).build().unwrap();
    let told = Told::by(stream(&client).await.unwrap()).await;
    assert_eq!(told.outline(), ["0", "1", "2", "3", "!interrupted"]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_waits_between_attempts_and_has_a_budget_for_it() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["a"]).cut());
    server.on("POST", CHAT_STREAM_PATH, Script::error(503, "SERVICE_UNAVAILABLE", "Down"));
    let waits = RetryConfig::default().jitter(Duration::ZERO).exponent(1.0).initial_interval(Duration::from_secs(4));
    let policy = ResumePolicy::default().max_attempts(100).max_elapsed(Duration::from_secs(20));
    let events = stream(&builder(&server).retry(waits).resume(policy).build().unwrap()).await.unwrap();
    let started = tokio::time::Instant::now();
    assert!(Told::by(events).await.error().is_interrupted());
    assert_eq!((started.elapsed().as_secs(), server.request_count()), (20, 1 + 5));
}

#[tokio::test(start_paused = true)]
async fn the_streams_own_retry_is_the_least_wait() {
    let server = Server::start().await.unwrap();
    let event = message("a", None).retry(7000);
    server.reply(Script::stream().event(event).cut()).reply(script(&["b"]).done(&Value::Null));
    let events = stream(&eager(&server)).await.unwrap();
    let started = tokio::time::Instant::now();
    assert_eq!(Told::by(events).await.outline(), ["a", "b", "<done>"]);
    assert_eq!(started.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn silence_is_a_cut() {
    let server = Server::start().await.unwrap();
    server.reply(Script::bare_stream().message(&text_chunk("a")).hang()).reply(script(&["b"]).done(&Value::Null));
    let client = builder(&server).retry(no_waits()).idle_timeout(Duration::from_secs(30)).build().unwrap();
    let events = stream(&client).await.unwrap();
    let started = tokio::time::Instant::now();
    assert_eq!(Told::by(events).await.outline(), ["a", "b", "<done>"]);
    assert_eq!(started.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_the_whole_call_goes_on_through_a_cut() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["a"]).cut()).reply(script(&["b"]).delay(Duration::from_secs(60)).hang());
    let limit = RequestOptions::new().timeout(Duration::from_secs(10));
    let client = eager(&server).with_options(limit);
    let started = tokio::time::Instant::now();
    let told = Told::by(stream(&client).await.unwrap()).await;
    assert_eq!(told.outline(), ["a", "b", "!timeout"]);
    assert_eq!((started.elapsed().as_secs(), told.error().timeout_phase()), (10, Some(mka1::TimeoutPhase::Total)));
}

#[tokio::test(start_paused = true)]
async fn a_next_that_is_dropped_while_the_stream_reconnects_loses_nothing() {
    let server = Server::start().await.unwrap();
    let event = message("a", None).retry(5000);
    server.reply(Script::stream().event(event).cut()).reply(script(&["b"]).done(&Value::Null));
    let mut events = stream(&eager(&server)).await.unwrap();
    assert_eq!(crate::common::outline(&events.next().await.unwrap()), "a");
    for _ in 0..4 {
        tokio::time::timeout(Duration::from_secs(1), events.next()).await.unwrap_err();
    }
    assert_eq!(Told::by(events).await.outline(), ["b", "<done>"]);
}

#[tokio::test]
async fn a_stream_taken_up_by_hand_goes_on_by_itself_where_ids_tell_where() {
    let server = Server::start().await.unwrap();
    server.reply(numbered(&["c", "d"], 2).cut()).reply(numbered(&["d", "e"], 3).done(&Value::Null));
    let call = eager(&server).llm().chat().create_chat_completion_stream(hi()).resume_from(1);
    let told = Told::by(call.await.unwrap()).await;
    assert_eq!(
        (told.outline(), told.last_chunk_index),
        (["c", "d", "e", "<done>"].map(str::to_owned).to_vec(), Some(4))
    );
    assert_eq!(indices(&server), [Some(1), Some(3)]);
}

#[tokio::test]
async fn a_stream_taken_up_by_hand_without_ids_is_not_trusted_to_go_on() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["c", "d"]).cut());
    let call = eager(&server).llm().chat().create_chat_completion_stream(hi()).resume_from(1);
    let told = Told::by(call.await.unwrap()).await;
    assert_eq!((told.outline(), server.request_count()), (["c", "d", "!interrupted"].map(str::to_owned).to_vec(), 1));
    assert_eq!(told.error().last_chunk_index(), Some(3));
}

#[tokio::test]
async fn the_openai_format_has_no_way_to_go_on() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["a"]).cut());
    let events = eager(&server).llm().chat().create_chat_stream(hi()).await.unwrap();
    let told = Told::by(events).await;
    assert_eq!((told.outline(), server.request_count()), (["a", "!interrupted"].map(str::to_owned).to_vec(), 1));
}

#[tokio::test]
async fn a_stream_that_is_cancelled_lets_go_of_its_connection() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["a"]).hang());
    let mut events = stream(&eager(&server)).await.unwrap();
    events.next().await.unwrap().unwrap();
    events.cancel();
    assert!(events.next().await.is_none());
    assert_eq!(events.ended(), Some(StreamEnd::Cancelled));
    server.wait_for_open_connections(0).await;
}

#[tokio::test]
async fn a_connection_refused_while_resuming_is_no_reason_to_send_it_all_again() {
    let server = Server::start().await.unwrap();
    server.reply(script(&["a"]).hang());
    let mut events = stream(&eager(&server)).await.unwrap();
    events.next().await.unwrap().unwrap();
    drop(server);
    let error = events.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.never_sent(), error.last_chunk_index()), (ErrorKind::Interrupted, false, Some(0)));
    assert!(error.message().contains("could not connect"), "{error}");
}
