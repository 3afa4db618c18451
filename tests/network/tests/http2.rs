//! Streams over HTTP/2 and TLS that are cut at every byte.

mod common;

use common::{assert_nothing_is_lost, assert_nothing_is_lost_by_haste};
use h2::Reason;
use mka1_network_tests::{Cut, Http2};

async fn nothing_is_lost_by(cut: Cut) {
    let server = Http2::start().await;
    assert_nothing_is_lost(&server.client, &server.play, cut).await;
}

#[tokio::test]
async fn a_reset_of_the_http2_stream_is_a_cut() {
    nothing_is_lost_by(Cut::ResetStream(Reason::INTERNAL_ERROR)).await;
}

#[tokio::test]
async fn a_cancel_of_the_http2_stream_is_a_cut() {
    nothing_is_lost_by(Cut::ResetStream(Reason::CANCEL)).await;
}

#[tokio::test]
async fn a_server_that_goes_away_with_an_error_is_a_cut() {
    nothing_is_lost_by(Cut::GoAway(Reason::INTERNAL_ERROR)).await;
}

/// What a server says that is stopped for good reasons, before its streams have ended.
#[tokio::test]
async fn a_server_that_goes_away_without_an_error_is_a_cut() {
    nothing_is_lost_by(Cut::GoAway(Reason::NO_ERROR)).await;
}

#[tokio::test]
async fn cuts_that_take_bytes_along_lose_no_chunk() {
    let server = Http2::start().await;
    for cut in [Cut::ResetStream(Reason::INTERNAL_ERROR), Cut::GoAway(Reason::NO_ERROR)] {
        assert_nothing_is_lost_by_haste(&server.client, &server.play, cut).await;
    }
}

/// NO_ERROR is what a server says that doesn't need the rest of a request. The HTTP library takes it for the end of the response.
#[tokio::test]
async fn a_reset_of_the_http2_stream_without_an_error_is_a_clean_end() {
    nothing_is_lost_by(Cut::ResetStream(Reason::NO_ERROR)).await;
}

#[tokio::test]
async fn a_clean_end_inside_an_event_is_a_cut_and_between_events_an_end() {
    nothing_is_lost_by(Cut::CleanEnd).await;
}
