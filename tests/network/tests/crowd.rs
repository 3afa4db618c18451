//! Many streams at once: a small version of what `ten-thousand` does.

use std::path::Path;

use mka1_network_tests::crowd::crowd;

#[tokio::test]
async fn five_hundred_streams_at_once_all_deliver_all_their_chunks() {
    let report = crowd(Path::new(env!("CARGO_BIN_EXE_ten-thousand")), 500).await;
    assert_eq!(report.streams, 500);
    // Far above what it takes, and far below what anything would that grows.
    assert!(report.kib_per_stream < 512.0, "{report}");
}
