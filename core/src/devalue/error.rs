use std::fmt;

/// Why a value could not be written or a text could not be read, and where.
///
/// ```
/// use enact::devalue;
///
/// let error = devalue::from_str::<Vec<u8>>(r#"[[1,2],1,"x"]"#).unwrap_err();
/// assert_eq!(error.path(), "[1]");
/// assert_eq!(error.slot(), Some(2));
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{}{}", .0.message, At(.0))]
pub struct Error(Box<Inner>);

/// Boxed, so that a result fits two registers while all goes well.
#[derive(Debug)]
struct Inner {
    message: String,
    /// Innermost segment first: they are added on the way out.
    segments: Vec<String>,
    slot: Option<usize>,
}

impl Error {
    #[cold]
    pub(super) fn new(message: impl fmt::Display) -> Self {
        Self(Box::new(Inner { message: message.to_string(), segments: Vec::new(), slot: None }))
    }

    /// Where in the value, written as JavaScript would: `.posts[3]["first name"]`; empty at the top.
    #[must_use]
    pub fn path(&self) -> String {
        self.0.segments.iter().rev().map(String::as_str).collect()
    }

    /// The slot of the text that was being read; none when writing, or where the text is not even JSON.
    #[must_use]
    pub fn slot(&self) -> Option<usize> {
        self.0.slot
    }

    #[cold]
    pub(super) fn in_key(mut self, key: &str) -> Self {
        let plain = key
            .chars()
            .enumerate()
            .all(|(at, c)| c == '_' || c == '$' || c.is_ascii_alphabetic() || (at > 0 && c.is_ascii_digit()));
        let segment = if plain && !key.is_empty() { format!(".{key}") } else { format!("[{key:?}]") };
        self.0.segments.push(segment);
        self
    }

    #[cold]
    pub(super) fn in_index(mut self, index: usize) -> Self {
        self.0.segments.push(format!("[{index}]"));
        self
    }

    #[cold]
    pub(super) fn in_slot(mut self, slot: usize) -> Self {
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

struct At<'a>(&'a Inner);

impl fmt::Display for At<'_> {
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

/// A text or number that is not what the named JavaScript type can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid {what}")]
pub struct Invalid {
    what: &'static str,
}

impl Invalid {
    pub(super) const fn new(what: &'static str) -> Self {
        Self { what }
    }
}
