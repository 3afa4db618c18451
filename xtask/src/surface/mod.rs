//! The public surface of a crate as text, one line for each item, read from its sources with no compiler.
//!
//! The steps: [`module`] reads the modules, [`public`] finds what can be named from outside, [`items`] and [`impls`] write a line
//! for each item and part, [`line`] puts them in order.
//!
//! The sources are those of this crate, which compile. Where they hold something that is not understood here, it panics: a line must
//! not go missing without a word.

mod attributes;
mod features;
mod impls;
mod items;
mod line;
mod macros;
mod module;
mod public;
mod signatures;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use self::impls::{Has, Impls};
use self::items::Listing;
use self::line::Line;
use self::module::{Modules, What};
use self::public::{ItemId, Public};
use self::signatures::Writer;

pub use self::features::{Features, Table, table};
pub use self::line::Surface;
pub use self::module::Read;

/// The public items of a crate whose sources are got from `read`.
pub fn list(crate_name: &str, features: &Features, read: Read<'_>) -> Surface {
    let modules = Modules::read(Path::new("src/lib.rs"), features, read);
    let public = Public::of(&modules);
    let mut lines = paths(crate_name, &public);
    for (id, item) in public.items.keys().filter_map(|id| item(&modules, *id).map(|item| (*id, item))) {
        let path = format!("{crate_name}::{}", public.path(id).unwrap_or_default());
        let module = path.rsplit_once("::").map_or("", |(module, _)| module);
        let writer = Writer { modules: &modules, public: &public, module: id.0 };
        lines.extend(Listing { writer, features, path: &path, module }.lines(item));
    }
    lines.extend(impls(crate_name, features, &modules, &public));
    Surface::new(lines)
}

/// Modules, and items that go by more than one path or belong to another crate.
fn paths(crate_name: &str, public: &Public) -> Vec<Line> {
    let line = |path: &str, text: String| {
        let path = format!("{crate_name}::{path}");
        let owner = path.rsplit_once("::").map_or("", |(module, _)| module).to_owned();
        Line { text: format!("{path}: {text}"), rank: 0, owner, path }
    };
    let modules = public
        .modules
        .iter()
        .map(|path| Line { owner: format!("{crate_name}::{path}"), ..line(path, "mod".to_owned()) });
    let foreign = public.foreign.iter().map(|(path, target)| line(path, format!("re-export of {target}")));
    let others = public.items.values().filter_map(|paths| paths.split_first());
    let others = others.flat_map(|(first, others)| others.iter().map(move |path| (path, first)));
    let others = others.map(|(path, first)| line(path, format!("re-export of {crate_name}::{first}")));
    modules.chain(foreign).chain(others).collect()
}

/// Methods, and for each type its traits: those with nothing to tell but their names in one line.
fn impls(crate_name: &str, features: &Features, modules: &Modules, public: &Public) -> Vec<Line> {
    let mut traits: BTreeMap<ItemId, BTreeSet<String>> = BTreeMap::new();
    let mut lines = Vec::new();
    let mut add = |id: ItemId, has: Vec<Has>| {
        for has in has {
            match has {
                Has::Trait(name) => drop(traits.entry(id).or_default().insert(name)),
                Has::Line(line) => lines.push(line),
            }
        }
    };
    let reader = |module| Impls { writer: Writer { modules, public, module }, features, crate_name };
    for (id, module) in modules.0.iter().enumerate() {
        module.impls.iter().filter_map(|item| reader(id).read(item)).for_each(|(owner, has)| add(owner, has));
    }
    for id in public.items.keys() {
        let derived = item(modules, *id).map(|item| reader(id.0).derived(item, *id));
        add(*id, derived.unwrap_or_default());
    }
    lines.extend(traits.into_iter().map(|(id, names)| {
        let path = format!("{crate_name}::{}", public.path(id).unwrap_or_default());
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        Line { text: format!("{path}: impl {names}"), rank: 1, owner: path.clone(), path }
    }));
    lines
}

fn item(modules: &Modules, (module, index): ItemId) -> Option<&syn::Item> {
    match &modules.0[module].entries[index].what {
        What::Item(item) => Some(item),
        What::Module(_) => None,
    }
}
