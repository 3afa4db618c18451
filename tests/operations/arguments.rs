//! The arguments of the dynamic entry: which there must be, may be, and may not.

use mka1::RequestOptions;
use mka1::dynamic::{self, Arguments};
use serde_json::json;

use crate::document::Document;
use crate::sample::Sampler;
use crate::{answer, call, start};

#[tokio::test]
async fn an_argument_that_an_operation_does_not_have_is_refused_by_name() {
    let (server, client) = start().await;
    let arguments = Arguments::new(json!({ "file_id": "f", "colour": 1 }).as_object().unwrap().clone());
    let error = dynamic::call(&client, "getFile", arguments, RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "the operation has no argument `colour`");
    let error = dynamic::call(&client, "getFile", Arguments::default(), RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "the argument `file_id` is missing");
    assert_eq!(server.request_count(), 0);
}

#[tokio::test]
async fn a_body_may_be_left_out_where_the_document_says_so() {
    let document = Document::read();
    let (server, client) = start().await;
    let sampler = Sampler::required_only(&document);
    let mut left_out = Vec::new();
    for operation in document.operations().into_iter().filter(|operation| operation.may_lack_body(&sampler)) {
        server.reply(answer(&operation, &sampler).0);
        let mut arguments = operation.arguments(&sampler);
        arguments.remove("body");
        call(&client, &operation, arguments).await.unwrap_or_else(|error| panic!("{}: {error}", operation.key));
        let expected = if operation.has_json_body { "{}" } else { "" };
        assert_eq!(server.last_request().unwrap().body(), expected, "{}", operation.key);
        left_out.push(operation.key);
    }
    left_out.sort_unstable();
    let expected = [
        "approveOwnerKeyRecovery",
        "createClusterInvite",
        "deleteMemoryEntry",
        "updateOrgQuota",
        "updateOrgRateLimit",
        "uploadWorkspaceArchive",
        "uploadWorkspaceFile",
    ];
    assert_eq!(left_out, expected);
}

#[tokio::test]
async fn a_body_that_is_asked_for_may_not_be_left_out() {
    let (server, client) = start().await;
    let error =
        dynamic::call(&client, "createResponse", Arguments::default(), RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "the argument `body` is missing");
    assert_eq!(server.request_count(), 0);
}
