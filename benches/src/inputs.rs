//! What is decoded: event streams as oRPC writes them, and the pieces they come in.

use std::fmt::Write;

use bytes::Bytes;

/// What a model may say in one chunk, as JSON text: words, scripts of two to four bytes a character, and escapes.
const CONTENTS: [&str; 12] = [
    " the",
    " stream",
    " of",
    "東京は",
    "晴れです",
    " 🙂🚀",
    "\\n\\n",
    " naïve",
    " \\\"quoted\\\"",
    " {}",
    " answer",
    " \\u00e9t\\u00e9",
];

/// A keep-alive stands after every so many chunks.
const KEEP_ALIVE_EVERY: usize = 100;

/// The data of `count` chunks of a chat.
pub fn chat_payloads(count: usize) -> Vec<String> {
    (0..count)
        .map(|index| {
            let content = CONTENTS[index % CONTENTS.len()];
            format!(
                concat!(
                    r#"{{"id":"chatcmpl-7f9619ff8b86d011b42d00cf4fc9","object":"chat.completion.chunk","created":1764000000,"#,
                    r#""model":"meta/llama-3.3-70b-instruct","choices":[{{"index":0,"delta":{{"content":"{content}"}},"#,
                    r#""finish_reason":null}}]}}"#
                ),
                content = content
            )
        })
        .collect()
}

/// A stream of chat chunks, with its opening comment and keep-alives.
pub fn chat(count: usize) -> Bytes {
    let mut text = String::from(": \n\n");
    for (index, payload) in chat_payloads(count).iter().enumerate() {
        let _ = write!(text, "event: message\ndata: {payload}\n\n");
        if index % KEEP_ALIVE_EVERY == 0 {
            text.push_str(": \n\n");
        }
    }
    text.into()
}

/// A stream of events that hold `size` bytes of data each.
pub fn large(count: usize, size: usize) -> Bytes {
    let mut contents = CONTENTS.into_iter().cycle();
    let mut data = String::new();
    while data.len() < size {
        data.extend(contents.next());
    }
    data.truncate(data.floor_char_boundary(size));
    format!("event: message\ndata: {data}\n\n").repeat(count).into()
}

/// Nothing but keep-alives, and an event at the end.
pub fn keep_alives(count: usize) -> Bytes {
    format!("{}data: end\n\n", ": \n\n".repeat(count)).into()
}

/// The stream as it comes from the network, `size` bytes at a time; 0 is all at once.
pub fn pieces(stream: &Bytes, size: usize) -> Vec<Bytes> {
    let size = if size == 0 { stream.len().max(1) } else { size };
    (0..stream.len()).step_by(size).map(|from| stream.slice(from..stream.len().min(from + size))).collect()
}
