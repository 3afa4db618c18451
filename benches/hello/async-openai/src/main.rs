//! Streams the answer to a prompt into the terminal, with async-openai.

use std::io::Write;

use async_openai::Client;
use async_openai::types::chat::{ChatCompletionRequestUserMessageArgs, CreateChatCompletionRequestArgs};
use futures::TryStreamExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let prompt = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
    let message = ChatCompletionRequestUserMessageArgs::default().content(prompt).build()?;
    let request = CreateChatCompletionRequestArgs::default().model("auto").messages([message.into()]).build()?;
    let client = Client::new();
    let mut chunks = client.chat().create_stream(request).await?;
    let mut out = std::io::stdout();
    while let Some(chunk) = chunks.try_next().await? {
        if let Some(text) = chunk.choices.first().and_then(|choice| choice.delta.content.as_ref()) {
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
    }
    Ok(writeln!(out)?)
}
