//! The table: what was measured, beside the peers and the goals.

use std::io;

use bytes::Bytes;

use crate::builds::Program;
use crate::decoders::Decoder;
use crate::http::{Clients, Place};
use crate::rounds::{Case, Rounds, median};
use crate::{inputs, responses, typed};

const CHAT: usize = 50_000;
/// Not a multiple of a page: copies between places that lie alike in their pages are slow, and every event would meet with that.
const LARGE: usize = 262_000;
const LARGE_COUNT: usize = 32;
const HUGE: usize = 8 * 1024 * 1024;
const KEEP_ALIVES: usize = 100_000;

/// How the input is cut; 0 is not at all.
const PIECES: [usize; 4] = [0, 16 * 1024, 1_400, 64];

/// Prints the sections that are named, or all.
pub fn print(sections: &[&str]) -> io::Result<()> {
    let wanted = |section: &str| sections.is_empty() || sections.contains(&section);
    if wanted("decode") {
        decode();
    }
    if wanted("typed") {
        chunks();
        unions();
    }
    if wanted("http") {
        http()?;
    }
    if wanted("builds") {
        programs()?;
    }
    Ok(())
}

fn decode() {
    heading("SSE decode, CPU time per event", &Decoder::ALL.map(Decoder::name));
    let mut inputs = vec![
        ("chat", CHAT, inputs::chat(CHAT), PIECES.to_vec()),
        ("keep-alives", KEEP_ALIVES, inputs::keep_alives(KEEP_ALIVES), PIECES.to_vec()),
        ("262 KB", LARGE_COUNT, inputs::large(LARGE_COUNT, LARGE), PIECES.to_vec()),
    ];
    inputs.push(("8 MiB", 1, inputs::large(1, HUGE), vec![1_460]));
    for (name, count, stream, sizes) in &inputs {
        for size in sizes {
            let pieces = inputs::pieces(stream, *size);
            let decoders: Vec<_> = Decoder::ALL.into_iter().filter(|decoder| bearable(*decoder, name, *size)).collect();
            let events = Decoder::Mka1.run(&pieces);
            for decoder in decoders.iter().filter(|decoder| !decoder.is_floor()) {
                assert_eq!(decoder.run(&pieces), events, "{} reads all events", decoder.name());
            }
            let rounds = Rounds::run(decoders.iter().map(|decoder| case(*decoder, *count, &pieces)).collect());
            let cells = Decoder::ALL.map(|decoder| match rounds.names().any(|name| name == decoder.name()) {
                true => nanoseconds(rounds.time(decoder.name())),
                false => "-".to_owned(),
            });
            row(&format!("{name}, {}", cut(*size)), &cells);
        }
    }
    growth();
}

/// `eventsource-stream` moves all that it holds with every event, and looks through all of it with every piece: where an event or a piece
/// is large it takes minutes for what others do in a millisecond.
fn bearable(decoder: Decoder, input: &str, piece: usize) -> bool {
    let is_small = matches!(input, "chat" | "keep-alives") && (1..=16 * 1024).contains(&piece);
    decoder != Decoder::EventsourceStream || is_small
}

fn case<'a>(decoder: Decoder, count: usize, pieces: &'a [Bytes]) -> Case<'a> {
    Case::new(decoder.name(), count, move || decoder.run(pieces))
}

/// Whether work doubles with the size of an event, and no more.
fn growth() {
    heading("8 MiB event beside one of 4 MiB, T(2n)/T(n), goal 2.2", &["mka1"]);
    let (half, whole) = (inputs::large(1, HUGE / 2), inputs::large(1, HUGE));
    for size in [0, 16 * 1024, 1_460, 64] {
        let (half, whole) = (inputs::pieces(&half, size), inputs::pieces(&whole, size));
        let rounds = Rounds::run(vec![
            Case::new("half", 1, || Decoder::Mka1.run(&half)),
            Case::new("whole", 1, || Decoder::Mka1.run(&whole)),
        ]);
        row(&cut(size), &[format!("{:.2}", rounds.ratio("whole", "half"))]);
    }
}

fn chunks() {
    let columns = ["ns", "of bare", "goal"];
    heading("Chat chunks decoded and typed, beside serde_json::from_slice of the bare payloads", &columns);
    let (payloads, stream) = (inputs::chat_payloads(CHAT), inputs::chat(CHAT));
    for size in PIECES {
        let pieces = inputs::pieces(&stream, size);
        let rounds = Rounds::run(vec![
            Case::new("bare payloads, minimal struct", CHAT, || typed::bare::<typed::Minimal>(&payloads)),
            Case::new("bare payloads, all fields", CHAT, || typed::bare::<typed::Full>(&payloads)),
            Case::new("mka1, generated type", CHAT, || typed::mka1(&pieces)),
            Case::new("mka1, each chunk parsed", CHAT, || typed::mka1_parsed(&pieces)),
            Case::new("sse-core, minimal struct", CHAT, || typed::sse_core(&pieces)),
            Case::new("sse-stream, minimal struct", CHAT, || typed::sse_stream(&pieces)),
        ]);
        for name in rounds.names() {
            let ratio = format!("{:.2}", rounds.ratio(name, "bare payloads, minimal struct"));
            let goal = if name.starts_with("mka1") { "1.00" } else { "" };
            row(&format!("{name}, {}", cut(size)), &[nanoseconds(rounds.time(name)), ratio, goal.to_owned()]);
        }
    }
}

