//! Which of several object variants an object is, where no tag says it.

use std::cmp::Reverse;

use super::members::Members;

/// What an object must and may have to be of a variant.
pub(crate) struct Fit {
    pub(crate) required: &'static [&'static str],
    pub(crate) known: &'static [&'static str],
    /// Members with one value only, as JSON text.
    pub(crate) constants: &'static [(&'static str, &'static str)],
}

impl Fit {
    /// How many members are missing or of another value, and how many are known. Null counts as missing only where nothing else tells:
    /// servers write null for the members of other variants.
    fn rate(&self, text: &str) -> (usize, usize, usize) {
        let (mut known, mut found, mut null, mut wrong) = (0, 0, 0, 0);
        for member in Members::of(text) {
            let is_null = member.value == "null";
            known += usize::from(!is_null && self.known.iter().any(|name| member.is(name)));
            if self.required.iter().any(|name| member.is(name)) {
                found += 1;
                null += usize::from(is_null);
            }
            let constant = self.constants.iter().find(|(name, _)| member.is(name));
            wrong += usize::from(constant.is_some_and(|(_, value)| member.value != *value));
        }
        (self.required.len().saturating_sub(found) + wrong, known, null)
    }
}

/// The variant that has all it requires and knows most of what is there; of equals the one that requires more, then the first.
pub(crate) fn fitting(text: &str, variants: &[Fit]) -> Option<usize> {
    best(text, variants, false)
}

/// The same, or else the one that lacks least.
pub(crate) fn nearest(text: &str, variants: &[Fit]) -> Option<usize> {
    best(text, variants, true)
}

fn best(text: &str, variants: &[Fit], any: bool) -> Option<usize> {
    let is_empty = Members::of(text).next().is_none();
    let rated = variants.iter().enumerate().filter_map(|(index, fit)| {
        let (missing, known, null) = fit.rate(text);
        // What requires nothing would take everything, and lose all that it doesn't know.
        let fits = missing == 0 && null == 0 && (known > 0 || is_empty);
        (any || fits).then_some((missing, null, Reverse(known), Reverse(fit.required.len()), index))
    });
    rated.min().map(|(.., index)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Fit = Fit { required: &["type"], known: &["type", "role"], constants: &[("type", "\"message\"")] };
    const PHASED: Fit =
        Fit { required: &["type", "phase"], known: &["type", "role", "phase"], constants: &[("type", "\"message\"")] };
    const LOOSE: Fit = Fit { required: &[], known: &["x"], constants: &[("on", "true")] };

    #[test]
    fn what_knows_most_of_what_is_there_fits_best() {
        assert_eq!(fitting(r#"{"type":"message","role":"user"}"#, &[PLAIN, PHASED]), Some(0));
        assert_eq!(fitting(r#"{"type":"message","phase":"end"}"#, &[PLAIN, PHASED]), Some(1));
    }

    #[test]
    fn null_is_as_good_as_missing() {
        assert_eq!(fitting(r#"{"type":"message","phase":null}"#, &[PLAIN, PHASED]), Some(0));
        assert_eq!(fitting(r#"{"type":null}"#, &[PLAIN, PHASED]), None);
    }

    #[test]
    fn another_constant_does_not_fit() {
        assert_eq!(fitting(r#"{"type":"call","role":"user"}"#, &[PLAIN, PHASED]), None);
        assert_eq!(fitting(r#"{"x":1,"on":false}"#, &[LOOSE]), None);
        assert_eq!(fitting(r#"{"x":1,"on":true}"#, &[LOOSE]), Some(0));
    }

    #[test]
    fn what_requires_nothing_takes_nothing_it_does_not_know() {
        assert_eq!(fitting(r#"{"y":1}"#, &[LOOSE]), None);
        assert_eq!(fitting("{}", &[LOOSE]), Some(0));
        assert_eq!(fitting("7", &[PLAIN]), None);
    }

    #[test]
    fn where_one_is_meant_the_nearest_is_taken() {
        assert_eq!(nearest(r#"{"type":"message","phase":null}"#, &[PHASED]), Some(0));
        assert_eq!(nearest("{}", &[]), None);
    }
}
