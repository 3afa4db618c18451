//! Where a redirect leads, and what may go along.
//!
//! reqwest would follow redirects by itself, but takes only `authorization` and cookies off when they lead elsewhere. A request of ours
//! also carries the end user's id, headers that callers add, and the conversation itself. So we follow by hand:
//!
//! - within the same origin (scheme, host and port), everything goes along;
//! - to another origin, only a request without a body is followed (a download handed to a file store), and it goes bare: no
//!   token, no cookie, no end user, no header but `accept` and `user-agent`;
//! - a request with a body is not sent to another origin: the redirect is the call's error, and says where it led.
//!
//! A user name and password in the redirect's URL are not sent anywhere.

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Method, StatusCode, Url};

/// The most redirects one attempt follows.
pub(crate) const MAX_REDIRECTS: usize = 10;

/// The next step after a response.
#[derive(Debug, PartialEq)]
pub(crate) enum Hop {
    /// It isn't a redirect that is followed: this is the response.
    Stay,
    /// Ask there instead.
    Follow { url: Url, method: Method, keep_body: bool, same_origin: bool },
}

/// What the response to a request asks for. `has_body` is about the request.
pub(crate) fn next_hop(method: &Method, url: &Url, has_body: bool, status: StatusCode, headers: &HeaderMap) -> Hop {
    let (method, keep_body) = match status.as_u16() {
        // A lone GET asks for the result of what was posted; that is what these three have come to mean.
        303 if method != Method::HEAD => (Method::GET, false),
        301 | 302 if method == Method::POST => (Method::GET, false),
        301 | 302 | 303 | 307 | 308 => (method.clone(), has_body),
        _ => return Hop::Stay,
    };
    let target = headers
        .get(LOCATION)
        .and_then(|location| std::str::from_utf8(location.as_bytes()).ok())
        .and_then(|location| url.join(location).ok());
    let Some(mut target) = target.filter(|target| matches!(target.scheme(), "http" | "https")) else {
        return Hop::Stay;
    };
    if target.set_username("").is_err() || target.set_password(None).is_err() {
        return Hop::Stay;
    }
    let same_origin = origin(&target) == origin(url);
    if keep_body && !same_origin {
        return Hop::Stay;
    }
    Hop::Follow { url: target, method, keep_body, same_origin }
}

/// Of a URL of HTTP (RFC 6454, section 4).
fn origin(url: &Url) -> (&str, Option<&str>, Option<u16>) {
    (url.scheme(), url.host_str(), url.port_or_known_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn hop(method: Method, has_body: bool, status: u16, location: &str) -> Hop {
        let url = Url::parse("https://api.example/v1/chat?a=b").unwrap();
        let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_str(location).unwrap())]);
        next_hop(&method, &url, has_body, StatusCode::from_u16(status).unwrap(), &headers)
    }

    fn follow(url: &str, method: Method, keep_body: bool, same_origin: bool) -> Hop {
        Hop::Follow { url: Url::parse(url).unwrap(), method, keep_body, same_origin }
    }

    #[test]
    fn the_same_origin_gets_everything() {
        assert_eq!(
            hop(Method::POST, true, 307, "/v2/chat"),
            follow("https://api.example/v2/chat", Method::POST, true, true)
        );
        assert_eq!(
            hop(Method::POST, true, 308, "https://api.example:443/x"),
            follow("https://api.example/x", Method::POST, true, true)
        );
        assert_eq!(
            hop(Method::GET, false, 302, "other"),
            follow("https://api.example/v1/other", Method::GET, false, true)
        );
        assert_eq!(hop(Method::POST, true, 303, "/r/1"), follow("https://api.example/r/1", Method::GET, false, true));
        assert_eq!(hop(Method::POST, true, 301, "/r/1"), follow("https://api.example/r/1", Method::GET, false, true));
    }

    #[test]
    fn another_scheme_host_or_port_is_another_origin() {
        for location in
            ["http://api.example/x", "https://files.example/x", "https://api.example:8443/x", "//files.example/x"]
        {
            let Hop::Follow { same_origin, .. } = hop(Method::GET, false, 302, location) else { panic!("{location}") };
            assert!(!same_origin, "{location}");
        }
    }

    #[test]
    fn credentials_in_the_url_are_left_out() {
        assert_eq!(
            hop(Method::GET, false, 302, "https://me:s3cret@files.example/x"),
            follow("https://files.example/x", Method::GET, false, false)
        );
    }

    #[test]
    fn a_body_never_goes_to_another_origin() {
        assert_eq!(hop(Method::POST, true, 307, "https://files.example/x"), Hop::Stay);
        assert_eq!(hop(Method::PUT, true, 302, "https://files.example/x"), Hop::Stay);
        assert_eq!(
            hop(Method::POST, true, 303, "https://files.example/x"),
            follow("https://files.example/x", Method::GET, false, false)
        );
    }

    #[test]
    fn what_leads_nowhere_is_the_response() {
        assert_eq!(hop(Method::GET, false, 302, "ftp://files.example/x"), Hop::Stay);
        assert_eq!(hop(Method::GET, false, 302, "https://:bad"), Hop::Stay);
        assert_eq!(hop(Method::GET, false, 304, "/x"), Hop::Stay);
        assert_eq!(hop(Method::GET, false, 200, "/x"), Hop::Stay);
        assert_eq!(
            next_hop(
                &Method::GET,
                &Url::parse("https://a.example").unwrap(),
                false,
                StatusCode::FOUND,
                &HeaderMap::new()
            ),
            Hop::Stay
        );
    }
}
