//! What maintainers run: `cargo xtask spec update|diff|check|lock` and `cargo xtask package`. [`rules`] says what a change means for callers.

pub mod additive;
pub mod align;
pub mod check;
pub mod diff;
#[path = "../../build/key.rs"]
mod key;
pub mod names;
pub mod overlays;
pub mod package;
mod parallel;
#[path = "../../build/mod.rs"]
pub mod pipeline;
pub mod prebuilt;
pub mod report;
pub mod repository;
pub mod revision;
pub mod rules;
pub mod snapshots;
pub mod source;
pub mod surface;
pub mod update;
pub mod validity;
pub mod vendor;

/// What goes wrong here ends in one message for a person.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
