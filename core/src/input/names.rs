//! The entries of a form by name, quickly also where there are many of them.

use crate::form::{FormData, FormValue};

/// A form to be looked into, once for each property that a schema knows.
pub(super) struct Names<'a> {
    form: &'a FormData,
    /// By name, and of one name in the order in which they were sent. Empty for a short form, which is faster to walk.
    sorted: Vec<(&'a str, FormValue<'a>)>,
}

/// From how many entries on they are sorted.
const MANY: usize = 32;

impl<'a> Names<'a> {
    pub(super) fn new(form: &'a FormData) -> Self {
        let mut sorted = Vec::new();
        if form.len() >= MANY {
            sorted.extend(form.iter());
            sorted.sort_by_key(|(name, _)| *name);
        }
        Self { form, sorted }
    }

    /// The first value of this name.
    pub(super) fn get(&self, name: &str) -> Option<FormValue<'a>> {
        if self.sorted.is_empty() {
            return self.form.get(name);
        }
        self.from(name).next().filter(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The first value of this name, if it is text.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        match self.get(name)? {
            FormValue::Text(text) => Some(text),
            FormValue::File(_) => None,
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All values of this name, in the order in which they were sent.
    pub(super) fn get_all(&self, name: &str) -> Vec<FormValue<'a>> {
        if self.sorted.is_empty() {
            return self.form.get_all(name).collect();
        }
        self.from(name).take_while(|(key, _)| *key == name).map(|(_, value)| value).collect()
    }

    /// The entries whose names begin so: all in the order in which they were sent, if that is every one, else those of one
    /// name.
    pub(super) fn beginning_with(&self, prefix: &str) -> impl Iterator<Item = (&'a str, FormValue<'a>)> {
        let walk = self.sorted.is_empty() || prefix.is_empty();
        let walked = walk.then(|| self.form.iter()).into_iter().flatten();
        let found = (!walk).then(|| self.from(prefix)).into_iter().flatten();
        walked
            .filter(move |(name, _)| name.starts_with(prefix))
            .chain(found.take_while(move |(name, _)| name.starts_with(prefix)))
    }

    fn from(&self, name: &str) -> impl Iterator<Item = (&'a str, FormValue<'a>)> {
        let start = self.sorted.partition_point(|(key, _)| *key < name);
        self.sorted.get(start..).unwrap_or_default().iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_form_is_read_like_a_short_one() {
        let entries = |count: usize| -> Vec<(String, String)> {
            let mut all: Vec<_> = (0..count).map(|i| (format!("x{i}"), i.to_string())).collect();
            all.extend(
                [("a", "1"), ("a.b", "2"), ("a", "3"), ("ab", "4"), ("", "5")].map(|(k, v)| (k.into(), v.into())),
            );
            all
        };
        for count in [0, 100] {
            let form: FormData = entries(count).iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let names = Names::new(&form);
            assert_eq!(names.sorted.is_empty(), count == 0);
            assert_eq!(names.get_all("a"), [FormValue::Text("1"), FormValue::Text("3")]);
            assert_eq!(names.get("a"), Some(FormValue::Text("1")));
            assert_eq!(names.get(""), Some(FormValue::Text("5")));
            assert_eq!(names.get("b"), None);
            assert_eq!(names.beginning_with("a.").collect::<Vec<_>>(), [("a.b", FormValue::Text("2"))]);
            assert_eq!(names.beginning_with("").last(), Some(("", FormValue::Text("5"))));
            assert_eq!(names.beginning_with("a").count(), 4);
            assert_eq!(names.beginning_with("zz").count(), 0);
        }
    }
}
