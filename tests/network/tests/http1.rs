//! Streams over HTTP/1.1 and TLS that are cut at every byte.

mod common;

use common::{assert_nothing_is_lost, assert_nothing_is_lost_by_haste};
use mka1_network_tests::{Cut, Http1};

async fn nothing_is_lost_by(cut: Cut) {
    let server = Http1::start().await;
    assert_nothing_is_lost(&server.client, &server.play, cut).await;
}

#[tokio::test]
async fn a_connection_closed_without_close_notify_is_a_cut() {
    nothing_is_lost_by(Cut::Fin).await;
}

#[tokio::test]
async fn a_reset_of_the_connection_under_tls_is_a_cut() {
    nothing_is_lost_by(Cut::Reset).await;
}

#[tokio::test]
async fn a_reset_that_takes_bytes_along_loses_no_chunk() {
    let server = Http1::start().await;
    assert_nothing_is_lost_by_haste(&server.client, &server.play, Cut::Reset).await;
}

#[tokio::test]
async fn a_clean_end_inside_an_event_is_a_cut_and_between_events_an_end() {
    nothing_is_lost_by(Cut::CleanEnd).await;
}
