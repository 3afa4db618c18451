//! Reads the modules of a crate from its sources: what is in each, private items too.

use std::path::{Path, PathBuf};

use syn::{Attribute, File, Ident, Item, ItemImpl, ItemMacro, Macro, Visibility};

use super::attributes::Attributes;
use super::features::Features;
use super::macros::Macros;
use super::uses::{Import, imports};

/// Where a source file comes from; `None` for one that isn't there. Generated files are in the folder `OUT_DIR`.
pub type Read<'a> = &'a dyn Fn(&Path) -> Option<File>;

pub type ModuleId = usize;

/// All modules; the first is the root.
pub struct Modules(pub Vec<Module>);

#[derive(Default)]
pub struct Module {
    pub name: String,
    pub parent: Option<ModuleId>,
    pub entries: Vec<Entry>,
    pub imports: Vec<Import>,
    pub impls: Vec<ItemImpl>,
}

/// A named thing in a module.
pub struct Entry {
    pub name: String,
    pub public: bool,
    pub hidden: bool,
    pub what: What,
}

pub enum What {
    Module(ModuleId),
    Item(Box<Item>),
}

impl Modules {
    /// Reads a crate, beginning at its `lib.rs`.
    pub fn read(root: &Path, features: &Features, read: Read<'_>) -> Self {
        let mut loader = Loader {
            features,
            read,
            modules: vec![Module::default()],
            macros: Macros::default(),
            invocations: Vec::new(),
        };
        let (file, directory) = loader.source(&[root.to_owned()]);
        loader.add(0, file.items, &directory);
        // Only now is every macro known.
        for (module, invocation) in std::mem::take(&mut loader.invocations) {
            if let Some(expansion) = loader.macros.expand(&invocation) {
                loader.add(module, expansion.items, Path::new(""));
            }
        }
        Self(loader.modules)
    }
}

struct Loader<'a> {
    features: &'a Features,
    read: Read<'a>,
    modules: Vec<Module>,
    macros: Macros,
    invocations: Vec<(ModuleId, Macro)>,
}

impl Loader<'_> {
    /// The first of these files that is there, and the folder of its submodules.
    fn source(&self, candidates: &[PathBuf]) -> (File, PathBuf) {
        let found = candidates.iter().find_map(|path| (self.read)(path).map(|file| (path, file)));
        let (path, file) = found.unwrap_or_else(|| panic!("none of {candidates:?} is there"));
        let directory = match path.file_stem().and_then(|stem| stem.to_str()) {
            Some("lib" | "mod") | None => path.with_file_name(""),
            Some(_) => path.with_extension(""),
        };
        (file, directory)
    }

    fn add(&mut self, module: ModuleId, items: Vec<Item>, directory: &Path) {
        for item in items {
            self.add_item(module, item, directory);
        }
    }

    fn add_item(&mut self, module: ModuleId, item: Item, directory: &Path) {
        let (name, visibility, attributes) = head(&item);
        let Some(attributes) = Attributes::read(attributes, self.features) else {
            return;
        };
        let mut hidden = attributes.hidden();
        let public = matches!(visibility, Visibility::Public(_));
        let name = name.map(ToString::to_string).unwrap_or_default();

        let what = match item {
            Item::Mod(inner) => {
                let (attributes, items, directory) = match inner.content {
                    Some((_, items)) => (Vec::new(), items, directory.join(&name)),
                    None => {
                        let (file, directory) =
                            self.source(&[directory.join(format!("{name}.rs")), directory.join(&name).join("mod.rs")]);
                        (file.attrs, file.items, directory)
                    }
                };
                let Some(attributes) = Attributes::read(&attributes, self.features) else {
                    return;
                };
                hidden |= attributes.hidden();
                let id = self.modules.len();
                self.modules.push(Module { name: name.clone(), parent: Some(module), ..Module::default() });
                self.add(id, items, &directory);
                What::Module(id)
            }
            Item::Use(item) => {
                return self.modules[module].imports.extend(imports(&item, public, hidden));
            }
            Item::Impl(item) => return self.modules[module].impls.push(item),
            Item::Macro(item) => return self.add_macro(module, item, attributes, directory),
            Item::ExternCrate(_) | Item::ForeignMod(_) => return,
            item => What::Item(Box::new(item)),
        };
        self.modules[module].entries.push(Entry { name, public, hidden, what });
    }

    /// A macro's definition, the inclusion of a file, or items that a macro stands for.
    fn add_macro(&mut self, module: ModuleId, item: ItemMacro, attributes: Attributes, directory: &Path) {
        if let Some(name) = &item.ident {
            self.macros.define(name, item.mac.tokens.clone());
            if attributes.has("macro_export") {
                let entry = Entry {
                    name: name.to_string(),
                    public: true,
                    hidden: attributes.hidden(),
                    what: What::Item(Box::new(Item::Macro(item))),
                };
                self.modules[0].entries.push(entry);
            }
        } else if item.mac.path.is_ident("include") {
            let (file, _) = self.source(&[included(&item.mac, directory)]);
            self.add(module, file.items, directory);
        } else {
            self.invocations.push((module, item.mac));
        }
    }
}

/// The file of `include!("file.rs")` or `include!(concat!(env!("OUT_DIR"), "/file.rs"))`.
fn included(include: &Macro, directory: &Path) -> PathBuf {
    let text = include.tokens.to_string();
    let file = text.rsplit('"').nth(1).unwrap_or_else(|| panic!("`include!` without the name of a file: {text}"));
    if text.contains("\"OUT_DIR\"") {
        Path::new("OUT_DIR").join(file.trim_start_matches('/'))
    } else {
        directory.join(file)
    }
}

fn head(item: &Item) -> (Option<&Ident>, &Visibility, &[Attribute]) {
    match item {
        Item::Const(it) => (Some(&it.ident), &it.vis, &it.attrs),
        Item::Enum(it) => (Some(&it.ident), &it.vis, &it.attrs),
        Item::Fn(it) => (Some(&it.sig.ident), &it.vis, &it.attrs),
        Item::Mod(it) => (Some(&it.ident), &it.vis, &it.attrs),
        Item::Static(it) => (Some(&it.ident), &it.vis, &it.attrs),
        Item::Struct(it) => (Some(&it.ident), &it.vis, &it.attrs),
        Item::Trait(it) => (Some(&it.ident), &it.vis, &it.attrs),
        Item::Type(it) => (Some(&it.ident), &it.vis, &it.attrs),
        Item::Union(it) => (Some(&it.ident), &it.vis, &it.attrs),
        Item::Use(it) => (None, &it.vis, &it.attrs),
        Item::Impl(it) => (None, &Visibility::Inherited, &it.attrs),
        Item::Macro(it) => (None, &Visibility::Inherited, &it.attrs),
        Item::ExternCrate(it) => (None, &it.vis, &it.attrs),
        Item::ForeignMod(it) => (None, &Visibility::Inherited, &it.attrs),
        // What is not understood must not go missing from the surface without a word.
        other => panic!("no reader for this item: {other:?}"),
    }
}
