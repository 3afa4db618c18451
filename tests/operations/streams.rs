//! The same promises for each of the five operations that stream.

use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use mka1::testing::{Event, Request, Script, Server};
use mka1::types::{ChatCompletionEvent, ChatCompletionRequest, ChatMessage, CreateResponseRequest, ResponseEvent};
use mka1::{Client, ErrorKind, EventStream, RetryConfig};
use serde_json::{Value, json};

use crate::document::Document;
use crate::sample::Sampler;

type Texts = BoxStream<'static, mka1::Result<String>>;

/// One way to a stream.
struct Way {
    name: &'static str,
    open: fn(Client) -> BoxFuture<'static, mka1::Result<Texts>>,
    style: Style,
    resumes: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// Named events.
    Named,
    /// Chunks without a name, and a sentinel.
    Nameless,
    /// Data that says which event it is.
    Tagged,
}

fn chat(events: EventStream<ChatCompletionEvent>) -> Texts {
    let text = |event: ChatCompletionEvent| event.chunk().map_or("<end>".to_owned(), |chunk| chunk.text().into_owned());
    events.map_ok(text).boxed()
}

fn responses(events: EventStream<ResponseEvent>) -> Texts {
    let text = |event: ResponseEvent| async move {
        let text = if event.final_response().is_some() { "<end>" } else { event.text() };
        Ok((!text.is_empty()).then(|| text.to_owned()))
    };
    events.try_filter_map(text).boxed()
}

fn hi() -> ChatCompletionRequest {
    ChatCompletionRequest::new("auto", [ChatMessage::user("Hi")])
}

const WAYS: [Way; 5] = [
    Way {
        name: "create_chat_completion_stream",
        open: |client| {
            Box::pin(async move { Ok(chat(client.llm().chat().create_chat_completion_stream(hi()).await?)) })
        },
        style: Style::Named,
        resumes: true,
    },
    Way {
        name: "create_chat_stream",
        open: |client| Box::pin(async move { Ok(chat(client.llm().chat().create_chat_stream(hi()).await?)) }),
        style: Style::Nameless,
        resumes: false,
    },
    Way {
        name: "responses create_stream",
        open: |client| {
            let request = CreateResponseRequest::new("auto");
            Box::pin(async move { Ok(responses(client.llm().responses().create_stream(request).await?)) })
        },
        style: Style::Tagged,
        resumes: true,
    },
    Way {
        name: "responses get_stream",
        open: |client| Box::pin(async move { Ok(responses(client.llm().responses().get_stream("resp_1").await?)) }),
        style: Style::Tagged,
        resumes: true,
    },
    Way {
        name: "stream_agent_run_events",
        open: |client| {
            Box::pin(async move { Ok(responses(client.agent_runs().stream_agent_run_events("a", "r").await?)) })
        },
        style: Style::Tagged,
        resumes: true,
    },
];

/// An event of a response, with the least that it must have.
pub fn response_event(tag: &str, number: i64) -> Value {
    let document = Document::read();
    let union = document.resolve(&json!({ "$ref": "#/components/schemas/ResponseStreamingEvent" })).clone();
    let reference = union["discriminator"]["mapping"][tag].as_str().unwrap().to_owned();
    let mut event = Sampler::required_only(&document).sample(&json!({ "$ref": reference }));
    event["sequence_number"] = number.into();
    if event["response"].is_object() {
        event["response"]["id"] = "resp_1".into();
        event["response"]["store"] = true.into();
        event["response"]["background"] = false.into();
    }
    event
}

pub fn text_delta(text: &str, number: i64) -> Value {
    let mut event = response_event("response.output_text.delta", number);
    event["delta"] = text.into();
    event
}

impl Way {
    /// The piece of this number, as an event.
    fn piece(&self, number: usize) -> Event {
        let text = format!("piece {number}");
        let chunk = json!({
            "id": "c", "object": "chat.completion.chunk", "created": 7, "model": "auto",
            "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }],
        });
        match self.style {
            Style::Named => Event::message(&chunk),
            Style::Nameless => Event::nameless().data(&chunk),
            // A response begins with an event that says which it is.
            Style::Tagged => Event::nameless().data(&text_delta(&text, number as i64 + 1)),
        }
    }