fn unions() {
    heading("Response events", &["ns", "struct alone", "ratio", "goal"]);
    for variant in &responses::VARIANTS {
        let events = variant.events();
        let rounds = Rounds::run(vec![
            Case::new("union", responses::EVENTS, || responses::union(&events)),
            Case::new("alone", responses::EVENTS, || variant.alone(&events)),
        ]);
        let (union, alone) = (rounds.time("union"), rounds.time("alone"));
        let ratio = format!("{:.2}", rounds.ratio("union", "alone"));
        row(variant.tag, &[nanoseconds(union), nanoseconds(alone), ratio, "2.00".to_owned()]);
    }
}

fn http() -> io::Result<()> {
    let clients = Clients::start()?;
    heading("Client CPU per chunk over loopback", &["ns", "of async-openai", "goal"]);
    for (place, where_read) in Place::ALL {
        let rounds = clients.cpu(place);
        for name in rounds.names() {
            let goal = if name == "mka1" { "0.50" } else { "" };
            let ratio = format!("{:.2}", rounds.ratio(name, "async-openai"));
            row(&format!("{name}, {where_read}"), &[nanoseconds(rounds.time(name)), ratio, goal.to_owned()]);
        }
    }
    let (ours, bare) = clients.first_event();
    heading("From headers to the first event", &["us", "goal"]);
    row("mka1", &[format!("{:.1}", micros(ours)), String::new()]);
    row("bare reqwest", &[format!("{:.1}", micros(bare)), String::new()]);
    row("mka1 beyond it", &[format!("{:.1}", micros(ours) - micros(bare)), "20".to_owned()]);
    Ok(())
}

/// Clean builds of each program. They take turns like everything else: a build differs from the next by up to a fifth.
const BUILDS: usize = 3;

fn programs() -> io::Result<()> {
    let (published, checkout, peer) = (Program::published()?, Program::new("mka1")?, Program::new("async-openai")?);
    let (mut packaged, mut generated) = (Vec::new(), Vec::new());
    for _ in 0..BUILDS {
        let theirs = peer.clean_build()?.as_secs_f64();
        packaged.push((published.clean_build()?.as_secs_f64(), theirs));
        generated.push((checkout.clean_build()?.as_secs_f64(), theirs));
    }
    let rebuilt = [(published.rebuild()?.as_secs_f64(), peer.rebuild()?.as_secs_f64())];
    let sizes = [(published.size()? as f64 / 1e6, peer.size()? as f64 / 1e6)];

    heading("A program that streams a chat, rustls, default features", &["mka1", "async-openai", "ratio", "goal"]);
    let beside = |name: &str, rounds: &[(f64, f64)], goal: &str| {
        let middle = |of: fn((f64, f64)) -> f64| median(&rounds.iter().copied().map(of).collect::<Vec<_>>());
        let (ours, peer, ratio) =
            (middle(|round| round.0), middle(|round| round.1), middle(|(ours, peer)| ours / peer));
        row(name, &[format!("{ours:.1}"), format!("{peer:.1}"), format!("{ratio:.2}"), goal.to_owned()]);
    };
    beside("clean dev build, CPU s", &packaged, "0.65");
    beside("clean dev build from a checkout, CPU s", &generated, "1.00");
    beside("build after a change of its main.rs, CPU s", &rebuilt, "");
    beside("stripped release binary, MB", &sizes, "1.00");
    Ok(())
}

fn heading(title: &str, columns: &[&str]) {
    println!("\n| {title} | {} |\n|---|{}", columns.join(" | "), "---|".repeat(columns.len()));
}

fn row(name: &str, cells: &[String]) {
    println!("| {name} | {} |", cells.join(" | "));
}

fn cut(size: usize) -> String {
    match size {
        0 => "whole".to_owned(),
        1024.. if size.is_multiple_of(1024) => format!("{} KiB pieces", size / 1024),
        _ => format!("{size} B pieces"),
    }
}

fn nanoseconds(time: f64) -> String {
    if time >= 10_000.0 { format!("{:.1} us", time / 1_000.0) } else { format!("{time:.0}") }
}

fn micros(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
