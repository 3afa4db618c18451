//! Promises about streams that are queries, and about responses that are no success.

use std::time::Duration;

use mka1::dioxus::Query;
use mka1::hooks::use_llm_responses_get_stream_query;
use mka1::operations::LlmResponsesGetStream;
use mka1::testing::{Event, Script, Server};
use mka1_dioxus_tests::Page;
use serde_json::{Value, json};

const PAUSE: Duration = Duration::from_secs(1);

fn response(status: &str, text: &str) -> Value {
    let content = json!([{ "type": "output_text", "text": text, "annotations": [] }]);
    json!({
        "id": "resp_1", "object": "response", "created_at": 0, "completed_at": null, "status": status, "error": null,
        "incomplete_details": null, "background": false, "instructions": null, "max_output_tokens": null, "max_tool_calls": null,
        "metadata": {}, "model": "auto", "parallel_tool_calls": true, "previous_response_id": null, "store": true,
        "text": { "format": { "type": "text" } }, "tool_choice": "auto", "tools": [], "truncation": "disabled", "user": null,
        "output": [{ "type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content }],
        "usage": {
            "input_tokens": 1, "output_tokens": 2, "total_tokens": 3,
            "input_tokens_details": { "cached_tokens": 0 }, "output_tokens_details": { "reasoning_tokens": 0 },
        },
    })
}

fn event(mut data: Value, number: u64) -> Event {
    data["sequence_number"] = number.into();
    Event::named(data["type"].as_str().unwrap()).data(&data)
}

fn created() -> Event {
    event(json!({ "type": "response.created", "response": response("in_progress", "") }), 0)
}

fn delta(text: &str, number: u64) -> Event {
    let place = json!({
        "type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": text,
        "logprobs": [],
    });
    event(place, number)
}

fn last(status: &str, text: &str, number: u64) -> Event {
    event(json!({ "type": format!("response.{status}"), "response": response(status, text) }), number)
}

fn page(server: &Server) -> Page<Query<LlmResponsesGetStream>> {
    Page::new(
        server.client(),
        || use_llm_responses_get_stream_query("resp_1"),
        |answer| {
            let error = answer.error().map(|error| format!(" [{}]", error.message())).unwrap_or_default();
            format!("{:?} {}{error}", answer.status(), answer.text())
        },
    )
}

fn script(events: impl IntoIterator<Item = Event>) -> Script {
    events.into_iter().fold(Script::bare_stream(), |script, event| script.event(event).silence(PAUSE))
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_read_is_a_query_whose_data_grows() {
    let server = Server::start().await.unwrap();
    server.reply(script([created(), delta("Hel", 1), delta("lo", 2), last("completed", "Hello", 3)]));
    let mut page = page(&server);
    let seen = page.until("Done").await;
    assert_eq!(seen, ["Pending ", "Streaming ", "Streaming Hel", "Streaming Hello", "Done Hello"]);

    // Again: what is there stays until the new stream begins.
    server.reply(script([created(), last("completed", "", 1)]).head_delay(PAUSE));
    page.with_hook(Query::refetch);
    assert_eq!(page.until("Done ").await, ["Done Hello", "Pending Hello", "Streaming ", "Done "]);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_failed_is_an_error_with_the_text_that_had_come() {
    let server = Server::start().await.unwrap();
    server.reply(script([created(), delta("Hel", 1), last("cancelled", "Hel", 2)]));
    let mut page = page(&server);
    page.until("Error Hel [the response is cancelled]").await;
}

#[tokio::test(start_paused = true)]
async fn text_that_was_lost_with_a_cut_comes_from_the_last_event() {
    let server = Server::start().await.unwrap();
    server.reply(script([created(), delta("Hel", 1)]).cut());
    server.reply(script([last("completed", "Hello", 7)]));
    let mut page = page(&server);
    page.until("Done Hello").await;
    let data = page.with_hook(Query::data).unwrap();
    assert_eq!((data.events().len(), data.resumptions()), (3, 1));
}
