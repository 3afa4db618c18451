//! What comes out of a stream, event by event.

use futures::TryStreamExt;
use mka1::testing::{Event, Script, Server};
use mka1::types::ChatCompletionEvent;
use mka1::{DecodeError, ErrorKind, StreamEnd};
use serde_json::{Value, json};

use crate::common::{Told, builder, chunk, hi, open, played, stream, text_chunk};

#[tokio::test]
async fn comments_and_keep_alives_are_no_events() {
    let script = Script::stream().comment("seen").keep_alive().text_chunks(["Hel"]).keep_alive().text_chunks(["lo"]);
    assert_eq!(played(script.keep_alive().done(&Value::Null)).await.outline(), ["Hel", "lo", "<done>"]);
}

#[tokio::test]
async fn a_server_that_sends_no_comment_at_the_start_is_as_good() {
    let script = Script::bare_stream().text_chunks(["Hel", "lo"]).done(&Value::Null);
    assert_eq!(played(script).await.outline(), ["Hel", "lo", "<done>"]);
}

#[tokio::test]
async fn lines_may_end_in_lf_cr_or_crlf() {
    let stream = Script::stream().text_chunks(["Hel", "lo"]).done(&json!({ "x": 1 }));
    let lf = String::from_utf8(stream.body().to_vec()).unwrap();
    let expected = played(stream).await.json();
    for line_end in ["\r", "\r\n"] {
        let told = played(Script::bare_stream().raw(lf.replace('\n', line_end))).await;
        assert_eq!((told.json(), told.ended), (expected.clone(), Some(StreamEnd::Done)), "{line_end:?}");
    }
}

#[tokio::test]
async fn one_byte_order_mark_at_the_start_is_no_part_of_the_first_event() {
    let script = Script::bare_stream().raw("\u{feff}event: message\n").raw(format!("data: {}\n\n", text_chunk("a")));
    assert_eq!(played(script).await.outline(), ["a"]);
}

#[tokio::test]
async fn an_id_holds_until_the_next_one() {
    let chunk = text_chunk("a");
    let told = played(
        Script::stream()
            .message(&chunk)
            .event(Event::message(&chunk).id("7"))
            .message(&chunk)
            .event(Event::message(&chunk).id("8"))
            .done(&Value::Null),
    )
    .await;
    let ids: Vec<_> = told.json().iter().map(|event| event["id"].clone()).collect();
    assert_eq!(json!(ids), json!([null, "7", "7", "8", "8"]));
    assert_eq!(told.last_event_id.as_deref(), Some("8"));
}

#[tokio::test]
async fn a_retry_belongs_to_its_event_alone() {
    let chunk = text_chunk("a");
    let told = played(Script::stream().event(Event::message(&chunk).retry(1500)).message(&chunk)).await;
    assert_eq!((told.json()[0]["retry"].clone(), told.json()[1].get("retry")), (json!(1500), None));
}

#[tokio::test]
async fn an_event_is_written_back_as_it_came() {
    let events = [
        json!({ "event": "message", "data": text_chunk("a"), "id": "0", "retry": 1500 }),
        json!({ "event": "done", "data": { "total": 1 }, "id": "0" }),
    ];
    let script = Script::stream().event(Event::message(&events[0]["data"]).id("0").retry(1500));
    assert_eq!(played(script.done(&events[1]["data"])).await.json(), events);
}

#[tokio::test]
async fn what_done_says_is_kept_whatever_it_is() {
    for (wire, kept) in [
        ("event: done\n\n", json!({ "event": "done" })),
        ("event: done\ndata: null\n\n", json!({ "event": "done", "data": null })),
        ("event: done\ndata: {\"a\":[1]}\n\n", json!({ "event": "done", "data": { "a": [1] } })),
        ("event: done\ndata: \"[DONE]\"\n\n", json!({ "event": "done", "data": "[DONE]" })),
        ("event: done\ndata: [DONE]\n\n", json!({ "event": "done", "data": "[DONE]" })),
        ("event: done\ndata: good bye\n\n", json!({ "event": "done", "data": "good bye" })),
        ("event: close\n\n", json!({ "event": "done" })),
        ("event: close\ndata: 1\n\n", json!({ "event": "done", "data": 1 })),
    ] {
        let told = played(Script::stream().raw(wire)).await;
        assert_eq!((told.json(), told.ended), (vec![kept], Some(StreamEnd::Done)), "{wire:?}");
    }
}

