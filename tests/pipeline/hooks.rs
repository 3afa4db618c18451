//! Hooks: one for each operation, and none for those who don't ask for them.

use super::pipeline::Generated;
use super::whole::{DOCUMENT, selected};

fn text<'g>(generated: &'g Generated, file: &str) -> Option<&'g str> {
    generated.files.iter().find(|(name, _)| *name == file).map(|(_, text)| text.as_str())
}

#[test]
fn every_operation_has_a_hook_which_is_a_query_where_it_reads() {
    let generated = selected(DOCUMENT, &|_| true);
    let (operations, hooks) = (text(&generated, "operations.rs").unwrap(), text(&generated, "hooks.rs").unwrap());
    let reads = operations.matches("method: Method::GET,").count();
    let all = operations.matches("method: Method::").count();
    assert!(reads > 100 && all - reads > 100, "{reads} of {all}");
    let of = |kind: &str| hooks.lines().filter(|line| line.starts_with("pub fn use_") && line.contains(kind)).count();
    assert_eq!((of("_query("), of("_mutation(")), (reads, all - reads));
}

#[test]
fn hooks_are_written_for_those_who_ask_for_them() {
    assert!(text(&selected(DOCUMENT, &|feature| feature == "llm-chat"), "hooks.rs").is_none());
}
