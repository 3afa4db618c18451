//! Equality of schemas that refer to each other, by partition refinement: all are taken to be equal, and in rounds told apart
//! where their forms differ, references being what they are taken to be so far. What is still together at the end is equal.

use std::collections::{BTreeMap, HashMap};

use super::form::Form;

/// The class of each form. References are places in `forms`.
pub fn of(forms: &[Form]) -> Vec<usize> {
    let mut users = vec![Vec::new(); forms.len()];
    for (user, form) in forms.iter().enumerate() {
        form.targets().into_iter().for_each(|target| users[target].push(user));
    }
    let mut class = vec![0; forms.len()];
    // By class: how many are in it, and the number that their forms have.
    let mut classes = vec![(forms.len(), 0)];
    let mut changed: Vec<usize> = (0..forms.len()).collect();
    while !changed.is_empty() {
        // Those of a class whose form still has its number stay.
        let mut groups: BTreeMap<(usize, u64), Vec<usize>> = BTreeMap::new();
        let mut looked_at: HashMap<usize, usize> = HashMap::new();
        for unit in std::mem::take(&mut changed) {
            groups.entry((class[unit], forms[unit].hash(&class))).or_default().push(unit);
            *looked_at.entry(class[unit]).or_default() += 1;
        }
        // If all of a class were looked at, the largest group keeps the class: then each is moved few times, however many rounds there are.
        let mut kept: HashMap<usize, (usize, u64)> = HashMap::new();
        for ((class, hash), units) in &groups {
            if looked_at[class] < classes[*class].0 {
                kept.insert(*class, (usize::MAX, classes[*class].1));
            } else if kept.get(class).is_none_or(|(most, _)| units.len() > *most) {
                kept.insert(*class, (units.len(), *hash));
            }
        }
        for (class, (_, hash)) in &kept {
            classes[*class].1 = *hash;
        }
        for ((old, hash), units) in groups.into_iter().filter(|((class, hash), _)| kept[class].1 != *hash) {
            classes[old].0 -= units.len();
            for unit in &units {
                class[*unit] = classes.len();
                changed.extend(&users[*unit]);
            }
            classes.push((units.len(), hash));
        }
        changed.sort_unstable();
        changed.dedup();
    }
    class
}
