//! Every schema that an operation reaches is in a sample that goes through the client whole.
//!
//! What covers what:
//! - schemas of results, of errors and of events: sent by the server, decoded as their type, written out again and compared (here and by
//!   `what_is_given_is_sent_and_what_is_sent_comes_back`, which varies values; this varies variants, so that none is left out);
//! - schemas of JSON bodies: decoded as their type from an argument of the dynamic entry, sent, and compared with what was given;
//! - schemas of parameters: sent; how they are written is in `tests/snapshots/operations`;
//! - forms, uploads and downloads: `files`; the envelopes of events: `streams` and `events`.

use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};

use mka1::testing::Script;
use serde_json::Value;

use crate::document::Document;
use crate::errors::{fault, statuses};
use crate::exchange::exchange;
use crate::sample::{Sampler, is_rolled_up};
use crate::{call, start};

/// Schemas by where they stand in memory: the document stays where it is.
#[derive(Default)]
pub struct Coverage {
    seen: RefCell<HashSet<*const Value>>,
    /// Those that lead to none that is not seen: once that is so it stays so.
    closed: RefCell<HashSet<*const Value>>,
}

impl Coverage {
    pub fn visit(&self, schema: &Value) {
        self.seen.borrow_mut().insert(schema);
    }

    /// How many steps lead from the schema to one that was in no sample, if any do.
    pub fn distance(&self, document: &Document, schema: &Value) -> Option<usize> {
        let mut met: HashSet<*const Value> = HashSet::new();
        let mut open = VecDeque::from([(document.resolve(schema), 0)]);
        while let Some((schema, steps)) = open.pop_front() {
            if self.closed.borrow().contains(&std::ptr::from_ref(schema)) || !met.insert(schema) {
                continue;
            }
            if !self.seen.borrow().contains(&std::ptr::from_ref(schema)) {
                return Some(steps);
            }
            open.extend(children(schema).into_iter().map(|child| (document.resolve(child), steps + 1)));
        }
        self.closed.borrow_mut().extend(met);
        None
    }

    fn count(&self) -> usize {
        self.seen.borrow().len()
    }
}

/// The schemas that a sample of this one is made of.
fn children(schema: &Value) -> Vec<&Value> {
    let list = |key: &str| schema[key].as_array().into_iter().flatten();
    if schema.get("properties").is_none() && (schema["oneOf"].is_array() || schema["anyOf"].is_array()) {
        let key = if schema["oneOf"].is_array() { "oneOf" } else { "anyOf" };
        return list(key).collect();
    }
    if schema["allOf"].is_array() {
        return list("allOf").collect();
    }
    if schema.get("const").is_some() || schema["enum"].is_array() {
        return Vec::new();
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    let properties = properties.filter(|(name, property)| !is_rolled_up(name, property)).map(|(_, property)| property);
    let inner = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key));
    properties.chain(inner.filter(|inner| inner.is_object())).collect()
}

#[tokio::test]
async fn every_schema_that_an_operation_reaches_is_in_a_sample_that_goes_through_whole() {
    let document = Document::read();
    let (server, client) = start().await;
    let coverage = Coverage::default();
    let sampler = Sampler::covering(&document, &coverage);
    let (operations, mut wrong) = (document.operations(), Vec::new());
    for operation in &operations {
        while operation.schemas().any(|schema| coverage.distance(&document, schema).is_some()) {
            let before = coverage.count();
            wrong.extend(exchange(&server, &client, &document, operation, &sampler).await);
            if coverage.count() == before {
                wrong.push(format!("{} has a schema that no sample has", operation.key));
                break;
            }
        }
        for (name, schema) in &operation.errors {
            let Some(status) = statuses(name, operation).into_iter().next() else { continue };
            while coverage.distance(&document, schema).is_some() {
                let (before, payload) = (coverage.count(), sampler.sample(schema));
                server.reply(Script::status(status).json_body(&payload));
                let arguments = operation.arguments(&Sampler::required_only(&document));
                let error = call(&client, operation, arguments).await.unwrap_err();
                wrong.extend(fault(operation, &error, status, &payload));
                if coverage.count() == before {
                    wrong.push(format!("{} has a schema of {name} that no sample has", operation.key));
                    break;
                }
            }
        }
    }
    assert!(coverage.count() > 3000, "the document has more schemas than {}", coverage.count());
    assert!(wrong.is_empty(), "{} lost something:\n{}", wrong.len(), wrong[..wrong.len().min(99)].join("\n"));
}
