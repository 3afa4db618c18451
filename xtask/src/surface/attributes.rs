//! What the attributes of an item say about its place in the surface.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Path, Token};

use super::features::Features;

/// The attributes that are in force, those of `#[cfg_attr(…)]` too.
pub struct Attributes(Vec<Meta>);

impl Attributes {
    /// `None` if a `#[cfg(…)]` leaves the item out.
    pub fn read(attributes: &[Attribute], features: &Features) -> Option<Self> {
        let mut metas = Vec::new();
        for attribute in attributes {
            add(attribute.meta.clone(), features, &mut metas);
        }
        let included = metas
            .iter()
            .filter(|meta| meta.path().is_ident("cfg"))
            .all(|cfg| arguments(cfg).iter().all(|it| features.meet(it)));
        included.then_some(Self(metas))
    }

    /// Whether there is a `#[doc(hidden)]`.
    pub fn hidden(&self) -> bool {
        let mut docs = self.0.iter().filter(|meta| matches!(meta, Meta::List(list) if list.path.is_ident("doc")));
        docs.any(|doc| arguments(doc).iter().any(|it| it.path().is_ident("hidden")))
    }

    /// Whether there is an attribute of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|meta| meta.path().is_ident(name))
    }

    /// The traits of `#[derive(…)]`.
    pub fn derives(&self) -> Vec<Path> {
        let derives = self.0.iter().filter(|meta| meta.path().is_ident("derive"));
        derives.flat_map(arguments).map(|it| it.path().clone()).collect()
    }

    /// Those attributes that callers have to know of.
    pub fn flags(&self) -> Vec<&'static str> {
        ["non_exhaustive", "deprecated"].into_iter().filter(|name| self.has(name)).collect()
    }
}

fn add(meta: Meta, features: &Features, metas: &mut Vec<Meta>) {
    if !meta.path().is_ident("cfg_attr") {
        return metas.push(meta);
    }
    let arguments = arguments(&meta);
    if let Some((condition, attributes)) = arguments.split_first()
        && features.meet(condition)
    {
        attributes.iter().cloned().for_each(|it| add(it, features, metas));
    }
}

fn arguments(meta: &Meta) -> Vec<Meta> {
    // Arguments that are not attributes themselves, as in `#[serde(default = …)]`, are never asked for.
    let list = meta.require_list().ok();
    let parsed = list.and_then(|list| list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok());
    parsed.into_iter().flatten().collect()
}
