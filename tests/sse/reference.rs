//! The rules once more, written as the standard puts them: the whole input as text, line by line. Slow and plain.

use std::time::Duration;

use mka1::sse::Event;

use super::outcome::{End, Outcome};

/// What has to come of `input`. `dataless` keeps blocks with a name but no data.
pub fn decode(input: &[u8], dataless: bool) -> Outcome {
    let input = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
    let text = String::from_utf8_lossy(input);
    let (lines, rest) = lines(&text);

    let mut out = Outcome { events: Vec::new(), last_id: None, reconnection_time: None, end: End::Clean };
    let (mut data, mut event_type, mut last_event_id) = (String::new(), String::new(), String::new());
    let mut retry = None;
    let mut begun = false;
    for line in lines {
        if line.is_empty() {
            out.last_id = Some(last_event_id.clone()).filter(|id| !id.is_empty());
            let text = data.strip_suffix('\n');
            if text.is_some() || (dataless && !event_type.is_empty()) {
                let mut event = Event::default();
                event.event = Some(event_type.as_str().into()).filter(|_| !event_type.is_empty());
                event.data = text.map(Into::into);
                event.id = out.last_id.as_deref().map(Into::into);
                event.retry = retry;
                out.events.push(event);
            }
            data.clear();
            event_type.clear();
            retry = None;
            begun = false;
            continue;
        }
        if line.starts_with(':') {
            continue;
        }
        begun = true;
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => event_type = value.to_owned(),
            "data" => data = data + value + "\n",
            "id" if !value.contains('\0') => last_event_id = value.to_owned(),
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                retry = Some(Duration::from_millis(value.parse().unwrap_or(u64::MAX)));
                out.reconnection_time = retry;
            }
            _ => {}
        }
    }
    if begun || !(rest.is_empty() || rest.starts_with(':')) {
        out.end = End::Incomplete;
    }
    out
}

/// The lines that have an end, and what is left after them.
fn lines(text: &str) -> (Vec<&str>, &str) {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(['\n', '\r']) {
        lines.push(&rest[..end]);
        let len = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[end + len..];
    }
    (lines, rest)
}
