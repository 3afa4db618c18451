//! What users pay before anything runs: a clean build of a program that streams a chat, and the size of its release binary.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs, io};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// What one of the programs costs.
pub struct Cost {
    /// CPU time of a clean build with the dev profile, of all the processes that it takes.
    pub build: Duration,
    /// Bytes of the stripped release binary.
    pub size: u64,
}

/// Builds `hello-{crate_name}` twice, in a directory that is made for it and removed.
pub fn cost(crate_name: &str) -> io::Result<Cost> {
    let program = format!("hello-{crate_name}");
    let target = env::temp_dir().join(format!("{program}-{}", std::process::id()));
    let before = children();
    let built = build(&program, &target, &[]);
    let time = children().saturating_sub(before);
    let size = built.and_then(|()| build(&program, &target, &["--release"])).and_then(|()| {
        let binary: PathBuf = target.join("release").join(&program);
        Ok(fs::metadata(binary)?.len())
    });
    // Whether or not it went well, the directory is of no more use.
    let _ = fs::remove_dir_all(&target);
    Ok(Cost { build: time, size: size? })
}

fn build(program: &str, target: &Path, arguments: &[&str]) -> io::Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--locked", "--quiet", "--package", program, "--target-dir"])
        .arg(target)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
        .env_remove("CARGO_PROFILE_DEV_DEBUG")
        .status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{program} doesn't build"))) }
}

/// The CPU time of all processes that were started and have ended.
fn children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("Unix has this call");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(micros.unsigned_abs())
}