    fn pieces(&self, numbers: std::ops::Range<usize>) -> Script {
        let script = match (self.style, numbers.start) {
            (Style::Tagged, 0) => {
                Script::stream().event(Event::nameless().data(&response_event("response.created", 0)))
            }
            _ => Script::stream(),
        };
        numbers.fold(script, |script, number| script.event(self.piece(number)))
    }

    fn end(&self, script: Script, pieces: usize) -> Script {
        match self.style {
            Style::Named => script.done(&Value::Null),
            Style::Nameless => script.done_sentinel(),
            Style::Tagged => {
                script.event(Event::nameless().data(&response_event("response.completed", pieces as i64 + 1)))
            }
        }
    }

    fn error(&self, script: Script) -> Script {
        match self.style {
            Style::Named => script.error_event(&json!({ "code": "GONE", "status": 502, "message": "Gone" })),
            Style::Nameless => script.event(Event::nameless().data(&json!({ "error": { "message": "Gone" } }))),
            Style::Tagged => script.event(Event::nameless().data(
                &json!({ "type": "error", "sequence_number": 9, "code": "gone", "message": "Gone", "param": null }),
            )),
        }
    }

    /// What comes out, one word for each item.
    fn expected(&self, pieces: usize, last: &str) -> Vec<String> {
        let pieces = (0..pieces).map(|number| format!("piece {number}"));
        // A sentinel is no event.
        let last = (self.style != Style::Nameless || last != "<end>").then(|| last.to_owned());
        pieces.chain(last).collect()
    }
}

async fn start() -> (Server, Client) {
    let server = Server::start().await.unwrap();
    let waits = RetryConfig::default().initial_interval(Duration::ZERO).jitter(Duration::ZERO);
    let client = Client::builder().base_url(server.url()).bearer_token("k").retry(waits).build().unwrap();
    (server, client)
}

async fn told(mut texts: Texts) -> (Vec<String>, Option<mka1::Error>) {
    let (mut told, mut last) = (Vec::new(), None);
    while let Some(item) = texts.next().await {
        match item {
            Ok(text) => told.push(text),
            Err(error) => {
                told.push(format!("!{}", error.kind()));
                last = Some(error);
            }
        }
    }
    (told, last)
}

async fn played(way: &Way, scripts: impl IntoIterator<Item = Script>) -> (Server, Vec<String>, Option<mka1::Error>) {
    let (server, client) = start().await;
    for script in scripts {
        server.reply(script);
    }
    let (items, error) = told((way.open)(client).await.unwrap()).await;
    (server, items, error)
}

#[tokio::test]
async fn every_stream_gives_its_events_and_ends_though_the_socket_stays_open() {
    for way in &WAYS {
        let (_server, items, _) = played(way, [way.end(way.pieces(0..3), 3).hang()]).await;
        assert_eq!(items, way.expected(3, "<end>"), "{}", way.name);
    }
}

#[tokio::test]
async fn every_stream_bears_keep_alives_and_the_smallest_writes() {
    for way in &WAYS {
        let script = way.end(way.pieces(0..2).keep_alive().comment("thinking").event(way.piece(2)), 3);
        let (_server, items, _) = played(way, [script.write_size(1)]).await;
        assert_eq!(items, way.expected(3, "<end>"), "{}", way.name);
    }
}

#[tokio::test]
async fn every_stream_tells_an_error_among_its_events() {
    for way in &WAYS {
        let (server, items, error) = played(way, [way.error(way.pieces(0..2)).hang()]).await;
        assert_eq!(items, way.expected(2, "!event"), "{}", way.name);
        assert_eq!((error.unwrap().message(), server.request_count()), ("Gone", 1), "{}", way.name);
    }
}

