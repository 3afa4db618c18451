//! The lines of an item: what it is, and its fields, variants or trait items.

use syn::{Fields, Generics, Item, ItemEnum, ItemTrait, TraitItem, Visibility};

use super::attributes::Attributes;
use super::features::Features;
use super::line::{Line, flagged};
use super::signatures::{Writer, qualifiers};

/// What is needed to list one item.
pub struct Listing<'a> {
    pub writer: Writer<'a>,
    pub features: &'a Features,
    /// The item's path, with the crate's name.
    pub path: &'a str,
    /// The path of its module.
    pub module: &'a str,
}

impl Listing<'_> {
    pub fn lines(&self, item: &Item) -> Vec<Line> {
        let Listing { writer, path, .. } = self;
        match item {
            Item::Struct(it) => {
                let mut lines = vec![self.head("struct", &it.generics, &self.flags(&it.attrs, &[]))];
                lines.extend(self.fields(&it.fields));
                lines
            }
            Item::Union(it) => {
                let mut lines = vec![self.head("union", &it.generics, &self.flags(&it.attrs, &[]))];
                lines.extend(self.fields(&Fields::Named(it.fields.clone())));
                lines
            }
            Item::Enum(it) => self.enumeration(it),
            Item::Trait(it) => self.trait_(it),
            Item::Fn(it) => {
                let signature = format!("{}::{}", self.module, writer.signature(&it.sig));
                vec![self.single(flagged(signature, &self.flags(&it.attrs, &qualifiers(&it.sig))))]
            }
            Item::Const(it) => {
                vec![self.single(flagged(format!("{path}: const {}", writer.ty(&it.ty)), &self.flags(&it.attrs, &[])))]
            }
            Item::Static(it) => {
                vec![self.single(flagged(format!("{path}: static {}", writer.ty(&it.ty)), &self.flags(&it.attrs, &[])))]
            }
            Item::Type(it) => {
                let (parameters, clause) = writer.generics(&it.generics);
                let text = format!("{path}: type{parameters} = {}{clause}", writer.ty(&it.ty));
                vec![self.single(flagged(text, &self.flags(&it.attrs, &[])))]
            }
            Item::Macro(_) => vec![self.single(format!("{path}!: macro"))],
            other => panic!("no line for this item: {other:?}"),
        }
    }

    /// `path: kind<T>`.
    fn head(&self, kind: &str, generics: &Generics, flags: &[&str]) -> Line {
        let (parameters, clause) = self.writer.generics(generics);
        Line { rank: 0, ..self.part("", flagged(format!("{}: {kind}{parameters}{clause}", self.path), flags)) }
    }

    /// An item that has no parts, and stands in the paragraph of its module.
    fn single(&self, text: String) -> Line {
        Line { path: self.path.to_owned(), rank: 0, text, owner: self.module.to_owned() }
    }

    fn part(&self, name: &str, text: String) -> Line {
        let path = if name.is_empty() { self.path.to_owned() } else { format!("{}::{name}", self.path) };
        Line { path, rank: 2, text, owner: self.path.to_owned() }
    }

    fn flags<'f>(&self, attributes: &[syn::Attribute], more: &[&'f str]) -> Vec<&'f str> {
        let known = Attributes::read(attributes, self.features).map(|it| it.flags()).unwrap_or_default();
        more.iter().copied().chain(known).collect()
    }

    fn listed(&self, attributes: &[syn::Attribute]) -> bool {
        Attributes::read(attributes, self.features).is_some_and(|it| !it.hidden())
    }

    fn is_required_and_hidden(&self, item: &TraitItem) -> bool {
        let (attributes, is_provided) = match item {
            TraitItem::Fn(it) => (&it.attrs, it.default.is_some()),
            TraitItem::Const(it) => (&it.attrs, it.default.is_some()),
            TraitItem::Type(it) => (&it.attrs, it.default.is_some()),
            _ => return false,
        };
        !is_provided && Attributes::read(attributes, self.features).is_some_and(|it| it.hidden())
    }

    fn fields(&self, fields: &Fields) -> Vec<Line> {
        let fields = fields.iter().enumerate();
        let public =
            fields.filter(|(_, field)| matches!(field.vis, Visibility::Public(_)) && self.listed(&field.attrs));
        public
            .map(|(index, field)| {
                let name = field.ident.as_ref().map_or(index.to_string(), ToString::to_string);
                let text = format!("{}::{name}: {}", self.path, self.writer.ty(&field.ty));
                self.part(&name, flagged(text, &self.flags(&field.attrs, &[])))
            })
            .collect()
    }

    fn enumeration(&self, item: &ItemEnum) -> Vec<Line> {
        let mut lines = vec![self.head("enum", &item.generics, &self.flags(&item.attrs, &[]))];
        for variant in item.variants.iter().filter(|variant| self.listed(&variant.attrs)) {
            let fields: Vec<_> = variant.fields.iter().filter(|field| self.listed(&field.attrs)).collect();
            let types = fields.iter().map(|field| match &field.ident {
                Some(name) => format!("{name}: {}", self.writer.ty(&field.ty)),
                None => self.writer.ty(&field.ty),
            });
            let types = types.collect::<Vec<_>>().join(", ");
            let name = variant.ident.to_string();
            let text = match variant.fields {
                Fields::Named(_) => format!("{}::{name} {{ {types} }}", self.path),
                Fields::Unnamed(_) => format!("{}::{name}({types})", self.path),
                Fields::Unit => format!("{}::{name}", self.path),
            };
            lines.push(self.part(&name, flagged(text, &self.flags(&variant.attrs, &[]))));
        }
        lines
    }

    fn trait_(&self, item: &ItemTrait) -> Vec<Line> {
        let Listing { writer, path, .. } = self;
        let mut flags = Vec::new();
        flags.extend(item.unsafety.map(|_| "unsafe"));
        // Such a trait cannot be implemented by what is listed alone.
        flags.extend(item.items.iter().any(|item| self.is_required_and_hidden(item)).then_some("hidden items"));
        let kind = match item.supertraits.is_empty() {
            true => "trait".to_owned(),
            false => format!("trait: {}", writer.bounds(&item.supertraits)),
        };
        let mut lines = vec![self.head(&kind, &item.generics, &self.flags(&item.attrs, &flags))];
        let provided = |is: bool| if is { Some("provided") } else { None };
        for item in &item.items {
            let (name, text, attributes, flags) = match item {
                TraitItem::Fn(it) => {
                    let mut flags = qualifiers(&it.sig);
                    flags.extend(provided(it.default.is_some()));
                    (&it.sig.ident, format!("{path}::{}", writer.signature(&it.sig)), &it.attrs, flags)
                }
                TraitItem::Const(it) => {
                    let text = format!("{path}::{}: const {}", it.ident, writer.ty(&it.ty));
                    (&it.ident, text, &it.attrs, provided(it.default.is_some()).into_iter().collect())
                }
                TraitItem::Type(it) => {
                    let (parameters, clause) = writer.generics(&it.generics);
                    let bounds =
                        if it.bounds.is_empty() { String::new() } else { format!(": {}", writer.bounds(&it.bounds)) };
                    (
                        &it.ident,
                        format!("{path}::{}: type{parameters}{bounds}{clause}", it.ident),
                        &it.attrs,
                        Vec::new(),
                    )
                }
                other => panic!("no line for this item of a trait: {other:?}"),
            };
            if self.listed(attributes) {
                lines.push(self.part(&name.to_string(), flagged(text, &self.flags(attributes, &flags))));
            }
        }
        lines
    }
}
