//! Which Cargo features are on, and what `#[cfg(…)]` comes to with them.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Meta, Token};

/// The features of a manifest, each with what it turns on.
pub type Table = BTreeMap<String, Vec<String>>;

/// The features that conditions are decided by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features(BTreeSet<String>);

impl Features {
    /// These features of the crate, and those that they turn on.
    pub fn on<'n>(table: &Table, names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut on = BTreeSet::new();
        let mut next: Vec<String> = names.into_iter().map(str::to_owned).collect();
        while let Some(name) = next.pop() {
            // `dep:axum` and `tokio/net` are no features of this crate, so they are not in the table.
            if let Some(implied) = table.get(&name)
                && on.insert(name)
            {
                next.extend(implied.iter().cloned());
            }
        }
        Self(on)
    }

    /// Whether the feature is on.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether a condition is met. Platforms are all taken to be there: the surface is that of every platform together.
    pub fn meet(&self, condition: &Meta) -> bool {
        match condition {
            Meta::Path(path) => !["test", "doc", "docsrs", "fuzzing", "miri"].iter().any(|name| path.is_ident(name)),
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) if pair.path.is_ident("feature") => {
                    self.has(&name.value())
                }
                _ => true,
            },
            Meta::List(list) => {
                let inner = list
                    .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                    .unwrap_or_else(|error| panic!("a condition of `cfg`: {error}"));
                if list.path.is_ident("not") {
                    !inner.iter().any(|condition| self.meet(condition))
                } else if list.path.is_ident("any") {
                    inner.iter().any(|condition| self.meet(condition))
                } else {
                    inner.iter().all(|condition| self.meet(condition))
                }
            }
        }
    }
}

/// The `[features]` of a manifest: lists of plain strings, which is all that the table may hold.
pub fn table(manifest: &str) -> Table {
    let lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[features]").skip(1);
    let lines = lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
    let text = lines.collect::<Vec<_>>().join(" ");
    let lists = text.split(']').filter_map(|list| list.split_once('['));
    lists
        .map(|(name, items)| {
            let name = name.trim_matches([' ', '=', '"']).to_owned();
            let items = items.split('"').skip(1).step_by(2).map(str::to_owned).collect();
            (name, items)
        })
        .collect()
}
