//! Promises about queries.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mka1::dioxus::{Query, use_query};
use mka1::hooks::{use_llm_files_content_query, use_llm_files_get_query};
use mka1::operations::LlmFilesGet;
use mka1::testing::{Outcome, Request, Script, Server};
use mka1::types::UploadFileRequest;
use mka1::{RequestOptions, Upload};
use mka1_dioxus_tests::Page;
use serde_json::json;

type File = Query<LlmFilesGet>;

const PAUSE: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const PATH: &str = "/api/v1/llm/files/{file_id}";

fn file(name: &str) -> Script {
    let body = json!({
        "id": "file_1", "object": "file", "bytes": 1, "created_at": 0, "filename": name, "purpose": "assistants",
    });
    Script::json(&body).head_delay(PAUSE)
}

/// Files whose name counts how often they were asked for.
async fn server() -> Server {
    let server = Server::start().await.unwrap();
    let asked = AtomicU64::new(0);
    server.on("GET", PATH, move |request: &Request| {
        let id = request.path().rsplit('/').next().unwrap_or_default();
        file(&format!("{id}.{}", asked.fetch_add(1, Ordering::Relaxed) + 1))
    });
    server
}

/// `Done a.1`, with the kind of the error where there is one.
fn show(file: File) -> String {
    let error = file.error().map(|error| format!("[{}]", error.kind()));
    let name = file.data().map(|file| file.filename.clone());
    let parts = [Some(format!("{:?}", file.status())), name, error];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn page(server: &Server) -> Page<File> {
    Page::new(server.client(), || use_llm_files_get_query("a"), show)
}

/// The same, of a file that can be another at the next rendering.
fn page_of(server: &Server, id: &Rc<Cell<&'static str>>) -> Page<File> {
    let id = id.clone();
    Page::new(server.client(), move || use_llm_files_get_query(id.get()), show)
}

#[tokio::test(start_paused = true)]
async fn a_query_is_sent_when_its_component_appears() {
    let server = server().await;
    let mut page = page(&server);
    assert!(page.with_hook(File::loading));
    assert_eq!(page.until("Done").await, ["Pending", "Done a.1"]);
    assert!(!page.with_hook(File::loading));
    page.rerender();
    page.during(MINUTE).await;
    assert_eq!(server.request_count(), 1, "rendering alone sends nothing");
}

#[tokio::test(start_paused = true)]
async fn an_error_is_there_until_the_query_is_made_again() {
    let server = server().await;
    server.reply(Script::error(404, "NOT_FOUND", "No such file"));
    let mut page = page(&server);
    assert_eq!(page.until("Error").await, ["Pending", "Error [status]"]);
    page.with_hook(File::refetch);
    assert_eq!(page.until("Done").await, ["Error [status]", "Pending", "Done a.1"]);
}

#[tokio::test(start_paused = true)]
async fn data_stays_while_it_is_fetched_again() {
    let server = server().await;
    let mut page = page(&server);
    page.until("Done").await;
    page.with_hook(File::refetch);
    assert_eq!(page.until("a.2").await, ["Done a.1", "Pending a.1", "Done a.2"]);
    server.reply(Script::error(400, "BAD_REQUEST", "Not now"));
    page.with_hook(File::refetch);
    assert_eq!(page.until("Error").await, ["Done a.2", "Pending a.2", "Error a.2 [status]"]);
}

#[tokio::test(start_paused = true)]
async fn other_arguments_are_another_query_and_the_old_one_is_dropped() {
    let server = server().await;
    let id = Rc::new(Cell::new("a"));
    let mut page = page_of(&server, &id);
    page.during(PAUSE / 2).await;
    id.set("b");
    page.rerender();
    assert_eq!(page.until("Done").await, ["Pending", "Done b.2"]);
    assert_eq!(server.request(0).await.ended().await, Outcome::Abandoned);
    id.set("a");
    page.rerender();
    assert_eq!(page.until("Done").await, ["Done b.2", "Pending", "Done a.3"]);
}

#[tokio::test(start_paused = true)]
async fn components_share_the_query_of_one_request() {
    let server = server().await;
    let mut page = page(&server);
    page.components(&[0, 1]);
    assert_eq!(page.until("Done").await.last().unwrap(), "Done a.1 | Done a.1");
    assert_eq!(server.request_count(), 1);
    page.with_hook_of(1, File::refetch);
    assert_eq!(page.until("a.2").await[1..], ["Pending a.1 | Pending a.1", "Done a.2 | Done a.2"]);
}

#[tokio::test(start_paused = true)]
async fn a_query_ends_with_the_last_component_that_shows_it() {
    let server = server().await;
    let mut page = page(&server);
    page.components(&[0, 1]);
    page.during(PAUSE / 4).await;
    page.components(&[1]);
    page.during(PAUSE / 4).await;
    let request = server.request(0).await;
    assert_eq!(request.outcome(), Outcome::Answering);
    page.components(&[]);
    assert_eq!(request.ended().await, Outcome::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_goes_takes_its_queries_with_it() {
    let server = server().await;
    let mut page = page(&server);
    page.during(PAUSE / 2).await;
    drop(page);
    assert_eq!(server.request(0).await.ended().await, Outcome::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn what_is_there_is_shown_at_once_and_asked_for_again() {
    let server = server().await;
    let mut page = page(&server);
    page.until("Done").await;
    page.components(&[]);
    page.components(&[1]);
    assert_eq!(page.until("a.2").await, ["Done a.1", "", "Done a.1", "Pending a.1", "Done a.2"]);
}

#[tokio::test(start_paused = true)]
async fn within_its_stale_time_data_is_as_good_as_new() {
    let server = server().await;
    let hook = || use_llm_files_get_query("a").stale_time(MINUTE);
    let mut page = Page::new(server.client(), hook, show);
    page.until("Done").await;
    page.components(&[]);
    page.during(MINUTE - PAUSE).await;
    page.components(&[1]);
    page.during(PAUSE / 2).await;
    assert_eq!((page.text().as_str(), server.request_count()), ("Done a.1", 1));
    page.components(&[]);
    page.during(PAUSE).await;
    page.components(&[2]);
    assert_eq!(page.until("a.2").await.last().unwrap(), "Done a.2");
    assert_eq!(server.request_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_error_is_never_as_good_as_new() {
    let server = server().await;
    server.reply(Script::error(404, "NOT_FOUND", "No such file"));
    let mut page = Page::new(server.client(), || use_llm_files_get_query("a").stale_time(MINUTE), show);
    page.until("Error").await;
    page.components(&[1]);
    page.until("Done a.1").await;

    // Nor is what came before it.
    server.reply(Script::error(400, "BAD_REQUEST", "Not now"));
    page.with_hook_of(1, File::refetch);
    page.until("Error a.1").await;
    page.components(&[2]);
    page.until("Done a.2").await;
}

#[tokio::test(start_paused = true)]
async fn what_nobody_shows_is_kept_for_five_minutes() {
    let server = server().await;
    let id = Rc::new(Cell::new("a"));
    let mut page = page_of(&server, &id);
    page.until("Done").await;
    for (minutes, first) in [(4, "Done a.1"), (6, "Pending")] {
        page.components(&[]);
        page.during(minutes * MINUTE).await;
        page.components(&[1]);
        assert_eq!(page.text(), first, "after {minutes} minutes");
        page.until("Done").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_query_leaves_what_was_there() {
    let server = server().await;
    let mut page = page(&server);
    page.until("Done").await;
    page.with_hook(File::refetch);
    page.during(PAUSE / 2).await;
    page.with_hook(File::cancel);
    assert_eq!(page.text(), "Idle a.1");
    assert_eq!(server.request(1).await.ended().await, Outcome::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn parameters_and_options_make_it_another_query() {
    let server = server().await;
    let list = |limit: i64, user: &'static str| {
        let options = RequestOptions::new().on_behalf_of(user);
        use_query(move |client| client.llm().files().list().limit(limit).options(options))
    };
    let number = Rc::new(Cell::new((1, "ada")));
    let current = number.clone();
    let hook = move || list(current.get().0, current.get().1);
    let mut page = Page::new(server.client(), hook, |list| format!("{:?}", list.status()));
    for (count, (limit, user)) in (1..).zip([(1, "ada"), (2, "ada"), (2, "bob")]) {
        number.set((limit, user));
        page.rerender();
        page.during(PAUSE).await;
        let request = server.last_request().unwrap();
        assert_eq!(server.request_count(), count);
        assert_eq!(request.query(), Some(format!("limit={limit}").as_str()));
        assert_eq!(request.header("x-on-behalf-of"), Some(user));
    }
}

#[tokio::test(start_paused = true)]
async fn a_download_comes_as_bytes() {
    let server = Server::start().await.unwrap();
    server.reply(Script::status(200).header("content-type", "text/plain").raw("Hello"));
    let hook = || use_llm_files_content_query("a");
    let mut page = Page::new(server.client(), hook, |content| match content.data() {
        Some(content) => format!("{} {}", content.headers()["content-type"].to_str().unwrap(), content.len()),
        None => format!("{:?}", content.status()),
    });
    page.until("text/plain 5").await;
}

#[tokio::test(start_paused = true)]
async fn arguments_that_cannot_be_sent_are_an_error_until_they_can() {
    let server = server().await;
    let id = Rc::new(Cell::new(""));
    let mut page = page_of(&server, &id);
    assert_eq!(page.until("Error").await, ["Pending", "Error [config]"]);
    page.with_hook(File::refetch);
    page.rerender();
    page.during(MINUTE).await;
    assert_eq!(page.text(), "Error [config]");
    assert_eq!(server.request_count(), 0);
    id.set("a");
    page.rerender();
    page.until("Done a.1").await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_cannot_be_compared_is_an_error() {
    let server = server().await;
    let upload = || {
        let content = Upload::from_bytes("Hello").file_name("a.txt");
        use_query(|client| client.llm().files().upload(UploadFileRequest::new(content, "assistants")))
    };
    let mut page = Page::new(server.client(), upload, |upload| {
        upload.error().map_or_else(|| format!("{:?}", upload.status()), |error| error.message().to_owned())
    });
    page.until("make it a mutation").await;
    assert_eq!(server.request_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_provider_the_error_says_what_to_do() {
    let mut page = Page::without_client(|| use_llm_files_get_query("a"), show);
    assert_eq!(page.text(), "Error [config]");
    let error = page.with_hook(File::error).unwrap();
    assert!(error.to_string().contains("call `use_mka1_provider`"), "{error}");
    page.with_hook(File::refetch);
    page.during(PAUSE).await;
    assert_eq!(page.text(), "Error [config]");
}