#[tokio::test]
async fn an_event_without_a_name_is_a_chunk() {
    let told = played(Script::bare_stream().event(Event::nameless().data(&text_chunk("a")))).await;
    assert_eq!((told.outline(), told.last_chunk_index), (vec!["a".to_owned()], Some(0)));
}

#[tokio::test]
async fn an_event_that_is_not_known_is_kept_and_written_back() {
    let told = played(
        Script::stream()
            .event(Event::named("usage").data(&json!({ "tokens": 3 })).id("1").retry(5))
            .event(Event::named("note").data_text("not JSON"))
            .event(Event::named("ping"))
            .text_chunks(["a"]),
    )
    .await;
    assert_eq!(told.outline(), ["<usage>", "<note>", "<ping>", "a"]);
    assert_eq!(
        told.json()[..3],
        [
            json!({ "event": "usage", "data": { "tokens": 3 }, "id": "1", "retry": 5 }),
            json!({ "event": "note", "data": "not JSON", "id": "1" }),
            json!({ "event": "ping", "id": "1" }),
        ]
    );
    assert_eq!(told.last_chunk_index, Some(0), "only chunks count");
}

#[tokio::test]
async fn a_message_without_data_is_kept_and_counts_as_a_chunk() {
    let told = played(Script::stream().event(Event::named("message")).text_chunks(["a"])).await;
    assert_eq!(told.json()[0], json!({ "event": "message" }));
    assert_eq!((told.outline()[1].as_str(), told.last_chunk_index), ("a", Some(1)));
}

#[tokio::test]
async fn data_over_several_lines_is_one_chunk() {
    let pretty = serde_json::to_string_pretty(&text_chunk("a")).unwrap();
    assert_eq!(played(Script::stream().event(Event::named("message").data_text(pretty))).await.outline(), ["a"]);
}

#[tokio::test]
async fn text_cut_inside_a_surrogate_pair_does_not_end_the_stream() {
    let cut = |escape: &str| text_chunk("CUT").to_string().replace("CUT", escape);
    let told = played(
        Script::stream()
            .event(Event::named("message").data_text(cut(r"ha\ud83d")))
            .event(Event::named("message").data_text(cut(r"\ude00ha")))
            .event(Event::named("message").data_text(cut(r"\ud83d\ude00")))
            .done(&Value::Null),
    )
    .await;
    assert_eq!(told.outline(), ["ha\u{fffd}", "\u{fffd}ha", "\u{1f600}", "<done>"]);
}

#[tokio::test]
async fn text_may_hold_any_character() {
    let text = "\0 \u{2028}\u{feff}\u{85}\r\n\t\u{1f600}é";
    assert_eq!(played(Script::stream().message(&text_chunk(text))).await.outline(), [text]);
}

#[tokio::test]
async fn bytes_that_are_not_utf8_do_not_end_the_stream() {
    let mut wire = b"data: ".to_vec();
    wire.extend(text_chunk("CUT").to_string().bytes());
    let at = wire.windows(3).position(|window| window == b"CUT").unwrap();
    wire[at] = 0xff;
    wire.extend(b"\n\n");
    assert_eq!(played(Script::bare_stream().raw(wire)).await.outline(), ["\u{fffd}UT"]);
}

#[tokio::test]
async fn a_chunk_that_does_not_fit_says_where_and_the_stream_goes_on() {
    let mut misfit = text_chunk("a");
    misfit["choices"][0]["index"] = json!("zero");
    let told = played(Script::stream().text_chunks(["a"]).message(&misfit).text_chunks(["b"]).done(&Value::Null)).await;
    assert_eq!(told.outline(), ["a", "!decode", "b", "<done>"]);
    assert_eq!(told.last_chunk_index, Some(2));

    let error = told.items[1].as_ref().unwrap_err();
    let source = std::error::Error::source(error).unwrap().downcast_ref::<DecodeError>().unwrap();
    assert_eq!((source.type_name(), source.path()), ("ChatCompletionChunk", "choices[0].index"));
    assert!(error.to_string().contains("ChatCompletionChunk at choices[0].index"), "{error}");
    assert_eq!(error.body().unwrap(), misfit.to_string().as_bytes());
    assert_eq!((error.status().unwrap().as_u16(), error.last_chunk_index()), (200, Some(0)));
}

#[tokio::test]
async fn a_misfit_inside_a_union_names_the_variant_and_the_whole_path() {
    let misfit =
        chunk(&json!({ "content": [{ "type": "text", "text": "a" }, { "type": "image_url", "image_url": {} }] }));
    let error = played(Script::stream().message(&misfit)).await.error();
    let source = std::error::Error::source(&error).unwrap().downcast_ref::<DecodeError>().unwrap();
    assert_eq!(source.path(), "choices[0].delta.content[1].image_url.url");
    assert!(source.reason().contains("ChatContentPart (type \"image_url\")"), "{error}");
}

