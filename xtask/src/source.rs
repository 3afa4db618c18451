//! Where a document comes from: a file or an address.

use std::fs;
use std::time::Duration;

use crate::Result;

/// The most that is read from an address: the real document is 2 MB.
const LIMIT: u64 = 256 * 1024 * 1024;

/// Reads a file, or an http(s) address.
pub fn read(from: &str) -> Result<String> {
    if from.starts_with("http://") || from.starts_with("https://") {
        return fetch(from);
    }
    Ok(fs::read_to_string(from).map_err(|error| format!("{from}: {error}"))?)
}

fn fetch(url: &str) -> Result<String> {
    let fault = |error: ureq::Error| format!("{url}: {error}; look whether the address is right and can be reached");
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(120))).build();
    let mut response = ureq::Agent::new_with_config(config).get(url).call().map_err(fault)?;
    Ok(response.body_mut().with_config().limit(LIMIT).read_to_string().map_err(fault)?)
}
