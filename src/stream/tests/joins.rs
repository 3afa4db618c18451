//! Where a stream joins on, for any text, any cut and any server.

use proptest::prelude::*;

use super::*;
use crate::stream::history::History;
use crate::stream::reading::Role;

const ROLES: EventRoles = EventRoles { answer: &["answer"], opening: &["first"], ..ThingEvent::ROLES };

fn chunk(text: &str, id: Option<usize>) -> sse::Event {
    sse::Event {
        data: Some(format!("{{\"answer\":\"1\",\"text\":\"{text}\"}}").into()),
        id: id.map(|id| id.to_string().into()),
        ..sse::Event::default()
    }
}

/// What a stream that has given out `before` makes of `after` and a good end; `None` for an error.
fn joined(before: &[sse::Event], after: &[sse::Event]) -> Option<Vec<sse::Event>> {
    let mut history = History::new(&ROLES, 0);
    before.iter().for_each(|event| history.record(event));
    history.cut();
    history.resume();
    let mut given = Vec::new();
    for event in after {
        match history.admit(event, Role::Chunk).ok()? {
            Admission::Take => given.push(event.clone()),
            Admission::Release(events) => given.extend(events),
            Admission::Skip | Admission::Hold => {}
        }
    }
    if let Admission::Release(events) = history.close().ok()? {
        given.extend(events);
    }
    Some(given)
}

/// Texts of few words, so that they repeat, and a place of the cut after the first.
fn texts() -> impl Strategy<Value = (Vec<String>, usize)> {
    proptest::collection::vec("[abc]", 2..12).prop_flat_map(|texts| {
        let cut = 1..texts.len();
        (Just(texts), cut)
    })
}

proptest! {
    #[test]
    fn chunks_with_ids_come_once_wherever_the_server_begins((texts, cut) in texts(), from in 0..12_usize) {
        let all: Vec<_> = texts.iter().enumerate().map(|(index, text)| chunk(text, Some(index))).collect();
        prop_assert_eq!(joined(&all[..cut], &all[from.min(cut)..]), Some(all[cut..].to_vec()));
    }

    #[test]
    fn chunks_of_their_own_kind_come_once_wherever_the_server_begins((texts, cut) in texts(), from in 0..12_usize) {
        let all: Vec<_> = (0..texts.len()).map(|index| chunk(&index.to_string(), None)).collect();
        prop_assert_eq!(joined(&all[..cut], &all[from.min(cut)..]), Some(all[cut..].to_vec()));
    }

    #[test]
    fn a_gap_in_the_ids_is_an_error((texts, cut) in texts(), gap in 1..9_usize) {
        let before: Vec<_> = texts[..cut].iter().enumerate().map(|(index, text)| chunk(text, Some(index))).collect();
        prop_assert_eq!(joined(&before, &[chunk("x", Some(cut + gap))]), None);
    }

    #[test]
    fn what_is_given_out_is_the_end_of_what_came(
        (texts, cut) in texts(),
        after in proptest::collection::vec("[abc]", 0..12),
        ids in proptest::collection::vec(proptest::option::of(0..12_usize), 12),
    ) {
        let with = |texts: &[String]| -> Vec<_> {
            texts.iter().zip(&ids).map(|(text, id)| chunk(text, *id)).collect()
        };
        let after = with(&after);
        if let Some(given) = joined(&with(&texts[..cut]), &after) {
            prop_assert!(after.ends_with(&given), "{:?} of {:?}", given, after);
        }
    }
}
