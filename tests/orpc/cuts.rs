//! A connection that breaks is never taken for an end.

use mka1::ErrorKind;

use crate::outcome::{read, refusal};

#[tokio::test]
async fn a_cut_is_an_error_after_every_chunk_that_came() {
    for mode in ["drop", "drop-mid-event"] {
        let Some(outcome) = read(mode).await else { return };
        let error = outcome.error_after(&["a", "b", "c"]);
        assert_eq!(
            (error.kind(), error.status().map(|status| status.as_u16())),
            (ErrorKind::Interrupted, Some(200)),
            "{mode}"
        );
    }
}

#[tokio::test]
async fn a_body_that_ends_inside_an_event_is_an_error_though_http_is_content() {
    for mode in ["end-mid-event", "end-before-blank-line"] {
        let Some(outcome) = read(mode).await else { return };
        assert_eq!(outcome.error_after(&["a", "b", "c"]).kind(), ErrorKind::Interrupted, "{mode}");
    }
}

#[tokio::test]
async fn a_reset_is_an_error() {
    let Some(outcome) = read("reset").await else { return };
    // A reset may overtake what was sent before it.
    let came = outcome.texts();
    let came: Vec<_> = came.iter().map(String::as_str).collect();
    assert!(["a", "b", "c"].starts_with(&came), "{came:?}");
    assert_eq!(outcome.error_after(&came).kind(), ErrorKind::Interrupted);
}

#[tokio::test]
async fn a_cut_before_the_head_of_the_response_is_told_apart() {
    let Some(error) = refusal("drop-before-the-head").await else { return };
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::Transport, None, 1));
    assert!(!error.never_sent());
}
