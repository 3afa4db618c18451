//! Which of several object variants an object is, where no tag says it.

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
    let rated = variants.iter().enumerate().map(|(index, fit)| {
        let (missing, known, null) = fit.rate(text);
        (missing, null, std::cmp::Reverse(known), std::cmp::Reverse(fit.required.len()), index)
    });
    rated.filter(|(missing, null, ..)| any || (*missing == 0 && *null == 0)).min().map(|(.., index)| index)
}
