//! The lock of Rust names: what the pipeline calls things now, against `openapi/names.lock`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::pipeline::lock::Lock;
use crate::pipeline::model::{Model, Shape};
use crate::pipeline::schema;

/// The names in use.
pub fn of(model: &Model) -> Lock {
    let mut lock = Lock::default();
    for operation in &model.operations {
        let name = operation.group.iter().chain([&operation.name]).cloned().collect::<Vec<_>>().join(".");
        lock.operations.insert(operation.key.clone(), name);
    }
    for (name, definition) in &model.types {
        for key in definition.pointers.iter().filter_map(|at| at.strip_prefix("/components/schemas/")) {
            // What stands inside a component has no wire name of its own.
            if key.contains('/') {
                continue;
            }
            // A union of several JSON types and that of its objects come from one schema; the schema is called like the first.
            let key = schema::unescape(key);
            if matches!(definition.shape, Shape::ByType(_)) || !lock.schemas.contains_key(&key) {
                lock.schemas.insert(key, name.clone());
            }
        }
    }
    lock
}

/// A name that would change.
#[derive(Debug, PartialEq, Eq)]
pub struct Renamed {
    pub kind: &'static str,
    pub wire: String,
    pub locked: String,
    pub now: String,
}

/// What is called otherwise than the lock says.
pub fn renamed(lock: &Lock, now: &Lock) -> Vec<Renamed> {
    each(lock, now, |kind, wire, now, locked| {
        let locked = locked.filter(|locked| *locked != now)?;
        Some(Renamed { kind, wire: wire.to_owned(), locked: locked.clone(), now: now.clone() })
    })
}

/// The lines that the lock lacks.
pub fn missing(lock: &Lock, now: &Lock) -> Vec<String> {
    each(lock, now, |kind, wire, now, locked| locked.is_none().then(|| format!("{kind} {wire} = {now}")))
}

fn each<T>(
    lock: &Lock,
    now: &Lock,
    with: impl Fn(&'static str, &str, &String, Option<&String>) -> Option<T>,
) -> Vec<T> {
    let lists: [(&'static str, &BTreeMap<_, _>, &BTreeMap<_, _>); 2] =
        [("operation", &now.operations, &lock.operations), ("schema", &now.schemas, &lock.schemas)];
    let all =
        lists.into_iter().flat_map(|(kind, now, lock)| now.iter().map(move |(wire, name)| (kind, wire, name, lock)));
    all.filter_map(|(kind, wire, name, lock)| with(kind, wire, name, lock.get(wire))).collect()
}

/// The lock with what it lacked: what it has stays, also what the document no longer has, in case it comes back.
pub fn appended(lock: &Lock, now: &Lock) -> Lock {
    let add = |locked: &BTreeMap<String, String>, now: &BTreeMap<String, String>| {
        let mut all = now.clone();
        all.extend(locked.clone());
        all
    };
    Lock { operations: add(&lock.operations, &now.operations), schemas: add(&lock.schemas, &now.schemas) }
}

/// As text: sorted, a name each line.
pub fn text(lock: &Lock) -> String {
    let mut text = String::from(
        "# Rust names by wire names. What is here keeps its name; `cargo xtask spec lock` adds what is new.\n\
         # To rename something on purpose, change its line as well as the overlay: callers have to follow.\n",
    );
    let lists = [("operation", &lock.operations), ("schema", &lock.schemas)];
    for (kind, wire, rust) in lists.into_iter().flat_map(|(kind, names)| names.iter().map(move |(w, r)| (kind, w, r))) {
        // Writing to a text can't fail.
        let _ = writeln!(text, "{kind} {wire} = {rust}");
    }
    text
}
