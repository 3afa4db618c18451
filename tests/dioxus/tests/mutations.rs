//! Promises about mutations, streaming and not.

use std::sync::Arc;
use std::time::Duration;

use mka1::dioxus::Mutation;
use mka1::hooks::{
    use_llm_chat_create_chat_completion_stream_mutation, use_llm_chat_create_chat_mutation,
    use_llm_files_delete_mutation,
};
use mka1::operations::LlmChatCreateChatCompletionStream;
use mka1::testing::{CHAT_PATH, Event, Outcome, Script, Server};
use mka1::types::{ChatCompletionRequest, ChatMessage};
use mka1::{Client, RequestOptions, ResumePolicy, StreamEnd};
use mka1_dioxus_tests::Page;
use serde_json::json;

type Chat = Mutation<LlmChatCreateChatCompletionStream, ChatCompletionRequest>;

const PAUSE: Duration = Duration::from_secs(1);

fn ask(question: &str) -> ChatCompletionRequest {
    ChatCompletionRequest::new("auto", [ChatMessage::user(question)])
}

/// `Streaming Hel`, with the kind of the error where there is one.
fn show(chat: Chat) -> String {
    let error = chat.error().map(|error| format!(" [{}]", error.kind())).unwrap_or_default();
    format!("{:?} {}{error}", chat.status(), chat.text())
}

fn page(client: Client) -> Page<Chat> {
    Page::new(client, use_llm_chat_create_chat_completion_stream_mutation, show)
}

/// Words with a pause behind each.
fn slowly(words: &[&str]) -> Script {
    words.iter().fold(Script::stream(), |script, word| script.text_chunks([word]).delay(PAUSE))
}

#[tokio::test(start_paused = true)]
async fn a_stream_shows_each_chunk_as_it_comes_and_every_state_in_order() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["Hel", "lo"]).finish("stop").head_delay(PAUSE));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    assert!(page.with_hook(Chat::pending));
    let seen = page.until("Done").await;
    assert_eq!(seen, ["Idle ", "Pending ", "Streaming ", "Streaming Hel", "Streaming Hello", "Done Hello"]);
    let data = page.with_hook(Chat::data).unwrap();
    assert_eq!(data.events().len(), 3);
    assert_eq!(data.ended(), Some(StreamEnd::Closed));
    assert_eq!(data.facts().usage.unwrap().output, 2);
    assert!(!page.with_hook(Chat::pending));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_stream_comes_whole() {
    let server = Server::start().await.unwrap();
    let mut page = Page::new(server.client(), use_llm_chat_create_chat_mutation, |chat| {
        let text = chat.data().map(|answer| format!(" {} {}", answer.status(), answer.choices.len()));
        format!("{:?}{}", chat.status(), text.unwrap_or_default())
    });
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    assert_eq!(page.until("Done").await, ["Idle", "Pending", "Done 200 OK 1"]);
    assert_eq!(server.last_request().unwrap().path(), CHAT_PATH);
}

#[tokio::test(start_paused = true)]
async fn what_a_call_takes_is_given_each_time() {
    let server = Server::start().await.unwrap();
    let mut page = Page::new(server.client(), use_llm_files_delete_mutation, |delete| format!("{:?}", delete.status()));
    for id in ["file_1", "file_2"] {
        server.reply(Script::json(&json!({ "id": id, "object": "file", "deleted": true })));
        page.with_hook(|delete| delete.mutate(id));
        page.until("Done").await;
        let request = server.last_request().unwrap();
        assert_eq!((request.method(), request.path()), ("DELETE", format!("/api/v1/llm/files/{id}").as_str()));
    }
}

#[tokio::test(start_paused = true)]
async fn data_that_somebody_keeps_does_not_change_under_their_hands() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["Hel", "lo"]));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    page.until("Hel").await;
    let kept = page.with_hook(Chat::data).unwrap();
    page.until("Hello").await;
    assert_eq!((kept.text(), kept.events().len()), ("Hel", 1));
    let now = page.with_hook(Chat::data).unwrap();
    assert!(Arc::ptr_eq(&kept.events()[0], &now.events()[0]), "events are not copied");
}

#[tokio::test(start_paused = true)]
async fn cancelling_keeps_what_has_come_and_the_server_sees_the_hang_up() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["Hel", "lo", "!"]));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    page.until("Hel").await;
    page.with_hook(Chat::cancel);
    assert_eq!(page.text(), "Idle Hel");
    assert_eq!(server.request(0).await.ended().await, Outcome::Abandoned);
    page.during(10 * PAUSE).await;
    assert_eq!(page.text(), "Idle Hel");
}

