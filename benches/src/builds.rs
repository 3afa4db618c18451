//! What users pay before anything runs: a clean build of a program that streams a chat, and the size of its release binary.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use std::{env, fs, io};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// What one of the programs costs.
pub struct Cost {
    /// CPU time of a clean build with the dev profile, of all the processes that it takes.
    pub build: Duration,
    /// The same of a build after its own `main.rs` was touched.
    pub rebuild: Duration,
    /// Bytes of the stripped release binary.
    pub size: u64,
}

/// Of `hello-{crate_name}`, as it stands in the workspace.
pub fn cost(crate_name: &str) -> io::Result<Cost> {
    let scratch = Scratch::new(crate_name)?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hello").join(crate_name);
    measure(&folder, &format!("hello-{crate_name}"), &scratch.0)
}

/// Of `hello-mka1` on the package that is published, with the versions that the workspace has.
pub fn published() -> io::Result<Cost> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let scratch = Scratch::new("published")?;
    let (package, program) = (scratch.0.join("mka1"), scratch.0.join("hello"));
    run(cargo().current_dir(&root).args(["xtask", "package"]).arg(&package))?;

    let hello = root.join("benches/hello/mka1");
    let manifest = fs::read_to_string(hello.join("Cargo.toml"))?.replace("../../..", "../mka1");
    fs::create_dir_all(program.join("src"))?;
    fs::write(program.join("Cargo.toml"), manifest + "\n[workspace]\n")?;
    fs::copy(hello.join("src/main.rs"), program.join("src/main.rs"))?;
    fs::copy(root.join("Cargo.lock"), program.join("Cargo.lock"))?;
    // What is left of the lock is written before anything is measured.
    run(cargo().current_dir(&program).args(["fetch", "--quiet"]))?;
    measure(&program, "hello-mka1", &scratch.0)
}

/// A directory that is removed whether or not it went well.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> io::Result<Self> {
        let folder = env::temp_dir().join(format!("hello-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Builds the program in `folder` twice.
fn measure(folder: &Path, program: &str, scratch: &Path) -> io::Result<Cost> {
    let target = scratch.join("target");
    let build = |profile: &[&str]| {
        let arguments = ["build", "--locked", "--quiet", "--target-dir"];
        run(cargo()
            .current_dir(folder)
            .args(arguments)
            .arg(&target)
            .args(profile)
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .env_remove("CARGO_PROFILE_DEV_DEBUG"))
    };
    let timed = || {
        let before = children();
        build(&[]).map(|()| children().saturating_sub(before))
    };
    let first = timed()?;
    File::open(folder.join("src/main.rs"))?.set_modified(SystemTime::now())?;
    let rebuild = timed()?;
    build(&["--release"])?;
    Ok(Cost { build: first, rebuild, size: fs::metadata(target.join("release").join(program))?.len() })
}

fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn run(command: &mut Command) -> io::Result<()> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?} failed"))) }
}

/// The CPU time of all processes that were started and have ended.
fn children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("Unix has this call");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(micros.unsigned_abs())
}
