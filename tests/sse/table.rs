//! The sentences of the standard, one case for each thing they say; every case in every way to cut it.

use std::time::Duration;

use mka1::sse::{Decoder, Event};

use super::outcome::{End, EventExt, Outcome, data, dataless, decode};
use super::reference;

struct Case {
    says: &'static str,
    input: Vec<u8>,
    dataless: bool,
    expected: Outcome,
}

/// A case that ends cleanly, with the id of its last event and the last `retry` of its events, unless it says otherwise.
fn case<const N: usize>(says: &'static str, input: impl AsRef<[u8]>, events: [Event; N]) -> Case {
    let last_id = events.last().and_then(|event| event.id.as_deref()).map(str::to_owned);
    let reconnection_time = events.iter().rev().find_map(|event| event.retry);
    let expected = Outcome { events: events.into(), last_id, reconnection_time, end: End::Clean };
    Case { says, input: input.as_ref().to_vec(), dataless: false, expected }
}

impl Case {
    fn incomplete(mut self) -> Self {
        self.expected.end = End::Incomplete;
        self
    }

    fn last_id(mut self, id: &str) -> Self {
        self.expected.last_id = Some(id.to_owned()).filter(|id| !id.is_empty());
        self
    }

    fn reconnect_after(mut self, millis: u64) -> Self {
        self.expected.reconnection_time = Some(Duration::from_millis(millis));
        self
    }

    /// With data-less events kept.
    fn dataless(mut self) -> Self {
        self.dataless = true;
        self
    }

    fn check(&self, pieces: &[&[u8]]) {
        let decoder = Decoder::new().with_dataless_events(self.dataless);
        let outcome = decode(decoder, pieces.iter().copied());
        let pieces = || pieces.iter().map(|piece| piece.escape_ascii().to_string()).collect::<Vec<_>>();
        assert_eq!(outcome, self.expected, "{}: {:?}", self.says, pieces());
    }

    fn check_all_cuts(&self) {
        let input = &self.input[..];
        self.check(&[input]);
        self.check(&input.chunks(1).collect::<Vec<_>>());
        for first in 0..=input.len() {
            let (before, after) = input.split_at(first);
            self.check(&[before, after]);
            if input.len() <= 64 {
                for second in 0..=after.len() {
                    let (middle, end) = after.split_at(second);
                    self.check(&[before, middle, end]);
                }
            }
        }
    }
}

#[test]
fn every_case_in_every_way_to_cut_it() {
    let cases: Vec<_> = [lines(), fields(), ids(), retries(), dispatch(), ends(), encoding(), bom(), streams()]
        .into_iter()
        .flatten()
        .collect();
    assert!(cases.len() >= 100, "{} cases", cases.len());
    cases.iter().for_each(Case::check_all_cuts);
}

#[test]
fn the_reference_agrees_with_the_table() {
    for case in
        [lines(), fields(), ids(), retries(), dispatch(), ends(), encoding(), bom(), streams()].into_iter().flatten()
    {
        assert_eq!(reference::decode(&case.input, case.dataless), case.expected, "{}", case.says);
    }
}

fn lines() -> Vec<Case> {
    vec![
        case("LF ends a line", "data: x\n\n", [data("x")]),
        case("CR ends a line", "data: x\r\r", [data("x")]),
        case("CRLF ends a line", "data: x\r\n\r\n", [data("x")]),
        case("LF then CR are two ends", "data: x\n\r", [data("x")]),
        case("CR then CRLF are two ends", "data: x\r\r\n", [data("x")]),
        case("CRLF then CR are two ends", "data: x\r\n\r", [data("x")]),
        case("CRLF then LF are two ends", "data: x\r\n\n", [data("x")]),
        case("LF then CRLF are two ends", "data: x\n\r\n", [data("x")]),
        case("CRLF is one end only", "data: x\r\ndata: y\r\n\r\n", [data("x\ny")]),
        case("ends may be mixed", "data: 1\ndata: 2\rdata: 3\r\n\n", [data("1\n2\n3")]),
        case(
            "ends may be mixed between events",
            "data: 1\r\rdata: 2\n\ndata: 3\r\n\r\n",
            [data("1"), data("2"), data("3")],
        ),
        case("a LF after an event ended by CR belongs to the CR", "data: 1\r\r\ndata: 2\r\r\n", [data("1"), data("2")]),
        case("CR CR LF LF is three ends", "data: 1\r\r\n\ndata: 2\n\n", [data("1"), data("2")]),
        case("blank lines in a row are nothing", "\n\n\r\r\n\n\r\ndata: x\n\n\n\n", [data("x")]),
        case("an input of line ends is empty", "\r\n\r\n\n\r", []),
        case("no input is no event", "", []),
        case(
            "other line separators are text",
            "data: a\u{2028}b\u{85}c\x0b\x0cd\n\n",
            [data("a\u{2028}b\u{85}c\x0b\x0cd")],
        ),
        case("a blank line has no bytes at all", "data: x\n \n\n", [data("x")]),
        case("a line may be a tab", "data: x\n\t\n\n", [data("x")]),
    ]
}