#[tokio::test]
async fn every_stream_that_can_goes_on_where_it_was_cut_and_the_other_says_that_it_was() {
    for way in &WAYS {
        for (cut, what) in [
            (way.pieces(0..2).cut(), "between events"),
            (way.pieces(0..2).raw("data: {\"id\"").cut(), "in an event"),
            (way.pieces(0..2).raw("data: {\"id\"").end(), "in an event, cleanly"),
            (way.pieces(0..2).short_body(9), "short"),
        ] {
            let (server, items, _) = played(way, [cut, way.end(way.pieces(2..4), 4)]).await;
            let (expected, requests) =
                if way.resumes { (way.expected(4, "<end>"), 2) } else { (way.expected(2, "!interrupted"), 1) };
            assert_eq!((items, server.request_count()), (expected, requests), "{} {what}", way.name);
        }
    }
}

#[tokio::test]
async fn every_stream_that_resumes_leaves_out_what_comes_again() {
    for way in WAYS.iter().filter(|way| way.resumes) {
        for begin in [0, 1] {
            let (_server, items, _) = played(way, [way.pieces(0..3).cut(), way.end(way.pieces(begin..4), 4)]).await;
            assert_eq!(items, way.expected(4, "<end>"), "{} from {begin}", way.name);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_stream_takes_silence_for_a_cut() {
    for way in &WAYS {
        let (server, client) = start().await;
        server.reply(way.pieces(0..1).keep_alive_every(None).hang()).reply(way.end(way.pieces(1..2), 2));
        let limit = mka1::RequestOptions::new().idle_timeout(Duration::from_secs(30));
        let (items, error) = told((way.open)(client.with_options(limit)).await.unwrap()).await;
        let expected = if way.resumes { way.expected(2, "<end>") } else { way.expected(1, "!timeout") };
        assert_eq!(items, expected, "{}", way.name);
        assert_eq!(error.map(|error| error.kind()), (!way.resumes).then_some(ErrorKind::Timeout), "{}", way.name);
    }
}

#[tokio::test]
async fn every_stream_that_is_dropped_closes_its_connection() {
    for way in &WAYS {
        let (server, client) = start().await;
        server.reply(way.pieces(0..1).hang());
        let mut texts = (way.open)(client).await.unwrap();
        assert_eq!(texts.next().await.unwrap().unwrap(), "piece 0", "{}", way.name);
        drop(texts);
        server.wait_for_open_connections(0).await;
    }
}

#[tokio::test]
async fn every_stream_is_refused_by_the_status_before_it_begins() {
    for way in &WAYS {
        let (server, client) = start().await;
        server.reply(Script::error(403, "FORBIDDEN", "No"));
        let error = (way.open)(client).await.err().unwrap();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Status, "No"), "{}", way.name);
    }
}

/// The requests with which a stream was taken up, as a person would write them.
fn asked(server: &Server) -> Vec<String> {
    let line = |request: &Request| {
        let query = request.query().map(|query| format!("?{query}")).unwrap_or_default();
        let index = request.header("x-last-chunk-index").map(|index| format!(" after chunk {index}"));
        format!("{} {}{query}{}", request.method(), request.path(), index.unwrap_or_default())
    };
    server.requests().iter().map(line).collect()
}

#[tokio::test]
async fn each_stream_asks_for_the_rest_in_its_own_way() {
    let mut all = Vec::new();
    for way in WAYS.iter().filter(|way| way.resumes) {
        let (server, _, _) = played(way, [way.pieces(0..2).cut(), way.end(way.pieces(2..3), 3)]).await;
        let [first, second] = &server.requests()[..] else { panic!("{}", way.name) };
        assert_eq!(first.header("authorization"), second.header("authorization"));
        assert_eq!(second.header("accept"), Some("text/event-stream"));
        assert_eq!(second.method() == "GET", second.body().is_empty() && second.header("content-type").is_none());
        all.push(asked(&server));
    }
    let expected = [
        ["POST /api/v1/llm/chat/completions/stream", "POST /api/v1/llm/chat/completions/stream after chunk 1"],
        ["POST /api/v1/llm/responses", "GET /api/v1/llm/responses/resp_1?stream=true&starting_after=2"],
        [
            "GET /api/v1/llm/responses/resp_1?stream=true",
            "GET /api/v1/llm/responses/resp_1?stream=true&starting_after=2",
        ],
        ["GET /api/v1/agents/a/runs/r/events", "GET /api/v1/agents/a/runs/r/events"],
    ];
    assert_eq!(all, expected);
}
