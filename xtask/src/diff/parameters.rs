//! Parameters: arguments of the method where they are required, setters of the call where they are not.

use super::{Changes, text};
use crate::pipeline::model::{Operation, Parameter};
use crate::rules;

pub fn compare(was: &Operation, is: &Operation, place: &str, changes: &mut Changes) {
    let pairs = pairs(&was.parameters, &is.parameters);
    for (old, new) in &pairs {
        match (old, new) {
            (Some(old), Some(new)) => both(old, new, place, changes),
            (Some(old), None) => {
                changes.add(rules::PARAMETER_REMOVED, place, part(old), text::of(&old.ty), "");
            }
            (None, Some(new)) => {
                let rule = if new.required { rules::ARGUMENT_ADDED } else { rules::PARAMETER_ADDED };
                changes.add(rule, place, part(new), "", text::of(&new.ty));
            }
            (None, None) => {}
        }
    }
    // The arguments that are on both sides, in each side's order.
    let common = pairs.iter().filter_map(|(old, new)| old.zip(*new)).filter(|(old, new)| old.required && new.required);
    let (mut before, mut after): (Vec<_>, Vec<_>) = common.unzip();
    let position = |list: &[Parameter], one: &Parameter| list.iter().position(|other| std::ptr::eq(other, one));
    before.sort_by_key(|one| position(&was.parameters, one));
    after.sort_by_key(|one| position(&is.parameters, one));
    let names = |list: &[&Parameter]| list.iter().map(|one| one.wire.as_str()).collect::<Vec<_>>().join(", ");
    let moved = before.iter().zip(&after).any(|(old, new)| !pairs.contains(&(Some(*old), Some(*new))));
    if moved {
        changes.add(rules::ARGUMENTS_REORDERED, place, "arguments", names(&before), names(&after));
    }
}

type Pair<'m> = (Option<&'m Parameter>, Option<&'m Parameter>);

/// By name and place, else by name.
fn pairs<'m>(old: &'m [Parameter], new: &'m [Parameter]) -> Vec<Pair<'m>> {
    let mut free: Vec<&Parameter> = new.iter().collect();
    let mut take = |accept: &dyn Fn(&Parameter) -> bool| {
        let index = free.iter().position(|one| accept(one))?;
        Some(free.remove(index))
    };
    let exact: Vec<_> = old.iter().map(|was| take(&|is| (&is.wire, is.place) == (&was.wire, was.place))).collect();
    let mut pairs: Vec<Pair<'m>> = Vec::new();
    for (was, is) in old.iter().zip(exact) {
        pairs.push((Some(was), is.or_else(|| take(&|is| is.wire == was.wire))));
    }
    pairs.extend(free.into_iter().map(|is| (None, Some(is))));
    pairs
}

fn part(parameter: &Parameter) -> String {
    format!("parameter {}", parameter.wire)
}

fn both(was: &Parameter, is: &Parameter, place: &str, changes: &mut Changes) {
    if was.ty != is.ty {
        changes.add(rules::PARAMETER_RETYPED, place, part(is), text::of(&was.ty), text::of(&is.ty));
    }
    match (was.required, is.required) {
        (false, true) => changes.add(rules::PARAMETER_REQUIRED, place, part(is), "", ""),
        (true, false) => changes.add(rules::PARAMETER_OPTIONAL, place, part(is), "", ""),
        // An argument's name is nobody's concern but the function's.
        (false, false) if was.rust != is.rust => {
            changes.add(rules::PARAMETER_RENAMED, place, part(is), &was.rust, &is.rust);
        }
        _ => {}
    }
    if was.place != is.place || was.keep_slash != is.keep_slash {
        let say = |one: &Parameter| format!("{:?}", one.place).to_lowercase();
        changes.add(rules::PARAMETER_MOVED, place, part(is), say(was), say(is));
    }
    if was.doc != is.doc {
        changes.add(rules::DOCS_CHANGED, place, part(is), "", "");
    }
}
