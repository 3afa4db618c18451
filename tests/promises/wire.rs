//! What each operation puts on the wire, on a page for reviewers: `snapshots/wire__<operation>.snap`.
//!
//! `INSTA_UPDATE=always cargo test --test promises wire` writes them anew.

// Other features have other operations.
#![cfg(feature = "default")]

use std::collections::BTreeSet;
use std::fmt::Write;

use mka1::testing::{Request, Script, Server};
use mka1::types::{
    ChatCompletionRequest, ChatContent, ChatContentPart, ChatFunction, ChatFunctionCall, ChatImageDetail,
    ChatImagePart, ChatImageUrl, ChatJsonSchema, ChatMessage, ChatReasoningEffort, ChatResponseFormat, ChatRole,
    ChatStreamOptions, ChatTool, ChatToolCall,
};
use mka1::{Client, Nullable, RequestOptions};
use serde_json::{Value, json};

use crate::common::hi;

/// Differ from machine to machine, or follow from the rest.
const LEFT_OUT: [&str; 2] = ["host", "content-length"];

/// A request as people read it.
fn page(request: &Request) -> String {
    let query = request.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut page = format!("{} {}{query}\n", request.method(), request.path());
    let mut headers: Vec<_> = request.headers().iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str())).collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let value = value.to_str().unwrap().replace(env!("CARGO_PKG_VERSION"), "<version>");
        writeln!(page, "{name}: {value}").unwrap();
    }
    if !request.body().is_empty() {
        let body: Value = request.json().unwrap();
        write!(page, "\n{body:#}").unwrap();
    }
    page
}

/// Holds what was sent against what reviewers have seen.
fn assert_seen(operation: &str, requests: &[Request]) {
    let pages: Vec<_> = requests.iter().map(page).collect();
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("wire__{operation}"), pages.join("\n\n---\n\n"));
    });
}

/// Every property of a request, and every kind of message and part.
fn everything() -> ChatCompletionRequest {
    let schema = json!({ "type": "object", "properties": { "city": { "type": "string" } } });
    let call = ChatToolCall::new("call_1", ChatFunctionCall::new("weather", "{\"city\":\"Oslo\"}"));
    let image = ChatImageUrl::new("https://example.com/b.png").detail(ChatImageDetail::High);
    ChatCompletionRequest::new(
        "auto",
        [
            ChatMessage::system("Be brief"),
            ChatMessage::developer("Be kind"),
            ChatMessage::user("é \u{1f600} \"quoted\"").name("ada"),
            ChatMessage::user([
                ChatContentPart::text("See"),
                ChatContentPart::image_url("https://example.com/a.png"),
                ChatContentPart::ImageUrl(ChatImagePart::new(image)),
                ChatContentPart::input_audio("UklGRg==", "wav"),
                ChatContentPart::uploaded_file("file_1"),
                ChatContentPart::inline_file("a.pdf", "JVBERg=="),
            ]),
            ChatMessage::new(ChatRole::Assistant, None).tool_calls([call]),
            ChatMessage::tool("call_1", "Rain"),
            ChatMessage::new("critic", ChatContent::from("Hm")),
        ],
    )
    .tools([ChatTool::new(
        ChatFunction::new("weather").description("Tells the weather").parameters(schema.clone()).strict(true),
    )])
    .tool_choice(json!("auto"))
    .n(1)
    .max_tokens(512)
    .max_completion_tokens(512)
    .temperature(0.7)
    .top_p(1.0)
    .frequency_penalty(0.0)
    .presence_penalty(-0.5)
    .seed(42)
    .stop(vec!["END".to_owned()])
    .response_format(ChatResponseFormat::new("json_schema").json_schema(
        ChatJsonSchema::new("answer", schema.as_object().unwrap().clone()).description("The answer").strict(false),
    ))
    .logprobs(true)
    .top_logprobs(3)
    .user("user-1")
    .stream_options(ChatStreamOptions::new().include_usage(true))
    .parallel_tool_calls(false)
    .reasoning_effort(ChatReasoningEffort::Low)
}

/// A value, null, and nothing are three things.
fn nulls() -> ChatCompletionRequest {
    hi().max_tokens(None).reasoning_effort(Nullable::Null).max_completion_tokens(Nullable::Absent).stop("END")
}

/// A server that takes anything, and a client for an end user.
async fn start() -> (Server, Client) {
    let server = Server::start().await.unwrap();
    let client = server.client().with_options(RequestOptions::new().on_behalf_of("user-42"));
    (server, client)
}

#[tokio::test]
async fn create_chat_puts_this_on_the_wire() {
    let (server, client) = start().await;
    for request in [hi(), everything(), nulls()] {
        client.llm().chat().create_chat(request).await.unwrap();
    }
    assert_seen("create_chat", &server.requests());
}

#[tokio::test]
async fn create_chat_stream_puts_this_on_the_wire() {
    let (server, client) = start().await;
    for request in [hi(), everything(), nulls()] {
        server.reply(Script::stream());
        drop(client.llm().chat().create_chat_stream(request).await.unwrap());
    }
    assert_seen("create_chat_stream", &server.requests());
}

#[tokio::test]
async fn create_chat_completion_stream_puts_this_on_the_wire() {
    let (server, client) = start().await;
    for request in [hi(), everything(), nulls()] {
        server.reply(Script::stream());
        drop(client.llm().chat().create_chat_completion_stream(request).await.unwrap());
    }
    server.reply(Script::stream());
    let call = server.client().llm().chat().create_chat_completion_stream(hi()).resume_from(41);
    drop(call.options(RequestOptions::new().query("debug", "a b")).await.unwrap());
    assert_seen("create_chat_completion_stream", &server.requests());
}

#[test]
fn the_page_leaves_out_no_property_of_the_request() {
    let document: Value = serde_json::from_str(include_str!("../../openapi/mka1.json")).unwrap();
    let schema = &document["components"]["schemas"]["OpenAIChatCompletionRequestParams"]["properties"];
    let sent = serde_json::to_value(everything()).unwrap();
    let names = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let mut known = names(schema);
    // Which of the two is wanted, the method says.
    known.remove("stream");
    assert_eq!(names(&sent), known);
}

#[tokio::test]
async fn a_body_is_compact_utf8_json() {
    let (server, client) = start().await;
    let request = ChatCompletionRequest::new("auto", [ChatMessage::user("é")]);
    client.llm().chat().create_chat(request).await.unwrap();
    let sent = server.last_request().unwrap();
    assert_eq!(sent.body(), r#"{"model":"auto","messages":[{"role":"user","content":"é"}]}"#);
    assert_eq!(sent.header("content-length"), Some(sent.body().len().to_string().as_str()));
}
