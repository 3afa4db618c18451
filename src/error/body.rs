//! What the body of a failed response says. Services behind the gateway write at least nine shapes of errors; all are read by one table.
//!
//! | written by | shape |
//! |---|---|
//! | gateway | `{"error": "Rate limit exceeded"}` |
//! | agents | `{"error": {"message", "details"?}}` |
//! | files | `{"error": {"message"?, "type"?, "code"?: 404}}` |
//! | feature flags | `{"error": "not_found", "message", "request_id"}` |
//! | analytics | `{"code", "message"}` |
//! | repos | `{"error": "not_found", "correlation_id"}` |
//! | sandbox, datasets | `{"detail": [{"loc", "msg", "type"}]}`, `{"detail": "…"}` |
//! | authentication | `{"message", "code"?}` |
//! | chat, and other oRPC services | `{"defined", "code", "status", "message", "data"?: {"issues": [{"path", "message"}]}}` |
//! | proxies on the way | a line of text, a page of HTML, nothing |

use super::text::one_line;
use serde_json::Value;

/// What a body says, as far as it says it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) message: Option<String>,
    pub(super) code: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) status: Option<u16>,
}

/// Where each of these stands, the likeliest place first.
const MESSAGE: Places = &[
    &["message"],
    &["error", "message"],
    &["detail", "message"],
    &["detail"],
    &["errors"],
    &["error_description"],
    &["error"],
    &["title"],
    &["msg"],
];
const ISSUES: Places = &[&["data", "issues"], &["error", "data", "issues"], &["issues"]];
const CODE: Places =
    &[&["code"], &["error", "code"], &["error", "type"], &["detail", "code"], &["errors", FIRST, "code"], &["error"]];
const REQUEST_ID: Places = &[
    &["request_id"],
    &["requestId"],
    &["error", "request_id"],
    &["correlation_id"],
    &["correlationId"],
    &["error", "correlation_id"],
];
const STATUS: Places = &[&["status"], &["statusCode"], &["status_code"], &["error", "status"]];

/// Paths of members.
type Places = &'static [&'static [&'static str]];

/// The step to the first item of a list.
const FIRST: &str = "[]";

/// Lines of text that are shown, and things a body complains about.
const TEXT_CHARS: usize = 200;
const SHOWN_ISSUES: usize = 3;

/// Reads a body of any content type.
pub(super) fn read(body: &[u8]) -> Said {
    match crate::json::from_slice::<Value>(body) {
        Ok(value) => read_json(&value),
        Err(_) => Said { message: text(&String::from_utf8_lossy(body)), ..Said::default() },
    }
}

fn read_json(value: &Value) -> Said {
    let message = first(value, MESSAGE, sentence).or_else(|| sentence(value));
    let message = match (message, first(value, ISSUES, issues)) {
        (Some(message), Some(issues)) => Some(format!("{message}: {issues}")),
        (message, issues) => message.or(issues),
    };
    Said {
        message,
        code: first(value, CODE, code),
        request_id: first(value, REQUEST_ID, label),
        status: first(value, STATUS, label).and_then(|status| status.parse().ok()),
    }
}

/// What is found in the first place that has something.
#[inline(never)]
fn first(value: &Value, places: Places, read: fn(&Value) -> Option<String>) -> Option<String> {
    places.iter().find_map(|place| {
        read(place.iter().try_fold(value, |value, step| match *step {
            FIRST => value.get(0),
            name => value.get(name),
        })?)
    })
}

fn sentence(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned),
        Value::Array(_) => issues(value),
        _ => None,
    }
}

/// `body.messages: Field required; body.model: …`, from a list of complaints.
fn issues(value: &Value) -> Option<String> {
    let issues: Vec<String> = value.as_array()?.iter().filter_map(issue).collect();
    let line = match issues.split_at_checked(SHOWN_ISSUES) {
        Some((shown, rest)) if !rest.is_empty() => format!("{}; and {} more", shown.join("; "), rest.len()),
        _ => issues.join("; "),
    };
    Some(line).filter(|line| !line.is_empty())
}

fn issue(value: &Value) -> Option<String> {
    if let Value::String(_) = value {
        return sentence(value);
    }
    let what = ["msg", "message"].iter().find_map(|name| sentence(value.get(name)?))?;
    let place = ["loc", "path"].iter().find_map(|name| value.get(name)?.as_array());
    let place: Vec<String> = place.into_iter().flatten().filter_map(label).collect();
    Some(if place.is_empty() { what } else { format!("{}: {what}", place.join(".")) })
}

/// A code is a word of ASCII for programs; the sentence or the word for people that some write in its place (`Unauthorized`) is none.
fn code(value: &Value) -> Option<String> {
    label(value).filter(|text| {
        let word = text.is_ascii() && !text.contains(char::is_whitespace);
        let capitalised =
            text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().skip(1).all(|c| c.is_ascii_lowercase());
        word && !capitalised
    })
}

/// Text, or a number as text.
fn label(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        value => sentence(value).filter(|_| value.is_string()),
    }
}

/// The first line of a text, the title of an HTML page.
fn text(body: &str) -> Option<String> {
    let body = body.trim();
    let line = if body.starts_with('<') { title(body)? } else { body.lines().next()? };
    Some(one_line(line, TEXT_CHARS)).filter(|line| !line.is_empty())
}

fn title(html: &str) -> Option<&str> {
    let lower = html.to_ascii_lowercase(); // keeps every position
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    html.get(start..end)
}
