//! The entries of a form.

use std::{fmt, ops::Range, slice};

use super::file::File;

/// The entries of a form, in the order of the request. A name can occur several times.
///
/// An action with this type as its input receives the form without coercion or validation.
///
/// ```
/// use enact::{FormData, FormValue};
///
/// let form = FormData::from_iter([("name", "Ada"), ("tag", "a"), ("tag", "b")]);
/// assert_eq!(form.text("name"), Some("Ada"));
/// assert_eq!(form.get("tag"), Some(FormValue::Text("a")));
/// assert_eq!(form.get_all("tag").count(), 2);
/// assert!(form.get("other").is_none());
/// ```
#[derive(Clone, Default)]
pub struct FormData {
    /// All decoded names and texts, one after the other. A form of any size needs two allocations, and its text is validated
    /// as UTF-8 once.
    pub(super) text: String,
    pub(super) entries: Vec<FormEntry>,
}

#[derive(Debug, Clone)]
pub(super) struct FormEntry {
    pub(super) name: Range<usize>,
    pub(super) value: EntryValue,
}

#[derive(Debug, Clone)]
pub(super) enum EntryValue {
    Text(Range<usize>),
    File(Box<File>),
}

/// The value of a form entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a form has only texts and files")]
pub enum FormValue<'a> {
    /// A text, possibly empty.
    Text(&'a str),
    /// A file. A file input without a selection sends one with an empty name and no content.
    File(&'a File),
}

impl FormData {
    /// Creates a form without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the first value of this name.
    pub fn get(&self, name: &str) -> Option<FormValue<'_>> {
        self.get_all(name).next()
    }

    /// Returns all values of this name, in order.
    pub fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = FormValue<'a>> {
        self.entries
            .iter()
            .filter(move |entry| entry.name.len() == name.len() && self.slice(&entry.name) == name)
            .map(|entry| self.value(&entry.value))
    }

    /// Returns the first value of this name if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            FormValue::Text(text) => Some(text),
            FormValue::File(_) => None,
        }
    }

    /// Returns the first value of this name if it is a file.
    ///
    /// ```
    /// use enact::{File, FormData};
    ///
    /// let mut form = FormData::new();
    /// form.append("avatar", &File::new("me.png", "image/png", vec![0x89]));
    /// assert_eq!(form.file("avatar").map(File::name), Some("me.png"));
    /// assert_eq!(form.text("avatar"), None);
    /// ```
    pub fn file(&self, name: &str) -> Option<&File> {
        match self.get(name)? {
            FormValue::Text(_) => None,
            FormValue::File(file) => Some(file),
        }
    }

    /// Returns whether there is an entry of this name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Iterates over all names and values, in order.
    ///
    /// ```
    /// # use enact::{FormData, FormValue};
    /// let form = FormData::from_iter([("b", "2"), ("a", "1")]);
    /// let names: Vec<_> = form.iter().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["b", "a"]);
    /// ```
    pub fn iter(&self) -> FormEntries<'_> {
        FormEntries { form: self, entries: self.entries.iter() }
    }

    /// Returns the number of entries. A repeated name counts each time.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Appends an entry, even if its name exists already. The bytes of a file are shared, not copied.
    pub fn append<'a>(&mut self, name: &str, value: impl Into<FormValue<'a>>) {
        let name = self.push_text(name);
        let value = match value.into() {
            FormValue::Text(text) => EntryValue::Text(self.push_text(text)),
            FormValue::File(file) => EntryValue::File(Box::new(file.clone())),
        };
        self.entries.push(FormEntry { name, value });
    }

    pub(super) fn push_text(&mut self, text: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    /// Every range was created together with its text, so the default is never used.
    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn value<'a>(&'a self, value: &'a EntryValue) -> FormValue<'a> {
        match value {
            EntryValue::Text(range) => FormValue::Text(self.slice(range)),
            EntryValue::File(file) => FormValue::File(file),
        }
    }
}

impl<'a> From<&'a str> for FormValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for FormValue<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a File> for FormValue<'a> {
    fn from(file: &'a File) -> Self {
        Self::File(file)
    }
}

impl<'a, N, V> FromIterator<(N, V)> for FormData
where
    N: AsRef<str>,
    V: Into<FormValue<'a>>,
{
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut form = Self::new();
        form.extend(entries);
        form
    }
}

impl<'a, N, V> Extend<(N, V)> for FormData
where
    N: AsRef<str>,
    V: Into<FormValue<'a>>,
{
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, entries: I) {
        for (name, value) in entries {
            self.append(name.as_ref(), value);
        }
    }
}

impl<'a> IntoIterator for &'a FormData {
    type Item = (&'a str, FormValue<'a>);
    type IntoIter = FormEntries<'a>;

    fn into_iter(self) -> FormEntries<'a> {
        self.iter()
    }
}

/// Forms are equal if they have the same entries in the same order.
impl PartialEq for FormData {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl Eq for FormData {}

/// Shows texts in full, but only the name, type and length of files.
impl fmt::Debug for FormData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// An iterator over the names and values of a [`FormData`].
#[derive(Debug, Clone)]
pub struct FormEntries<'a> {
    form: &'a FormData,
    entries: slice::Iter<'a, FormEntry>,
}

impl<'a> Iterator for FormEntries<'a> {
    type Item = (&'a str, FormValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.entries.next()?;
        Some((self.form.slice(&entry.name), self.form.value(&entry.value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl ExactSizeIterator for FormEntries<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_name_keeps_every_value_in_order() {
        let mut form = FormData::from_iter([("a", "1"), ("b", "2"), ("a", "3")]);
        form.append("a", &String::from("4"));
        let all: Vec<_> = form.get_all("a").collect();
        assert_eq!(all, [FormValue::Text("1"), FormValue::Text("3"), FormValue::Text("4")]);
        assert_eq!((form.len(), form.text("b"), form.has("c")), (4, Some("2"), false));
    }

    #[test]
    fn names_are_compared_as_a_whole() {
        let form = FormData::from_iter([("ab", "1"), ("", "2"), ("ä", "3")]);
        assert_eq!(form.text("a"), None);
        assert_eq!(form.text(""), Some("2"));
        assert_eq!(form.text("ä"), Some("3"));
    }

    #[test]
    fn text_and_file_return_only_their_kind() {
        let file = File::new("f", "text/plain", "x");
        let mut form = FormData::from_iter([("both", "text")]);
        form.append("both", &file);
        form.append("file", &file);
        assert_eq!(form.file("both"), None, "the first value counts");
        assert_eq!(form.file("file"), Some(&file));
        assert_eq!(form.text("file"), None);
    }

    #[test]
    fn forms_with_the_same_entries_are_equal() {
        let one = FormData::from_iter([("ab", "c")]);
        assert_ne!(one, FormData::from_iter([("a", "bc")]));
        assert_ne!(one, FormData::new());
        assert_eq!(one, one.clone());
    }

    #[test]
    fn debug_output_omits_the_content_of_files() {
        let mut form = FormData::from_iter([("a", "1")]);
        form.append("f", &File::new("n", "t/t", "xyz"));
        assert_eq!(
            format!("{form:?}"),
            r#"{"a": Text("1"), "f": File(File { name: "n", content_type: "t/t", len: 3 })}"#
        );
    }
}
