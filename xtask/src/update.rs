//! A new document in one command: checked, compared, put in place, built, its snapshots and reports written.
//!
//! Whatever of it fails is told with what it leaves undone, and the rest is done all the same. Run again, it takes up what is left; the
//! reports stay those of the change, as there is none between a document and itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::diff::{self, Changes};
use crate::pipeline::lock::Lock;
use crate::report::{self, Report};
use crate::repository::{DOCUMENT, NAMES, Repository};
use crate::revision::Revision;
use crate::{Result, check, names, snapshots, validity, vendor};

/// What is asked of an update.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only reports: nothing in the checkout changes.
    pub dry_run: bool,
    /// Doesn't build, so that what operations send is not written anew.
    pub no_build: bool,
    /// Where the reports go; by default into the target directory.
    pub out: Option<PathBuf>,
}

/// What an update did.
#[derive(Debug)]
pub struct Outcome {
    pub changes: Changes,
    pub reports: Vec<PathBuf>,
    /// What is left for the maintainer, before CI lets it through.
    pub left: Vec<String>,
    /// What could not be done, and how it is done after all.
    pub failed: Vec<String>,
}

/// Brings in the document `served`, called `label` in the reports.
pub fn update(repository: &Repository, label: &str, served: &str, options: &Options) -> Result<Outcome> {
    // Examples and other prose are not kept, so what is wrong with them is nobody's concern.
    let kept = vendor::without_prose(served).map_err(|error| format!("{label}{error}"))?;
    let problems = validity::problems(&kept.to_string());
    if !problems.is_empty() {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return Err(format!("{label} is not sound, nothing was changed:\n{}", list.join("\n")).into());
    }
    let text = vendor::text(served, &repository.document, repository)?;
    let old = Revision::read("the document so far", &repository.document, repository)?;
    let new = Revision::read(label, &text, repository)?;
    let changes = diff::compare(&old, &new);
    let out = options.out.clone().unwrap_or_else(|| target(&repository.root).join("spec"));
    let report = Report { old: &old, new: &new, changes: &changes };
    // What a second run would say of the same document is no news.
    let reports = if text == repository.document && out.exists() { Vec::new() } else { write(&out, &report)? };

    let lock = Lock::parse(&repository.names)?;
    let mut updated = repository.clone();
    updated.document = text;
    updated.names = names::text(&names::appended(&lock, &names::of(&new.model)));
    let mut left = check::problems(&updated);
    left.extend(undescribed(&new));
    let mut failed = Vec::new();
    if !options.dry_run {
        put(&repository.root, &[(DOCUMENT, &updated.document), (NAMES, &updated.names)])?;
        failed.extend(pages(&updated));
        if !options.no_build {
            failed.extend(build(&repository.root));
        }
    }
    Ok(Outcome { changes, reports, left, failed })
}

/// Puts files in place, once all of them could be written beside it: none or all of them change.
fn put(root: &Path, files: &[(&str, &str)]) -> Result<()> {
    let beside = |name: &str| root.join(format!("{name}.new"));
    for (name, text) in files {
        fs::write(beside(name), text).map_err(|error| format!("{name}.new: {error}; nothing was changed"))?;
    }
    for (name, _) in files {
        fs::rename(beside(name), root.join(name))
            .map_err(|error| format!("{name}: {error}; {name}.new is what it should be"))?;
    }
    Ok(())
}

/// Writes the reports and the draft; returns where they are.
pub fn write(out: &Path, report: &Report<'_>) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let texts = [
        ("report.md", report::markdown(report)),
        ("report.json", format!("{:#}\n", report::json(report))),
        ("changelog.md", report::changelog(report)),
    ];
    let mut paths = Vec::new();
    for (name, text) in texts {
        let path = out.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        paths.push(path);
    }
    Ok(paths)
}

/// Operations that no overlay describes; the tests of the pipeline let none through.
fn undescribed(revision: &Revision) -> Vec<String> {
    let bare = revision.model.operations.iter().filter(|operation| operation.summary.is_empty());
    bare.map(|operation| format!("the operation {} has no docs; give it a summary in an overlay", operation.id))
        .collect()
}

/// Cargo's target directory.
pub fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Writes the public API anew; what fails is told.
fn pages(repository: &Repository) -> Option<String> {
    // The reader of surfaces panics at what it doesn't know, and says where.
    let written = catch_unwind(AssertUnwindSafe(|| snapshots::write(repository).map_err(|error| error.to_string())));
    let error = written.unwrap_or_else(|_| Err("it panicked".to_owned())).err()?;
    let cure = "correct it, then run INSTA_UPDATE=always cargo test --package xtask --test surface";
    Some(format!("{}: not all written anew: {error}; {cure}", snapshots::FOLDER))
}

/// Builds the whole API and writes anew what it sends; what fails is told.
fn build(root: &Path) -> Option<String> {
    let steps: [&[&str]; 3] = [
        &["check", "--features", "full,dynamic"],
        &["test", "--features", "full,dynamic", "--test", "operations"],
        &["test", "--test", "promises", "wire::"],
    ];
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for (index, step) in steps.iter().enumerate() {
        let line = format!("cargo {}", step.join(" "));
        eprintln!("running {line}");
        let mut command = Command::new(&cargo);
        command.current_dir(root).args(*step).env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1");
        let fault = match command.status() {
            Ok(status) if status.success() => continue,
            Ok(_) => "failed".to_owned(),
            Err(error) => error.to_string(),
        };
        // The first builds what the others run.
        let undone: Vec<_> = steps.iter().skip(index + 1).map(|step| format!(", cargo {}", step.join(" "))).collect();
        return Some(format!(
            "{line}: {fault}. What operations send (tests/snapshots) is not all written anew. Correct what it says and what is \
             left to do, then run with INSTA_UPDATE=always: {line}{}",
            undone.concat()
        ));
    }
    None
}
