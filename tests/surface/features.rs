//! Which Cargo features are on by default, and what `#[cfg(…)]` comes to with them.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Meta, Token};

/// The features that conditions are decided by. Not those that this test is compiled with: it always has `testing`.
pub struct Features(BTreeSet<String>);

impl Features {
    /// The default features of a `Cargo.toml`, and those that they turn on.
    pub fn of_manifest(manifest: &str) -> Self {
        let table = feature_table(manifest);
        let mut on = BTreeSet::new();
        let mut next = vec!["default".to_owned()];
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

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|name| *name != "default")
    }

    /// Whether a condition is met. Platforms are all taken to be there: the surface is that of every platform together.
    pub fn meet(&self, condition: &Meta) -> bool {
        match condition {
            Meta::Path(path) => !["test", "doc", "docsrs", "fuzzing", "miri"].iter().any(|name| path.is_ident(name)),
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) if pair.path.is_ident("feature") => {
                    self.0.contains(&name.value())
                }
                _ => true,
            },
            Meta::List(list) => {
                let inner = list
                    .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                    .expect("a condition of `cfg`");
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
fn feature_table(manifest: &str) -> BTreeMap<String, Vec<String>> {
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
