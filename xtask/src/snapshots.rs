//! The public API on pages for reviewers, in `tests/snapshots/surface`: one for the crate without features, and for each feature what it adds.
//!
//! A type that several groups use is on the page of each, as who turns on that feature alone gets it. So a page changes only when its
//! group does, whatever is added elsewhere. What hooks add to all groups is on a page of its own.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::additive;
use crate::parallel;
use crate::pipeline::lock::Lock;
use crate::pipeline::{self, Error, Generated};
use crate::repository::Repository;
use crate::surface::{self, Features, Surface, Table};

/// Where the pages are.
pub const FOLDER: &str = "tests/snapshots/surface";
/// Where those are of what operations send, for each feature that has any.
const WIRE: &str = "tests/snapshots/operations";
/// The page of the crate without features.
const CRATE: &str = "crate";
/// Features that only stand for others.
const SUMS: [&str; 2] = ["default", "full"];
/// Features that add to every group: on top of all of them is all that they add.
const ACROSS: [&str; 1] = ["dioxus"];

/// The pages by name, of what the sources and the document give now.
pub fn pages(repository: &Repository) -> Result<BTreeMap<String, String>, Error> {
    let (lock, document) = repository.merged()?;
    let features: Vec<_> = repository.features.iter().filter(|(name, _)| !SUMS.contains(&name.as_str())).collect();
    let sources = || {
        let sources = Sources { repository, document: &document, lock: &lock, files: RefCell::default() };
        let plain = sources.surface([])?;
        Ok((sources, plain))
    };
    let mut pages = parallel::each(&features, sources, |(sources, plain), (name, implied)| {
        Ok(((*name).clone(), sources.added(name, implied, plain)?))
    })?;
    // TLS and the like change what happens, not what can be named.
    pages.retain(|(_, added)| !added.is_empty());
    let (_, plain) = sources()?;
    let plain = (CRATE.to_owned(), format!("{}\n{}", table(&repository.features), plain.page()));
    Ok(pages.into_iter().map(|(name, added)| (name, added.page())).chain([plain]).collect())
}

/// The crate's features, a line each: they are API as well.
fn table(table: &Table) -> String {
    let line = |(name, implied): (&String, &Vec<String>)| {
        let own: Vec<&str> = implied.iter().map(String::as_str).filter(|other| table.contains_key(*other)).collect();
        let implies = if own.is_empty() { String::new() } else { format!(" = {}", own.join(", ")) };
        format!("mka1: feature {name}{implies}\n")
    };
    table.iter().map(line).collect()
}

/// The surface with all features.
fn whole(repository: &Repository) -> Result<String, Error> {
    let (lock, document) = repository.merged()?;
    let sources = Sources { repository, document: &document, lock: &lock, files: RefCell::default() };
    Ok(sources.surface(repository.features.keys().map(String::as_str))?.page())
}

/// Pages that are not as reviewers have seen them, and lines that get lost with other features, each with its cure.
pub fn problems(repository: &Repository) -> Vec<String> {
    let (pages, whole) = match pages(repository).and_then(|pages| Ok((pages, whole(repository)?))) {
        Ok(found) => found,
        Err(error) => return vec![error.to_string()],
    };
    let folder = repository.root.join(FOLDER);
    let cure = "read the change with `cargo insta test --review -p xtask --test surface`";
    let mut problems = Vec::new();
    for (name, page) in &pages {
        let Some(seen) = seen(&folder.join(format!("{name}.snap"))) else {
            problems.push(format!("{FOLDER}/{name}.snap: isn't there; {cure}"));
            continue;
        };
        let (before, after): (BTreeSet<&str>, BTreeSet<&str>) = (seen.lines().collect(), page.lines().collect());
        let gone = before.difference(&after).map(|line| format!("-{line}"));
        let new = after.difference(&before).map(|line| format!("+{line}"));
        let changed: Vec<String> = gone.chain(new).collect();
        if let Some(first) = changed.first() {
            let lines = if changed.len() == 1 { "a line differs:" } else { "lines differ, the first of them:" };
            problems.push(format!("{FOLDER}/{name}.snap: {lines}\n{first}\n{cure}"));
        }
    }
    for (name, page) in pages.iter().filter(|(name, _)| *name != CRATE) {
        let lost = additive::lines(page, &whole);
        let cure = "a feature must not change what another gives";
        problems
            .extend(lost.iter().map(|line| format!("feature {name}: with all features there is no\n{line}\n{cure}")));
    }
    let left = left_over(&folder, &pages);
    problems.extend(left.iter().map(|name| format!("{FOLDER}/{name}.snap: no feature has this page; remove it")));
    problems
}

