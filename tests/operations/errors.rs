//! What operations declare of their errors: the status and the payload arrive, whichever status declares it.

use mka1::testing::Script;
use mka1::{Error, ErrorKind, dynamic};
use serde_json::{Map, Value};

use crate::document::{Document, Operation};
use crate::exchange::difference;
use crate::sample::{Sampler, without_unknown};
use crate::{call, start};

/// Statuses that a declared one speaks for: itself, or those of its range that have no declaration of their own.
pub fn statuses(declared: &str, operation: &Operation) -> Vec<u16> {
    let candidates: &[u16] = match declared {
        "4XX" => &[400, 404, 418, 499],
        "5XX" => &[500, 503, 599],
        "default" => &[400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503, 599],
        status => return vec![status.parse().unwrap()],
    };
    let own = |status: &u16| operation.errors.iter().any(|(declared, _)| *declared == status.to_string());
    candidates.iter().filter(|status| !own(status)).copied().collect()
}

/// What is wrong with the error that the server's answer became.
pub fn fault(operation: &Operation, error: &Error, status: u16, payload: &Value) -> Option<String> {
    let found = error.status().map(|status| status.as_u16());
    if error.kind() != ErrorKind::Status || found != Some(status) {
        return Some(format!("is {error:?}"));
    }
    match dynamic::decode_error(&operation.key, error) {
        Ok(details) => {
            let place = difference(&without_unknown(payload), &without_unknown(&details));
            place.map(|place| format!("has other details at {place}"))
        }
        Err(error) => Some(format!("has no details: {error}")),
    }
}

#[tokio::test]
async fn every_declared_error_arrives_with_its_status_and_its_payload_whole() {
    let document = Document::read();
    let (server, client) = start().await;
    let least = Sampler::required_only(&document);
    let everything = |seed| Sampler::everything(&document, seed).with_unknown_fields();
    let samplers = [least.clone(), everything(0), everything(1)];
    let (mut declared, mut wrong) = (0, Vec::new());
    for operation in document.operations() {
        let arguments: Map<String, Value> = operation.arguments(&least);
        for (name, schema) in &operation.errors {
            declared += 1;
            for status in statuses(name, &operation) {
                for payload in samplers.iter().map(|sampler| sampler.sample(schema)) {
                    server.reply(Script::status(status).json_body(&payload));
                    let error = call(&client, &operation, arguments.clone()).await.unwrap_err();
                    let fault = fault(&operation, &error, status, &payload);
                    wrong.extend(fault.map(|fault| format!("{}: {status} {payload} {fault}", operation.key)));
                }
            }
        }
    }
    assert!(declared > 800, "the document declares more payloads than {declared}");
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong[..wrong.len().min(99)].join("\n"));
}

#[tokio::test]
async fn an_error_that_an_operation_does_not_declare_has_no_details_to_decode() {
    let error = Error::from_status(418.try_into().unwrap(), Default::default(), "{}");
    let none = dynamic::decode_error("createChatCompletion", &error).unwrap_err();
    assert_eq!(none.to_string(), "`createChatCompletion` declares no error payload for the status \"418\"");
    assert!(dynamic::decode_error("brewCoffee", &error).unwrap_err().to_string().starts_with("no operation"));
}
