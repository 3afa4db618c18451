//! Whatever service wrote it, an error is read.

use super::super::body::read;

/// The message, the code and the request id of a body.
fn said(body: &str) -> (String, Option<String>, Option<String>) {
    let said = read(body.as_bytes());
    (said.message.unwrap_or_default(), said.code, said.request_id)
}

fn assert_said(body: &str, message: &str, code: Option<&str>, request_id: Option<&str>) {
    assert_eq!(said(body), (message.to_owned(), code.map(str::to_owned), request_id.map(str::to_owned)), "{body}");
}

#[test]
fn a_string_for_an_error() {
    assert_said(r#"{"error":"Rate limit exceeded"}"#, "Rate limit exceeded", None, None);
    assert_said(r#"{"error":"Unauthorized"}"#, "Unauthorized", None, None);
}

#[test]
fn an_envelope() {
    assert_said(r#"{"error":{"message":"No such agent","details":{"id":"a"}}}"#, "No such agent", None, None);
    assert_said(
        r#"{"error":{"message":"No such file","type":"invalid_request_error","code":404}}"#,
        "No such file",
        Some("404"),
        None,
    );
    assert_said(
        r#"{"error":{"message":"No","type":"invalid_request_error","param":null,"code":null}}"#,
        "No",
        Some("invalid_request_error"),
        None,
    );
    assert_said(r#"{"error":{"code":-7}}"#, "", Some("-7"), None);
}

#[test]
fn a_word_for_programs_beside_the_message() {
    assert_said(
        r#"{"error":"precondition_failed","message":"Changed meanwhile","request_id":"r"}"#,
        "Changed meanwhile",
        Some("precondition_failed"),
        Some("r"),
    );
    assert_said(r#"{"code":"bad_key","message":"Unknown key"}"#, "Unknown key", Some("bad_key"), None);
    assert_said(r#"{"message":"Not allowed"}"#, "Not allowed", None, None);
    assert_said(
        r#"{"message":"Not allowed","code":"YOU_ARE_NOT_A_MEMBER"}"#,
        "Not allowed",
        Some("YOU_ARE_NOT_A_MEMBER"),
        None,
    );
}

#[test]
fn a_word_for_programs_alone() {
    assert_said(
        r#"{"error":"repo_not_found","correlation_id":"c"}"#,
        "repo_not_found",
        Some("repo_not_found"),
        Some("c"),
    );
}

#[test]
fn a_list_of_what_does_not_fit() {
    assert_said(
        r#"{"detail":[{"loc":["body","messages",0],"msg":"Field required","type":"missing","input":{}}]}"#,
        "body.messages.0: Field required",
        None,
        None,
    );
    assert_said(
        r#"{"detail":[{"loc":["a"],"msg":"1"},{"loc":[],"msg":"2"},{"msg":"3"},{"msg":"4"},{"msg":"5"}]}"#,
        "a: 1; 2; 3; and 2 more",
        None,
        None,
    );
    assert_said(r#"{"detail":"Not authenticated"}"#, "Not authenticated", None, None);
    assert_said(r#"{"detail":{"message":"Full","code":"full"}}"#, "Full", Some("full"), None);
}

#[test]
fn an_orpc_error() {
    assert_said(
        r#"{"defined":false,"code":"NOT_FOUND","status":404,"message":"Not Found"}"#,
        "Not Found",
        Some("NOT_FOUND"),
        None,
    );
    let issues = r#"{"defined":false,"code":"BAD_REQUEST","status":400,"message":"Input validation failed","data":{"issues":[
        {"origin":"array","code":"too_small","minimum":1,"path":["messages",0,"content"],"message":"Too small"},{"path":[],"message":"Odd"}]}}"#;
    assert_said(issues, "Input validation failed: messages.0.content: Too small; Odd", Some("BAD_REQUEST"), None);
    assert_eq!(read(issues.as_bytes()).status, Some(400));
}

#[test]
fn shapes_of_other_frameworks() {
    assert_said(
        r#"{"statusCode":400,"message":["a must be set","b too"],"error":"Bad Request"}"#,
        "a must be set; b too",
        None,
        None,
    );
    assert_said(r#"{"errors":[{"message":"Twice","code":"dup"}]}"#, "Twice", Some("dup"), None);
    assert_said(r#"{"title":"Gone","status":410,"type":"about:blank"}"#, "Gone", None, None);
    assert_said(r#"[{"msg":"a"}]"#, "a", None, None);
    assert_said(r#""just text""#, "just text", None, None);
}

#[test]
fn anything_else() {
    assert_said("", "", None, None);
    assert_said(" \n", "", None, None);
    assert_said("upstream connect error\nreset reason: overflow", "upstream connect error", None, None);
    assert_said(
        "<!DOCTYPE html>\n<html><HEAD><Title lang=en>\n504 Gateway\n Time-out</TITLE>",
        "504 Gateway Time-out",
        None,
        None,
    );
    assert_said("<h1>No title</h1>", "", None, None);
    assert_said("<title", "", None, None);
    assert_said(r#"{"message":"cut o"#, r#"{"message":"cut o"#, None, None);
    for nothing in [
        "null",
        "7",
        "{}",
        "[]",
        r#"{"message":null,"error":{},"detail":[],"code":{}}"#,
        r#"{"message":" "}"#,
        r#"{"error":true}"#,
    ] {
        assert_said(nothing, "", None, None);
    }
    assert_eq!(said(&"x".repeat(5000)).0.chars().count(), 201);
}

#[test]
fn no_body_makes_it_panic() {
    let seed =
        r#"{"detail":[{"loc":["é",-1],"msg":"m"}],"data":{"issues":[{"path":7}]},"error":{"code":1e99},"status":1.5}"#;
    for cut in 0..seed.len() {
        let _ = read(&seed.as_bytes()[..cut]);
        let _ = read(format!("<title>{}", String::from_utf8_lossy(&seed.as_bytes()[cut..])).as_bytes());
    }
    let _ = read("[".repeat(100_000).as_bytes());
}
