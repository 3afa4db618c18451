//! For tests: operations and events written by hand in the shape of the generated ones, and a server that speaks bytes.

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use crate::call::{Call, Credential, Operation, OperationSpec, Resume};
use crate::client::Client;
use crate::json::DecodeError;
use crate::response::Response;
use crate::stream::{EventRoles, EventStream, Frame, StreamEvent};
use crate::wire::UnknownVariant;

mod server;

pub(crate) use server::{Server, Step, reply, stream_head};

/// `POST /api/v1/things`, JSON in and out.
#[derive(Debug)]
pub(crate) enum CreateThing {}

/// `GET /api/v1/things/{id}`.
#[derive(Debug)]
pub(crate) enum GetThing {}

/// `DELETE /api/v1/things/{id}`, answered with nothing.
#[derive(Debug)]
pub(crate) enum DeleteThing {}

/// `POST /api/v1/stream`, answered with events.
#[derive(Debug)]
pub(crate) enum StreamThings {}

const POST_JSON: OperationSpec = OperationSpec {
    id: "createThing",
    method: Method::POST,
    path: "/api/v1/things",
    accept: "application/json",
    security: &[Credential::Bearer],
    on_behalf_of: true,
    resume: Resume::Never,
    idempotency_key: false,
    query: &[],
    gen_ai: None,
};

impl Operation for CreateThing {
    type Output = Response<Value>;
    const SPEC: OperationSpec = POST_JSON;
}

impl Operation for GetThing {
    type Output = Response<Thing>;
    const SPEC: OperationSpec = OperationSpec {
        id: "getThing",
        method: Method::GET,
        path: "/api/v1/things/{id}",
        on_behalf_of: false,
        ..POST_JSON
    };
}

impl Operation for DeleteThing {
    type Output = Response<()>;
    const SPEC: OperationSpec =
        OperationSpec { id: "deleteThing", method: Method::DELETE, path: "/api/v1/things/{id}", ..POST_JSON };
}

impl Operation for StreamThings {
    type Output = EventStream<ThingEvent>;
    const SPEC: OperationSpec = OperationSpec {
        id: "streamThings",
        path: "/api/v1/stream",
        accept: "text/event-stream",
        resume: Resume::ChunkIndex("x-last-chunk-index"),
        ..POST_JSON
    };
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(crate) struct Thing {
    pub(crate) name: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ThingEvent {
    Message { data: Thing, id: Option<String>, retry: Option<i64> },
    Done { data: Option<Value> },
    Unknown(UnknownVariant),
}

impl StreamEvent for ThingEvent {
    const NAME: &'static str = "ThingEvent";
    const ROLES: EventRoles = EventRoles {
        tag: None,
        chunk: "message",
        done: &["done", "close"],
        error: &["error"],
        sentinel: Some("[DONE]"),
        always_ends: false,
        unfinished: &[],
        sequence: None,
        answer: &[],
        opening: &[],
    };

    fn from_frame(frame: Frame<'_>) -> Result<Self, DecodeError> {
        match frame.event {
            "message" if frame.data.is_some() => {
                Ok(Self::Message { data: frame.json()?, id: frame.id(), retry: frame.retry() })
            }
            "done" => Ok(Self::Done { data: frame.any_json()? }),
            _ => Ok(Self::Unknown(frame.unknown())),
        }
    }

    fn news(&mut self) -> Option<(&mut String, &'static [&'static str])> {
        match self {
            Self::Message { data, .. } => Some((&mut data.name, &["name"])),
            _ => None,
        }
    }

    fn reframe(&mut self, frame: Frame<'_>) {
        if let Self::Message { id, retry, .. } = self {
            (*id, *retry) = (frame.id(), frame.retry());
        }
    }
}

pub(crate) fn thing(name: &str) -> ThingEvent {
    ThingEvent::Message { data: Thing { name: name.to_owned() }, id: None, retry: None }
}

pub(crate) fn create(client: &Client) -> Call<CreateThing> {
    Call::new(client).json(&serde_json::json!({"name": "a"}))
}

pub(crate) fn get(client: &Client) -> Call<GetThing> {
    Call::new(client).set_path("id", "t1", false)
}

pub(crate) fn delete(client: &Client) -> Call<DeleteThing> {
    Call::new(client).set_path("id", "t1", false)
}

pub(crate) fn stream(client: &Client) -> Call<StreamThings> {
    Call::new(client).json(&serde_json::json!({"stream": true}))
}
