//! Lookup of form entries by name, fast for long forms too.

use crate::form::{FormData, FormValue};

/// A form that is searched once for each property of a schema.
pub(super) struct FormIndex<'a> {
    form: &'a FormData,
    /// The entries sorted by name; entries of the same name stay in order. Empty for short forms, for which a linear search
    /// is faster.
    sorted: Vec<(&'a str, FormValue<'a>)>,
}

/// The number of entries from which a form is sorted.
const SORT_FROM: usize = 32;

impl<'a> FormIndex<'a> {
    pub(super) fn new(form: &'a FormData) -> Self {
        let mut sorted = Vec::new();
        if form.len() >= SORT_FROM {
            sorted.extend(form.iter());
            sorted.sort_by_key(|(name, _)| *name);
        }
        Self { form, sorted }
    }

    /// Returns the first value of a name.
    pub(super) fn get(&self, name: &str) -> Option<FormValue<'a>> {
        if self.sorted.is_empty() {
            return self.form.get(name);
        }
        self.entries_from(name).next().filter(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Returns the first value of a name if it is text.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        match self.get(name)? {
            FormValue::Text(text) => Some(text),
            FormValue::File(_) => None,
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns whether any name begins with a prefix.
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        self.with_prefix(prefix).next().is_some()
    }

    /// Returns all values of a name, in order.
    pub(super) fn get_all(&self, name: &str) -> Vec<FormValue<'a>> {
        if self.sorted.is_empty() {
            return self.form.get_all(name).collect();
        }
        self.entries_from(name).take_while(|(key, _)| *key == name).map(|(_, value)| value).collect()
    }

    /// Returns the entries whose names begin with a prefix. Entries of the same name are in order; for an empty prefix, all
    /// entries are.
    pub(super) fn with_prefix(&self, prefix: &str) -> impl Iterator<Item = (&'a str, FormValue<'a>)> {
        let is_linear = self.sorted.is_empty() || prefix.is_empty();
        let all = is_linear.then(|| self.form.iter()).into_iter().flatten();
        let sorted = (!is_linear).then(|| self.entries_from(prefix)).into_iter().flatten();
        all.filter(move |(name, _)| name.starts_with(prefix))
            .chain(sorted.take_while(move |(name, _)| name.starts_with(prefix)))
    }

    /// Returns the sorted entries from a name on.
    fn entries_from(&self, name: &str) -> impl Iterator<Item = (&'a str, FormValue<'a>)> {
        let start = self.sorted.partition_point(|(key, _)| *key < name);
        self.sorted.get(start..).unwrap_or_default().iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_form_is_searched_like_a_short_one() {
        let entries = |count: usize| -> Vec<(String, String)> {
            let mut all: Vec<_> = (0..count).map(|i| (format!("x{i}"), i.to_string())).collect();
            all.extend(
                [("a", "1"), ("a.b", "2"), ("a", "3"), ("ab", "4"), ("", "5")].map(|(k, v)| (k.into(), v.into())),
            );
            all
        };
        for count in [0, 100] {
            let form: FormData = entries(count).iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let index = FormIndex::new(&form);
            assert_eq!(index.sorted.is_empty(), count == 0);
            assert_eq!(index.get_all("a"), [FormValue::Text("1"), FormValue::Text("3")]);
            assert_eq!(index.get("a"), Some(FormValue::Text("1")));
            assert_eq!(index.get(""), Some(FormValue::Text("5")));
            assert_eq!(index.get("b"), None);
            assert_eq!(index.with_prefix("a.").collect::<Vec<_>>(), [("a.b", FormValue::Text("2"))]);
            assert_eq!(index.with_prefix("").last(), Some(("", FormValue::Text("5"))));
            assert_eq!(index.with_prefix("a").count(), 4);
            assert!(!index.has_prefix("zz"));
        }
    }
}
