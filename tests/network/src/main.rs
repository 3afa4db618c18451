//! Measures what a stream costs in memory when ten thousand are open: `cargo run --release -p mka1-network-tests --bin ten-thousand`.

use std::process::ExitCode;

use mka1_network_tests::crowd::{crowd, serve};

const STREAMS: usize = 10_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return match serve().await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let program = std::env::current_exe().expect("the path of this program");
    let report = crowd(&program, STREAMS).await;
    if report.streams < STREAMS {
        println!("the system allows {} streams", report.streams);
    }
    println!("{report}");
    ExitCode::SUCCESS
}
