//! What the lister promises, each on a few lines of source.

use std::path::Path;

use xtask::surface::{Features, list, table};

const MANIFEST: &str = "
[package]
name = \"c\"

[features]
default = [
    \"chat\", \"tls\",
]
# Comments may have [brackets] and \"quotes\".
chat = [\"tools\"]
tools = []
tls = [\"reqwest/rustls\"]
testing = [\"dep:axum\"]

[dependencies]
late = [\"x\"]
";

/// The lines for a crate `c` of several files.
fn lines_of(files: &[(&str, &str)]) -> Vec<String> {
    let features = Features::on(&table(MANIFEST), ["default"]);
    let read = |path: &Path| {
        let (_, text) = files.iter().find(|(name, _)| Path::new(name) == path)?;
        Some(syn::parse_file(text).unwrap())
    };
    let page = list("c", &features, &read).page();
    page.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn lines(root: &str) -> Vec<String> {
    lines_of(&[("src/lib.rs", root)])
}

#[test]
fn a_private_item_is_not_listed() {
    let root = "struct A; pub(crate) struct B; mod m { pub struct C; } pub struct D { private: u8, pub(crate) inner: u8, pub shown: u8 } impl D { fn f(&self) {} }";
    assert_eq!(lines(root), ["c::D: struct", "c::D::shown: u8"]);
}

#[test]
fn a_hidden_item_is_not_listed() {
    let root = "#[doc(hidden)] pub struct A; pub mod m { #[doc(hidden)] pub fn f() {} } #[doc(hidden)] pub mod n { pub struct B; }
        mod p { pub struct C; } #[doc(hidden)] pub use p::C; impl Clone for C {}";
    assert_eq!(lines(root), ["c::m: mod"]);
}

#[test]
fn what_is_only_for_tests_or_for_a_feature_that_is_off_is_not_listed() {
    let root = "#[cfg(test)] pub fn a() {} #[cfg(feature = \"testing\")] pub mod testing; #[cfg(not(feature = \"chat\"))] pub fn b() {}
        #[cfg(feature = \"tools\")] pub fn d() {} #[cfg(any(feature = \"testing\", feature = \"tls\"))] pub fn e() {}
        #[cfg(all(feature = \"tls\", feature = \"late\"))] pub fn f() {} #[cfg_attr(feature = \"tls\", non_exhaustive)] pub struct S;";
    assert_eq!(lines(root), ["c::S: struct [non_exhaustive]", "c::d()", "c::e()"]);
}

#[test]
fn a_re_export_is_listed_under_its_public_path() {
    let files = [
        ("src/lib.rs", "mod a; pub mod b; pub use a::{Named, Other as Renamed}; pub use a::inner;"),
        (
            "src/a/mod.rs",
            "pub struct Named; pub struct Other; pub struct Left; pub mod inner { pub fn f(x: super::Other) -> crate::Named {} }",
        ),
        ("src/b.rs", "mod deep; pub use self::deep::*; pub use bytes::Bytes;"),
        ("src/b/deep.rs", "use super::super::a::Named as Name; pub fn g(name: Name) {} fn h() {}"),
    ];
    assert_eq!(
        lines_of(&files),
        [
            "c::Named: struct",
            "c::Renamed: struct",
            "c::b: mod",
            "c::b::Bytes: re-export of bytes::Bytes",
            "c::b::g(name: Named)",
            "c::inner: mod",
            "c::inner::f(x: Renamed) -> Named",
        ]
    );
}

#[test]
fn an_item_with_two_paths_is_listed_once_and_referred_to() {
    let root = "pub mod m { pub struct A { pub x: u8 } } pub use m::A;";
    assert_eq!(lines(root), ["c::A: struct", "c::A::x: u8", "c::m: mod", "c::m::A: re-export of c::A"]);
}

#[test]
fn generated_files_are_read_where_they_are_included() {
    let files = [
        ("src/lib.rs", "mod generated; pub use generated::types;"),
        ("src/generated.rs", "pub mod types { include!(concat!(env!(\"OUT_DIR\"), \"/types.rs\")); }"),
        ("OUT_DIR/types.rs", "pub struct A;"),
    ];
    assert_eq!(lines_of(&files), ["c::types: mod", "c::types::A: struct"]);
}

#[test]
fn a_macro_counts_as_the_items_that_it_stands_for() {
    let root = "mod wire { pub(crate) use macros::open; mod macros {
            macro_rules! open { ($name:ident { $($variant:ident = $wire:literal),* }) => {
                impl From<&str> for $name { fn from(v: &str) -> Self { match v { $($wire => Self::$variant,)* _ => $crate::f() } } }
                impl $name { /// Docs.
                    pub fn as_str(&self) -> &str { \"\" } }
            } }
            pub(crate) use open;
        } }
        pub enum Role { User } crate::wire::open! { Role { User = \"user\" } } thread_local! { static X: u8 = 0; }";
    assert_eq!(
        lines(root),
        ["c::Role: enum", "c::Role: impl From<&str>", "c::Role::User", "c::Role::as_str(&self) -> &str"]
    );
}

#[test]
fn a_macro_is_listed_if_it_is_exported() {
    assert_eq!(
        lines("mod m { #[macro_export] macro_rules! shown { () => {} } macro_rules! own { () => {} } }"),
        ["c::shown!: macro"]
    );
}

#[test]
fn a_method_is_listed_wherever_its_impl_stands() {
    let root = "mod m { impl crate::A { pub const N: u8 = 1; pub async fn f(&mut self, mut x: u8, (a, b): (u8, u8)) -> Self {} } } #[non_exhaustive] pub struct A(pub u8, u8);";
    assert_eq!(
        lines(root),
        [
            "c::A: struct [non_exhaustive]",
            "c::A::0: u8",
            "c::A::N: const u8",
            "c::A::f(&mut self, x: u8, _: (u8, u8)) -> Self [async]"
        ]
    );
}

#[test]
fn a_method_tells_the_bounds_of_its_impl() {
    let root = "pub struct A<'a, T>(&'a T); impl<T> A<'_, T> { pub fn f<U: Copy>(self) {} } impl<'a, T: Clone> A<'a, T> where T: Send { pub fn g<U>(self) where U: Copy {} }
        impl A<'static, u8> { pub fn h(self) {} }";
    assert_eq!(
        lines(root),
        [
            "c::A: struct<'a, T>",
            "c::A::f<U: Copy>(self)",
            "c::A::g<U>(self) where U: Copy, T: Clone, T: Send",
            "c::A<'static, u8>::h(self)"
        ]
    );
}

#[test]
fn derived_and_written_impls_are_alike() {
    let root = "use serde::{Deserialize, Serialize}; use std::fmt; #[derive(Clone, Deserialize)] pub struct A; impl fmt::Debug for A {} impl Serialize for A {}
        #[derive(Clone)] pub struct B<T = u8>(T); impl<T: fmt::Debug> fmt::Debug for B<T> {} impl<T> Iterator for B<T> { type Item = T; }";
    assert_eq!(
        lines(root),
        [
            "c::A: struct",
            "c::A: impl Clone, Debug, Deserialize<'de>, Serialize",
            "c::B: struct<T = u8>",
            "c::B: impl Iterator<Item = T>",
            "c::B: impl<T: Clone> Clone for B<T>",
            "c::B: impl<T: Debug> Debug for B<T>",
        ]
    );
}

#[test]
fn an_impl_is_listed_with_the_public_type_or_trait_that_it_concerns() {
    let root = "pub struct A; struct Own; trait Inner {} pub trait Shown {} impl Inner for A {} impl Shown for Own {} impl From<Own> for A {}
        impl From<A> for String {} impl<'a> From<&'a A> for u8 {} impl<T: Copy> Shown for T {}";
    assert_eq!(
        lines(root),
        [
            "c::A: struct",
            "c::A: impl From<A> for String",
            "c::A: impl<'a> From<&'a A> for u8",
            "c::Shown: trait",
            "c::Shown: impl<T: Copy> Shown for T"
        ]
    );
}

#[test]
fn a_trait_is_listed_with_its_items() {
    let root = "pub trait Op: Sized + Send { type Output: Clone; const N: u8 = 1; fn f(self) -> impl Future<Output = u8> + Send; fn g(&self) {} #[doc(hidden)] fn h(); }";
    assert_eq!(
        lines(root),
        [
            "c::Op: trait: Sized + Send [hidden items]",
            "c::Op::N: const u8 [provided]",
            "c::Op::Output: type: Clone",
            "c::Op::f(self) -> impl Future<Output = u8> + Send",
            "c::Op::g(&self) [provided]",
        ]
    );
}

#[test]
fn paths_are_short_unless_that_could_mislead() {
    let root = "mod e { pub struct Error; pub struct Kind; pub struct Secret; } pub use e::{Error, Kind}; use std::time::Duration; use reqwest::header::HeaderMap;
        pub mod sse { pub struct Error; pub fn f(a: Error, b: crate::e::Error, c: super::e::Kind) {} }
        pub fn g(a: Duration, b: HeaderMap, c: std::io::Error, d: &[sse::Error], e: e::Secret) {}";
    assert_eq!(
        lines(root)[2..],
        [
            "c::g(a: Duration, b: reqwest::header::HeaderMap, c: std::io::Error, d: &[sse::Error], e: crate::e::Secret)",
            "c::sse: mod",
            "c::sse::Error: struct",
            "c::sse::f(a: sse::Error, b: Error, c: Kind)",
        ]
    );
}

#[test]
fn an_item_takes_one_line_however_long_it_is() {
    let root = "pub fn stream_everything_there_is(client: &str, request: impl Into<Option<std::time::Duration>>, options: Vec<u8>,) -> Result<(Vec<u8>, String), Box<dyn Send>>
        where u8: Copy, u16: Copy {}
        pub enum E { A(u8, String), B { x: u8 }, #[deprecated] C }  pub type R<T, E = u8> = std::result::Result<T, E>; pub const N: &'static [u8] = &[];";
    assert_eq!(
        lines(root),
        [
            "c::E: enum",
            "c::E::A(u8, String)",
            "c::E::B { x: u8 }",
            "c::E::C [deprecated]",
            "c::N: const &'static [u8]",
            "c::R: type<T, E = u8> = Result<T, E>",
            "c::stream_everything_there_is(client: &str, request: impl Into<Option<Duration>>, options: Vec<u8>) -> Result<(Vec<u8>, String), Box<dyn Send>> where u8: Copy, u16: Copy",
        ]
    );
}

#[test]
fn what_only_some_platforms_have_is_listed() {
    let root = "#[cfg(unix)] pub fn a() {} #[cfg(not(target_family = \"wasm\"))] pub fn b() {} #[cfg(all(unix, feature = \"testing\"))] pub fn c() {}
        #[cfg(all(not(target_family = \"wasm\"), feature = \"chat\"))] pub fn d() {} #[cfg(not(any(unix, feature = \"chat\")))] pub fn e() {}
        #[cfg(not(all(unix, feature = \"testing\")))] pub fn f() {}";
    assert_eq!(lines(root), ["c::a()", "c::b()", "c::d()", "c::f()"]);
}

#[test]
fn a_feature_turns_on_those_of_the_crate_that_it_names() {
    let on = |name| Features::on(&table(MANIFEST), [name]);
    let default = on("default");
    assert!(["chat", "tls", "tools"].iter().all(|name| default.has(name)));
    assert!(["testing", "late", "reqwest/rustls", "brackets"].iter().all(|name| !default.has(name)));
    assert!(on("chat").has("tools") && !on("chat").has("tls"));
}

#[test]
fn an_item_more_is_a_line_more() {
    let before = lines("pub struct A { pub x: u8, pub z: u8 } pub fn f() {}");
    let after = lines("pub fn f() {} pub struct A { pub z: u8, pub y: u8, pub x: u8 }");
    assert_eq!(after.iter().filter(|line| !before.contains(line)).collect::<Vec<_>>(), ["c::A::y: u8"]);
    assert_eq!(before.iter().filter(|line| !after.contains(line)).count(), 0);
}
