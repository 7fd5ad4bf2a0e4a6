//! Limits on the size and the shape of a request.

/// The default and the maximum of [`Limits::max_json_depth`].
pub(crate) const MAX_JSON_DEPTH: usize = 128;

/// Limits on the size and the shape of one request.
///
/// They are on by default. Set them for all actions with [`RegistryBuilder::limits`](crate::RegistryBuilder::limits), or for one
/// with [`Definition::limits`](crate::Definition::limits).
///
/// ```
/// use enact::Limits;
///
/// let uploads = Limits::default().with_max_body_bytes(25 * 1024 * 1024).with_max_files(3);
/// assert_eq!(uploads.max_body_bytes(), 25 * 1024 * 1024);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    max_body_bytes: usize,
    max_fields: usize,
    max_files: usize,
    max_part_header_bytes: usize,
    max_field_depth: usize,
    max_json_depth: usize,
}

impl Limits {
    /// No limits, except for the nesting of JSON.
    #[cfg(feature = "client")]
    pub(crate) const UNLIMITED: Self = Self {
        max_body_bytes: usize::MAX,
        max_fields: usize::MAX,
        max_files: usize::MAX,
        max_part_header_bytes: usize::MAX,
        max_field_depth: usize::MAX,
        max_json_depth: MAX_JSON_DEPTH,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 1024 * 1024,
            max_fields: 1000,
            max_files: 100,
            max_part_header_bytes: 8 * 1024,
            max_field_depth: 32,
            max_json_depth: MAX_JSON_DEPTH,
        }
    }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident $setter:ident;)*) => {$(
        $(#[$doc])*
        pub const fn $name(&self) -> usize {
            self.$name
        }

        #[doc = concat!("Sets [`", stringify!($name), "`](Self::", stringify!($name), ").")]
        pub const fn $setter(mut self, $name: usize) -> Self {
            self.$name = $name;
            self
        }
    )*};
}

impl Limits {
    limits! {
        /// Returns the maximum length of the body, in bytes. The default is 1 MiB. A longer body is answered with 413.
        max_body_bytes with_max_body_bytes;
        /// Returns the maximum number of entries of a form, files included. The default is 1,000. More are answered with 413.
        max_fields with_max_fields;
        /// Returns the maximum number of files of a form. The default is 100. More are answered with 413.
        max_files with_max_files;
        /// Returns the maximum length of the headers of one multipart part, in bytes. The default is 8 KiB. Longer headers are answered
        /// with 413.
        max_part_header_bytes with_max_part_header_bytes;
        /// Returns the maximum number of levels in the name of a form field; `a.b[0].c` has four. The default is 32. A deeper name is an
        /// issue, answered with 400.
        max_field_depth with_max_field_depth;
        /// Returns the maximum nesting of JSON, in levels. The default is 128, which is also the upper bound. Deeper JSON is answered
        /// with 400.
        max_json_depth with_max_json_depth;
    }
}
