//! Which items can be named from outside, and by what paths.

use std::collections::{BTreeMap, BTreeSet};

use super::module::{ModuleId, Modules, What};
use super::uses::Target;

/// An item: its module and its place there.
pub type ItemId = (ModuleId, usize);

/// What can be named from outside.
pub struct Public {
    /// The paths of each item without the crate's name: the shortest first, by which the item goes.
    pub items: BTreeMap<ItemId, Vec<String>>,
    pub modules: Vec<String>,
    /// Paths of what belongs to other crates.
    pub foreign: BTreeMap<String, String>,
    /// How many items have a name.
    names: BTreeMap<String, usize>,
}

impl Public {
    pub fn of(modules: &Modules) -> Self {
        let mut public =
            Self { items: BTreeMap::new(), modules: Vec::new(), foreign: BTreeMap::new(), names: BTreeMap::new() };
        public.walk(modules, 0, "", &mut Vec::new());
        for paths in public.items.values_mut() {
            paths.sort_by_key(|path| (path.matches("::").count(), path.clone()));
            paths.dedup();
            for name in paths.iter().map(|path| last(path)).collect::<BTreeSet<_>>() {
                *public.names.entry(name.to_owned()).or_default() += 1;
            }
        }
        public.modules.sort();
        public.modules.dedup();
        public
    }

    /// The path by which an item goes, if it has one.
    pub fn path(&self, item: ItemId) -> Option<&str> {
        self.items.get(&item)?.first().map(String::as_str)
    }

    /// The same without its module where no other item has that name, so that types in signatures are short.
    pub fn short(&self, item: ItemId) -> Option<&str> {
        let path = self.path(item)?;
        let name = last(path);
        Some(if self.names.get(name) == Some(&1) { name } else { path })
    }

    /// Whether an item of the crate has this name.
    pub fn has_name(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// Adds what a module shows under a path; `within` ends circles of modules that import each other.
    fn walk(&mut self, modules: &Modules, id: ModuleId, path: &str, within: &mut Vec<ModuleId>) {
        if within.contains(&id) {
            return;
        }
        within.push(id);
        for (index, entry) in modules.0[id].entries.iter().enumerate() {
            let target = match entry.what {
                What::Module(module) => Target::Module(module),
                What::Item(_) => Target::Item(id, index),
            };
            if entry.public {
                self.add(modules, target, join(path, &entry.name), within);
            }
        }
        for import in modules.0[id].imports.iter().filter(|import| import.public && !import.hidden) {
            for target in modules.resolve(id, &import.path) {
                match (&import.name, target) {
                    (None, Target::Module(module)) => self.walk(modules, module, path, within),
                    (None, _) => {}
                    (Some(name), target) => self.add(modules, target, join(path, name), within),
                }
            }
        }
        within.pop();
    }

    fn add(&mut self, modules: &Modules, target: Target, path: String, within: &mut Vec<ModuleId>) {
        match target {
            Target::Module(module) if !is_hidden(modules, module) => {
                self.walk(modules, module, &path, within);
                self.modules.push(path);
            }
            Target::Item(module, index)
                if modules.0[module].entries[index].public && !modules.0[module].entries[index].hidden =>
            {
                self.items.entry((module, index)).or_default().push(path);
            }
            Target::Module(_) | Target::Item(..) => {}
            Target::Foreign(target) => drop(self.foreign.insert(path, target.join("::"))),
        }
    }
}

fn is_hidden(modules: &Modules, module: ModuleId) -> bool {
    let Some(parent) = modules.0[module].parent else {
        return false;
    };
    let mut entries = modules.0[parent].entries.iter();
    entries.any(|entry| entry.hidden && matches!(entry.what, What::Module(id) if id == module))
}

/// The last segment of a path.
pub fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") }
}
