//! Every operation of the document, called with arguments made from its schemas: what goes on the wire is what was given, and what comes
//! back is what was sent, unknown values and fields included.
//!
//! `cargo test --features full,dynamic --test operations`

#![cfg(all(feature = "full", feature = "dynamic"))]

mod arguments;
mod coverage;
mod credentials;
mod document;
mod errors;
mod events;
mod exchange;
mod files;
mod lists;
mod sample;
mod streams;

use std::fmt::Write;

use document::{Document, Operation, Outcome};
use exchange::exchange;
use mka1::dynamic::{self, Arguments, Reply};
use mka1::testing::{Request, Script, Server};
use mka1::{Client, RequestOptions, RetryConfig};
use sample::Sampler;
use serde_json::{Map, Value, json};

async fn start() -> (Server, Client) {
    let server = Server::start().await.unwrap();
    let client = Client::builder()
        .base_url(server.url())
        .bearer_token("mk-test")
        .on_behalf_of("user-42")
        .session_cookie("session")
        .analytics_key("analytics")
        .evaluation_key("evaluation")
        .retry(RetryConfig::none())
        .build()
        .unwrap();
    (server, client)
}

async fn call(client: &Client, operation: &Operation, arguments: Map<String, Value>) -> Result<Reply, mka1::Error> {
    dynamic::call(client, &operation.key, Arguments::new(arguments), RequestOptions::new()).await
}

/// The answer of a server that does as the document says.
fn answer(operation: &Operation, sampler: &Sampler<'_>) -> (Script, Value) {
    match &operation.outcome {
        Outcome::Json { status, schema } => {
            let value = sampler.sample(schema);
            (Script::status(*status).json_body(&value), value)
        }
        Outcome::Empty { status } => (Script::status(*status), Value::Null),
        Outcome::Events { data, last } => {
            // The chat's events are named; those of responses say what they are in their data.
            let mut event = sampler.sample(data);
            if event["type"] == "error" {
                event["type"] = json!("zz-unknown-event");
            }
            let script = if last.is_empty() {
                Script::stream().message(&event).done(&Value::Null)
            } else {
                Script::bare_stream().message(&event).done_sentinel()
            };
            (script, event)
        }
        Outcome::Download { status, media_type } => {
            (Script::status(*status).header("content-type", media_type).raw("content"), json!("content"))
        }
    }
}

fn line(request: &Request) -> String {
    let query = request.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut line = format!("{} {}{query}", request.method(), request.path());
    const SHOWN: [&str; 8] = [
        "accept",
        "authorization",
        "content-type",
        "cookie",
        "if-match",
        "x-analytics-key",
        "x-huggingface-token",
        "x-on-behalf-of",
    ];
    for name in SHOWN {
        if let Some(value) = request.header(name) {
            let value = value.split("boundary=").next().unwrap_or_default();
            let shown: String = value.chars().take(60).collect();
            write!(line, "\n    {name}: {shown}").unwrap();
        }
    }
    if request.header("idempotency-key").is_some() {
        line.push_str("\n    idempotency-key: …");
    }
    let body = String::from_utf8_lossy(request.body());
    let boundary =
        request.header("content-type").and_then(|kind| kind.split_once("boundary=")).map(|(_, b)| b.to_owned());
    let body = boundary.map_or_else(|| body.to_string(), |boundary| body.replace(&boundary, "…"));
    for part in body.lines().filter(|line| !line.trim().is_empty()) {
        write!(line, "\n    {part}").unwrap();
    }
    line
}

#[tokio::test]
async fn every_operation_puts_this_on_the_wire() {
    let document = Document::read();
    let (server, client) = start().await;
    let mut pages: std::collections::BTreeMap<String, Vec<String>> = Default::default();
    let mut called = 0;
    for operation in document.operations() {
        let sampler = Sampler::required_only(&document);
        let (script, _) = answer(&operation, &sampler);
        server.reply(script);
        let arguments = operation.arguments(&sampler);
        if let Err(error) = call(&client, &operation, arguments).await {
            panic!("{}: {error}", operation.key);
        }
        let request = server.last_request().unwrap();
        let headers = request.headers();
        assert_eq!(headers.len(), headers.keys_len(), "{} says a header twice: {headers:?}", operation.key);
        pages.entry(operation.feature.clone()).or_default().push(format!("{}\n    {}", operation.key, line(&request)));
        called += 1;
    }
    assert_eq!(dynamic::OPERATIONS.len(), called, "each of the crate's operations is one of the document's");
    for (feature, lines) in pages {
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots/operations" }, {
            insta::assert_snapshot!(format!("{feature}"), lines.join("\n\n"));
        });
    }
}

#[tokio::test]
async fn what_is_given_is_sent_and_what_is_sent_comes_back() {
    let document = Document::read();
    let (server, client) = start().await;
    let mut wrong: Vec<String> = Vec::new();
    for operation in document.operations() {
        for seed in 0..12 {
            let sampler = Sampler::everything(&document, seed);
            wrong.extend(exchange(&server, &client, &document, &operation, &sampler).await);
        }
    }
    assert!(wrong.is_empty(), "{} lost something:\n{}", wrong.len(), wrong[..wrong.len().min(99)].join("\n"));
}
