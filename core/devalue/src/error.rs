use std::fmt;

/// An error of serialization or deserialization, with its place in the value and in the text.
///
/// ```
/// let error = enact_devalue::from_str::<Vec<u8>>(r#"[[1,2],1,"x"]"#).unwrap_err();
/// assert_eq!(error.path(), "[1]");
/// assert_eq!(error.slot(), Some(2));
/// assert_eq!(error.to_string(), r#"invalid type: string "x", expected u8 at [1] (slot 2)"#);
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{}{}", .0.message, Place(.0))]
pub struct Error(Box<Inner>);

/// Boxed, so that a `Result` fits in two registers.
#[derive(Debug)]
struct Inner {
    message: String,
    /// Innermost segment first: segments are added as the error is returned.
    segments: Vec<String>,
    slot: Option<usize>,
}

impl Error {
    #[cold]
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self(Box::new(Inner { message: message.to_string(), segments: Vec::new(), slot: None }))
    }

    /// Returns the path to the failed value as a JavaScript expression, for example `.posts[3]["first name"]`.
    ///
    /// The path of the root is empty.
    #[must_use]
    pub fn path(&self) -> String {
        self.0.segments.iter().rev().map(String::as_str).collect()
    }

    /// Returns the number of the slot that could not be read.
    ///
    /// Returns `None` for errors of serialization and for malformed JSON.
    #[must_use]
    pub fn slot(&self) -> Option<usize> {
        self.0.slot
    }

    #[cold]
    pub(crate) fn in_key(mut self, key: &str) -> Self {
        let is_identifier = key
            .chars()
            .enumerate()
            .all(|(at, c)| c == '_' || c == '$' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit()));
        let segment = if is_identifier && !key.is_empty() { format!(".{key}") } else { format!("[{key:?}]") };
        self.0.segments.push(segment);
        self
    }

    #[cold]
    pub(crate) fn in_index(mut self, index: usize) -> Self {
        self.0.segments.push(format!("[{index}]"));
        self
    }

    #[cold]
    pub(crate) fn in_slot(mut self, slot: usize) -> Self {
        self.0.slot.get_or_insert(slot);
        self
    }
}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message)
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message)
    }
}

struct Place<'a>(&'a Inner);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.segments.is_empty() {
            f.write_str(" at ")?;
            self.0.segments.iter().rev().try_for_each(|segment| f.write_str(segment))?;
        }
        match self.0.slot {
            Some(slot) => write!(f, " (slot {slot})"),
            None => Ok(()),
        }
    }
}

/// An error of a conversion: the JavaScript type has no such value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidValue {
    message: &'static str,
}

impl InvalidValue {
    pub(crate) const fn new(message: &'static str) -> Self {
        Self { message }
    }
}
