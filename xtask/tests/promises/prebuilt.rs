//! What the generated code that a package carries promises.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ImplItem, Item, Meta};
use xtask::pipeline::{self, select};
use xtask::prebuilt;
use xtask::repository::Repository;
use xtask::surface::Features;

/// What a compiler with these features keeps.
struct Compiler<'f>(&'f Features);

impl Compiler<'_> {
    /// Whether it stays; the conditions are gone either way.
    fn keeps(&self, attributes: &mut Vec<Attribute>) -> bool {
        let mut kept = true;
        attributes.retain(|attribute| match &attribute.meta {
            Meta::List(cfg) if cfg.path.is_ident("cfg") => {
                kept &= self.0.meet(&cfg.parse_args::<Meta>().unwrap());
                false
            }
            _ => true,
        });
        kept
    }
}

impl VisitMut for Compiler<'_> {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain_mut(|item| match item {
            Item::Struct(it) => self.keeps(&mut it.attrs),
            Item::Enum(it) => self.keeps(&mut it.attrs),
            Item::Type(it) => self.keeps(&mut it.attrs),
            Item::Macro(it) => self.keeps(&mut it.attrs),
            Item::Impl(it) => self.keeps(&mut it.attrs),
            Item::Fn(it) => self.keeps(&mut it.attrs),
            _ => true,
        });
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items.retain_mut(|member| match member {
            ImplItem::Fn(function) => self.keeps(&mut function.attrs),
            _ => true,
        });
    }

    fn visit_expr_match_mut(&mut self, matching: &mut syn::ExprMatch) {
        matching.arms.retain_mut(|arm| self.keeps(&mut arm.attrs));
        visit_mut::visit_expr_match_mut(self, matching);
    }

    fn visit_expr_array_mut(&mut self, array: &mut syn::ExprArray) {
        let elements = std::mem::take(&mut array.elems).into_iter();
        array.elems = elements
            .filter_map(|mut element| {
                let kept = if let Expr::Lit(it) = &mut element { self.keeps(&mut it.attrs) } else { true };
                kept.then_some(element)
            })
            .collect();
    }
}

/// Takes out what callers read and compilers don't: a shared type's docs tell of the features that are on.
struct Undocumented;

impl VisitMut for Undocumented {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    }
}

type Files = BTreeMap<&'static str, syn::File>;

fn parsed(files: impl IntoIterator<Item = (&'static str, String)>) -> Files {
    files.into_iter().map(|(name, text)| (name, syn::parse_file(&text).unwrap())).collect()
}

/// What the package of this checkout would carry: made once, as it takes a run of the pipeline for each group.
fn carried(repository: &Repository) -> Files {
    static MADE: OnceLock<Vec<(&'static str, String)>> = OnceLock::new();
    parsed(MADE.get_or_init(|| prebuilt::files(repository).unwrap()).iter().cloned())
}

/// The items of a file as a compiler with these features has them, without docs.
fn items(file: &syn::File, features: &Features) -> Vec<String> {
    let mut file = file.clone();
    Compiler(features).visit_file_mut(&mut file);
    file.items.iter_mut().for_each(|item| Undocumented.visit_item_mut(item));
    file.items.iter().map(|item| item.to_token_stream().to_string()).collect()
}

#[test]
fn a_package_with_any_group_compiles_what_the_generator_makes_for_it() {
    let repository = Repository::here().unwrap();
    let carried = carried(&repository);
    let (lock, document) = repository.merged().unwrap();
    let operations = select::operations(&document, &|_| true).unwrap();
    let mut groups: Vec<String> = operations.iter().map(|operation| select::feature(&operation.group)).collect();
    groups.sort();
    groups.dedup();

    for group in &groups {
        let features = Features::on(&repository.features, [group.as_str(), "dynamic", "dioxus"]);
        let generated = pipeline::generate(&document, &lock, &|feature| features.has(feature), Vec::new()).unwrap();
        for (name, generated) in parsed(generated.files) {
            let (kept, generated) = (items(&carried[name], &features), items(&generated, &features));
            let missing: Vec<_> = generated.iter().filter(|item| !kept.contains(item)).collect();
            let beyond: Vec<_> = kept.iter().filter(|item| !generated.contains(item)).collect();
            assert!(missing.is_empty() && beyond.is_empty(), "{group}, {name}: lacks {missing:#?}, has {beyond:#?}");
            assert_eq!(kept, generated, "{group}, {name}: the order");
        }
    }
}

#[test]
fn a_package_with_all_features_has_the_generators_very_text() {
    let repository = Repository::here().unwrap();
    let (lock, document) = repository.merged().unwrap();
    let generated = pipeline::generate(&document, &lock, &|_| true, Vec::new()).unwrap();
    let all = repository.features.keys().map(String::as_str);
    let features = Features::on(&repository.features, all);
    let carried = carried(&repository);
    assert_eq!(carried.keys().count(), generated.files.len());
    for (name, text) in &generated.files {
        let mut kept = carried[name].clone();
        Compiler(&features).visit_file_mut(&mut kept);
        assert_eq!(pipeline::render::headed(&prettyplease::unparse(&kept)), *text, "{name}");
    }
}
