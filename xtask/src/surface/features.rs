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

    /// Whether a condition is met on some platform: the surface is that of every platform together.
    pub fn meet(&self, condition: &Meta) -> bool {
        self.decide(condition).unwrap_or(true)
    }

    /// Whether a condition is met; `None` if that depends on the platform.
    fn decide(&self, condition: &Meta) -> Option<bool> {
        match condition {
            Meta::Path(path) => {
                let is_off = ["test", "doc", "docsrs", "fuzzing", "miri"].iter().any(|name| path.is_ident(name));
                is_off.then_some(false)
            }
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) if pair.path.is_ident("feature") => {
                    Some(self.has(&name.value()))
                }
                _ => None,
            },
            Meta::List(list) => {
                let inner = list
                    .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                    .unwrap_or_else(|error| panic!("a condition of `cfg`: {error}"));
                let found: Vec<_> = inner.iter().map(|condition| self.decide(condition)).collect();
                // One of these settles it, and else one that is open leaves it open.
                let settled = |by| match found.contains(&Some(by)) {
                    true => Some(by),
                    false => (!found.contains(&None)).then_some(!by),
                };
                if list.path.is_ident("not") {
                    settled(true).map(|met| !met)
                } else {
                    settled(list.path.is_ident("any"))
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
