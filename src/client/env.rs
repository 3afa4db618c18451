//! Environment variables: which ones are read, and what they may hold.

use std::ffi::OsString;

use super::ClientBuilder;
use crate::error::Error;

const KEYS: [&str; 2] = ["MKA1_API_KEY", "MKA1_BEARER_AUTH"];
const SERVER_URL: &str = "MKA1_SERVER_URL";

/// What the variables say, as a builder. `lookup` is the environment.
pub(super) fn builder(lookup: impl Fn(&str) -> Option<OsString>) -> Result<ClientBuilder, Error> {
    let read = |name: &'static str| match lookup(name).map(OsString::into_string) {
        None => Ok(None),
        Some(Ok(value)) => {
            Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty()).map(|value| (name, value)))
        }
        Some(Err(_)) => Err(Error::config(format!("{name} is not valid Unicode"))),
    };
    let mut builder = ClientBuilder::new();
    builder = match read(KEYS[0])?.map_or_else(|| read(KEYS[1]), |key| Ok(Some(key)))? {
        Some((name, key)) => builder.bearer_token_from(name, &key),
        None => {
            return Err(Error::config(format!(
                "no API key: set {} (or {}), or build the client with Client::builder()",
                KEYS[0], KEYS[1]
            )));
        }
    };
    if let Some((name, url)) = read(SERVER_URL)? {
        builder = builder.base_url_from(name, &url);
    }
    Ok(builder)
}
