//! What the tool promises: every change is found and classed, names stay, unsound documents are refused with place and cure.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod additive;
mod align;
mod documents;
mod fields;
mod hostile;
mod names;
mod operations;
mod overlays;
mod prebuilt;
mod reports;
mod rules;
mod soundness;
mod surface;
mod unions;
mod update;
mod whole;
