//! The places of generated code that features can have or lack: items, methods, and the arms and entries of the dynamic entry's tables.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprArray, File, ImplItem, Item, ItemImpl, Lit, Pat, Path, Type};

/// What stands somewhere, by name: `Client::llm`.
pub type Place = String;

/// Goes through a file; `visit` gets the attributes of all that is not there for everyone, with its places.
///
/// An implementation of methods is at the places of all its methods. One of a trait is where its type is, whoever has that; but
/// `Default` calls a constructor, which only those have who send the type.
pub fn each(file: &mut File, visit: &mut dyn FnMut(&[Place], &mut Vec<Attribute>)) {
    for item in &mut file.items {
        match item {
            // What is in scope is in scope for everyone.
            Item::Use(_) => {}
            Item::Struct(it) => visit(&[it.ident.to_string()], &mut it.attrs),
            Item::Enum(it) => visit(&[it.ident.to_string()], &mut it.attrs),
            Item::Type(it) => visit(&[it.ident.to_string()], &mut it.attrs),
            // The traits of an enum: its name comes first.
            Item::Macro(it) => {
                let name = it.mac.tokens.clone().into_iter().next();
                visit(&[name.map_or_else(String::new, |name| name.to_string())], &mut it.attrs);
            }
            Item::Impl(it) => implementation(it, visit),
            Item::Fn(it) => {
                let name = it.sig.ident.to_string();
                visit(std::slice::from_ref(&name), &mut it.attrs);
                Tables { name: &name, visit }.visit_block_mut(&mut it.block);
            }
            Item::Const(it) => {
                let name = it.ident.to_string();
                visit(std::slice::from_ref(&name), &mut it.attrs);
                Tables { name: &name, visit }.visit_expr_mut(&mut it.expr);
            }
            // The generator writes nothing else; if it does one day, everyone gets it.
            _ => {}
        }
    }
}

fn implementation(item: &mut ItemImpl, visit: &mut dyn FnMut(&[Place], &mut Vec<Attribute>)) {
    let ty = named(&item.self_ty);
    match &item.trait_ {
        Some((path, _)) if last(path) == "Default" => visit(&[format!("Default for {ty}")], &mut item.attrs),
        Some(_) => visit(&[ty], &mut item.attrs),
        None => {
            let mut places = Vec::new();
            for member in &mut item.items {
                if let ImplItem::Fn(function) = member {
                    let place = format!("{ty}::{}", function.sig.ident);
                    visit(std::slice::from_ref(&place), &mut function.attrs);
                    places.push(place);
                }
            }
            visit(&places, &mut item.attrs);
        }
    }
}

/// The name of a type; of `Call<operations::Name>` it is `Call<Name>`.
fn named(ty: &Type) -> String {
    let Type::Path(path) = ty else { return String::new() };
    let arguments = path.path.segments.last().map(|segment| &segment.arguments);
    let Some(syn::PathArguments::AngleBracketed(arguments)) = arguments else { return last(&path.path) };
    let inner = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(named(ty)),
        _ => None,
    });
    let inner: Vec<String> = inner.collect();
    if inner.is_empty() { last(&path.path) } else { format!("{}<{}>", last(&path.path), inner.join(", ")) }
}

fn last(path: &Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

/// Arms and array elements that go by a string: the operations' ids.
struct Tables<'a> {
    name: &'a str,
    visit: &'a mut dyn FnMut(&[Place], &mut Vec<Attribute>),
}

impl VisitMut for Tables<'_> {
    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        if let Pat::Lit(pattern) = &arm.pat
            && let Lit::Str(id) = &pattern.lit
        {
            (self.visit)(&[format!("{}::{}", self.name, id.value())], &mut arm.attrs);
        } else {
            visit_mut::visit_arm_mut(self, arm);
        }
    }

    fn visit_expr_array_mut(&mut self, array: &mut ExprArray) {
        for element in &mut array.elems {
            if let Expr::Lit(element) = element
                && let Lit::Str(id) = &element.lit
            {
                (self.visit)(&[format!("{}::{}", self.name, id.value())], &mut element.attrs);
            }
        }
    }
}
