//! The server's process: its packages, its start, its end.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

const PACKAGES: [(&str, &str); 3] = [
    ("package.json", include_str!("package.json")),
    ("package-lock.json", include_str!("package-lock.json")),
    (".npmrc", include_str!(".npmrc")),
];
const SERVER: &str = include_str!("server.mjs");
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

struct Server {
    url: String,
    /// Its stdin closes with this process, and then it stops.
    _process: Child,
}

/// Where the server is, started when first asked for; `None` where it need not run, and cannot.
///
/// # Panics
/// Where it must run (`MKA1_REQUIRE_NODE=1`), and cannot.
pub fn url() -> Option<&'static str> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    let required = std::env::var_os("MKA1_REQUIRE_NODE").is_some_and(|value| value == "1");
    let server = SERVER.get_or_init(|| {
        let server = packages(required).and_then(|directory| start(&directory));
        if let (Err(reason), false) = (&server, required) {
            // Not `eprintln!`: what a test prints is shown only if it fails.
            let _ = writeln!(std::io::stderr(), "\nskipped: no oRPC server to test against: {reason}");
        }
        server
    });
    match server {
        Ok(server) => Some(&server.url),
        Err(reason) if required => panic!("MKA1_REQUIRE_NODE=1, but there is no oRPC server: {reason}"),
        Err(_) => None,
    }
}

/// The directory with the packages; they are installed only if that is wanted.
fn packages(install: bool) -> Result<PathBuf, String> {
    let mut hasher = DefaultHasher::new();
    PACKAGES.hash(&mut hasher);
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let directory = root.join(format!("orpc-{:016x}", hasher.finish()));
    if directory.join("node_modules").is_dir() {
        return Ok(directory);
    }
    if !install {
        return Err("its packages are not installed; `MKA1_REQUIRE_NODE=1 cargo test --test orpc` does it".to_owned());
    }
    // Made aside and moved, so that the directory is never half full, whoever else is at it.
    let aside = root.join(format!("orpc-{}", std::process::id()));
    let installed = npm_ci(&aside).and_then(|()| match fs::rename(&aside, &directory) {
        Err(error) if !directory.join("node_modules").is_dir() => Err(format!("{}: {error}", directory.display())),
        _ => Ok(directory),
    });
    // Gone already if all went well; what is left is of no use to anybody.
    let _ = fs::remove_dir_all(&aside);
    installed
}

fn npm_ci(directory: &Path) -> Result<(), String> {
    let files = || {
        fs::create_dir_all(directory)?;
        PACKAGES.iter().try_for_each(|(name, text)| fs::write(directory.join(name), text))
    };
    files().map_err(|error| format!("{}: {error}", directory.display()))?;
    let output = Command::new(NPM).arg("ci").current_dir(directory).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{NPM} cannot be run: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("`npm ci` failed: {}", String::from_utf8_lossy(&output.stderr).trim_end())),
    }
}

/// The program goes along as an argument, so that it finds the packages of the directory it runs in.
fn start(directory: &Path) -> Result<Server, String> {
    let mut process = Command::new("node")
        .args(["--input-type=module", "--eval", SERVER])
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("node cannot be run: {error}"))?;
    let stdout = process.stdout.take().ok_or("the server has no output")?;
    let mut port = String::new();
    BufReader::new(stdout).read_line(&mut port).map_err(|error| format!("the server cannot be read: {error}"))?;
    match port.trim().parse::<u16>() {
        Ok(port) => Ok(Server { url: format!("http://127.0.0.1:{port}"), _process: process }),
        Err(_) => Err("the server did not start".to_owned()),
    }
}
