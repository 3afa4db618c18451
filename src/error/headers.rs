//! What the headers of a failed response tell, and how they are shown.

use reqwest::header::{HeaderMap, HeaderName};
use std::fmt;

/// Who names a request, the nearest to the service first.
static REQUEST_IDS: [HeaderName; 7] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("request-id"),
    HeaderName::from_static("x-correlation-id"),
    HeaderName::from_static("x-kong-request-id"),
    HeaderName::from_static("x-amzn-requestid"),
    HeaderName::from_static("x-amz-cf-id"),
    HeaderName::from_static("cf-ray"),
];

/// Parts of header names whose values nobody should find in a log.
const SECRETS: [&str; 9] =
    ["auth", "cookie", "credential", "key", "password", "secret", "session", "signature", "token"];

pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_IDS.iter().find_map(|name| text(headers, name)).map(str::to_owned)
}

/// A header as text, without the space around it; `None` if nothing is left.
#[inline(never)]
pub(super) fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
}

/// What `contains` is for names: the search of `str` is made for longer texts, and takes kilobytes.
fn holds(name: &str, part: &str) -> bool {
    name.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// Headers for `Debug`, without secrets.
pub(super) struct Masked<'a>(pub(super) &'a HeaderMap);

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            if value.is_sensitive() || SECRETS.iter().any(|part| holds(name.as_str(), part)) {
                map.entry(&name.as_str(), &format_args!("***"));
            } else {
                map.entry(&name.as_str(), value);
            }
        }
        map.finish()
    }
}
