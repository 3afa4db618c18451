//! The build stages on small documents: what they make, what they refuse, and that they never panic.

#[path = "../build/mod.rs"]
mod pipeline;

#[path = "pipeline/budget.rs"]
mod budget;
#[path = "pipeline/circles.rs"]
mod circles;
#[path = "pipeline/documents.rs"]
mod documents;
#[path = "pipeline/foreign.rs"]
mod foreign;
#[path = "pipeline/hooks.rs"]
mod hooks;
#[path = "pipeline/hostile.rs"]
mod hostile;
#[path = "pipeline/paths.rs"]
mod paths;
#[path = "pipeline/random.rs"]
mod random;
#[path = "pipeline/refusals.rs"]
mod refusals;
#[path = "pipeline/shapes.rs"]
mod shapes;
#[path = "pipeline/taken.rs"]
mod taken;
#[path = "pipeline/whole.rs"]
mod whole;
#[path = "pipeline/yaml.rs"]
mod yaml;
