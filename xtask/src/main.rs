//! The command line: `cargo xtask …`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::Arg::{Long, Short, Value};
use xtask::pipeline::Error;
use xtask::pipeline::lock::Lock;
use xtask::report::Report;
use xtask::repository::{DOCUMENT, NAMES, Repository};
use xtask::revision::Revision;
use xtask::rules::Class;
use xtask::update::{self, Options, target};
use xtask::{Result, check, diff, names, package, report, snapshots, source, vendor};

const HELP: &str = "\
cargo xtask spec update <file-or-url> [--dry-run] [--no-build] [--out <dir>]
    Brings in a new document: checks it, writes it, the names and the snapshots,
    a report of the changes and a draft for the changelog. Says what fails.
cargo xtask spec diff <old> <new> [--json] [--fail-on breaking|minor|patch]
    Reports what changed between two documents (files or addresses) for callers.
cargo xtask spec check
    Whether document, overlays and names are sound, and the public API is
    as its snapshots have it; what CI runs.
cargo xtask spec lock
    Adds names that openapi/names.lock lacks.
cargo xtask package [<folder>]
    Writes the package to publish, which carries its generated code;
    by default into mka1-package in the target directory.
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Writes to the standard output; a reader that has seen enough is no error.
fn say(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

/// What was given: words, and options among them.
#[derive(Default)]
struct Given {
    words: Vec<String>,
    json: bool,
    help: bool,
    fail_on: Option<Class>,
    update: Options,
}

fn given() -> Result<Given> {
    let mut given = Given::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) => given.words.push(word.into_string().map_err(|_| "an argument is not UTF-8")?),
            Long("json") => given.json = true,
            Long("dry-run") => given.update.dry_run = true,
            Long("no-build") => given.update.no_build = true,
            Long("out") => given.update.out = Some(PathBuf::from(parser.value()?)),
            Long("fail-on") => given.fail_on = Some(class(&parser.value()?.to_string_lossy())?),
            Long("help") | Short('h') => given.help = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(given)
}

fn class(name: &str) -> Result<Class> {
    let classes = [Class::Breaking, Class::Minor, Class::Patch];
    let found = classes.into_iter().find(|class| class.name() == name);
    Ok(found.ok_or_else(|| format!("--fail-on {name}: say breaking, minor or patch"))?)
}

fn run() -> Result<ExitCode> {
    let given = given()?;
    let words: Vec<&str> = given.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        _ if given.help => {
            say(HELP);
            Ok(ExitCode::SUCCESS)
        }
        ["spec", "update", from] => update(from, &given.update),
        ["spec", "diff", old, new] => diff(old, new, &given),
        ["spec", "check"] => check(),
        ["spec", "lock"] => lock(),
        ["package"] => package(&target(&Repository::here()?.root).join("mka1-package")),
        ["package", folder] => package(Path::new(folder)),
        _ => {
            eprint!("{HELP}");
            Ok(ExitCode::from(2))
        }
    }
}

fn update(from: &str, options: &Options) -> Result<ExitCode> {
    let outcome = update::update(&Repository::here()?, from, &source::read(from)?, options)?;
    say(&format!("Release: {}\n", report::release(&outcome.changes)));
    for path in &outcome.reports {
        say(&format!("wrote {}\n", path.display()));
    }
    if outcome.reports.is_empty() {
        say("the document is the one that is there: the reports are those that brought it in\n");
    }
    if !outcome.left.is_empty() {
        say("\nLeft to do before CI lets it through:\n");
        outcome.left.iter().for_each(|left| say(&format!("- {left}\n")));
    }
    if outcome.failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("\nThe document and its names are in place. What failed:");
    outcome.failed.iter().for_each(|failed| eprintln!("- {failed}"));
    Ok(ExitCode::FAILURE)
}

fn diff(old: &str, new: &str, given: &Given) -> Result<ExitCode> {
    let repository = Repository::here()?;
    let (before, after) = (source::read(old)?, source::read(new)?);
    let said = |from: &str, error: Error| format!("{from}{error}");
    // Both under the component keys of the first, and that under today's.
    let before = vendor::text(&before, &repository.document, &repository).map_err(|error| said(old, error))?;
    let after = vendor::text(&after, &before, &repository).map_err(|error| said(new, error))?;
    let read = |from: &str, text: &str| Revision::read(from, text, &repository).map_err(|error| said(from, error));
    let (old, new) = (read(old, &before)?, read(new, &after)?);
    let changes = diff::compare(&old, &new);
    let report = Report { old: &old, new: &new, changes: &changes };
    if given.json {
        say(&format!("{:#}\n", report::json(&report)));
    } else {
        say(&report::markdown(&report));
    }
    // Worst first: what is as bad as asked, or worse.
    let fails = given.fail_on.zip(changes.class()).is_some_and(|(limit, found)| found <= limit);
    Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn check() -> Result<ExitCode> {
    let repository = Repository::here()?;
    let mut problems = check::problems(&repository);
    problems.extend(snapshots::problems(&repository));
    if problems.is_empty() {
        say("document, overlays and names are sound, the public API is as its snapshots have it\n");
        return Ok(ExitCode::SUCCESS);
    }
    problems.iter().for_each(|problem| eprintln!("{problem}"));
    eprintln!("{} problems", problems.len());
    Ok(ExitCode::FAILURE)
}

fn lock() -> Result<ExitCode> {
    let repository = Repository::here()?;
    let revision = Revision::read(DOCUMENT, &repository.document, &repository)?;
    let (lock, now) = (Lock::parse(&repository.names)?, names::of(&revision.model));
    let added = names::missing(&lock, &now).len();
    fs::write(repository.root.join(NAMES), names::text(&names::appended(&lock, &now)))?;
    say(&format!("{added} names added to {NAMES}\n"));
    Ok(ExitCode::SUCCESS)
}

fn package(folder: &Path) -> Result<ExitCode> {
    package::write(&Repository::here()?, folder)?;
    say(&format!("wrote {}\n", folder.display()));
    Ok(ExitCode::SUCCESS)
}
