//! The lines of impls: methods and constants of a type, and the traits that it has.

use syn::visit::{self, Visit};
use syn::{
    GenericArgument, GenericParam, Generics, ImplItem, Item, ItemImpl, Path, PathArguments, Type, Visibility,
    parse_quote,
};

use super::attributes::Attributes;
use super::features::Features;
use super::line::{Line, flagged};
use super::module::{Entry, What};
use super::public::ItemId;
use super::signatures::{Writer, predicates, qualifiers};
use super::uses::Target;

/// What a type has by one impl.
pub enum Has {
    /// A trait like any other: named in the type's line of traits.
    Trait(String),
    Line(Line),
}

/// An impl, and where it stands.
pub struct Impls<'a> {
    pub writer: Writer<'a>,
    pub features: &'a Features,
    pub crate_name: &'a str,
}

impl Impls<'_> {
    /// What an impl block adds to the surface, and to which item.
    pub fn read(&self, item: &ItemImpl) -> Option<(ItemId, Vec<Has>)> {
        match &item.trait_ {
            _ if !self.is_public(item) => None,
            None => {
                let owner = self.items_of(&item.self_ty).into_iter().next()?;
                Some((owner, self.inherent(item, owner)))
            }
            Some((path, _)) => {
                let mut candidates = self.items_of(&item.self_ty);
                candidates.extend(self.items_of(&parse_quote!(#path)));
                let owner = candidates.into_iter().next()?;
                Some((owner, vec![self.implemented(item, path, owner)]))
            }
        }
    }

    /// The traits that `#[derive(…)]` implements, with the bounds that it puts on parameters.
    pub fn derived(&self, item: &Item, id: ItemId) -> Vec<Has> {
        let (name, generics, attributes) = match item {
            Item::Struct(it) => (&it.ident, &it.generics, &it.attrs),
            Item::Enum(it) => (&it.ident, &it.generics, &it.attrs),
            Item::Union(it) => (&it.ident, &it.generics, &it.attrs),
            _ => return Vec::new(),
        };
        let derives = Attributes::read(attributes, self.features).map(|it| it.derives()).unwrap_or_default();
        derives
            .iter()
            .map(|derive| {
                let is_deserialize = derive.segments.last().is_some_and(|it| it.ident == "Deserialize");
                let trait_: Path = if is_deserialize { parse_quote!(#derive<'de>) } else { derive.clone() };
                let mut bounded = generics.clone();
                bounded.type_params_mut().for_each(|parameter| {
                    parameter.bounds.push(parse_quote!(#trait_));
                    parameter.default = None;
                });
                if is_deserialize {
                    bounded.params.insert(0, parse_quote!('de));
                }
                let (parameters, types, clause) = (&bounded.params, generics.split_for_impl().1, &bounded.where_clause);
                self.implemented(&parse_quote!(impl<#parameters> #trait_ for #name #types #clause {}), &trait_, id)
            })
            .collect()
    }

    fn inherent(&self, item: &ItemImpl, owner: ItemId) -> Vec<Has> {
        let path = self.path(owner);
        // `Call<X>` where the impl is for some of the type's parameters only.
        let shown = match self.is_general(&item.self_ty, owner) {
            true => path.clone(),
            false => format!("{path}{}", arguments(&self.writer.ty(&item.self_ty))),
        };
        let mut has = Vec::new();
        for part in &item.items {
            let (name, visibility, attributes, text, qualifiers) = match part {
                ImplItem::Fn(it) => {
                    let mut signature = it.sig.clone();
                    signature.generics.make_where_clause().predicates.extend(predicates(&item.generics));
                    let text = format!("{shown}::{}", self.writer.signature(&signature));
                    (&it.sig.ident, &it.vis, &it.attrs, text, qualifiers(&it.sig))
                }
                ImplItem::Const(it) => (
                    &it.ident,
                    &it.vis,
                    &it.attrs,
                    format!("{shown}::{}: const {}", it.ident, self.writer.ty(&it.ty)),
                    Vec::new(),
                ),
                _ => continue,
            };
            let Some(attributes) = Attributes::read(attributes, self.features) else {
                continue;
            };
            if !matches!(visibility, Visibility::Public(_)) || attributes.hidden() {
                continue;
            }
            let text = flagged(text, &[qualifiers, attributes.flags()].concat());
            has.push(Has::Line(Line { path: format!("{path}::{name}"), rank: 2, text, owner: path.clone() }));
        }
        has
    }

    /// An impl of a trait: just the trait's name if there is nothing else to tell.
    fn implemented(&self, item: &ItemImpl, trait_: &Path, owner: ItemId) -> Has {
        let Self { writer, .. } = self;
        let mut shown = trait_.clone();
        bind_types(item, &mut shown);
        let shown = writer.path(&shown);
        let is_bounded = !predicates(&item.generics).is_empty();
        let is_general = self.is_general(&item.self_ty, owner);
        let text = match (is_bounded, is_general) {
            (false, true) if has_types(item) => format!("impl {shown}"),
            (false, true) => return Has::Trait(shown),
            _ => {
                let (parameters, clause) = writer.generics(&item.generics);
                format!("impl{parameters} {shown} for {}{clause}", writer.ty(&item.self_ty))
            }
        };
        let path = self.path(owner);
        Has::Line(Line { text: format!("{path}: {text}"), rank: 1, owner: path.clone(), path })
    }

    /// Whether an impl shows: it isn't hidden, and all of the crate's items that it names can be named from outside.
    fn is_public(&self, item: &ItemImpl) -> bool {
        let hidden = Attributes::read(&item.attrs, self.features).is_none_or(|it| it.hidden());
        let mut head = Named::default();
        head.visit_type(&item.self_ty);
        item.trait_.iter().for_each(|(path, _)| head.visit_path(path));
        let mut targets = head.0.iter().filter_map(|path| self.writer.target(path));
        !hidden && targets.all(|target| !matches!(target, Target::Item(module, index) if self.writer.public.path((module, index)).is_none()))
    }

    /// The public items that a type names, itself first: `Error` of `&Error`, the trait's argument of `From<Error>`.
    fn items_of(&self, ty: &Type) -> Vec<ItemId> {
        let mut named = Named::default();
        named.visit_type(ty);
        let targets = named.0.iter().filter_map(|path| self.writer.target(path));
        targets
            .filter_map(|target| match target {
                Target::Item(module, index) => self.writer.public.path((module, index)).map(|_| (module, index)),
                _ => None,
            })
            .collect()
    }

    fn path(&self, item: ItemId) -> String {
        format!("{}::{}", self.crate_name, self.writer.public.path(item).unwrap_or_default())
    }

    /// Whether a type is the item itself, with its own parameters as they are declared.
    fn is_general(&self, ty: &Type, owner: ItemId) -> bool {
        let Type::Path(ty) = ty else { return false };
        let is_owner = self.writer.target(&ty.path) == Some(Target::Item(owner.0, owner.1));
        let declared = match &self.writer.modules.0[owner.0].entries[owner.1] {
            Entry { what: What::Item(item), .. } => generics(item).map(|it| &it.params),
            _ => None,
        };
        let declared = declared.into_iter().flatten();
        let given: Vec<_> = match ty.path.segments.last().map(|last| &last.arguments) {
            Some(PathArguments::AngleBracketed(given)) => given.args.iter().collect(),
            _ => Vec::new(),
        };
        let mut pairs = declared.zip(&given);
        is_owner
            && pairs.all(|(declared, given)| match (declared, given) {
                (GenericParam::Lifetime(_), GenericArgument::Lifetime(given)) => given.ident != "static",
                (GenericParam::Type(declared), GenericArgument::Type(Type::Path(given))) => {
                    given.path.is_ident(&declared.ident)
                }
                (GenericParam::Const(declared), GenericArgument::Type(Type::Path(given))) => {
                    given.path.is_ident(&declared.ident)
                }
                _ => false,
            })
    }
}

/// All paths in a type, from the outside in.
#[derive(Default)]
struct Named(Vec<Path>);

impl<'ast> Visit<'ast> for Named {
    fn visit_path(&mut self, path: &'ast Path) {
        self.0.push(path.clone());
        visit::visit_path(self, path);
    }
}

fn generics(item: &Item) -> Option<&Generics> {
    match item {
        Item::Struct(it) => Some(&it.generics),
        Item::Enum(it) => Some(&it.generics),
        Item::Union(it) => Some(&it.generics),
        Item::Trait(it) => Some(&it.generics),
        Item::Type(it) => Some(&it.generics),
        _ => None,
    }
}

fn arguments(ty: &str) -> &str {
    ty.find('<').map_or("", |start| &ty[start..])
}

fn has_types(item: &ItemImpl) -> bool {
    item.items.iter().any(|part| matches!(part, ImplItem::Type(_)))
}

/// Turns `type Item = u8;` of an impl of `Iterator` into `Iterator<Item = u8>`.
fn bind_types(item: &ItemImpl, trait_: &mut Path) {
    for part in &item.items {
        let (ImplItem::Type(part), Some(last)) = (part, trait_.segments.last_mut()) else {
            continue;
        };
        let (name, parameters, ty) = (&part.ident, &part.generics, &part.ty);
        if last.arguments.is_none() {
            last.arguments = PathArguments::AngleBracketed(parse_quote!(<>));
        }
        if let PathArguments::AngleBracketed(arguments) = &mut last.arguments {
            arguments.args.push(parse_quote!(#name #parameters = #ty));
        }
    }
}
