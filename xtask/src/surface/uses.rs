//! Imports, and what a path means in the module in which it stands.

use syn::{ItemUse, UseTree};

use super::module::{ModuleId, Modules, What};

/// One name, or everything, that a `use` brings into a module.
pub struct Import {
    /// `None` for everything.
    pub name: Option<String>,
    /// An empty first segment stands for a leading `::`.
    pub path: Vec<String>,
    pub public: bool,
    pub hidden: bool,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Module(ModuleId),
    /// The entry of this index in a module.
    Item(ModuleId, usize),
    /// Something of another crate, or of the language: the path without imports in between.
    Foreign(Vec<String>),
}

/// The imports of one `use`, taken apart.
pub fn imports(item: &ItemUse, public: bool, hidden: bool) -> Vec<Import> {
    let prefix = item.leading_colon.iter().map(|_| String::new()).collect();
    let mut found = Vec::new();
    flatten(&item.tree, prefix, &mut found);
    found.into_iter().map(|(name, path)| Import { name, path, public, hidden }).collect()
}

fn flatten(tree: &UseTree, mut path: Vec<String>, found: &mut Vec<(Option<String>, Vec<String>)>) {
    let mut push = |mut path: Vec<String>, last: String, alias: Option<String>| {
        if last != "self" || path.is_empty() {
            path.push(last);
        }
        found.push((alias.or_else(|| path.last().cloned()), path));
    };
    match tree {
        UseTree::Path(it) => {
            path.push(it.ident.to_string());
            flatten(&it.tree, path, found);
        }
        UseTree::Name(it) => push(path, it.ident.to_string(), None),
        UseTree::Rename(it) => push(path, it.ident.to_string(), Some(it.rename.to_string())),
        UseTree::Glob(_) => found.push((None, path)),
        UseTree::Group(it) => it.items.iter().for_each(|tree| flatten(tree, path.clone(), found)),
    }
}

impl Modules {
    /// All that a path means in a module: a type and a function may share a name.
    pub fn resolve(&self, from: ModuleId, path: &[String]) -> Vec<Target> {
        self.resolve_within(from, path, &mut Vec::new())
    }

    /// The module's path in the crate, private modules included.
    pub fn private_path(&self, module: ModuleId) -> String {
        match self.0[module].parent {
            Some(parent) => format!("{}::{}", self.private_path(parent), self.0[module].name),
            None => "crate".to_owned(),
        }
    }

    fn resolve_within(&self, from: ModuleId, path: &[String], seen: &mut Vec<(ModuleId, String)>) -> Vec<Target> {
        let Some((first, rest)) = path.split_first() else {
            return Vec::new();
        };
        let start = match first.as_str() {
            "" => vec![Target::Foreign(Vec::new())],
            "crate" => vec![Target::Module(0)],
            "self" => vec![Target::Module(from)],
            "super" => vec![Target::Module(self.0[from].parent.unwrap_or_default())],
            name => match self.look_up(from, name, seen) {
                found if found.is_empty() => vec![Target::Foreign(vec![name.to_owned()])],
                found => found,
            },
        };
        rest.iter()
            .fold(start, |targets, name| targets.into_iter().flat_map(|target| self.step(target, name, seen)).collect())
    }

    fn step(&self, target: Target, name: &str, seen: &mut Vec<(ModuleId, String)>) -> Vec<Target> {
        match target {
            Target::Module(module) if name == "super" => {
                vec![Target::Module(self.0[module].parent.unwrap_or_default())]
            }
            Target::Module(module) => self.look_up(module, name, seen),
            Target::Item(..) => Vec::new(),
            Target::Foreign(mut path) => {
                path.push(name.to_owned());
                vec![Target::Foreign(path)]
            }
        }
    }

    /// What a name means in a module: its own items before named imports before globs. `seen` ends circles.
    fn look_up(&self, id: ModuleId, name: &str, seen: &mut Vec<(ModuleId, String)>) -> Vec<Target> {
        let key = (id, name.to_owned());
        if seen.contains(&key) {
            return Vec::new();
        }
        seen.push(key);
        let module = &self.0[id];
        let own = module.entries.iter().enumerate().filter(|(_, entry)| entry.name == name);
        let mut found: Vec<_> = own
            .map(|(index, entry)| match entry.what {
                What::Module(module) => Target::Module(module),
                What::Item(_) => Target::Item(id, index),
            })
            .collect();
        for import in module.imports.iter().filter(|import| import.name.as_deref() == Some(name)) {
            found.extend(self.resolve_within(id, &import.path, seen));
        }
        if found.is_empty() {
            for import in module.imports.iter().filter(|import| import.name.is_none()) {
                for target in self.resolve_within(id, &import.path, seen) {
                    if let Target::Module(module) = target {
                        found.extend(self.look_up(module, name, seen));
                    }
                }
            }
        }
        seen.pop();
        // A name that leads nowhere in the crate counts as foreign, but only if it has no meaning here.
        if found.iter().any(|target| !matches!(target, Target::Foreign(_))) {
            found.retain(|target| !matches!(target, Target::Foreign(_)));
        }
        found
    }
}
