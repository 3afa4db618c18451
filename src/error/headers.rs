//! What the headers of a failed response tell, and how they are shown.

use reqwest::header::HeaderMap;
use std::fmt;

/// Who names a request, the nearest to the service first.
const REQUEST_IDS: [&str; 7] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-kong-request-id",
    "x-amzn-requestid",
    "x-amz-cf-id",
    "cf-ray",
];

/// Parts of header names whose values nobody should find in a log.
const SECRETS: [&str; 9] =
    ["auth", "cookie", "credential", "key", "password", "secret", "session", "signature", "token"];

pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    let value = |name: &&str| headers.get(*name)?.to_str().ok().map(str::trim).filter(|id| !id.is_empty());
    REQUEST_IDS.iter().find_map(value).map(str::to_owned)
}

/// Headers for `Debug`, without secrets.
pub(super) struct Masked<'a>(pub(super) &'a HeaderMap);

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            if value.is_sensitive() || SECRETS.iter().any(|part| name.as_str().contains(part)) {
                map.entry(&name.as_str(), &format_args!("***"));
            } else {
                map.entry(&name.as_str(), value);
            }
        }
        map.finish()
    }
}
