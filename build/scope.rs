//! What groups are called, and which types go by their path where operations and groups stand, because their name means something else there.

use super::model::Model;
use super::names;

pub fn fill(model: &mut Model) {
    for operation in &model.operations {
        for depth in 1..=operation.group.len() {
            let path = &operation.group[..depth];
            if model.group_types.contains_key(path) {
                continue;
            }
            let name = names::free(&names::item_name(&path.join("_"), "Group"), "Group", |name| {
                model.group_types.values().any(|other| other == name)
            });
            model.group_types.insert(path.to_vec(), name);
        }
    }
    let markers = model.operations.iter().map(|operation| operation.marker.as_str());
    let others = model.group_types.values().map(String::as_str).chain(names::IMPORTS).chain(markers);
    let shadowed = others.filter(|name| model.types.contains_key(*name)).map(str::to_owned).collect();
    model.shadowed = shadowed;
}
