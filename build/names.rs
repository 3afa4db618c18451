//! Rust names from wire names.

use heck::{ToSnakeCase, ToUpperCamelCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// A type or variant name; anything that can't stand in a Rust name separates words.
pub fn camel(text: &str) -> String {
    if is_camel(text) {
        return text.to_owned();
    }
    let name = spelled(text).to_upper_camel_case();
    match name.chars().next() {
        None => "Empty".into(),
        // A Rust name can't begin with a digit.
        Some(first) if !is_xid_start(first) => format!("V{name}"),
        _ => name,
    }
}

/// Whether the words are written in the one way that camel case writes them. Hints are, again and again, since they are made of names.
fn is_camel(text: &str) -> bool {
    // Digits belong to the word before them: a capital begins another only after a small letter.
    let mut after_small = true;
    text.bytes().all(|byte| {
        let fits = byte.is_ascii_digit() || byte.is_ascii_lowercase() || (byte.is_ascii_uppercase() && after_small);
        after_small = byte.is_ascii_lowercase() || (after_small && byte.is_ascii_digit());
        fits
    }) && text.starts_with(|first: char| first.is_ascii_uppercase())
}

/// What generated code has in scope everywhere, so that nothing generated may have the name.
const PRELUDE: [&str; 30] = [
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Deserializer",
    "Drop",
    "Err",
    "Fn",
    "From",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Nullable",
    "Ok",
    "Option",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Some",
    "String",
    "Sync",
    "ToString",
    "UnknownValue",
    "UnknownVariant",
    "Vec",
];

/// What the files of groups, functions and operations import besides.
pub const IMPORTS: [&str; 17] = [
    "Borrow",
    "Call",
    "Client",
    "Credential",
    "Download",
    "Elsewhere",
    "EventStream",
    "Method",
    "Operation",
    "OperationSpec",
    "PageParameter",
    "PagePlace",
    "Paginated",
    "RequestOptions",
    "Response",
    "Resume",
    "Upload",
];

/// Keywords of edition 2024, and what is reserved, in order: <https://doc.rust-lang.org/reference/keywords.html>.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// A type name that does not hide one of the prelude or of serde.
pub fn type_name(text: &str) -> String {
    with_suffix(camel(text), "Object", &PRELUDE)
}

/// The name of a group's or an operation's type: it stands beside the imports.
pub fn item_name(text: &str, suffix: &str) -> String {
    with_suffix(with_suffix(camel(text), suffix, &PRELUDE), suffix, &IMPORTS)
}

fn with_suffix(name: String, suffix: &str, taken: &[&str]) -> String {
    if taken.contains(&name.as_str()) { name + suffix } else { name }
}

/// The name that an overlay says, or what comes of it where Rust can't have it; `rule` makes names of any text.
pub fn said(text: &str, rule: fn(&str) -> String) -> String {
    let is_raw = || text.strip_prefix("r#").is_some_and(|text| snake(text) == format!("r#{text}"));
    if (is_ident(text) && !PRELUDE.contains(&text)) || is_raw() { text.to_owned() } else { rule(text) }
}

/// A variant name; `Unknown` is ours.
pub fn variant(text: &str) -> String {
    match camel(text).as_str() {
        name @ ("Unknown" | "Self") => format!("{name}Value"),
        name => name.to_owned(),
    }
}

/// A field, method or argument name, keywords escaped.
pub fn snake(text: &str) -> String {
    let name = if is_snake(text) { text.to_owned() } else { spelled(text).to_snake_case() };
    let name = match name.chars().next() {
        None => "empty".to_owned(),
        Some(first) if !is_xid_start(first) => format!("v{name}"),
        _ => name,
    };
    match name.as_str() {
        // These can't be raw identifiers.
        "self" | "super" | "crate" | "new" => format!("{name}_"),
        _ if !is_ident(&name) => format!("r#{name}"),
        _ => name,
    }
}

/// Whether the words are written in the one way that snake case writes them, as most properties are.
fn is_snake(text: &str) -> bool {
    let mut after_sign = true;
    let fits = text.bytes().all(|byte| {
        let fits = byte.is_ascii_lowercase() || byte.is_ascii_digit() || (byte == b'_' && !after_sign);
        after_sign = byte == b'_';
        fits
    });
    fits && !after_sign
}

/// Whether Rust takes the name as it is.
fn is_ident(name: &str) -> bool {
    let mut rest = name.chars();
    let begins = rest.next().is_some_and(|first| first == '_' || is_xid_start(first));
    begins && name != "_" && rest.all(is_xid_continue) && KEYWORDS.binary_search(&name).is_err()
}

/// Signs that tell values apart are spelled out; the rest only separates words.
fn spelled(text: &str) -> String {
    let mut out = String::new();
    for (index, c) in text.chars().enumerate() {
        match c {
            '+' => out.push_str(" plus "),
            '-' if index == 0 => out.push_str("minus "),
            c if c != '_' && is_xid_continue(c) => out.push(c),
            _ => out.push(' '),
        }
    }
    out
}

/// The first of a name, the name with the suffix, with two of them, … that is not taken.
pub fn free(name: &str, suffix: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = name.to_owned();
    while taken(&name) {
        name.push_str(suffix);
    }
    name
}
