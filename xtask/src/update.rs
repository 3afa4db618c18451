//! A new document in one command: checked, compared, put in place, built, its snapshots and reports written.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::diff::{self, Changes};
use crate::pipeline::lock::Lock;
use crate::report::{self, Report};
use crate::repository::{DOCUMENT, NAMES, Repository};
use crate::revision::Revision;
use crate::{Result, check, names, validity, vendor};

/// What is asked of an update.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only reports: nothing in the checkout changes.
    pub dry_run: bool,
    /// Neither builds nor refreshes snapshots.
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
    let text = vendor::text(served, &repository.document)?;
    let old = Revision::read("the document so far", &repository.document, repository)?;
    let new = Revision::read(label, &text, repository)?;
    let changes = diff::compare(&old, &new);
    let out = options.out.clone().unwrap_or_else(|| target(&repository.root).join("spec"));
    let reports = write(&out, &Report { old: &old, new: &new, changes: &changes })?;

    let lock = Lock::parse(&repository.names)?;
    let mut updated = repository.clone();
    updated.document = text;
    updated.names = names::text(&names::appended(&lock, &names::of(&new.model)));
    let mut left = check::problems(&updated);
    left.extend(undescribed(&new));
    if !options.dry_run {
        fs::write(repository.root.join(DOCUMENT), &updated.document)?;
        fs::write(repository.root.join(NAMES), &updated.names)?;
        if !options.no_build {
            // What is left to do is likely why it failed.
            build(&repository.root).map_err(|error| format!("{error}\n{}", left.join("\n")))?;
        }
    }
    Ok(Outcome { changes, reports, left })
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

/// Builds the whole API and writes its snapshots anew.
fn build(root: &Path) -> Result<()> {
    let steps: [&[&str]; 4] = [
        &["check", "--features", "full,dynamic"],
        &["test", "--package", "xtask", "--test", "surface"],
        &["test", "--test", "promises"],
        &["test", "--features", "full,dynamic", "--test", "operations"],
    ];
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for step in steps {
        let line = format!("cargo {}", step.join(" "));
        eprintln!("running {line}");
        let mut command = Command::new(&cargo);
        command.current_dir(root).args(step).env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1");
        if !command.status().map_err(|error| format!("{line}: {error}"))?.success() {
            let cure = "the document is in place and the reports are written: correct what fails, then run it again";
            return Err(format!("{line} failed; {cure}").into());
        }
    }
    Ok(())
}
