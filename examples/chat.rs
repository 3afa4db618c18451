//! Streams the answer to a prompt into the terminal, piece by piece.
//!
//! `cargo run --example chat -- "Say hello"` needs no key: it talks, over real HTTP, to the small server of
//! `mka1::testing`, started for the occasion. With `MKA1_API_KEY` set it talks to MKA1.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use futures::TryStreamExt;
use mka1::testing::Server;
use mka1::types::{ChatCompletionRequest, ChatMessage};
use mka1::{Client, Error};
use serde_json::json;

const USAGE: &str = "\
Usage: chat [--model MODEL] [--json] PROMPT…

Streams the answer to PROMPT.

  --model MODEL  the model to ask (default: MKA1_MODEL, else auto)
  --json         print each event as one line of JSON, and an error as JSON on stderr

MKA1_API_KEY     the API key; without one, a small embedded server answers
MKA1_SERVER_URL  where the API is (default: https://apigw.mka1.com)
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args_os().skip(1)) {
        Ok(Some(arguments)) => arguments,
        Ok(None) => {
            // Here and below: whoever closed our output does not want it.
            let _ = write!(io::stdout(), "{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(fault) => {
            let _ = write!(io::stderr(), "error: {fault}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let result = tokio::select! {
        result = run(&arguments) => result,
        // Dropping the stream closes its connection, which ends the work on the server too.
        _ = tokio::signal::ctrl_c() => return ExitCode::from(130),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            let text = if arguments.json { failure.to_json() } else { failure.to_line() };
            let _ = writeln!(io::stderr(), "{text}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    // The server stops when it is dropped, so it stays here until the answer is complete.
    let mut server = None;
    let client = match std::env::var_os("MKA1_API_KEY").filter(|key| !key.is_empty()) {
        Some(_) => Client::from_env()?,
        None => server.insert(Server::start().await?).client(),
    };
    let request = ChatCompletionRequest::new(&arguments.model, [ChatMessage::user(arguments.prompt.as_str())]);
    let mut events = client.llm().chat().create_chat_completion_stream(request).await?;

    let mut out = io::stdout();
    if arguments.json {
        while let Some(event) = events.try_next().await? {
            let line = serde_json::to_string(&event).map_err(io::Error::from)?;
            writeln!(out, "{line}")?;
            out.flush()?;
        }
        return Ok(());
    }
    let mut pieces = events.text();
    let mut printed = false;
    let result = loop {
        match pieces.try_next().await {
            Ok(Some(piece)) => {
                printed = true;
                out.write_all(piece.as_bytes())?;
                out.flush()?;
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error.into()),
        }
    };
    if printed {
        // Also before an error, which gets a line of its own.
        writeln!(out)?;
    }
    result
}

/// Why there is no answer, or only a part of it.
enum Failure {
    /// The call failed.
    Call(Error),
    /// The output cannot be written, or the embedded server not be started.
    Output(io::Error),
}

impl Failure {
    fn to_line(&self) -> String {
        match self {
            Self::Call(error) => format!("error: {error}"),
            Self::Output(error) => format!("error: {error}"),
        }
    }

    fn to_json(&self) -> String {
        let error = match self {
            Self::Call(error) => json!({
                "kind": error.kind().as_str(),
                "status": error.status().map(|status| status.as_u16()),
                "code": error.code(),
                "message": error.message(),
                "last_chunk_index": error.last_chunk_index(),
            }),
            Self::Output(error) => json!({
                "kind": "io",
                "status": null,
                "code": null,
                "message": error.to_string(),
                "last_chunk_index": null,
            }),
        };
        json!({ "error": error }).to_string()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

struct Arguments {
    model: String,
    json: bool,
    prompt: String,
}

impl Arguments {
    /// `None` when only help is wanted.
    fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>, String> {
        let mut arguments =
            arguments.map(|argument| argument.into_string().map_err(|_| "an argument is not valid Unicode"));
        let mut model = std::env::var("MKA1_MODEL").ok().filter(|model| !model.is_empty());
        let mut json = false;
        let mut prompt = Vec::new();
        while let Some(argument) = arguments.next().transpose()? {
            match argument.as_str() {
                "--model" => model = Some(arguments.next().ok_or("--model needs the name of a model")??),
                "--json" => json = true,
                "-h" | "--help" => return Ok(None),
                "--" => prompt.extend(arguments.by_ref().collect::<Result<Vec<_>, _>>()?),
                _ => match argument.strip_prefix("--model=") {
                    Some(name) => model = Some(name.to_owned()),
                    None if argument.starts_with('-') => return Err(format!("unknown option {argument}")),
                    None => prompt.push(argument),
                },
            }
        }
        if prompt.is_empty() {
            return Err("a prompt is needed".to_owned());
        }
        let model = model.unwrap_or_else(|| "auto".to_owned());
        Ok(Some(Self { model, json, prompt: prompt.join(" ") }))
    }
}
