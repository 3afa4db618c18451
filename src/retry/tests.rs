//! Promises about retries that need no network.

use reqwest::Method;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn status(code: u16) -> Error {
    Error::from_status(StatusCode::from_u16(code).unwrap(), Default::default(), "")
}

#[test]
fn a_post_is_resent_after_429_and_not_after_5xx() {
    let retry = RetryConfig::default();
    assert!(retry.allows(Method::POST.is_idempotent(), &status(429)));
    for code in [500, 502, 503, 504] {
        assert!(!retry.allows(Method::POST.is_idempotent(), &status(code)), "{code}");
    }
}

#[test]
fn a_post_is_resent_after_5xx_when_the_caller_says_so() {
    let retry = RetryConfig::default().retry_non_idempotent(true);
    for code in [500, 502, 503, 504] {
        assert!(retry.allows(Method::POST.is_idempotent(), &status(code)), "{code}");
    }
    assert!(!retry.allows(Method::POST.is_idempotent(), &status(400)));
}

#[test]
fn idempotent_methods_are_resent_after_5xx() {
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
        assert!(RetryConfig::default().allows(method.is_idempotent(), &status(503)), "{method}");
    }
    assert!(!RetryConfig::default().allows(Method::PATCH.is_idempotent(), &status(503)));
}

#[test]
fn other_statuses_are_final() {
    for code in [400, 401, 403, 404, 408, 409, 422, 501] {
        assert!(!RetryConfig::default().allows(Method::GET.is_idempotent(), &status(code)), "{code}");
    }
}

#[test]
fn the_statuses_are_the_callers_choice() {
    let retry = RetryConfig::default().status_codes(500..=599);
    assert!(retry.allows(Method::GET.is_idempotent(), &status(501)));
    assert!(!retry.allows(Method::GET.is_idempotent(), &status(429)));
}

#[test]
fn none_means_one_attempt() {
    assert!(!RetryConfig::none().allows(Method::GET.is_idempotent(), &status(503)));
    assert!(!RetryConfig::none().retry_non_idempotent(true).allows(Method::POST.is_idempotent(), &status(429)));
}

#[test]
fn waits_grow_by_half_up_to_the_cap() {
    let mut schedule = RetryConfig::default().jitter(Duration::ZERO).schedule();
    let waits: Vec<_> =
        std::iter::from_fn(|| schedule.next(Duration::ZERO, None)).take(8).map(|wait| wait.as_millis()).collect();
    assert_eq!(waits, [500, 750, 1125, 1687, 2531, 3796, 5000, 5000]);
}

#[test]
fn chance_is_added_under_the_cap() {
    for _ in 0..200 {
        let mut schedule = RetryConfig::default().schedule();
        let first = schedule.next(Duration::ZERO, None).unwrap();
        assert!(first >= Duration::from_millis(500) && first <= Duration::from_millis(1500), "{first:?}");
        for _ in 0..20 {
            assert!(schedule.next(Duration::ZERO, None).unwrap() <= 5 * SECOND);
        }
    }
}

#[test]
fn a_server_that_names_a_time_is_taken_at_its_word() {
    let mut schedule = RetryConfig::default().schedule();
    assert_eq!(schedule.next(Duration::ZERO, Some(7 * SECOND)), Some(7 * SECOND));
    assert_eq!(schedule.next(Duration::ZERO, Some(Duration::from_millis(3))), Some(Duration::from_millis(3)));
}

#[test]
fn zero_from_the_server_means_the_usual_backoff() {
    let mut schedule = RetryConfig::default().jitter(Duration::ZERO).schedule();
    assert_eq!(schedule.next(Duration::ZERO, Some(Duration::ZERO)), Some(Duration::from_millis(500)));
}

#[test]
fn no_wait_outlasts_the_budget() {
    let mut schedule = RetryConfig::default().schedule();
    assert_eq!(schedule.next(Duration::ZERO, Some(16 * SECOND)), None);
    assert_eq!(schedule.next(14 * SECOND, Some(2 * SECOND)), None);
    assert_eq!(schedule.next(14 * SECOND, Some(SECOND)), Some(SECOND));
    assert_eq!(schedule.next(16 * SECOND, None), None);
    assert_eq!(schedule.next(Duration::MAX, Some(Duration::MAX)), None);
}

#[test]
fn odd_numbers_do_no_harm() {
    let mut schedule = RetryConfig::default()
        .initial_interval(Duration::MAX)
        .exponent(f32::NAN)
        .jitter(Duration::MAX)
        .max_elapsed(Duration::MAX)
        .schedule();
    for _ in 0..5 {
        assert_eq!(schedule.next(Duration::ZERO, None), Some(5 * SECOND));
    }
    let mut schedule = RetryConfig::default().exponent(-3.0).jitter(Duration::ZERO).schedule();
    assert_eq!(schedule.next(Duration::ZERO, None), Some(Duration::from_millis(500)));
    assert_eq!(schedule.next(Duration::ZERO, None), Some(Duration::from_millis(500)));
}
