//! Streams that are asked to go on after a chunk.

use mka1::{ErrorKind, ResumePolicy, StreamEnd};
use serde_json::json;

use crate::outcome::{Outcome, client, client_with, message, read_all, request, with};

async fn resume(mode: &str, index: Option<u64>) -> Option<Outcome> {
    let client = client()?;
    let call = client.llm().chat().create_chat_completion_stream(request(mode));
    Some(read_all(index.into_iter().fold(call, |call, index| call.resume_from(index))).await)
}

#[tokio::test]
async fn a_stream_goes_on_after_the_chunk_that_was_the_last_to_come() {
    for (index, rest) in [(None, 0..5), (Some(0), 1..5), (Some(2), 3..5), (Some(4), 5..5)] {
        let Some(outcome) = resume("resume", index).await else { return };
        let chunk = |index: usize| with(message(["a", "b", "c", "d", "e"][index]), json!({ "id": index.to_string() }));
        // An id holds for the end too.
        let done = json!({ "event": "done", "data": null });
        let done = if rest.is_empty() { done } else { with(done, json!({ "id": "4" })) };
        assert_eq!(outcome.events(), rest.map(chunk).chain([done]).collect::<Vec<_>>(), "{index:?}");
        assert_eq!((outcome.ended, outcome.last_chunk_index), (Some(StreamEnd::Done), Some(4)), "{index:?}");
    }
}

#[tokio::test]
async fn a_server_that_starts_again_or_overlaps_shows_by_its_ids() {
    for (mode, texts, first_id) in [("resume-ignored", "abcde", "0"), ("resume-overlapping", "cde", "2")] {
        let Some(outcome) = resume(mode, Some(2)).await else { return };
        assert_eq!(outcome.texts().concat(), texts, "{mode}");
        assert_eq!(outcome.events()[0]["id"], first_id, "{mode}");
    }
}

async fn by_itself(mode: &str) -> Option<Outcome> {
    let client = client_with(ResumePolicy::default())?;
    Some(read_all(client.llm().chat().create_chat_completion_stream(request(mode))).await)
}

#[tokio::test]
async fn a_stream_that_is_cut_goes_on_by_itself_and_every_chunk_comes_once() {
    for mode in [
        "cut-then-goes-on",
        "cut-then-goes-on-with-ids",
        "cut-then-begins-again",
        "cut-then-begins-again-with-ids",
        "cut-then-overlaps",
        "cut-then-overlaps-with-ids",
        "cut-mid-event-then-goes-on",
        "ended-mid-event-then-goes-on",
    ] {
        let Some(outcome) = by_itself(mode).await else { return };
        assert_eq!(outcome.texts(), ["a", "b", "c", "d", "e"], "{mode}");
        assert_eq!(outcome.items.len(), 6, "{mode}: five chunks and `done`");
        assert_eq!((outcome.ended, outcome.last_chunk_index), (Some(StreamEnd::Done), Some(4)), "{mode}");
    }
}

#[tokio::test]
async fn what_does_not_go_on_where_the_stream_was_cut_is_an_error() {
    let Some(outcome) = by_itself("cut-then-another-answer").await else { return };
    assert_eq!(outcome.error_after(&["a", "b", "c"]).kind(), ErrorKind::Discontinuity);
    let Some(outcome) = by_itself("cut-then-refused").await else { return };
    let error = outcome.error_after(&["a", "b", "c"]);
    assert_eq!((error.kind(), error.message()), (ErrorKind::Event, "the model is gone"));
}

#[tokio::test]
async fn a_server_that_is_cut_again_and_again_and_begins_again_is_asked_once() {
    let Some(outcome) = by_itself("drop").await else { return };
    assert_eq!(outcome.error_after(&["a", "b", "c"]).kind(), ErrorKind::Interrupted);
}
