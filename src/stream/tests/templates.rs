//! Promises about chunks that are like the one before: what comes out is what parsing them gives.

use proptest::prelude::*;

use super::*;

fn event(data: &str) -> sse::Event {
    let mut decoder = sse::Decoder::new();
    for line in data.split('\n') {
        decoder.push(format!("data: {line}\n"));
    }
    decoder.push("\n");
    decoder.next_event().unwrap().unwrap()
}

/// Asserts that chunks with these data come out as each does alone, and gives how many came of the one before.
#[track_caller]
fn repeated<D: AsRef<str>>(data: &[D]) -> usize {
    let mut template = Template::<ThingEvent>::default();
    let mut repeated = 0;
    for data in data {
        let event = event(data.as_ref());
        let frame = Frame::new("message", &event);
        repeated += usize::from(template.is_like(&frame));
        assert_eq!(template.chunk(frame), ThingEvent::from_frame(frame), "{}", data.as_ref());
    }
    repeated
}

#[test]
fn a_chunk_with_another_text_is_not_parsed() {
    assert_eq!(repeated(&[r#"{"name":"a","x":1}"#, r#"{"name":"東京","x":1}"#, r#"{"name":"","x":1}"#]), 2);
}

#[test]
fn escapes_are_read() {
    assert_eq!(
        repeated(&[r#"{"name":"a"}"#, r#"{"name":"\n\"\\"}"#, r#"{"name":"\ud83d\ude42"}"#, r#"{"name":"b"}"#]),
        3
    );
}

#[test]
fn a_text_may_look_like_what_is_around_it() {
    let around =
        [r#"{"name":"name"}"#, r#"{"name":"\"name\":\"}"}"#, r#"{"name":"\"}\"}\"}"}"#, r#"{"name":"{\"name\":\""}"#];
    assert_eq!(repeated(&around), 3);
}

#[test]
fn whatever_else_differs_is_parsed() {
    let others = [
        r#"{"name":"a","x":1}"#,
        r#"{"name":"a","x":2}"#,
        r#"{"name":"a","x":2,"name":"b"}"#,
        r#"{"name":"a","y":"","x":2}"#,
        r#"{"x":2,"name":"a"}"#,
        r#"{"x":2,"name":null}"#,
        r#"{"x":2,"name":"a"}x"#,
        r#"{"x":2,"name":"}"#,
        r#"{"x":2,"name":"a\"}"#,
        r#"{"x":2,"name":"\q"}"#,
        "{\"x\":2,\"name\":\"\n\"}",
        "",
        "{}",
    ];
    assert_eq!(repeated(&others), 0);
}

#[test]
fn text_that_only_javascript_takes_for_text_is_repaired_as_ever() {
    assert_eq!(repeated(&[r#"{"name":"a"}"#, r#"{"name":"\ud83d"}"#, r#"{"name":"b"}"#]), 1);
}

#[test]
fn ids_and_retries_are_those_of_the_frame() {
    let mut decoder = sse::Decoder::new();
    decoder.push("id: 1\nretry: 5\ndata: {\"name\":\"a\"}\n\nid: 2\ndata: {\"name\":\"b\"}\n\n");
    let mut template = Template::<ThingEvent>::default();
    let mut next = || template.chunk(Frame::new("message", &decoder.next_event().unwrap().unwrap())).unwrap();
    let named = |name: &str, id: &str, retry| ThingEvent::Message {
        data: Thing { name: name.to_owned() },
        id: Some(id.to_owned()),
        retry,
    };
    assert_eq!(next(), named("a", "1", Some(5)));
    assert_eq!(next(), named("b", "2", None));
}

#[test]
fn a_stream_of_chunks_that_all_differ_is_soon_let_be() {
    let differing: Vec<String> = (0..40).map(|x| format!(r#"{{"name":"a","x":{x}}}"#)).collect();
    let last = differing.last().cloned();
    assert_eq!(repeated(&[differing, last.into_iter().collect()].concat()), 0);
}

proptest! {
    #[test]
    fn chunks_come_out_as_each_does_alone(
        texts in proptest::collection::vec(r#"([a"\\}{:,é🙂]|\\["\\nu]|name|\\ud83d|\\u0041|[\x00-\x1f]){0,6}"#, 1..12),
        others in proptest::collection::vec(0..3_u8, 12),
    ) {
        let data: Vec<String> =
            texts.iter().zip(others).map(|(text, other)| format!(r#"{{"name":"{text}","x":{other}}}"#)).collect();
        repeated(&data);
    }
}
