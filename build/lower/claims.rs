//! Who has which name: the overlay's, the component's, or one by where the schema stands.

use serde_json::Value;

use super::Lowering;
use crate::pipeline::{identity, names, schema};

impl Lowering<'_> {
    /// The name of the schema at `at`: the overlay's, else the component's or the hint. One that another type has is left to it.
    pub(super) fn claim(&mut self, node: &Value, at: &str, hint: &str) -> String {
        let hint = names::type_name(hint);
        if !identity::is_nominal(node) {
            return hint;
        }
        let said = schema::text(node, "x-rust-name").map(|said| names::said(said, names::type_name));
        let is_component = at.starts_with("/components/schemas/") && at.matches('/').count() == 3;
        let own = self.identity.of(self.document, at);
        let mut name = said.clone().unwrap_or_else(|| hint.clone());
        if said.is_none() && !is_component && self.reserved.contains(&name) {
            name.push_str("Value");
        }
        if said.is_some() && self.is_anothers(&name, own) {
            self.warnings.push(format!("#{at}: {name} is the name of a type that differs; it becomes {hint}"));
            name = hint;
        }
        while self.is_anothers(&name, own) {
            name.push_str("Value");
        }
        self.taken.insert(name.clone(), own);
        name
    }

    /// Whether another schema has the name: one that was met, or one that the lock keeps it for.
    fn is_anothers(&mut self, name: &str, own: usize) -> bool {
        let holder = match (self.taken.get(name), self.locked.get(name)) {
            (Some(holder), _) => Some(*holder),
            (None, Some(at)) => Some(self.identity.of(self.document, at)),
            (None, None) => None,
        };
        holder.is_some_and(|holder| holder != own)
    }
}
