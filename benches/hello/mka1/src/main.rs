//! Streams the answer to a prompt into the terminal, with this crate.

use std::io::Write;

use futures::TryStreamExt;
use mka1::types::{ChatCompletionRequest, ChatMessage};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let prompt = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
    let request = ChatCompletionRequest::new("auto", [ChatMessage::user(prompt)]);
    let client = mka1::Client::from_env()?;
    let mut events = client.llm().chat().create_chat_completion_stream(request).await?;
    let mut out = std::io::stdout();
    while let Some(event) = events.try_next().await? {
        if let Some(chunk) = event.chunk() {
            out.write_all(chunk.text().as_bytes())?;
            out.flush()?;
        }
    }
    Ok(writeln!(out)?)
}