#[tokio::test(start_paused = true)]
async fn a_second_mutate_takes_the_place_of_the_first() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["one", "and more of one"]));
    server.reply(slowly(&["two"]));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("1")));
    page.until("one").await;
    page.with_hook(|chat| chat.mutate(ask("2")));
    assert_eq!(page.text(), "Pending ", "nothing is left of the first");
    let seen = page.until("Done").await;
    assert!(!seen[1..].iter().any(|text| text.contains("more")), "{seen:?}");
    assert_eq!(page.text(), "Done two");
    assert_eq!(server.request(0).await.ended().await, Outcome::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_of_the_first_is_not_heard() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["one"]).head_delay(5 * PAUSE));
    server.reply(slowly(&["two"]).head_delay(10 * PAUSE));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("1")));
    page.during(PAUSE).await;
    assert_eq!(server.request_count(), 1);
    page.with_hook(|chat| chat.mutate(ask("2")));
    let seen = page.until("Done").await;
    assert_eq!(seen, ["Idle ", "Pending ", "Streaming ", "Streaming two", "Done two"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_call_is_an_error_that_the_next_one_clears() {
    let server = Server::start().await.unwrap();
    server.reply(Script::error(400, "BAD_REQUEST", "No such model"));
    server.reply(slowly(&["Hello"]));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    assert_eq!(page.until("Error").await, ["Idle ", "Pending ", "Error  [status]"]);
    let error = page.with_hook(Chat::error).unwrap();
    assert_eq!((error.message(), error.operation()), ("No such model", Some("createChatCompletionStream")));
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    assert_eq!(page.until("Done").await[1..], ["Pending ", "Streaming ", "Streaming Hello", "Done Hello"]);
}

#[tokio::test(start_paused = true)]
async fn what_came_before_an_error_is_still_there() {
    let server = Server::start().await.unwrap();
    let data = json!({ "code": "INTERNAL_SERVER_ERROR", "status": 500, "message": "Out of thoughts" });
    server.reply(Script::stream().text_chunks(["Hel"]).delay(PAUSE).event(Event::named("error").data(&data)));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    assert_eq!(page.until("Error").await.last().unwrap(), "Error Hel [event]");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_cut_goes_on_and_says_so() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().text_chunks(["Hel"]).delay(PAUSE).cut());
    server.reply(Script::stream().text_chunks(["Hel", "lo"]).finish("stop"));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    page.until("Done Hello").await;
    assert_eq!(page.with_hook(Chat::data).unwrap().resumptions(), 1);
}

#[tokio::test(start_paused = true)]
async fn options_go_along_with_a_call() {
    let server = Server::start().await.unwrap();
    server.reply(Script::stream().text_chunks(["Hel"]).delay(PAUSE).cut());
    let mut page = page(server.client());
    let options = RequestOptions::new().on_behalf_of("ada").resume(ResumePolicy::none());
    page.with_hook(|chat| chat.mutate_with(ask("Hi"), |call| call.options(options)));
    page.until("Error Hel [interrupted]").await;
    assert_eq!(server.last_request().unwrap().header("x-on-behalf-of"), Some("ada"));
}

#[tokio::test(start_paused = true)]
async fn reset_is_back_to_the_beginning() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["Hel", "lo"]));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    page.until("Hel").await;
    page.with_hook(Chat::reset);
    assert_eq!(page.text(), "Idle ");
    assert_eq!(server.request(0).await.ended().await, Outcome::Abandoned);

    server.reply(Script::error(400, "BAD_REQUEST", "No"));
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    page.until("Error").await;
    page.with_hook(Chat::reset);
    assert_eq!(page.text(), "Idle ");
}

#[tokio::test(start_paused = true)]
async fn a_component_that_goes_takes_its_call_with_it() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["Hel", "lo", "!"]));
    let mut page = page(server.client());
    let chat = page.with_hook(|chat| {
        chat.mutate(ask("Hi"));
        chat
    });
    page.until("Hel").await;
    page.components(&[]);
    assert_eq!(server.request(0).await.ended().await, Outcome::Abandoned);
    // Its handle may be in other hands. It does nothing, and does no harm.
    page.with_root(|| {
        chat.mutate(ask("Hi"));
        chat.cancel();
        chat.reset();
        assert_eq!(show(chat), "Idle ");
    });
    page.during(PAUSE).await;
    assert_eq!(server.request_count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_goes_takes_its_calls_with_it() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["Hel", "lo", "!"]));
    let mut page = page(server.client());
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    page.until("Hel").await;
    drop(page);
    assert_eq!(server.request(0).await.ended().await, Outcome::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn components_have_mutations_of_their_own() {
    let server = Server::start().await.unwrap();
    server.reply(slowly(&["one"]));
    server.reply(slowly(&["two"]));
    let mut page = page(server.client());
    page.components(&[0, 1]);
    page.with_hook_of(0, |chat| chat.mutate(ask("1")));
    page.until("one").await;
    page.with_hook_of(1, |chat| chat.mutate(ask("2")));
    page.until("Done one | Done two").await;
}

#[tokio::test(start_paused = true)]
async fn without_a_provider_the_error_says_what_to_do() {
    let mut page = Page::without_client(use_llm_chat_create_chat_completion_stream_mutation, show);
    assert_eq!(page.text(), "Idle ");
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    assert_eq!(page.text(), "Error  [config]");
    let error = page.with_hook(Chat::error).unwrap();
    assert!(error.to_string().contains("call `use_mka1_provider`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_cannot_be_made_is_the_error_of_the_hooks() {
    let mut page = Page::with_client(
        || Client::builder().base_url("no url").build(),
        use_llm_chat_create_chat_completion_stream_mutation,
        show,
    );
    page.with_hook(|chat| chat.mutate(ask("Hi")));
    assert_eq!(page.text(), "Error  [config]");
}
