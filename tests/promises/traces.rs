//! What a call shows to `tracing`: spans and events under OpenTelemetry's names, and no secrets.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, Once};

use futures::StreamExt;
use mka1::testing::{Script, Server};
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::common::{Told, hi, once, stream, text_chunk};
use crate::resume::eager;

type Fields = BTreeMap<String, String>;

/// Keeps everything that is shown.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(String, Fields)>>>);

struct Reader<'f>(&'f mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber + for<'l> LookupSpan<'l>> Layer<S> for Seen {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Reader(&mut fields));
        context.span(id).unwrap().extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        values.record(&mut Reader(span.extensions_mut().get_mut::<Fields>().unwrap()));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        if event.metadata().target().starts_with("mka1") {
            self.0.lock().unwrap().push(("event".to_owned(), fields));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let span = context.span(&id).unwrap();
        if span.metadata().target().starts_with("mka1") {
            let fields = span.extensions_mut().remove::<Fields>().unwrap();
            self.0.lock().unwrap().push((span.name().to_owned(), fields));
        }
    }
}

impl Seen {
    async fn during(work: impl Future<Output = ()>) -> Self {
        // Somebody who listens all the time: what tests beside this one find out, that nobody does, must not be remembered for it.
        static LISTENER: Once = Once::new();
        LISTENER.call_once(|| tracing::subscriber::set_global_default(tracing_subscriber::registry()).unwrap());
        let seen = Self::default();
        work.with_subscriber(tracing_subscriber::registry().with(seen.clone())).await;
        seen
    }

    fn all(&self, name: &str) -> Vec<Fields> {
        let seen = self.0.lock().unwrap();
        seen.iter().filter(|(other, _)| other == name).map(|(_, fields)| fields.clone()).collect()
    }

    fn call(&self) -> Fields {
        let [call] = &self.all("mka1.call")[..] else { panic!("{:?}", self.0) };
        call.clone()
    }

    fn messages(&self) -> Vec<String> {
        self.all("event").iter().map(|fields| fields["message"].clone()).collect()
    }
}

fn assert_shows(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(fields.get(*name).map(String::as_str), Some(*value), "{name} in {fields:#?}");
    }
}

fn usage() -> Value {
    let mut chunk = text_chunk("");
    chunk["usage"] = json!({ "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5 });
    chunk["resolved_model"] = "model-1".into();
    chunk
}

#[tokio::test]
async fn a_stream_shows_who_answered_what_it_took_and_how_it_ended() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().message(&text_chunk("a")).message(&usage()).done(&Value::Null));
    let seen = Seen::during(async { drop(Told::by(stream(&once(&server)).await.unwrap()).await) }).await;
    let call = seen.call();
    assert_shows(
        &call,
        &[
            ("otel.name", "createChatCompletionStream"),
            ("http.request.method", "POST"),
            ("url.template", "/api/v1/llm/chat/completions/stream"),
            ("server.address", "127.0.0.1"),
            ("http.response.status_code", "200"),
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.request.model", "auto"),
            ("gen_ai.response.id", "chatcmpl-1"),
            ("gen_ai.response.model", "model-1"),
            ("gen_ai.usage.input_tokens", "3"),
            ("gen_ai.usage.output_tokens", "2"),
            ("mka1.stream.ended", "done"),
            ("mka1.stream.chunks", "2"),
        ],
    );
    assert!(call["mka1.stream.time_to_first_chunk"].parse::<f64>().unwrap() >= 0.0);
    assert_eq!(seen.all("mka1.attempt").len(), 1);
}

#[tokio::test]
async fn a_cut_and_what_came_of_it_are_shown() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().message(&text_chunk("a")).cut());
    server.reply(Script::error(503, "SERVICE_UNAVAILABLE", "Down"));
    server.reply(Script::stream().message(&text_chunk("b")).done(&Value::Null));
    let seen = Seen::during(async { drop(Told::by(stream(&eager(&server)).await.unwrap()).await) }).await;
    assert_eq!(seen.messages(), ["the stream was cut; resuming it", "the stream was resumed", "the stream ended"]);
    assert_shows(&seen.call(), &[("mka1.stream.resumptions", "1"), ("mka1.stream.chunks", "2")]);
    let statuses: Vec<_> =
        seen.all("mka1.attempt").iter().map(|span| span["http.response.status_code"].clone()).collect();
    assert_eq!(statuses, ["200", "503", "200"]);
}

#[tokio::test]
async fn a_failure_is_shown_by_its_kind() {
    let server = Server::start().await.unwrap();
    server.reply(Script::error(401, "UNAUTHORIZED", "s3cret words"));
    let seen = Seen::during(async { drop(stream(&once(&server)).await.unwrap_err()) }).await;
    assert_shows(&seen.call(), &[("error.type", "status"), ("http.response.status_code", "401")]);
}

#[tokio::test]
async fn a_stream_that_is_dropped_says_so() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().message(&text_chunk("a")).hang());
    let seen = Seen::during(async {
        let mut events = stream(&once(&server)).await.unwrap();
        events.next().await.unwrap().unwrap();
    });
    assert_shows(&seen.await.call(), &[("mka1.stream.ended", "dropped"), ("mka1.stream.chunks", "1")]);
}

#[tokio::test]
async fn nothing_shown_holds_a_token_a_header_a_query_or_a_word_of_the_talk() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().message(&text_chunk("s3cret answer")).cut());
    server.reply(Script::error(400, "BAD_REQUEST", "s3cret refusal"));
    let client = eager(&server);
    let options = mka1::RequestOptions::new().header("x-a", "s3cret").query("token", "s3cret").on_behalf_of("s3cret");
    let seen = Seen::during(async {
        let call = client.llm().chat().create_chat_completion_stream(hi()).options(options);
        drop(Told::by(call.await.unwrap()).await);
    });
    let shown = format!("{:?}", seen.await.0);
    assert!(!shown.contains("s3cret") && !shown.contains("mk-secret"), "{shown}");
}

#[tokio::test]
async fn a_stream_tells_who_answered_and_what_it_took() {
    let server = Server::start().await.unwrap();
    let script = Script::stream().message(&text_chunk("a")).message(&usage()).done(&Value::Null);
    let script = script.header("x-mka1-serving-location", "oslo-1").header("age", "7").header("x-cache", "HIT");
    server.reply(script.header("x-other", "no"));
    let mut events = stream(&once(&server)).await.unwrap();
    assert_eq!((events.usage(), events.facts().serving_location.as_deref()), (None, Some("oslo-1")));
    let mut cache: Vec<_> = events.cache_headers().map(|(name, _)| name.as_str()).collect();
    cache.sort_unstable();
    assert_eq!(cache, ["age", "x-cache", "x-mka1-serving-location"]);

    while events.next().await.is_some() {}
    let usage = events.usage().unwrap();
    assert_eq!((usage.input, usage.output, usage.total), (3, 2, 5));
    assert_eq!((events.facts().model.as_deref(), events.facts().id.as_deref()), (Some("model-1"), Some("chatcmpl-1")));
}
