//! Items that a macro of the crate stands for, such as `open_enum!`: the macro's own text, filled in.
//!
//! This goes as far as heads of impls and signatures need it: a macro has one rule, its variables are single tokens, and what
//! it repeats is left out, since that is the inside of function bodies.

use std::collections::BTreeMap;
use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::format_ident;
use syn::{File, Macro};

/// The macros that the crate defines, by name.
#[derive(Default)]
pub struct Macros(BTreeMap<String, TokenStream>);

type Variables = BTreeMap<String, TokenTree>;

impl Macros {
    pub fn define(&mut self, name: &Ident, rules: TokenStream) {
        self.0.insert(name.to_string(), rules);
    }

    /// The items; `None` for a macro of another crate, which has no part in the surface.
    pub fn expand(&self, invocation: &Macro) -> Option<File> {
        let name = &invocation.path.segments.last()?.ident;
        let mut rules = self.0.get(&name.to_string())?.clone().into_iter();
        let (Some(TokenTree::Group(matcher)), _, _, Some(TokenTree::Group(body))) =
            (rules.next(), rules.next(), rules.next(), rules.next())
        else {
            panic!("`{name}!` is not `(…) => {{…}}`");
        };
        let mut variables = Variables::new();
        bind(matcher.stream(), invocation.tokens.clone(), &mut variables);
        let items = fill_in(body.stream(), &variables);
        Some(syn::parse2(items).unwrap_or_else(|error| panic!("`{name}!` filled in: {error}")))
    }
}

/// Finds what the variables of a matcher stand for, up to its first repetition.
fn bind(matcher: TokenStream, given: TokenStream, variables: &mut Variables) {
    let mut matcher = matcher.into_iter().peekable();
    let mut given = given.into_iter();
    while let Some(pattern) = matcher.next() {
        match (&pattern, matcher.peek()) {
            (TokenTree::Punct(dollar), Some(TokenTree::Ident(_))) if dollar.as_char() == '$' => {
                let name = matcher.next().map(|name| name.to_string()).unwrap_or_default();
                let kind = matcher.nth(1).map(|kind| kind.to_string()).unwrap_or_default();
                assert!(
                    ["ident", "literal", "lifetime", "tt"].contains(&kind.as_str()),
                    "`${name}:{kind}` is not a single token"
                );
                let token = given.next().unwrap_or_else(|| panic!("no token for `${name}`"));
                variables.insert(name, token);
            }
            (TokenTree::Punct(dollar), _) if dollar.as_char() == '$' => return,
            (TokenTree::Group(pattern), _) => {
                if let Some(TokenTree::Group(given)) = given.next() {
                    bind(pattern.stream(), given.stream(), variables);
                }
            }
            _ => drop(given.next()),
        }
    }
}

fn fill_in(body: TokenStream, variables: &Variables) -> TokenStream {
    let mut filled = TokenStream::new();
    let mut body = body.into_iter().peekable();
    while let Some(token) = body.next() {
        match token {
            TokenTree::Punct(dollar) if dollar.as_char() == '$' => match body.next() {
                Some(TokenTree::Ident(name)) if name == "crate" => {
                    filled.extend([TokenTree::from(format_ident!("crate"))])
                }
                Some(TokenTree::Ident(name)) => {
                    let value =
                        variables.get(&name.to_string()).unwrap_or_else(|| panic!("`${name}` has no value here"));
                    filled.extend([value.clone()]);
                }
                Some(TokenTree::Group(repeated)) => leave_out(&repeated, &mut body),
                other => panic!("`$` before {other:?}"),
            },
            TokenTree::Group(group) => {
                let inner = fill_in(group.stream(), variables);
                filled.extend([TokenTree::from(Group::new(group.delimiter(), inner))]);
            }
            token => filled.extend([token]),
        }
    }
    filled
}

/// Goes past the separator and the `*`, `+` or `?` of a repetition.
fn leave_out(repeated: &Group, body: &mut Peekable<IntoIter>) {
    assert_eq!(repeated.delimiter(), Delimiter::Parenthesis);
    let items = ["pub", "impl"].map(|keyword| format_ident!("{keyword}"));
    let has_items =
        repeated.stream().into_iter().any(|token| matches!(token, TokenTree::Ident(it) if items.contains(&it)));
    assert!(!has_items, "a macro repeats items, which would be missing from the surface: {repeated}");
    body.find(|token| matches!(token, TokenTree::Punct(it) if ['*', '+', '?'].contains(&it.as_char())));
}
