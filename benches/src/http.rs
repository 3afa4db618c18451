//! Whole clients over loopback: CPU time per chunk, and the wait for the first event.

use std::io;
use std::time::{Duration, Instant};

use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{
    ChatCompletionRequestUserMessageArgs, CreateChatCompletionRequest, CreateChatCompletionRequestArgs,
};
use futures::StreamExt;
use mka1::types::{ChatCompletionRequest, ChatMessage};
use tokio::runtime::{Builder, Runtime};

use crate::rounds::{Case, Rounds, median};
use crate::server::Server;

/// Chunks of one response.
const CHUNKS: usize = 20_000;

/// Responses whose first event is waited for.
const FIRSTS: usize = 1_500;

/// What is compared: ours, the peer, and what both stand on.
const CLIENTS: [&str; 3] = ["mka1", "async-openai", "reqwest"];

/// Where a response is read, which decides what it takes to hand over a piece.
#[derive(Clone, Copy)]
pub enum Place {
    /// By the future that is run on a runtime of one thread.
    OneThread,
    /// By a task of that runtime.
    Task,
    /// By the future that is run beside the threads of a runtime, as `#[tokio::main]` does it.
    ManyThreads,
}

impl Place {
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::OneThread, "one thread"), (Self::Task, "a task on one thread"), (Self::ManyThreads, "many threads")];
}

pub struct Clients {
    _server: Server,
    one_thread: (Runtime, Peers),
    many_threads: (Runtime, Peers),
}

impl Clients {
    pub fn start() -> io::Result<Self> {
        let server = Server::start()?;
        Ok(Self {
            one_thread: (Builder::new_current_thread().enable_all().build()?, Peers::new(&server.url)?),
            many_threads: (
                Builder::new_multi_thread().worker_threads(2).enable_all().build()?,
                Peers::new(&server.url)?,
            ),
            _server: server,
        })
    }

    /// CPU time of the client per chunk.
    pub fn cpu(&self, place: Place) -> Rounds {
        Rounds::run(
            CLIENTS.into_iter().map(|client| Case::new(client, CHUNKS, move || self.response(client, place))).collect(),
        )
    }

    /// Reads a whole response.
    fn response(&self, client: &'static str, place: Place) -> usize {
        let (runtime, peers) = match place {
            Place::OneThread | Place::Task => &self.one_thread,
            Place::ManyThreads => &self.many_threads,
        };
        let response = peers.clone().response(client);
        match place {
            Place::Task => runtime.block_on(async { tokio::spawn(response).await }).expect("reading doesn't panic"),
            Place::OneThread | Place::ManyThreads => runtime.block_on(response),
        }
    }

    /// Medians of the time from the headers to the first event, ours and that of bare reqwest; wall time.
    pub fn first_event(&self) -> (Duration, Duration) {
        let (runtime, peers) = &self.one_thread;
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..FIRSTS {
            ours.push(runtime.block_on(peers.mka1_first()).as_secs_f64());
            bare.push(runtime.block_on(peers.reqwest_first()).as_secs_f64());
        }
        (Duration::from_secs_f64(median(&ours)), Duration::from_secs_f64(median(&bare)))
    }
}

/// The clients of one runtime: connections stay with the one they were opened on.
#[derive(Clone)]
struct Peers {
    url: String,
    mka1: mka1::Client,
    async_openai: async_openai::Client<OpenAIConfig>,
    reqwest: reqwest::Client,
}

impl Peers {
    fn new(url: &str) -> io::Result<Self> {
        let config = OpenAIConfig::new().with_api_base(url).with_api_key("none");
        Ok(Self {
            url: url.to_owned(),
            mka1: mka1::Client::builder().base_url(url).bearer_token("none").build().map_err(io::Error::other)?,
            async_openai: async_openai::Client::with_config(config),
            reqwest: reqwest::Client::new(),
        })
    }

    async fn response(self, client: &'static str) -> usize {
        match client {
            "mka1" => self.mka1_chunks().await,
            "async-openai" => self.async_openai_chunks().await,
            _ => self.reqwest_pieces().await,
        }
    }

    async fn mka1_events(&self, chunks: usize) -> mka1::EventStream<mka1::types::ChatCompletionEvent> {
        let request = ChatCompletionRequest::new(chunks.to_string(), [ChatMessage::user("Say hello")]);
        self.mka1.llm().chat().create_chat_completion_stream(request).await.expect("the server answers")
    }

    async fn mka1_chunks(&self) -> usize {
        let mut events = self.mka1_events(CHUNKS).await;
        let mut seen = 0;
        while let Some(event) = events.next().await {
            seen += usize::from(event.is_ok());
        }
        expect(seen)
    }

    async fn async_openai_chunks(&self) -> usize {
        let mut chunks =
            self.async_openai.chat().create_stream(openai_request(CHUNKS)).await.expect("the server answers");
        let mut seen = 0;
        while let Some(chunk) = chunks.next().await {
            seen += usize::from(chunk.is_ok());
        }
        expect(seen)
    }

    async fn reqwest_response(&self, chunks: usize) -> reqwest::Response {
        let body = serde_json::to_vec(&openai_request(chunks)).expect("a request is JSON");
        self.reqwest.post(&self.url).body(body).send().await.expect("the server answers")
    }

    /// Pieces, of which each holds one event or the opening comment.
    async fn reqwest_pieces(&self) -> usize {
        let mut pieces = self.reqwest_response(CHUNKS).await.bytes_stream();
        let mut seen = 0;
        while let Some(piece) = pieces.next().await {
            seen += usize::from(std::hint::black_box(piece).is_ok());
        }
        seen
    }

    async fn mka1_first(&self) -> Duration {
        let mut events = self.mka1_events(1).await;
        let start = Instant::now();
        let first = events.next().await;
        let time = start.elapsed();
        assert!(matches!(first, Some(Ok(_))), "there is a first event");
        // To its end, so that the connection is used again.
        while events.next().await.is_some() {}
        time
    }

    async fn reqwest_first(&self) -> Duration {
        let mut pieces = self.reqwest_response(1).await.bytes_stream();
        let start = Instant::now();
        while let Some(Ok(piece)) = pieces.next().await {
            if piece.starts_with(b"event") {
                break;
            }
        }
        let time = start.elapsed();
        while pieces.next().await.is_some() {}
        time
    }
}

fn openai_request(chunks: usize) -> CreateChatCompletionRequest {
    let message = ChatCompletionRequestUserMessageArgs::default().content("Say hello").build().expect("complete");
    CreateChatCompletionRequestArgs::default()
        .model(chunks.to_string())
        .messages([message.into()])
        .build()
        .expect("complete")
}

fn expect(seen: usize) -> usize {
    assert_eq!(seen, CHUNKS, "every chunk comes");
    seen
}
