//! The generated code that a package carries: that of all features, each part of it under a `#[cfg]` of the features that have it.
//!
//! Who has it comes from running the pipeline for each group alone. So rustc selects what the generator would have made, and whoever
//! builds the package needs neither the generator nor what that is built on.

mod places;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use syn::{Attribute, ImplItem, Item, parse_quote};

use self::places::Place;
use crate::parallel;
use crate::pipeline::lock::Lock;
use crate::pipeline::{self, Error, Generated, render, select};
use crate::repository::{self, Repository};

/// The features that have a place of a file; none for one that is there always.
type Owners = BTreeMap<(&'static str, Place), BTreeSet<String>>;

/// The files by name.
pub fn files(repository: &Repository) -> Result<Vec<(&'static str, String)>, Error> {
    let (lock, document) = repository.merged()?;
    let operations = select::operations(&document, &|_| true)?;
    let groups = repository::features(operations.iter().map(|operation| &operation.group));
    let owners = owners(&document, &lock, &groups)?;

    let all = pipeline::generate(&document, &lock, &|_| true, Vec::new())?;
    let mut files = Vec::new();
    for (name, mut file) in parsed(all)? {
        places::each(&mut file, &mut |places, attributes| {
            let of: Vec<_> = places.iter().filter_map(|place| owners.get(&(name, place.clone()))).collect();
            // A part that everyone has makes the whole everyone's.
            if !of.is_empty() && of.iter().all(|owners| !owners.is_empty()) {
                let docs = attributes.iter().take_while(|attribute| attribute.path().is_ident("doc")).count();
                attributes.insert(docs, condition(of.into_iter().flatten().collect()));
            }
        });
        file.items.iter_mut().for_each(once);
        files.push((name, render::headed(&prettyplease::unparse(&file))));
    }
    Ok(files)
}

fn condition(features: BTreeSet<&String>) -> Attribute {
    let each = features.iter().map(|feature| quote::quote!(feature = #feature));
    if features.len() == 1 { parse_quote!(#[cfg(#(#each)*)]) } else { parse_quote!(#[cfg(any(#(#each),*))]) }
}

/// Methods need no condition that their block has.
fn once(item: &mut Item) {
    if let Item::Impl(item) = item {
        for member in &mut item.items {
            if let ImplItem::Fn(function) = member {
                function.attrs.retain(|attribute| !attribute.path().is_ident("cfg") || !item.attrs.contains(attribute));
            }
        }
    }
}

/// Which places each group has by itself. Features that are no groups are all on: their files are included only by who wants them.
fn owners(document: &Value, lock: &Lock, groups: &BTreeSet<String>) -> Result<Owners, Error> {
    let having = |group: Option<&str>| {
        let enabled = |feature: &str| !groups.contains(feature) || Some(feature) == group;
        let mut found = Vec::new();
        for (name, mut file) in parsed(pipeline::generate(document, lock, &enabled, Vec::new())?)? {
            places::each(&mut file, &mut |places, _| found.extend(places.iter().map(|place| (name, place.clone()))));
        }
        Ok::<_, Error>(found)
    };
    let groups: Vec<&String> = groups.iter().collect();
    let found = parallel::each(&groups, || Ok(()), |(), group| Ok(((*group).clone(), having(Some(group))?)))?;
    let mut owners = Owners::new();
    for (group, places) in found {
        for place in places {
            owners.entry(place).or_default().insert(group.clone());
        }
    }
    owners.extend(having(None)?.into_iter().map(|place| (place, BTreeSet::new())));
    Ok(owners)
}

fn parsed(generated: Generated) -> Result<Vec<(&'static str, syn::File)>, Error> {
    let parse = |(name, text): (&'static str, String)| {
        let fault = |error| Error::new(name, format!("is not Rust: {error}"), "report this as a bug of the pipeline");
        Ok((name, syn::parse_file(&text).map_err(fault)?))
    };
    generated.files.into_iter().map(parse).collect()
}
