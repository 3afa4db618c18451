//! A form that is JSON somewhere else is a type of its own: forms hold uploads.

use std::collections::BTreeSet;

use super::model::{Body, Definition, Model, Type};
use super::names;

pub fn split(model: &mut Model) {
    let used = model.types.values().flat_map(|definition| definition.shape.parts());
    let used = used.chain(model.operations.iter().flat_map(|operation| operation.types()));
    let used: BTreeSet<&str> = used.filter_map(Type::named).collect();
    let forms = model.types.iter().filter(|(name, definition)| definition.form && used.contains(name.as_str()));
    let forms: Vec<String> = forms.map(|(name, _)| name.clone()).collect();
    for name in forms {
        let form = names::free(&format!("{name}Form"), "Form", |form| model.types.contains_key(form));
        let Some(definition) = model.types.get_mut(&name) else { continue };
        definition.form = false;
        let own = Definition { form: true, ..definition.clone() };
        model.types.insert(form.clone(), own);
        for operation in &mut model.operations {
            match &mut operation.body {
                Some(Body::Form(sent)) if *sent == name => *sent = form.clone(),
                _ => {}
            }
        }
    }
}
