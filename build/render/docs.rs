//! Doc comments: the overlay's sentences, and plain ones by rule where it has none.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::pipeline::model::Field;

/// `#[doc]` lines of a text; each line of the text is a line of the comment.
pub fn doc(text: &str) -> TokenStream {
    let lines = text.trim().lines().map(|line| match line.trim_end() {
        "" => literal(""),
        line => literal(&format!(" {line}")),
    });
    quote!(#(#[doc = #lines])*)
}

/// Raw, where that can be: `syn` reads each literal several times, and an escaped one sign by sign.
fn literal(text: &str) -> Literal {
    let raw = if text.contains(['"', '\r']) { None } else { format!("r\"{text}\"").parse().ok() };
    raw.unwrap_or_else(|| Literal::string(text))
}

/// The overlay's text, or else the rule's.
pub fn or(text: &str, rule: impl FnOnce() -> String) -> TokenStream {
    if text.trim().is_empty() { doc(&rule()) } else { doc(text) }
}

/// A field's docs: what it is, and the default that the server takes when it is not sent.
pub fn field(field: &Field) -> TokenStream {
    let mut text = if field.doc.trim().is_empty() {
        format!("The `{}` property.", field.wire)
    } else {
        field.doc.trim().to_owned()
    };
    if let Some(default) = field.default.as_ref().filter(|_| field.constant.is_none()) {
        text.push_str(&format!("\n\nServer default: `{default}`; not sent unless set."));
    }
    doc(&text)
}
