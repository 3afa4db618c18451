//! Types that hold each other in a circle, so that one of them must be behind a `Box`: strongly connected components, as Kosaraju finds them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::model::Definition;

/// By name, the number of the circle; types in none have one of their own.
pub fn of(types: &BTreeMap<String, Definition>) -> HashMap<String, usize> {
    let mut holds: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut held: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, definition) in types {
        for part in definition.shape.parts().into_iter().filter_map(|part| part.held()) {
            holds.entry(name).or_default().push(part);
            held.entry(part).or_default().push(name);
        }
    }
    let mut circles = HashMap::new();
    for (number, name) in inner_first(types, &holds).into_iter().rev().enumerate() {
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if !circles.contains_key(name) {
                circles.insert(name.to_owned(), number);
                open.extend(held.get(name).into_iter().flatten());
            }
        }
    }
    circles
}

/// Each name after those that it holds, circles aside.
fn inner_first<'t>(types: &'t BTreeMap<String, Definition>, holds: &HashMap<&str, Vec<&'t str>>) -> Vec<&'t str> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut order = Vec::new();
    for name in types.keys() {
        // What is on the way, and what is done with all that it holds.
        let mut open = vec![(name.as_str(), false)];
        while let Some((name, is_done)) = open.pop() {
            if is_done {
                order.push(name);
            } else if seen.insert(name) {
                open.push((name, true));
                open.extend(holds.get(name).into_iter().flatten().map(|part| (*part, false)));
            }
        }
    }
    order
}