fn fields() -> Vec<Case> {
    vec![
        case("one space after the colon is dropped", "data: x\n\n", [data("x")]),
        case("no space is needed", "data:x\n\n", [data("x")]),
        case("only one space is dropped", "data:  x \n\n", [data(" x ")]),
        case("a tab is not dropped", "data:\tx\n\n", [data("\tx")]),
        case("a space alone is dropped", "data: \n\n", [data("")]),
        case("of two spaces one is left", "data:  \n\n", [data(" ")]),
        case("a no-break space is not dropped", "data:\u{a0}x\n\n", [data("\u{a0}x")]),
        case("the first colon ends the name", "data:a:b: c\n\n", [data("a:b: c")]),
        case("a colon may begin the value", "data::x\n\n", [data(":x")]),
        case("a space may follow a colon in the value", "data:: x\n\n", [data(": x")]),
        case("the value may be empty", "data:\n\n", [data("")]),
        case("a line without a colon is a name", "data\n\n", [data("")]),
        case("two of them are a line end", "data\ndata\n\n", [data("\n")]),
        case("three of them are two", "data\ndata:\ndata: \n\n", [data("\n\n")]),
        case("data lines are joined by LF", "data: a\ndata: b\ndata: c\n\n", [data("a\nb\nc")]),
        case("empty data lines count", "data: a\ndata\ndata: b\n\n", [data("a\n\nb")]),
        case("a last empty data line counts", "data: a\ndata:\n\n", [data("a\n")]),
        case("a first empty data line counts", "data:\ndata: a\n\n", [data("\na")]),
        case("data lines may lie apart", "data: a\nevent: e\ndata: b\n\n", [data("a\nb").named("e")]),
        case("comments are ignored", ": c\n:c\n:\n: data: y\ndata: x\n\n", [data("x")]),
        case("comments may come in between", "data: a\n: c\ndata: b\n:\n\n", [data("a\nb")]),
        case("a comment is no blank line", ":\ndata: a\n:\n:\ndata: b\n\n", [data("a\nb")]),
        case("a colon alone is a comment", ":\n\n:\n\n", []),
        case("unknown fields are ignored", "x: y\ndata: 1\nfoo\n: \ndatas: z\n\n", [data("1")]),
        case("names are told apart by their case", "Data: 1\nDATA: 2\nEvent: e\nID: 3\nRetry: 4\n\n", []),
        case("a name may not begin with a space", " data: 1\n event: e\n\n", []),
        case("a name may not end with a space", "data : 1\n\n", []),
        case("a name may not be longer", "dataa: 1\neventt: e\nid2: 3\nretry-: 4\n\n", []),
        case("a name may not be cut short", "dat: 1\neven: e\ni: 3\nretr: 4\n\n", []),
        case("an empty name is a comment, a space is not", " : x\n\n", []),
        case("a name may be long", "a-very-long-name-of-a-field-that-nobody-knows: x\ndata: 1\n\n", [data("1")]),
        case("a NUL is a character of data", "data: a\0b\n\n", [data("a\0b")]),
        case("a NUL is a character of a name", "data\0: a\n\n", []),
        case("an event has a name", "event: tick\ndata: x\n\n", [data("x").named("tick")]),
        case("the name may come last", "data: x\nevent: tick\n\n", [data("x").named("tick")]),
        case("the last name counts", "event: a\nevent: b\ndata: x\n\n", [data("x").named("b")]),
        case("an empty name is the default", "event: a\nevent:\ndata: x\n\n", [data("x")]),
        case("a missing name is the default", "event: a\nevent\ndata: x\n\n", [data("x")]),
        case("a name may be given that is the default", "event: message\ndata: x\n\n", [data("x").named("message")]),
        case("a name is for one event", "event: a\ndata: 1\n\ndata: 2\n\n", [data("1").named("a"), data("2")]),
        case("a name is for its block even if that has no data", "event: a\n\ndata: 2\n\n", [data("2")]),
        case("a name is taken as it is", "event:  a B\t\ndata: x\n\n", [data("x").named(" a B\t")]),
        case("names may be anything", "event: é日😀: \ndata: x\n\n", [data("x").named("é日😀: ")]),
    ]
}

