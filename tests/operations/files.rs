//! Content that goes up and comes down.

use std::path::PathBuf;

use futures::{TryStreamExt, stream};
use mka1::testing::Script;
use mka1::types::UploadFileRequest;
use mka1::{ErrorKind, RequestOptions, RetryConfig, Upload};
use serde_json::Value;

use crate::document::Document;
use crate::sample::Sampler;
use crate::start;

fn file() -> Value {
    let document = Document::read();
    Sampler::required_only(&document).sample(&serde_json::json!({ "$ref": "#/components/schemas/File" }))
}

/// A directory of the test's own.
fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("files-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

#[tokio::test]
async fn a_file_goes_with_its_name_its_type_and_its_length() {
    let (server, client) = start().await;
    let path = directory("up").join("rain.csv");
    std::fs::write(&path, "city,rain\n").unwrap();
    server.reply(Script::json(&file()));
    client.llm().files().upload(UploadFileRequest::new(path.as_path(), "user_data")).await.unwrap();
    let request = server.last_request().unwrap();
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    assert!(
        body.contains("name=\"file\"; filename=\"rain.csv\"\r\nContent-Type: text/csv\r\n\r\ncity,rain\n\r\n"),
        "{body}"
    );
    assert!(body.find("name=\"purpose\"").unwrap() < body.find("name=\"file\"").unwrap());
    assert_eq!(request.header("content-length"), Some(request.body().len().to_string().as_str()));
}

#[tokio::test]
async fn a_file_without_a_type_has_the_one_that_the_api_lists_for_its_ending() {
    let (server, client) = start().await;
    let expected = [
        ("a.m4a", "audio/mp4"),
        ("A.M4A", "audio/mp4"),
        ("batch.jsonl", "application/jsonl"),
        ("rows.ndjson", "application/x-ndjson"),
        ("a.mp3", "audio/mpeg"),
        ("a.wav", "audio/wav"),
        ("a.pdf", "application/pdf"),
        ("m4a", "application/octet-stream"),
    ];
    let document = include_str!("../../openapi/mka1.json");
    for (name, media_type) in expected {
        server.reply(Script::json(&file()));
        let upload = Upload::from_bytes("content").file_name(name);
        client.llm().files().upload(UploadFileRequest::new(upload, "user_data")).await.unwrap();
        let body = String::from_utf8(server.last_request().unwrap().body().to_vec()).unwrap();
        let part = format!("filename=\"{name}\"\r\nContent-Type: {media_type}\r\n\r\ncontent");
        assert!(body.contains(&part), "{body}");
        assert!(document.contains(&format!("\"{media_type}\"")), "{media_type}");
    }
}

#[tokio::test]
async fn a_name_cannot_end_the_line_it_stands_in() {
    let (server, client) = start().await;
    server.reply(Script::json(&file()));
    let upload = Upload::from_bytes("a").file_name("\"é\r\nX-Evil: 1.csv");
    client.llm().files().upload(UploadFileRequest::new(upload, "user_data")).await.unwrap();
    let body = String::from_utf8(server.last_request().unwrap().body().to_vec()).unwrap();
    assert!(
        body.contains("name=\"file\"; filename=\"%22é%0D%0AX-Evil: 1.csv\"\r\nContent-Type: text/csv\r\n\r\na"),
        "{body}"
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_is_an_error_that_names_it_and_nothing_is_sent() {
    let (server, client) = start().await;
    let request = UploadFileRequest::new(Upload::from_path("/nowhere/at/all.txt"), "user_data");
    let error = client.llm().files().upload(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("/nowhere/at/all.txt cannot be read"), "{error}");
    assert_eq!(server.request_count(), 0);
}

#[tokio::test]
async fn bytes_are_sent_again_and_a_stream_is_not() {
    let (server, client) = start().await;
    let again = RequestOptions::new()
        .retry(RetryConfig::default().initial_interval(std::time::Duration::ZERO).jitter(std::time::Duration::ZERO));
    let client = client.with_options(again);
    server.reply(Script::error(429, "busy", "Later")).reply(Script::json(&file()));
    client.llm().files().upload(UploadFileRequest::new(b"a".to_vec(), "user_data")).await.unwrap();
    assert_eq!(server.request_count(), 2);

    server.reply(Script::error(429, "busy", "Later"));
    let pieces = stream::iter([Ok::<_, std::io::Error>("a"), Ok("b")]);
    let request = UploadFileRequest::new(Upload::from_stream(pieces).file_name("ab.txt"), "user_data");
    let error = client.llm().files().upload(request).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(server.request_count(), 3);
    let body = String::from_utf8(server.last_request().unwrap().body().to_vec()).unwrap();
    assert!(body.contains("filename=\"ab.txt\"") && body.contains("\r\n\r\nab\r\n"), "{body}");
}

#[tokio::test]
async fn a_path_in_a_path_keeps_its_slashes_and_content_goes_as_it_is() {
    let (server, client) = start().await;
    let document = Document::read();
    let operation = document.operations().into_iter().find(|operation| operation.key == "uploadWorkspaceFile");
    let operation = operation.expect("an operation that uploads as it is");
    let (script, _) = crate::answer(&operation, &Sampler::required_only(&document));
    server.reply(script);
    client.sandbox().upload_file("s1", "src/a b.rs", b"fn main() {}".to_vec()).await.unwrap();
    let request = server.last_request().unwrap();
    assert_eq!((request.method(), request.path()), ("PUT", "/api/v1/sandbox/sessions/s1/workspace/files/src/a%20b.rs"));
    assert_eq!(request.header("content-type"), Some("application/octet-stream"));
    assert_eq!(request.body(), "fn main() {}");
}

#[tokio::test]
async fn a_download_is_bytes_with_a_type_a_length_and_a_name() {
    let (server, client) = start().await;
    let script = Script::status(200)
        .header("content-type", "text/csv")
        .header("content-disposition", "attachment; filename=\"../../rain.csv\"");
    server.reply(script.raw("city,rain\n"));
    let download = client.llm().files().content("f1").accept("text/csv").await.unwrap();
    assert_eq!(download.content_type(), Some("text/csv"));
    assert_eq!(download.file_name().as_deref(), Some("rain.csv"), "no way out of the directory");
    let pieces: Vec<_> = download.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"city,rain\n");
    assert_eq!(server.last_request().unwrap().header("accept"), Some("text/csv"));
}

#[tokio::test]
async fn a_download_that_breaks_leaves_no_file_and_one_that_ends_leaves_it_whole() {
    let (server, client) = start().await;
    let path = directory("down").join("a.bin");
    let script = || Script::status(200).header("content-type", "application/octet-stream");
    server.reply(script().raw("half").cut());
    let error = client.llm().files().content("f1").await.unwrap().save_to(&path).await.unwrap_err();
    assert!(error.is_interrupted(), "{error}");
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 0);

    server.reply(script().raw("whole"));
    assert_eq!(client.llm().files().content("f1").await.unwrap().save_to(&path).await.unwrap(), 5);
    assert_eq!(std::fs::read(&path).unwrap(), b"whole");
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}
