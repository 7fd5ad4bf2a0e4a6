//! How much of a request is read before it is refused.

/// The depth at which `serde_json` stops.
pub(crate) const MAX_JSON_DEPTH: usize = 128;

/// Bounds on what one request may bring, on by default, for a registry and for an action.
///
/// ```
/// use enact::Limits;
///
/// let uploads = Limits::default().body(25 * 1024 * 1024).files(3);
/// assert_eq!(uploads.body, 25 * 1024 * 1024);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The body's length in bytes; 1 MiB by default. Beyond it the answer is 413.
    pub body: usize,
    /// The number of a form's fields, files included; 1,000 by default. Beyond it the answer is 413.
    pub fields: usize,
    /// The number of a form's files; 100 by default. Beyond it the answer is 413.
    pub files: usize,
    /// The length in bytes of the headers of one part of a multipart form; 8 KiB by default. Beyond it the answer is 413.
    pub part_headers: usize,
    /// How many levels the names of form fields may nest (`a.b[0].c` has four); 32 by default. Beyond it the field is an
    /// issue.
    pub depth: usize,
    /// How many levels JSON may nest; 128 by default, and no more than that. Beyond it the answer is 400.
    pub json_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1024 * 1024,
            fields: 1000,
            files: 100,
            part_headers: 8 * 1024,
            depth: 32,
            json_depth: MAX_JSON_DEPTH,
        }
    }
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub const fn $name(mut self, $name: usize) -> Self {
            self.$name = $name;
            self
        }
    )*};
}

impl Limits {
    setters! {
        /// Sets the longest body, in bytes.
        body;
        /// Sets the highest number of fields.
        fields;
        /// Sets the highest number of files.
        files;
        /// Sets the longest headers of a part, in bytes.
        part_headers;
        /// Sets the deepest nesting of field names, in levels.
        depth;
        /// Sets the deepest nesting of JSON, in levels.
        json_depth;
    }
}
