//! How long a response asks to wait before the next attempt.

use super::headers::text;
use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};
use std::time::{Duration, SystemTime};

static RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");

/// `retry-after-ms`, or else `Retry-After` in seconds or as a date. What is not above zero, or makes no sense, asks for nothing.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let millis = text(headers, &RETRY_AFTER_MS).and_then(|text| number(text, 1e-3));
    millis.or_else(|| {
        let text = text(headers, &RETRY_AFTER)?;
        number(text, 1.0).or_else(|| until(text, now))
    })
}

/// A number of the given unit, which may have a fraction.
fn number(text: &str, unit_in_seconds: f64) -> Option<Duration> {
    // Digits as RFC 9110 has them, or what JSON takes for a number: its parser is there anyway, that of `f64` would be 15 KB in every program.
    let number = text.parse::<u32>().map(f64::from).or_else(|_| serde_json::from_str(text)).ok()?;
    let seconds = number * unit_in_seconds;
    Duration::try_from_secs_f64(seconds).ok().filter(|wait| !wait.is_zero())
}

fn until(date: &str, now: SystemTime) -> Option<Duration> {
    let wait = httpdate::parse_http_date(date).ok()?.duration_since(now).ok()?;
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(&'static str, &str)]) -> Option<Duration> {
        // Sun, 06 Nov 1994 08:49:37 GMT
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let headers =
            headers.iter().map(|(name, value)| ((*name).try_into().unwrap(), value.parse().unwrap())).collect();
        retry_after(&headers, now)
    }

    #[test]
    fn milliseconds_beat_seconds() {
        assert_eq!(asked(&[("retry-after", "7"), ("retry-after-ms", "250")]), Some(Duration::from_millis(250)));
        assert_eq!(asked(&[("retry-after", "7"), ("retry-after-ms", "soon")]), Some(Duration::from_secs(7)));
        assert_eq!(asked(&[("retry-after", "7"), ("retry-after-ms", "0")]), Some(Duration::from_secs(7)));
    }

    #[test]
    fn seconds_may_have_a_fraction_and_space_around_them() {
        assert_eq!(asked(&[("retry-after", " 1.5 ")]), Some(Duration::from_millis(1500)));
        assert_eq!(asked(&[("retry-after", "0.25")]), Some(Duration::from_millis(250)));
        assert_eq!(asked(&[("retry-after", "010")]), Some(Duration::from_secs(10)));
        assert_eq!(asked(&[("retry-after", "5000000000")]), Some(Duration::from_secs(5_000_000_000)));
    }

    #[test]
    fn a_date_is_waited_for() {
        assert_eq!(asked(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT")]), Some(Duration::from_secs(30)));
        assert_eq!(asked(&[("retry-after", "Sunday, 06-Nov-94 08:50:07 GMT")]), Some(Duration::from_secs(30)));
    }

    #[test]
    fn what_makes_no_sense_asks_for_nothing() {
        for value in [
            "0",
            "-1",
            "",
            "soon",
            "nan",
            "inf",
            "1e300",
            "0x10",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sat, 05 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(asked(&[("retry-after", value)]), None, "{value}");
            assert_eq!(asked(&[("retry-after-ms", value)]), None, "{value}");
        }
        assert_eq!(asked(&[]), None);
    }
}