fn ids() -> Vec<Case> {
    vec![
        case("an id is for its event", "id: 1\ndata: x\n\n", [data("x").id("1")]),
        case("an id lasts", "id: 1\ndata: x\n\ndata: y\n\n", [data("x").id("1"), data("y").id("1")]),
        case("a later id replaces it", "id: 1\ndata: x\n\nid: 2\ndata: y\n\n", [data("x").id("1"), data("y").id("2")]),
        case("the last id of a block counts", "id: 1\nid: 2\ndata: x\n\n", [data("x").id("2")]),
        case("an empty id resets it", "id: 1\ndata: x\n\nid:\ndata: y\n\n", [data("x").id("1"), data("y")]),
        case("an id without a colon resets it", "id: 1\ndata: x\n\nid\ndata: y\n\n", [data("x").id("1"), data("y")]),
        case("an id reset within a block is reset", "id: 1\nid\ndata: x\n\n", [data("x")]),
        case("a reset lasts", "id: 1\n\nid\n\ndata: x\n\n", [data("x")]),
        case("an id counts without data", "id: 1\n\ndata: x\n\n", [data("x").id("1")]),
        case("an id alone is no event", "id: 1\n\n", []).last_id("1"),
        case("an id may come after the data", "data: x\nid: 1\n\n", [data("x").id("1")]),
        case(
            "an id with NUL is ignored",
            "id: 1\ndata: x\n\nid: 2\0\ndata: y\n\n",
            [data("x").id("1"), data("y").id("1")],
        ),
        case("NUL may be anywhere in it", "id: \0\ndata: x\n\nid: \x003\ndata: y\n\n", [data("x"), data("y")]),
        case("an ignored id leaves the one before in the block", "id: 1\nid: \0\ndata: x\n\n", [data("x").id("1")]),
        case("an id is taken as it is", "id:  a b \ndata: x\n\n", [data("x").id(" a b ")]),
        case("an id may be anything", "id: é日😀:\ndata: x\n\n", [data("x").id("é日😀:")]),
        case("an unfinished block sets no id", "id: 1\n\nid: 2\n", []).last_id("1").incomplete(),
        case("nor does an unfinished event", "id: 1\ndata: x\n\nid: 2\ndata: y\n", [data("x").id("1")]).incomplete(),
    ]
}

fn retries() -> Vec<Case> {
    vec![
        case("retry is in milliseconds", "retry: 1500\ndata: x\n\n", [data("x").retry(1500)]),
        case("retry is for its event", "retry: 1\ndata: x\n\ndata: y\n\n", [data("x").retry(1), data("y")]),
        case("retry counts without data", "retry: 1500\n\n", []).reconnect_after(1500),
        case("retry counts in an unfinished block", "retry: 1500\n", []).reconnect_after(1500).incomplete(),
        case("but not in an unfinished line", "retry: 1500", []).incomplete(),
        case("the last retry counts", "retry: 1\nretry: 2\ndata: x\n\n", [data("x").retry(2)]),
        case("it stays until the next", "retry: 1\n\nretry: x\n\ndata: x\n\n", [data("x")]).reconnect_after(1),
        case("retry may be zero", "retry: 0\ndata: x\n\n", [data("x").retry(0)]),
        case("zeros may lead", "retry: 000000000000000000000000000007\ndata: x\n\n", [data("x").retry(7)]),
        case("no number is ignored", "retry: soon\ndata: x\n\n", [data("x")]),
        case("a number and more is ignored", "retry: 10ms\ndata: x\n\n", [data("x")]),
        case("a sign is ignored", "retry: -1\nretry: +1\ndata: x\n\n", [data("x")]),
        case("a fraction is ignored", "retry: 1.5\nretry: 1e3\ndata: x\n\n", [data("x")]),
        case("spaces are no digits", "retry: 1 \nretry:  1\nretry: 1 0\ndata: x\n\n", [data("x")]),
        case("hex is no digits", "retry: 0x10\nretry: ff\ndata: x\n\n", [data("x")]),
        case("other digits are no ASCII digits", "retry: ١٢\nretry: １\ndata: x\n\n", [data("x")]),
        case("nothing is ignored", "retry: 5\nretry:\nretry\nretry: \ndata: x\n\n", [data("x").retry(5)]),
        case("the largest number there is", "retry: 18446744073709551615\ndata: x\n\n", [data("x").retry(u64::MAX)]),
        case("more is the largest number", "retry: 18446744073709551616\ndata: x\n\n", [data("x").retry(u64::MAX)]),
        case("much more too", "retry: 99999999999999999999999999\ndata: x\n\n", [data("x").retry(u64::MAX)]),
    ]
}

