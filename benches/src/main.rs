//! Prints what the crate costs beside its peers. Arguments choose sections: `decode`, `typed`, `http`, `builds`; all by default.

use std::process::ExitCode;

use mka1_benches::work;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        [work::ARGUMENT, ref rest @ ..] => {
            if work::run(rest).is_some() {
                return ExitCode::SUCCESS;
            }
            eprintln!("there is no such work: {rest:?}");
            ExitCode::from(2)
        }
        ref sections => table(sections),
    }
}

#[cfg(feature = "http")]
fn table(sections: &[&str]) -> ExitCode {
    use mka1_benches::{server, table};
    let done = if sections == [server::ARGUMENT] { server::serve() } else { table::print(sections) };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(feature = "http"))]
fn table(_sections: &[&str]) -> ExitCode {
    eprintln!("the table needs the feature `http`");
    ExitCode::from(2)
}
