//! One call with everything looked at: what was given against what was sent, what was sent back against what came out.

use mka1::Client;
use mka1::dynamic::ReplyBody;
use mka1::testing::Server;
use serde_json::{Map, Value, json};

use crate::document::{Document, Operation};
use crate::sample::{Sampler, without_unknown};
use crate::{answer, call};

/// What got lost, on either way.
pub async fn exchange(
    server: &Server,
    client: &Client,
    document: &Document,
    operation: &Operation,
    sampler: &Sampler<'_>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let (script, expected) = answer(operation, &sampler.with_unknown_fields());
    server.reply(script);
    let arguments = operation.arguments(sampler);
    let given = arguments.get("body").cloned();
    let reply = match call(client, operation, arguments).await {
        Ok(reply) => reply,
        Err(error) => {
            // An answer that was not asked for must not go to the next one.
            if server.queued_replies() > 0 {
                let _ = call(client, &document.plainest(), Map::new()).await;
            }
            return vec![format!("{} ({sampler}): {error}", operation.key)];
        }
    };
    let request = server.last_request().unwrap();
    if let (true, Some(given)) = (operation.has_json_body, given) {
        let mut sent: Value = request.json().unwrap();
        if let (Some(flag), Some(sent)) = (&operation.stream_flag, sent.as_object_mut()) {
            sent.remove(flag);
        }
        if let Some(place) = difference(&given, &sent) {
            wrong.push(format!("{} ({sampler}) sent something else at {place}", operation.key));
        }
    }
    let received = match reply.body {
        ReplyBody::Json(value) => value,
        ReplyBody::Events(events) => match events.into_iter().next() {
            Some(event) if event.get("event").is_some() => event["data"].clone(),
            event => event.unwrap_or_default(),
        },
        ReplyBody::Bytes(bytes) => json!(String::from_utf8_lossy(&bytes)),
        _ => Value::Null,
    };
    // What is unknown as a whole is kept as a whole, with all that is in it.
    if let Some(place) = difference(&without_unknown(&expected), &without_unknown(&received)) {
        wrong.push(format!("{} ({sampler}) received something else at {place}", operation.key));
    }
    wrong
}

/// The first place where two values differ; an absent member and a null are two things.
pub fn difference(wanted: &Value, found: &Value) -> Option<String> {
    match (wanted, found) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
            names.into_iter().find_map(|name| match (a.get(name), b.get(name)) {
                (Some(a), Some(b)) => difference(a, b).map(|place| format!(".{name}{place}")),
                (a, b) => Some(format!(".{name}: {a:?} is {b:?}")),
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| difference(a, b).map(|place| format!("[{i}]{place}")))
        }
        // 1 and 1.0 are one number.
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (a, b) => (a != b).then(|| format!(": {a} is {b}")),
    }
}