fn dispatch() -> Vec<Case> {
    vec![
        case("a block without data is no event", "event: a\nid: 1\nretry: 2\n\n", []).last_id("1").reconnect_after(2),
        case("a name alone is an event if one wants", "event: done\n\n", [dataless("done")]).dataless(),
        case("it has an id and retry", "event: done\nid: 1\nretry: 2\n\n", [dataless("done").id("1").retry(2)])
            .dataless(),
        case("without a name it is not", "id: 1\nretry: 2\n\n", []).dataless().last_id("1").reconnect_after(2),
        case("nor with an empty one", "event\n\nevent: a\nevent:\n\n", []).dataless(),
        case("empty data is data", "event: done\ndata\n\n", [data("").named("done")]).dataless(),
        case("no block is no event", ": c\n\n\n\n", []).dataless(),
        case("events with data are as ever", "data: x\n\nevent: a\ndata: y\n\n", [data("x"), data("y").named("a")])
            .dataless(),
        case("a block of unknown fields is none", "x: y\nz\n\ndata: 1\n\n", [data("1")]),
        case("a retry is for its block even if that has no data", "retry: 1\n\ndata: x\n\n", [data("x")])
            .reconnect_after(1),
        case("events follow each other", "data: 1\n\ndata: 2\n\ndata: 3\n\n", [data("1"), data("2"), data("3")]),
        case("further blank lines are nothing", "data: 1\n\n\n\n\ndata: 2\n\n\n", [data("1"), data("2")]),
    ]
}

fn ends() -> Vec<Case> {
    vec![
        case("an event needs its blank line", "data: x\n", []).incomplete(),
        case("and the end of its line", "data: x", []).incomplete(),
        case("with CR too", "data: x\r", []).incomplete(),
        case("with CRLF too", "data: x\r\n", []).incomplete(),
        case("a name may be unfinished", "data: 1\n\nda", [data("1")]).incomplete(),
        case("a byte may be", "data: 1\n\nd", [data("1")]).incomplete(),
        case("a block without data may be", "event: done\n", []).incomplete(),
        case("a block of unknown fields may be", "x: y\n", []).incomplete(),
        case("an unknown line may be", "a line that is too long for a name", []).incomplete(),
        case("an event in a comment may be", "data: x\n: c", []).incomplete(),
        case("a comment is no part of an event", "data: 1\n\n: c\n", [data("1")]),
        case("an unfinished comment neither", "data: 1\n\n: c", [data("1")]),
        case("a colon neither", "data: 1\n\n:", [data("1")]),
        case("CR ends the last event", "data: 1\r\r", [data("1")]),
        case("a bad byte at the end is unfinished", b"data: 1\n\n\xE2", [data("1")]).incomplete(),
    ]
}

fn encoding() -> Vec<Case> {
    vec![
        case("text is UTF-8", "data: é 日本 😀\n\n", [data("é 日本 😀")]),
        case("a bad byte becomes U+FFFD", b"data: a\xFFb\n\n", [data("a\u{fffd}b")]),
        case("each lone continuation byte does", b"data: \x80\xBF\n\n", [data("\u{fffd}\u{fffd}")]),
        case("a cut sequence becomes one", b"data: \xE2\x82\n\n", [data("\u{fffd}")]),
        case("and what follows is text", b"data: \xE2\x82x\xF0\x9F\x98y\n\n", [data("\u{fffd}x\u{fffd}y")]),
        case("a cut sequence before another", b"data: \xF0\x9F\xE2\x82\xAC\n\n", [data("\u{fffd}€")]),
        case("an overlong one becomes two", b"data: \xC0\xAF\n\n", [data("\u{fffd}\u{fffd}")]),
        case("a long overlong one three", b"data: \xE0\x80\xAF\n\n", [data("\u{fffd}\u{fffd}\u{fffd}")]),
        case("a surrogate three", b"data: \xED\xA0\x80\n\n", [data("\u{fffd}\u{fffd}\u{fffd}")]),
        case("beyond U+10FFFF four", b"data: \xF4\x90\x80\x80\n\n", [data("\u{fffd}\u{fffd}\u{fffd}\u{fffd}")]),
        case(
            "five byte forms five",
            b"data: \xF8\x88\x80\x80\x80\n\n",
            [data("\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}")],
        ),
        case(
            "a cut sequence doesn't eat the line end",
            b"data: \xF0\x9F\r\ndata: \x98\x80\r\n\r\n",
            [data("\u{fffd}\n\u{fffd}\u{fffd}")],
        ),
        case("nor the colon", b"data\xE2: x\ndata: y\n\n", [data("y")]),
        case("nor the space", b"data: \xE2 x\n\n", [data("\u{fffd} x")]),
        case("names are repaired", b"event: a\xFF\ndata: x\n\n", [data("x").named("a\u{fffd}")]),
        case("ids are repaired", b"id: \xE2\x82\ndata: x\n\n", [data("x").id("\u{fffd}")]),
        case("a retry with a bad byte is no number", b"retry: 1\xFF\ndata: x\n\n", [data("x")]),
        case("U+FFFD itself is text", "data: \u{fffd}\n\n", [data("\u{fffd}")]),
        case("a bad byte in a comment is nothing", b": \xFF\ndata: x\n\n", [data("x")]),
        case("the other events are sound", b"data: \xFF\n\ndata: x\n\n", [data("\u{fffd}"), data("x")]),
    ]
}

