//! Chat completions: whole, as a stream, and by the standalone functions.

use futures::TryStreamExt;
use mka1::testing::{CHAT_PATH, CHAT_STREAM_PATH, Chat, Completion, Script, Server};
use mka1::types::{ChatCompletion, ChatCompletionRequest, ChatContent, ChatFinishReason, ChatMessage, ChatRole};
use mka1::{ErrorKind, RequestOptions, Response, StreamEnd, funcs};
use serde_json::{Value, json};

use crate::common::{Told, hi};

/// A server that answers any question.
async fn hello() -> Server {
    let server = Server::start().await.unwrap();
    for path in [CHAT_PATH, CHAT_STREAM_PATH] {
        server.on("POST", path, Chat::answering(["Hel", "lo"]));
    }
    server
}

#[tokio::test]
async fn an_answer_comes_whole_and_typed() {
    let server = Server::start().await.unwrap();
    server.reply(Script::json(&Completion::new("auto").id("c-1").whole("Hello", 3, 1)));
    let completion = server.client().llm().chat().create_chat(hi()).await.unwrap();
    let choice = &completion.choices[0];
    assert_eq!((completion.id.as_str(), completion.usage.total_tokens), ("c-1", 4));
    assert_eq!((&choice.message.role, &choice.finish_reason), (&ChatRole::Assistant, &Some(ChatFinishReason::Stop)));
    assert_eq!(choice.message.content.value(), Some(&ChatContent::Text("Hello".into())));
    assert!(choice.message.refusal.is_null());
    assert!(choice.message.reasoning.is_absent());
}

#[tokio::test]
async fn an_answer_comes_with_the_head_of_its_response() {
    let server = Server::start().await.unwrap();
    let whole = Completion::new("auto").whole("Hello", 1, 1);
    server.reply(Script::status(201).header("x-mka1-serving-location", "here").json_body(&whole));
    let response: Response<ChatCompletion> = server.client().llm().chat().create_chat(hi()).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-mka1-serving-location"]),
        (201, &"here".parse().unwrap())
    );
    let (status, headers, completion) = response.into_parts();
    assert_eq!((status.as_u16(), headers.len() > 1, completion.model.as_str()), (201, true, "auto"));
}

#[tokio::test]
async fn the_method_decides_whether_there_is_a_stream_whatever_the_request_says() {
    let server = hello().await;
    let client = server.client();
    let chat = client.llm().chat();
    for said in [None, Some(true), Some(false)] {
        // As it may come from a file or another program.
        let mut request = serde_json::to_value(hi()).unwrap();
        request["stream"] = json!(said);
        let request: ChatCompletionRequest = serde_json::from_value(request).unwrap();
        let whole = chat.create_chat(&request).await.unwrap();
        assert_eq!(whole.choices.len(), 1);
        let streamed = chat.create_chat_stream(&request).await.unwrap();
        assert_eq!(streamed.text().try_collect::<String>().await.unwrap(), "Hello");
        assert_eq!(
            serde_json::to_value(&request).unwrap().get("stream").and_then(Value::as_bool),
            said,
            "the caller's request is left alone"
        );
    }
    let sent: Vec<_> = server
        .requests()
        .iter()
        .map(|request| {
            (request.json::<Value>().unwrap().get("stream").cloned(), request.header("accept").unwrap().to_owned())
        })
        .collect();
    assert_eq!(sent[..2], [(None, "application/json".to_owned()), (Some(json!(true)), "text/event-stream".to_owned())]);
    assert_eq!([&sent[2..4], &sent[4..]], [&sent[..2]; 2]);
}

#[tokio::test]
async fn a_stream_in_openais_form_gives_the_same_events() {
    let server = hello().await;
    let told = Told::by(server.client().llm().chat().create_chat_stream(hi()).await.unwrap()).await;
    assert_eq!(
        (told.outline(), told.ended),
        (["Hel", "lo", ""].map(str::to_owned).to_vec(), Some(StreamEnd::Sentinel))
    );
    assert_eq!(server.last_request().unwrap().path(), CHAT_PATH);
}

#[tokio::test]
async fn every_operation_is_a_function_too() {
    let server = hello().await;
    let client = server.client();
    let traced = || RequestOptions::new().header("x-trace", "7");
    let whole = funcs::llm_chat_create_chat(&client, hi(), traced()).await.unwrap();
    assert_eq!(whole.choices.len(), 1);
    let request = hi();
    for call in [
        funcs::llm_chat_create_chat_stream(&client, &request, traced()).await,
        funcs::llm_chat_create_chat_completion_stream(&client, &request, traced()).await,
    ] {
        match call {
            Ok(events) => assert_eq!(events.text().try_collect::<String>().await.unwrap(), "Hello"),
            Err(error) => panic!("{error}"),
        }
    }
    let paths: Vec<_> = server.requests().iter().map(|request| request.path().to_owned()).collect();
    assert_eq!(paths, [CHAT_PATH, CHAT_PATH, CHAT_STREAM_PATH]);
    assert!(server.requests().iter().all(|request| request.header("x-trace") == Some("7")));
}

#[tokio::test]
async fn a_function_that_fails_gives_an_error_to_match_on() {
    let server = Server::start().await.unwrap();
    server.reply(Script::error(404, "NOT_FOUND", "No such model"));
    match funcs::llm_chat_create_chat(&server.client(), hi(), RequestOptions::new()).await {
        Err(error) if error.kind() == ErrorKind::Status => assert_eq!(error.code(), Some("NOT_FOUND")),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_answer_goes_on_as_a_message_of_the_conversation() {
    let server = hello().await;
    let client = server.client();
    let mut request = hi();
    let completion = client.llm().chat().create_chat(&request).await.unwrap().into_inner();
    request.messages.extend(completion.choices.into_iter().map(|choice| ChatMessage::from(choice.message)));
    request.messages.push(ChatMessage::user("And now?"));
    client.llm().chat().create_chat(&request).await.unwrap();
    let sent: Value = server.last_request().unwrap().json().unwrap();
    assert_eq!(
        sent["messages"],
        json!([
            { "role": "user", "content": "Hi" },
            { "role": "assistant", "content": "Hello" },
            { "role": "user", "content": "And now?" },
        ])
    );
}

#[tokio::test]
async fn the_stream_of_an_answer_that_is_not_streamed_is_an_error_that_names_both_types() {
    let server = Server::start().await.unwrap();
    server.reply(Script::json(&Completion::new("auto").whole("Hello", 1, 1)));
    let error = server.client().llm().chat().create_chat_stream(hi()).await.unwrap_err();
    let told = error.to_string();
    assert!(told.contains("asked for text/event-stream, got application/json"), "{told}");
}
