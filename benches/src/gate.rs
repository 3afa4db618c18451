//! Holds what doesn't depend on the machine: allocations, and instructions as ratios. Needs valgrind, and the other binary beside this one.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

use mka1_benches::decoders::Decoder;
use mka1_benches::{inputs, typed, work};

const EVENTS: usize = 20_000;

/// At most so many allocations per event of a chat, for each size of the pieces.
const ALLOCATIONS: [(usize, f64); 4] = [(0, 0.01), (16 * 1024, 0.01), (1_400, 0.01), (64, 0.01)];

/// A chunk's `id`, `model`, text and choices, and room for unescaping.
const TYPED_ALLOCATIONS: f64 = 4.4;

/// Twice the event may take so many times the instructions, however it is cut.
const GROWTH: f64 = 2.2;
const GROWTH_PIECES: [&str; 4] = ["0", "16384", "1460", "64"];

/// Work, what it is compared with, and how many of the other's instructions it may take. Callgrind counts every byte of a large copy.
const RATIOS: [(&[&str], &[&str], f64); 10] = [
    (&["decode", "mka1", "chat", "1400", "4000"], &["decode", "sse-core", "chat", "1400", "4000"], 0.65),
    (&["decode", "mka1", "chat", "64", "4000"], &["decode", "sse-core", "chat", "64", "4000"], 0.92),
    (&["decode", "mka1", "large", "1400", "8"], &["decode", "sse-core", "large", "1400", "8"], 0.27),
    (&["decode", "mka1", "single", "1460", "8388608"], &["decode", "sse-stream", "single", "1460", "8388608"], 1.05),
    (&["typed", "mka1", "1400", "4000"], &["typed", "bare", "4000"], 0.65),
    (&["union", "response.output_text.delta"], &["alone", "response.output_text.delta"], 1.6),
    (&["union", "response.refusal.delta"], &["alone", "response.refusal.delta"], 1.6),
    (&["union", "response.mcp_call_arguments.delta"], &["alone", "response.mcp_call_arguments.delta"], 1.6),
    (&["union", "response.custom_tool_call_input.delta"], &["alone", "response.custom_tool_call_input.delta"], 1.6),
    (&["union", "response.later_version.delta"], &["alone", "response.later_version.delta"], 1.6),
];

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failures) => {
            eprintln!("{failures} beyond the limit");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How many are beyond their limit.
fn run() -> io::Result<usize> {
    let mut failures = 0;
    let mut hold = |what: &str, found: f64, limit: f64| {
        let verdict = if found <= limit { "ok" } else { "TOO MUCH" };
        println!("{verdict:<8} {found:>6.2} of {limit:.2}  {what}");
        failures += usize::from(found > limit);
    };
    let stream = inputs::chat(EVENTS);
    for (size, limit) in ALLOCATIONS {
        let pieces = inputs::pieces(&stream, size);
        hold(&format!("allocations per event, pieces of {size}"), allocations(|| Decoder::Mka1.run(&pieces)), limit);
    }
    let pieces = inputs::pieces(&stream, 1_400);
    hold("allocations per typed chunk", allocations(|| typed::mka1(&pieces)), TYPED_ALLOCATIONS);

    for piece in GROWTH_PIECES {
        let half = instructions(&["decode", "mka1", "single", piece, "4194304"])?;
        let whole = instructions(&["decode", "mka1", "single", piece, "8388608"])?;
        hold(&format!("growth from 4 to 8 MiB, pieces of {piece}"), whole / half, GROWTH);
    }
    for (ours, other, limit) in RATIOS {
        let ratio = instructions(ours)? / instructions(other)?;
        hold(&format!("{} beside {}", ours.join(" "), other.join(" ")), ratio, limit);
    }
    Ok(failures)
}

fn allocations(run: impl FnOnce() -> usize) -> f64 {
    let counted = allocation_counter::measure(|| {
        assert!(run() > 0, "there are events");
    });
    counted.count_total as f64 / EVENTS as f64
}

/// The instructions of one piece of work, without what makes it ready.
fn instructions(arguments: &[&str]) -> io::Result<f64> {
    let output = env::temp_dir().join(format!("mka1-callgrind-{}", std::process::id()));
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .arg(format!("--toggle-collect={}", work::MEASURED))
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(beside()?)
        .arg(work::ARGUMENT)
        .args(arguments)
        .stderr(Stdio::null())
        .status()?;
    let counted = counted(&output);
    // It may not be there.
    let _ = fs::remove_file(&output);
    match counted? {
        count if status.success() && count > 0.0 => Ok(count),
        _ => Err(io::Error::other(format!("{arguments:?} can't be counted"))),
    }
}

fn counted(output: &Path) -> io::Result<f64> {
    let text = fs::read_to_string(output)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total.and_then(|total| total.trim().parse().ok()).ok_or_else(|| io::Error::other("callgrind wrote no total"))
}

/// The program that does the work: this one counts allocations, which takes instructions.
fn beside() -> io::Result<PathBuf> {
    Ok(env::current_exe()?.with_file_name("mka1-benches"))
}