fn bom() -> Vec<Case> {
    let bom = |rest: &str| format!("\u{feff}{rest}");
    vec![
        case("a byte order mark is dropped", bom("data: x\n\n"), [data("x")]),
        case("also before a comment", bom(": c\ndata: x\n\n"), [data("x")]),
        case("also before a blank line", bom("\ndata: x\n\n"), [data("x")]),
        case("also before CRLF", bom("\r\ndata: x\n\n"), [data("x")]),
        case("a mark alone is nothing", bom(""), []),
        case("only one is", bom("\u{feff}data: x\n\n"), []),
        case("not in a later line", bom("\n\u{feff}data: x\ndata: y\n\n"), [data("y")]),
        case("not in a later event", "data: x\n\n\u{feff}data: y\n\n", [data("x")]),
        case("not after a comment", ":\n\u{feff}data: y\n\n", []),
        case("in a value it is text", "data: \u{feff}x\n\n", [data("\u{feff}x")]),
        case("before a colon it is a name", "data: x\n\u{feff}: y\n\n", [data("x")]),
        case("half a mark is a name", b"\xEF\xBBdata: x\ndata: y\n\n", [data("y")]),
        case("a third too", b"\xEFdata: x\ndata: y\n\n", [data("y")]),
        case("it may be a line of its own", b"\xEF\xBB\ndata: y\n\n", [data("y")]),
        case("or begin a longer name", b"\xEF\xBBxxxxxxxxxx: 1\ndata: y\n\n", [data("y")]),
        case("or have a value", b"\xEF: x\rdata: y\r\r", [data("y")]),
        case("half a mark is unfinished", b"\xEF\xBB", []).incomplete(),
        case("a mark and a half are a name", b"\xEF\xBB\xBF\xEF\xBBdata: x\n\n", []),
        case("the marks of UTF-16 are text", b"\xFE\xFFdata: x\n\n", []),
    ]
}

fn streams() -> Vec<Case> {
    vec![
        case(
            "as oRPC writes a chat",
            ": \n\nevent: message\ndata: {\"n\":1}\n\n: \n\n: seen\nevent: message\nretry: 1500\nid: 0\ndata: {\"n\":2}\n\nevent: done\ndata: null\n\n",
            [
                data("{\"n\":1}").named("message"),
                data("{\"n\":2}").named("message").id("0").retry(1500),
                data("null").named("done").id("0"),
            ],
        ),
        case(
            "as oRPC 2 ends one",
            ": \n\nevent: message\n\nevent: message\ndata: 1\n\nevent: close\n\n",
            [dataless("message"), data("1").named("message"), dataless("close")],
        )
        .dataless(),
        case(
            "as oRPC tells an error",
            ": \n\nevent: error\nretry: 250\nid: 1\ndata: {\"code\":\"BAD_GATEWAY\"}\n\n",
            [data("{\"code\":\"BAD_GATEWAY\"}").named("error").id("1").retry(250)],
        ),
        case(
            "as OpenAI writes a chat",
            "data: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: [DONE]\n\n",
            [data("{\"n\":1}"), data("{\"n\":2}"), data("[DONE]")],
        ),
        case("as the standard has it: stocks", "data: YHOO\ndata: +2\ndata: 10\n\n", [data("YHOO\n+2\n10")]),
        case(
            "as the standard has it: ids",
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
            [data("first event").id("1"), data("second event")],
        )
        .incomplete(),
        case("as the standard has it: empty data", "data\n\ndata\ndata\n\ndata:", [data(""), data("\n")]).incomplete(),
        case("as the standard has it: spaces", "data:test\n\ndata: test\n\n", [data("test"), data("test")]),
    ]
}
