//! Work to count instructions of, named on the command line: `work decode mka1 chat 1400 2000`.

use bytes::Bytes;

use crate::decoders::Decoder;
use crate::{inputs, responses, typed};

/// The argument that makes the program do the work and nothing else.
pub const ARGUMENT: &str = "work";

/// The function whose instructions count. What is made ready before it doesn't.
pub const MEASURED: &str = "mka1_benches::work::measured";

/// Does what the arguments say; `None` if they say nothing that is known.
pub fn run(arguments: &[&str]) -> Option<usize> {
    match *arguments {
        ["decode", decoder, input, piece, count] => {
            let decoder = Decoder::ALL.into_iter().find(|known| known.name() == decoder)?;
            let pieces = pieces(input, piece, count)?;
            Some(measured(|| decoder.run(&pieces)))
        }
        ["typed", "bare", count] => {
            let payloads = inputs::chat_payloads(count.parse().ok()?);
            Some(measured(|| typed::bare::<typed::Minimal>(&payloads)))
        }
        ["typed", "full", count] => {
            let payloads = inputs::chat_payloads(count.parse().ok()?);
            Some(measured(|| typed::bare::<typed::Full>(&payloads)))
        }
        ["typed", "mka1", piece, count] => {
            let pieces = pieces("chat", piece, count)?;
            Some(measured(|| typed::mka1(&pieces)))
        }
        ["union", tag] => {
            let events = variant(tag)?.events();
            Some(measured(|| responses::union(&events)))
        }
        ["alone", tag] => {
            let variant = variant(tag)?;
            let events = variant.events();
            Some(measured(|| variant.alone(&events)))
        }
        _ => None,
    }
}

fn pieces(input: &str, piece: &str, count: &str) -> Option<Vec<Bytes>> {
    let count = count.parse().ok()?;
    let stream = match input {
        "chat" => inputs::chat(count),
        "keep-alives" => inputs::keep_alives(count),
        "large" => inputs::large(count, 262_000),
        // For this one the count is the size of the event.
        "single" => inputs::large(1, count),
        _ => return None,
    };
    Some(inputs::pieces(&stream, piece.parse().ok()?))
}

fn variant(tag: &str) -> Option<&'static responses::Variant> {
    responses::VARIANTS.iter().find(|variant| variant.tag == tag)
}

/// The name of this function is what the counter looks for.
#[inline(never)]
fn measured(work: impl FnOnce() -> usize) -> usize {
    std::hint::black_box(work())
}
