//! Options of a call, retries, and what an error tells.
//!
//! `cargo run --example options_and_errors`, without a key: the embedded server of `mka1::testing` plays a bad day.

use std::time::Duration;

use futures::TryStreamExt;
use mka1::testing::{Chat, Script, Server};
use mka1::types::{ChatCompletionRequest, ChatMessage};
use mka1::{Error, RequestOptions, RetryConfig};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = Server::start().await?;
    server.on("POST", mka1::testing::CHAT_STREAM_PATH, Chat::answering(["Hello", " again"]));
    let request = ChatCompletionRequest::new("auto", [ChatMessage::user("Say hello")]);
    let busy = Script::status(429).header("retry-after", "1").json_body(&json!({"error": "Rate limit exceeded"}));

    println!("# Options for all calls of a client, and for one");
    let client = server.client().with_options(RequestOptions::new().on_behalf_of("user-42"));
    let options = RequestOptions::new().header("x-trace", "7f3a").idle_timeout(Duration::from_secs(20));
    let events = client.llm().chat().create_chat_completion_stream(&request).options(options).await?;
    println!("answer: {}", events.text().try_collect::<String>().await?);
    if let Some(sent) = server.last_request() {
        println!("sent:   x-on-behalf-of {:?}, x-trace {:?}", sent.header("x-on-behalf-of"), sent.header("x-trace"));
    }

    println!("\n# A 429 is waited out, as long as Retry-After says");
    let before = server.request_count();
    server.reply(busy.clone());
    let events = client.llm().chat().create_chat_completion_stream(&request).await?;
    println!("answer: {}", events.text().try_collect::<String>().await?);
    println!("sent:   {} requests", server.request_count() - before);

    println!("\n# Without retries it is an error");
    server.reply(busy);
    let once = RequestOptions::new().retry(RetryConfig::none());
    if let Err(error) = client.llm().chat().create_chat_completion_stream(&request).options(once).await {
        tell(&error);
    }

    println!("\n# An error in the middle of a stream, whose HTTP status was 200");
    let error =
        json!({"defined": true, "code": "BAD_GATEWAY", "status": 502, "message": "Model is gone", "data": {"node": 7}});
    server.reply(Script::stream().text_chunks(["Hel", "lo"]).error_event(&error));
    let events = client.llm().chat().create_chat_completion_stream(&request).await?;
    if let Err(error) = events.text().try_collect::<String>().await {
        tell(&error);
        println!("details: {}", error.details::<serde_json::Value>()?);
    }

    println!("\n# A connection that goes silent");
    server.reply(Script::stream().text_chunks(["Hel"]).hang());
    let impatient = RequestOptions::new().idle_timeout(Duration::from_millis(200));
    let events = client.llm().chat().create_chat_completion_stream(&request).options(impatient).await?;
    if let Err(error) = events.text().try_collect::<String>().await {
        tell(&error);
    }
    Ok(())
}

fn tell(error: &Error) {
    println!("error:  {error}");
    println!("        kind {:?}, status {:?}, code {:?}", error.kind(), error.status(), error.code());
    println!("        retry after {:?}, last chunk {:?}", error.retry_after(), error.last_chunk_index());
    println!("        rate limited {}, timeout {}", error.is_rate_limited(), error.is_timeout());
}