#[tokio::test]
async fn data_that_is_not_json_is_a_misfit_too() {
    let script = Script::stream().event(Event::named("message").data_text("oops")).text_chunks(["a"]);
    assert_eq!(played(script).await.outline(), ["!decode", "a"]);
}

#[tokio::test]
async fn an_event_beyond_the_limit_is_an_error_and_the_end() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().text_chunks(["a"]).message(&text_chunk(&"x".repeat(1000))).text_chunks(["b"]));
    let told = Told::by(stream(&builder(&server).max_event_size(800).build().unwrap()).await.unwrap()).await;
    assert_eq!((told.outline(), told.ended), (vec!["a".to_owned(), "!too_large".to_owned()], Some(StreamEnd::Failed)));
    let error = told.error();
    assert!(error.message().contains("800"), "{error}");
    assert_eq!((error.kind(), error.last_chunk_index()), (ErrorKind::TooLarge, Some(0)));
}

#[tokio::test]
async fn the_head_of_the_response_can_be_looked_at() {
    let script = Script::stream().header("x-mka1-serving-location", "here");
    let (_server, events) = open(script).await;
    assert_eq!(events.status().as_u16(), 200);
    assert_eq!(
        (&events.headers()["content-type"], &events.headers()["x-mka1-serving-location"]),
        (&"text/event-stream".parse().unwrap(), &"here".parse().unwrap())
    );
}

#[tokio::test]
async fn the_content_type_may_have_capitals_a_charset_or_be_missing() {
    for content_type in [Some("Text/Event-Stream; charset=UTF-8"), Some("text/event-stream ;x=y"), None] {
        let script = content_type.iter().fold(Script::status(200), |script, it| script.header("content-type", it));
        assert_eq!(played(script.text_chunks(["a"])).await.outline(), ["a"], "{content_type:?}");
    }
}

#[tokio::test]
async fn resuming_says_so_on_the_wire_and_counts_on() {
    let server = Server::start().await.unwrap();
    let call = server.client().llm().chat().create_chat_completion_stream(hi()).resume_from(41);
    let script = Script::stream().text_chunks(["a", "b"]).error_event(&json!({ "message": "again" }));
    server.reply(script);
    let mut events = call.await.unwrap();
    assert_eq!(server.last_request().unwrap().header("x-last-chunk-index"), Some("41"));
    assert_eq!(events.last_chunk_index(), Some(41));
    events.try_next().await.unwrap();
    assert_eq!(events.last_chunk_index(), Some(42));
    events.try_next().await.unwrap();
    assert_eq!(events.try_next().await.unwrap_err().last_chunk_index(), Some(43));
}

#[tokio::test]
async fn a_stream_that_broke_can_be_taken_up_where_it_was() {
    use mka1::testing::{CHAT_STREAM_PATH, Chat};

    let server = Server::start().await.unwrap();
    let model = Chat::answering(["He", "l", "lo"]).ids();
    server.on("POST", CHAT_STREAM_PATH, model);
    server.reply(Script::stream().text_chunks(["He", "l"]).cut());

    let chat = server.client();
    let broken = Told::by(stream(&chat).await.unwrap()).await;
    let last = broken.last_chunk_index.unwrap();
    let rest = chat.llm().chat().create_chat_completion_stream(hi()).resume_from(last).await.unwrap();
    let rest: String = rest.text().try_collect().await.unwrap();
    assert_eq!((broken.outline()[..2].concat() + &rest).as_str(), "Hello");
}

#[tokio::test]
async fn a_stream_that_starts_does_not_say_where_to_resume() {
    let (server, events) = open(Script::stream().text_chunks(["a"])).await;
    assert_eq!(server.last_request().unwrap().header("x-last-chunk-index"), None);
    assert_eq!(events.last_chunk_index(), None);
}

#[tokio::test]
async fn a_chunk_is_at_hand_without_a_match() {
    let (_server, mut events) = open(Script::stream().text_chunks(["a"]).done(&Value::Null)).await;
    let message = events.try_next().await.unwrap().unwrap();
    let done = events.try_next().await.unwrap().unwrap();
    assert_eq!((message.chunk().unwrap().text().as_ref(), done.chunk()), ("a", None));
    assert!(matches!(message, ChatCompletionEvent::Message(_)));
}
