//! Calls an operation as a function, and matches on what it gives.
//!
//! `cargo run --example standalone`, without a key: it talks to the embedded server of `mka1::testing`.

use futures::TryStreamExt;
use mka1::testing::Server;
use mka1::types::{ChatCompletionEvent, ChatCompletionRequest, ChatMessage};
use mka1::{RequestOptions, StreamEnd, funcs};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let server = Server::start().await?;
    let client = server.client();
    let request = ChatCompletionRequest::new("auto", [ChatMessage::user("Say hello")]);

    // The same as `client.llm().chat().create_chat_completion_stream(&request)`; nothing is sent before the `await`.
    let call = funcs::llm_chat_create_chat_completion_stream(&client, &request, RequestOptions::new());
    let mut events = match call.await {
        Ok(events) => events,
        Err(error) if error.is_rate_limited() => {
            eprintln!("too many requests; try again in {:?}", error.retry_after());
            return Ok(());
        }
        Err(error) => {
            eprintln!("no answer: {error}");
            return Ok(());
        }
    };
    println!("{} {:?}", events.status(), events.headers().get("content-type"));

    loop {
        match events.try_next().await {
            Ok(Some(ChatCompletionEvent::Message(message))) => {
                for choice in &message.data.choices {
                    println!("{:?} {:?}", choice.delta.content, choice.finish_reason);
                }
            }
            Ok(Some(ChatCompletionEvent::Done(done))) => println!("done: {:?}", done.data),
            Ok(Some(other)) => println!("an event from the future: {other:?}"),
            Ok(None) => break,
            Err(error) => {
                eprintln!("broke off after chunk {:?}: {error}", error.last_chunk_index());
                break;
            }
        }
    }
    // A stream may end without `done`; whether that is good enough is for you to say.
    println!("ended properly: {}", events.ended() == Some(StreamEnd::Done));
    Ok(())
}
