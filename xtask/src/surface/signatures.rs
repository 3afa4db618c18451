//! Types, bounds and signatures as one line of text, the paths in them short.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Block, FnArg, GenericParam, Generics, Item, Pat, PatIdent, Path, PathArguments, Safety, Signature, Type,
    TypeParamBound, TypePath, WherePredicate, parse_quote,
};

use super::module::{ModuleId, Modules};
use super::public::{Public, last};
use super::uses::Target;

/// Writes what stands in one module.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    pub modules: &'a Modules,
    pub public: &'a Public,
    pub module: ModuleId,
}

/// Crates whose names everybody knows without the crate's.
const WELL_KNOWN: [&str; 4] = ["std", "core", "alloc", "serde"];

impl Writer<'_> {
    pub fn ty(self, ty: &Type) -> String {
        let mut ty = ty.clone();
        Shorten(self).visit_type_mut(&mut ty);
        let line = print(parse_quote!(type T = #ty;));
        line.trim_start_matches("type T = ").trim_end_matches(';').to_owned()
    }

    pub fn path(self, path: &Path) -> String {
        self.ty(&parse_quote!(#path))
    }

    /// `A + B`.
    pub fn bounds<'b>(self, bounds: impl IntoIterator<Item = &'b TypeParamBound>) -> String {
        // A lifetime alone is no type: with a name in front it is.
        let bounds = bounds.into_iter();
        let line = self.ty(&parse_quote!(dyn Bound #(+ #bounds)*));
        line.trim_start_matches("dyn Bound").trim_start_matches(" + ").to_owned()
    }

    /// `<T: A>` and ` where T: B`, either of which may be empty.
    pub fn generics(self, generics: &Generics) -> (String, String) {
        let (parameters, clause) = (&generics.params, &generics.where_clause);
        let line = self.signature(&parse_quote!(fn f<#parameters>() #clause));
        line.trim_start_matches('f')
            .split_once("()")
            .map(|(parameters, clause)| (parameters.to_owned(), clause.to_owned()))
            .unwrap_or_default()
    }

    /// `name<T>(&self, x: T) -> T where T: A`.
    pub fn signature(self, signature: &Signature) -> String {
        let mut signature = signature.clone();
        (signature.constness, signature.asyncness, signature.abi, signature.safety) =
            (None, None, None, Safety::Default);
        signature.inputs.iter_mut().for_each(plain);
        Shorten(self).visit_signature_mut(&mut signature);
        let body: Block = parse_quote!({});
        let line = print(parse_quote!(#signature #body));
        line.trim_start_matches("fn ").trim_end_matches("{}").trim_end_matches([',', ' ']).to_owned()
    }

    /// What a path means here, and `None` for a generic parameter, `Self` and the like.
    pub fn target(self, path: &Path) -> Option<Target> {
        let leading = path.leading_colon.map(|_| String::new());
        let names: Vec<_> =
            leading.into_iter().chain(path.segments.iter().map(|segment| segment.ident.to_string())).collect();
        self.modules.resolve(self.module, &names).into_iter().next()
    }

    fn short(self, path: &Path) -> Option<String> {
        match self.target(path)? {
            Target::Module(_) => None,
            // An item that cannot be named from outside shows as such: it has leaked.
            Target::Item(module, index) => Some(match self.public.short((module, index)) {
                Some(short) => short.to_owned(),
                None => {
                    format!("{}::{}", self.modules.private_path(module), self.modules.0[module].entries[index].name)
                }
            }),
            Target::Foreign(path) => {
                let full = path.join("::");
                let well_known = path.first().is_some_and(|name| WELL_KNOWN.contains(&name.as_str()));
                Some(if well_known && !self.public.has_name(last(&full)) { last(&full).to_owned() } else { full })
            }
        }
    }
}

/// `async`, `const` and the like, which stand in front of a function.
pub fn qualifiers(signature: &Signature) -> Vec<&'static str> {
    let all = [
        (signature.constness.is_some(), "const"),
        (signature.asyncness.is_some(), "async"),
        (matches!(signature.safety, Safety::Unsafe(_)), "unsafe"),
        (signature.abi.is_some(), "extern"),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect()
}

/// All bounds of an impl in the form of a `where` clause, for its methods to tell.
pub fn predicates(generics: &Generics) -> Vec<WherePredicate> {
    let parameters = generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(it) if !it.bounds.is_empty() => {
            let (name, bounds) = (&it.ident, &it.bounds);
            Some(parse_quote!(#name: #bounds))
        }
        GenericParam::Lifetime(it) if !it.bounds.is_empty() => {
            let (name, bounds) = (&it.lifetime, &it.bounds);
            Some(parse_quote!(#name: #bounds))
        }
        _ => None,
    });
    parameters.chain(generics.where_clause.iter().flat_map(|clause| clause.predicates.iter().cloned())).collect()
}

/// An argument as callers see it: no `mut`, no pattern.
fn plain(argument: &mut FnArg) {
    match argument {
        FnArg::Receiver(receiver) => receiver.mutability = None,
        FnArg::Typed(argument) => {
            *argument.pat = match &*argument.pat {
                Pat::Ident(PatIdent { ident, .. }) => parse_quote!(#ident),
                _ => parse_quote!(_),
            };
        }
    }
}

/// One item on one line.
fn print(item: Item) -> String {
    let text = prettyplease::unparse(&parse_quote!(#item));
    // Long items come on several lines, with a comma after the last of a list.
    let line = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let line = [("( ", "("), (", )", ")"), (" )", ")"), ("< ", "<"), (", >", ">")]
        .into_iter()
        .fold(line, |line, (from, to)| line.replace(from, to));
    line.trim().to_owned()
}

struct Shorten<'a>(Writer<'a>);

impl VisitMut for Shorten<'_> {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.clear();
    }

    fn visit_type_path_mut(&mut self, path: &mut TypePath) {
        let Some(qself) = &mut path.qself else {
            return visit_mut::visit_type_path_mut(self, path);
        };
        // The trait of `<T as Trait>::Name` is counted in segments: it stays as long as it is.
        self.visit_type_mut(&mut qself.ty);
        path.path.segments.iter_mut().for_each(|segment| self.visit_path_segment_mut(segment));
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(short) = self.0.short(path) else {
            return;
        };
        let arguments =
            path.segments.last_mut().map(|last| std::mem::replace(&mut last.arguments, PathArguments::None));
        *path = syn::parse_str(&short).unwrap_or_else(|error| panic!("{short}: {error}"));
        if let (Some(last), Some(arguments)) = (path.segments.last_mut(), arguments) {
            last.arguments = arguments;
        }
    }
}
