//! Which members of two unions belong together: new ones may have come anywhere between.

use serde_json::Value;

use crate::pipeline::schema;

/// Whether two members are one.
type Sign<'s> = dyn Fn(&Value, &Value) -> bool + 's;

/// Places of members that belong together, from the unions' own places on.
pub fn pairs(old: (&Value, &Value), new: (&Value, &Value)) -> Vec<(String, String)> {
    let (before, after) = (list(old.1), list(new.1));
    let mut free: Vec<usize> = (0..after.len()).collect();
    let mut pairs = Vec::new();
    let mut open: Vec<usize> = (0..before.len()).collect();
    // The surest sign first.
    let says_the_same = |a: &Value, b: &Value| a == b;
    let has_the_tag = |a: &Value, b: &Value| tags(old.0, a).iter().any(|tag| tags(new.0, b).contains(tag));
    let alone_of_its_type = |a: &Value, b: &Value| {
        let (one, other) = (kind(old.0, a), kind(new.0, b));
        one.is_some() && one == other && count(old.0, &before, one) == 1 && count(new.0, &after, one) == 1
    };
    let same: [&Sign<'_>; 3] = [&says_the_same, &has_the_tag, &alone_of_its_type];
    for is_same in same {
        open.retain(|index| {
            let found = free.iter().position(|other| is_same(before[*index].1, after[*other].1));
            if let Some(found) = found {
                pairs.push((before[*index].0.clone(), after[free.remove(found)].0.clone()));
            }
            found.is_none()
        });
    }
    // What is left and says nothing of itself goes by its place, if none came or went.
    if before.len() == after.len() {
        for index in open.into_iter().filter(|index| free.contains(index)) {
            pairs.push((before[index].0.clone(), after[index].0.clone()));
        }
    }
    pairs
}

fn list(union: &Value) -> Vec<(String, &Value)> {
    let key = ["oneOf", "anyOf"].into_iter().find(|key| union.get(*key).is_some());
    let members = key.and_then(|key| Some((key, union.get(key)?.as_array()?)));
    let members = members.into_iter().flat_map(|(key, members)| {
        members.iter().enumerate().map(move |(index, member)| (format!("/{key}/{index}"), member))
    });
    members.collect()
}

fn target<'v>(document: &'v Value, node: &'v Value) -> &'v Value {
    let at = schema::reference(node, "").ok().flatten();
    at.and_then(|at| document.pointer(&at)).unwrap_or(node)
}

fn kind<'v>(document: &'v Value, node: &'v Value) -> Option<&'v str> {
    schema::json_type(target(document, node))
}

fn count(document: &Value, members: &[(String, &Value)], json_type: Option<&str>) -> usize {
    members.iter().filter(|(_, node)| kind(document, node) == json_type).count()
}

/// Properties that have one text only, with it.
fn tags(document: &Value, node: &Value) -> Vec<(String, String)> {
    let properties = schema::object(target(document, node), "properties");
    let tags = properties.filter_map(|(name, property)| match schema::texts(target(document, property))?.as_slice() {
        [only] => Some((name.clone(), (*only).to_owned())),
        _ => None,
    });
    tags.collect()
}
