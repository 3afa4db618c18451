//! Bringing in a document: what is written, and what an unsound one leaves alone.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use xtask::repository::{DOCUMENT, NAMES, Repository};
use xtask::update::{Options, update};
use xtask::{snapshots, source, vendor};

use super::documents::{document, edited, push, repository};

const CRATE: &str = "pub mod types { include!(concat!(env!(\"OUT_DIR\"), \"/types.rs\")); }";

/// A checkout in a directory of its own.
fn checkout(name: &str) -> (Repository, Options) {
    let root = std::env::temp_dir().join(format!("mka1-xtask-{}-{name}", std::process::id()));
    fs::create_dir_all(root.join("openapi")).unwrap();
    fs::create_dir_all(root.join("src")).unwrap();
    fs::write(root.join("src/lib.rs"), CRATE).unwrap();
    let options = Options { no_build: true, out: Some(root.join("out")), ..Options::default() };
    (Repository { root, ..repository(&document()) }, options)
}

/// What else a checkout has; its root.
fn manifest(repository: &Repository) -> PathBuf {
    let overlay = "overlay: 1.0.0\ninfo: { title: none, version: 1 }\nactions: []\n";
    fs::create_dir_all(repository.root.join("openapi/overlay")).unwrap();
    fs::write(repository.root.join("openapi/overlay.yaml"), overlay).unwrap();
    fs::write(repository.root.join("Cargo.toml"), "[features]\nthings = []\n").unwrap();
    repository.root.clone()
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
fn an_update_writes_the_pages_of_the_public_api_and_removes_those_that_no_feature_has() {
    let (repository, options) = checkout("pages");
    fs::create_dir_all(repository.root.join("src")).unwrap();
    let modules = ["types", "groups"]
        .map(|name| format!("pub mod {name} {{ include!(concat!(env!(\"OUT_DIR\"), \"/{name}.rs\")); }}\n"));
    fs::write(repository.root.join("src/lib.rs"), modules.concat()).unwrap();
    for folder in ["tests/snapshots/surface", "tests/snapshots/operations"] {
        fs::create_dir_all(repository.root.join(folder)).unwrap();
        fs::write(repository.root.join(folder).join("gone.snap"), "").unwrap();
    }
    let outcome = update(&repository, "the new one", &served(), &options).unwrap();
    assert_eq!(outcome.failed, Vec::<String>::new());
    let page = fs::read_to_string(repository.root.join("tests/snapshots/surface/things.snap")).unwrap();
    assert!(page.contains("\nmka1::types::Kind::Huge\n"), "{page}");
    for folder in ["tests/snapshots/surface", "tests/snapshots/operations"] {
        assert!(!repository.root.join(folder).join("gone.snap").exists());
    }
    let found = snapshots::problems(&Repository::open(&manifest(&repository)).unwrap());
    assert_eq!(found, Vec::<String>::new());
    fs::remove_dir_all(&repository.root).unwrap();
}

#[test]
fn what_fails_is_told_and_the_rest_is_done() {
    let (repository, options) = checkout("fails");
    // A file where the folder of the pages would be, and no crate that could be built.
    fs::create_dir_all(repository.root.join("tests/snapshots")).unwrap();
    fs::write(repository.root.join("tests/snapshots/surface"), "").unwrap();
    let options = Options { no_build: false, ..options };
    let outcome = update(&repository, "the new one", &served(), &options).unwrap();
    assert!(repository.root.join(DOCUMENT).exists() && repository.root.join("out/report.md").exists());
    assert_eq!(outcome.failed.len(), 2, "{:#?}", outcome.failed);
    assert!(outcome.failed[0].starts_with("tests/snapshots/surface: not all written anew: "), "{:#?}", outcome.failed);
    assert!(outcome.failed[1].starts_with("cargo check --features full,dynamic: failed."), "{:#?}", outcome.failed);
    assert!(outcome.failed[1].contains("INSTA_UPDATE=always: cargo check"), "{:#?}", outcome.failed);
    fs::remove_dir_all(&repository.root).unwrap();
}

#[test]
fn an_update_with_what_is_there_leaves_the_reports() {
    let (repository, options) = checkout("again");
    update(&repository, "the new one", &served(), &options).unwrap();
    let report = || fs::read_to_string(repository.root.join("out/report.md")).unwrap();
    let first = report();
    let there =
        Repository { document: fs::read_to_string(repository.root.join(DOCUMENT)).unwrap(), ..repository.clone() };
    let outcome = update(&there, "the same", &served(), &options).unwrap();
    assert!(outcome.reports.is_empty());
    assert_eq!(report(), first);
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
    let (repository, _) = checkout("kept");
    let kept = vendor::text(&served(), &served(), &repository).unwrap();
    assert!(!kept.contains("UPSTREAM"), "{kept}");
    let value: serde_json::Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(value["info"], json!({ "title": "small", "version": "1" }));
    assert_eq!(value["components"]["schemas"]["Thing"]["properties"]["description"], json!({ "type": "string" }));
    assert_eq!(value["paths"]["/things/{id}"]["post"]["responses"]["200"]["description"], "");
    assert_eq!(vendor::text(&kept, &kept, &repository).unwrap(), kept);
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
