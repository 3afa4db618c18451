//! What a page says of itself, however its members are written: absent, null, a text or a number.

use super::Nullable;

/// A member that leads to the next page.
pub(crate) trait Cursor {
    /// The parameter's value for the next page; `None` at the end, which servers also say with an empty text.
    fn cursor(&self) -> Option<String>;
}

impl Cursor for String {
    fn cursor(&self) -> Option<String> {
        (!self.is_empty()).then(|| self.clone())
    }
}

impl Cursor for i64 {
    fn cursor(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Cursor for serde_json::Value {
    fn cursor(&self) -> Option<String> {
        match self {
            Self::String(text) => text.cursor(),
            Self::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

impl<T: Cursor> Cursor for Option<T> {
    fn cursor(&self) -> Option<String> {
        self.as_ref().and_then(T::cursor)
    }
}

impl<T: Cursor> Cursor for Nullable<T> {
    fn cursor(&self) -> Option<String> {
        self.value().and_then(T::cursor)
    }
}

/// A member that says whether there is another page. Where it isn't there, the cursor decides.
pub(crate) trait More {
    fn more(&self) -> bool;
}

impl More for bool {
    fn more(&self) -> bool {
        *self
    }
}

impl More for Option<bool> {
    fn more(&self) -> bool {
        self.unwrap_or(true)
    }
}

impl More for Nullable<bool> {
    fn more(&self) -> bool {
        self.value().copied().unwrap_or(true)
    }
}

/// A member that has the number of all items.
pub(crate) trait Total {
    fn total(&self) -> Option<u64>;
}

impl Total for i64 {
    fn total(&self) -> Option<u64> {
        u64::try_from(*self).ok()
    }
}

impl Total for f64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count; the cast saturates")]
    fn total(&self) -> Option<u64> {
        (*self >= 0.0).then_some(*self as u64)
    }
}

impl<T: Total> Total for Option<T> {
    fn total(&self) -> Option<u64> {
        self.as_ref().and_then(T::total)
    }
}

impl<T: Total> Total for Nullable<T> {
    fn total(&self) -> Option<u64> {
        self.value().and_then(T::total)
    }
}

/// A member that has the items.
pub(crate) trait PageItems {
    type Item;

    fn items(&self) -> &[Self::Item];

    fn into_items(self) -> Vec<Self::Item>;
}

impl<T> PageItems for Vec<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        self
    }

    fn into_items(self) -> Vec<T> {
        self
    }
}

impl<T> PageItems for Option<Vec<T>> {
    type Item = T;

    fn items(&self) -> &[T] {
        self.as_deref().unwrap_or_default()
    }

    fn into_items(self) -> Vec<T> {
        self.unwrap_or_default()
    }
}

impl<T> PageItems for Nullable<Vec<T>> {
    type Item = T;

    fn items(&self) -> &[T] {
        self.value().map(Vec::as_slice).unwrap_or_default()
    }

    fn into_items(self) -> Vec<T> {
        self.into_value().unwrap_or_default()
    }
}
