//! Bringing in a document: what is written, and what an unsound one leaves alone.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use xtask::repository::{DOCUMENT, NAMES, Repository};
use xtask::update::{Options, update};
use xtask::{source, vendor};

use super::documents::{document, edited, push, repository};

/// A checkout in a directory of its own.
fn checkout(name: &str) -> (Repository, Options) {
    let root = std::env::temp_dir().join(format!("mka1-xtask-{}-{name}", std::process::id()));
    fs::create_dir_all(root.join("openapi")).unwrap();
    let options = Options { no_build: true, out: Some(root.join("out")), ..Options::default() };
    (Repository { root, ..repository(&document()) }, options)
}

fn served() -> String {
    let document = edited(|d| {
        push(d, "/components/schemas/Kind/enum", json!("huge"));
        d["info"]["description"] = json!("UPSTREAM");
        d["components"]["schemas"]["Thing"]["properties"]["id"]["description"] = json!("UPSTREAM");
        d["components"]["schemas"]["Thing"]["properties"]["description"] = json!({ "type": "string" });
        d["paths"]["/things/{id}"]["post"]["responses"]["200"]["description"] = json!("UPSTREAM");
        d["paths"]["/things/{id}"]["post"]["x-codeSamples"] = json!([{ "source": "UPSTREAM" }]);
    });
    document.to_string()
}

#[test]
fn an_update_writes_the_document_the_names_and_the_reports() {
    let (repository, options) = checkout("writes");
    let outcome = update(&repository, "the new one", &served(), &options).unwrap();
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    assert!(read(repository.root.join(DOCUMENT)).contains("\"huge\""));
    assert!(read(repository.root.join(NAMES)).contains("\noperation makeThing = things.make\n"));
    assert_eq!(outcome.reports.len(), 3);
    assert!(read(repository.root.join("out/report.md")).contains("Enum value added"));
    assert!(read(repository.root.join("out/changelog.md")).starts_with("### Added"));
    assert_eq!(outcome.left, ["the operation makeThing has no docs; give it a summary in an overlay"]);
    fs::remove_dir_all(&repository.root).unwrap();
}

#[test]
fn a_dry_run_only_reports() {
    let (repository, options) = checkout("dry");
    update(&repository, "the new one", &served(), &Options { dry_run: true, ..options }).unwrap();
    assert!(!repository.root.join(DOCUMENT).exists());
    assert!(repository.root.join("out/report.json").exists());
    fs::remove_dir_all(&repository.root).unwrap();
}

#[test]
fn an_unsound_document_changes_nothing() {
    let (repository, options) = checkout("unsound");
    let broken = edited(|d| drop(d["components"]["schemas"].as_object_mut().unwrap().remove("Thing")));
    let error = update(&repository, "the new one", &broken.to_string(), &options).unwrap_err().to_string();
    assert!(error.starts_with("the new one is not sound, nothing was changed:\n#/paths"), "{error}");
    assert!(!repository.root.join(DOCUMENT).exists());
    assert!(!repository.root.join("out").exists());
    fs::remove_dir_all(&repository.root).unwrap();
}

#[test]
fn upstream_prose_is_not_kept_and_what_the_specification_wants_is() {
    let kept = vendor::text(&served(), &served()).unwrap();
    assert!(!kept.contains("UPSTREAM"), "{kept}");
    let value: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(value["info"], json!({ "title": "small", "version": "1" }));
    assert_eq!(value["components"]["schemas"]["Thing"]["properties"]["description"], json!({ "type": "string" }));
    assert_eq!(value["paths"]["/things/{id}"]["post"]["responses"]["200"]["description"], "");
    assert_eq!(vendor::text(&kept, &kept).unwrap(), kept);
}

#[test]
fn an_address_is_read_over_http() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/spec.json", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let length = socket.read(&mut request).unwrap();
        assert!(request[..length].starts_with(b"GET /spec.json"));
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").unwrap();
    });
    assert_eq!(source::read(&url).unwrap(), "{}");
    server.join().unwrap();
    let error = source::read("/no/such/file.json").unwrap_err().to_string();
    assert!(error.starts_with("/no/such/file.json: "), "{error}");
}
