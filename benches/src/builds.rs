//! What users pay before anything runs: a clean build of a program that streams a chat, and the size of its release binary.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use std::{env, fs, io};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// A program to be built, `hello-{crate_name}`.
pub struct Program {
    name: String,
    folder: PathBuf,
    scratch: Scratch,
}

impl Program {
    /// As it stands in the workspace.
    pub fn new(crate_name: &str) -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("hello").join(crate_name);
        Ok(Self { name: format!("hello-{crate_name}"), folder, scratch: Scratch::new(crate_name)? })
    }

    /// That on `mka1`, on the package that is published, with the versions that the workspace has.
    pub fn published() -> io::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let scratch = Scratch::new("published")?;
        let (package, folder) = (scratch.0.join("mka1"), scratch.0.join("hello"));
        run(cargo().current_dir(&root).args(["xtask", "package"]).arg(&package))?;

        let hello = root.join("benches/hello/mka1");
        let manifest = fs::read_to_string(hello.join("Cargo.toml"))?.replace("../../..", "../mka1");
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest + "\n[workspace]\n")?;
        fs::copy(hello.join("src/main.rs"), folder.join("src/main.rs"))?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        // What is left of the lock is written before anything is measured.
        run(cargo().current_dir(&folder).args(["fetch", "--quiet"]))?;
        Ok(Self { name: "hello-mka1".to_owned(), folder, scratch })
    }

    /// CPU time of a clean build with the dev profile, of all the processes that it takes.
    pub fn clean_build(&self) -> io::Result<Duration> {
        match fs::remove_dir_all(self.target()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => self.timed_build(),
        }
    }

    /// The same of a build after its own `main.rs` was touched.
    pub fn rebuild(&self) -> io::Result<Duration> {
        File::open(self.folder.join("src/main.rs"))?.set_modified(SystemTime::now())?;
        self.timed_build()
    }

    /// Bytes of the stripped release binary.
    pub fn size(&self) -> io::Result<u64> {
        self.build(&["--release"])?;
        Ok(fs::metadata(self.target().join("release").join(&self.name))?.len())
    }

    fn timed_build(&self) -> io::Result<Duration> {
        let before = children();
        self.build(&[]).map(|()| children().saturating_sub(before))
    }

    fn build(&self, profile: &[&str]) -> io::Result<()> {
        run(cargo()
            .current_dir(&self.folder)
            .args(["build", "--locked", "--quiet", "--target-dir"])
            .arg(self.target())
            .args(profile)
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .env_remove("CARGO_PROFILE_DEV_DEBUG"))
    }

    fn target(&self) -> PathBuf {
        self.scratch.0.join("target")
    }
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
