//! The promise itself, for any server and any cut.

use mka1::{Client, StreamEnd};
use mka1_network_tests::{Again, BODY, Case, Cut, Moment, Play, TEXTS, Told, chunks_before, told};

/// Cuts the stream at every byte, and asks for the rest of three kinds of servers: every chunk comes once and in order, or, where none has
/// come, the error is that of the cut. Only a clean end between events is an end.
pub async fn assert_nothing_is_lost(client: &Client, play: &Play, cut: Cut) {
    for case in cases(cut, Moment::AfterReading, &Again::EACH) {
        let expected = if is_end(&case) {
            Told { items: texts()[..case.chunks()].to_vec(), ended: Some(StreamEnd::Closed), asked: vec![None] }
        } else {
            expected(case.chunks())
        };
        assert_eq!(told(client, play, case).await, expected, "{case:?}");
    }
}

/// The same where the cut follows the bytes at once, and may take along what is on its way, the head of the response too.
pub async fn assert_nothing_is_lost_by_haste(client: &Client, play: &Play, cut: Cut) {
    for case in cases(cut, Moment::AtOnce, &[Again::Rest]) {
        let told = told(client, play, case).await;
        if told.items == ["!transport"] {
            assert_eq!(told.asked, [None], "{case:?}");
            continue;
        }
        // How many chunks came through, the second request says.
        let chunks = told.asked.get(1).copied().flatten().map_or(0, |last| last + 1);
        assert!(chunks <= case.chunks(), "{case:?}: {told:?}");
        assert_eq!(told, expected(chunks), "{case:?}");
    }
}

fn cases(cut: Cut, moment: Moment, servers: &[Again]) -> impl Iterator<Item = Case> {
    (0..BODY.len()).flat_map(move |at| {
        // Before the first chunk nobody asks for the rest.
        let servers = if chunks_before(at) == 0 { &servers[..1] } else { servers };
        servers.iter().map(move |again| Case { at, cut, again: *again, moment })
    })
}

fn is_end(case: &Case) -> bool {
    // The HTTP library makes no difference between the two: this reset is meant for what is not needed of a request.
    let is_clean = matches!(case.cut, Cut::CleanEnd | Cut::ResetStream(h2::Reason::NO_ERROR));
    is_clean && case.is_between()
}

/// What is told of a stream that was cut after so many chunks.
fn expected(chunks: usize) -> Told {
    match chunks.checked_sub(1) {
        // The rule for POSTs: the work may have begun.
        None => Told { items: vec!["!interrupted".to_owned()], ended: Some(StreamEnd::Failed), asked: vec![None] },
        Some(last) => Told {
            items: texts().into_iter().chain(["<done>".to_owned()]).collect(),
            ended: Some(StreamEnd::Done),
            asked: vec![None, Some(last)],
        },
    }
}

fn texts() -> [String; TEXTS.len()] {
    TEXTS.map(str::to_owned)
}