/// Writes the pages as they are now, for a person to read the difference; those that no feature has go.
pub fn write(repository: &Repository) -> Result<(), Box<dyn std::error::Error>> {
    let pages = pages(repository)?;
    let folder = repository.root.join(FOLDER);
    fs::create_dir_all(&folder)?;
    // Tests write pages of what is sent, but remove none.
    for folder in [&folder, &repository.root.join(WIRE)] {
        for name in left_over(folder, &pages) {
            fs::remove_file(folder.join(format!("{name}.snap")))?;
        }
    }
    for (name, page) in pages {
        let path = folder.join(format!("{name}.snap"));
        if seen(&path).as_ref() != Some(&page) {
            fs::write(path, format!("---\nsource: xtask/tests/surface/main.rs\n---\n{page}"))?;
        }
    }
    Ok(())
}

/// Pages in the folder that no feature has.
fn left_over(folder: &Path, pages: &BTreeMap<String, String>) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.file_name());
    let mut left: Vec<String> = files
        .filter_map(|file| file.to_str()?.strip_suffix(".snap").map(str::to_owned))
        .filter(|name| !pages.contains_key(name))
        .collect();
    left.sort();
    left
}

/// The text of a snapshot, without the lines about it on top.
fn seen(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    Some(text.strip_prefix("---\n")?.split_once("\n---\n")?.1.to_owned())
}

/// What surfaces are read from.
struct Sources<'a> {
    repository: &'a Repository,
    document: &'a Value,
    lock: &'a Lock,
    /// The files of the checkout, parsed once: that takes longer than the rest.
    files: RefCell<HashMap<PathBuf, Option<syn::File>>>,
}

impl Sources<'_> {
    /// What a feature adds to the crate, beyond the features that it turns on.
    fn added(&self, name: &str, implied: &[String], plain: &Surface) -> Result<Surface, Error> {
        let own = |other: &&str| self.repository.features.contains_key(*other);
        if ACROSS.contains(&name) {
            return Ok(self.surface([name, "full"])?.without(&self.surface(["full"])?));
        }
        let implied: Vec<&str> = implied.iter().map(String::as_str).filter(own).collect();
        let with = self.surface([name])?;
        Ok(if implied.is_empty() { with.without(plain) } else { with.without(&self.surface(implied)?) })
    }

    fn surface<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Surface, Error> {
        let features = Features::on(&self.repository.features, names);
        let Generated { files, .. } =
            pipeline::generate(self.document, self.lock, &|name| features.has(name), Vec::new())?;
        let read = |path: &Path| match path.strip_prefix("OUT_DIR") {
            Ok(file) => files.iter().find(|(name, _)| Path::new(name) == file).and_then(|(_, text)| parsed(path, text)),
            Err(_) => self.file(path),
        };
        Ok(surface::list("mka1", &features, &read))
    }

    fn file(&self, path: &Path) -> Option<syn::File> {
        let read = || parsed(path, &fs::read_to_string(self.repository.root.join(path)).ok()?);
        self.files.borrow_mut().entry(path.to_owned()).or_insert_with(read).clone()
    }
}

fn parsed(path: &Path, text: &str) -> Option<syn::File> {
    Some(syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}
