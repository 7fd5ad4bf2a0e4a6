//! The errors of multipart bodies.

use std::fmt;

/// The reason why a multipart body is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MultipartError {
    /// The number of the part, from 1; 0 for the body around the parts.
    pub(crate) part: usize,
    /// The part's name, if it is known.
    pub(crate) name: Option<String>,
    pub(crate) fault: Fault,
}

impl fmt::Display for MultipartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, self.part) {
            (Some(name), part) => write!(f, "part {part} ({name:?}): {}", self.fault),
            (None, 0) => self.fault.fmt(f),
            (None, part) => write!(f, "part {part}: {}", self.fault),
        }
    }
}

impl std::error::Error for MultipartError {}

/// The kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("invalid start of the body: expected the boundary of the content type")]
    NoBoundary,
    #[error("invalid boundary: expected a line break after it, or two dashes after the last boundary")]
    BadBoundary,
    #[error("invalid end of the body: expected nothing after the last boundary")]
    Epilogue,
    #[error("incomplete part: expected a boundary after its content")]
    Truncated,
    #[error("incomplete headers: expected an empty line after them")]
    NoBlankLine,
    #[error("invalid header line: expected `name: value`")]
    BadHeader,
    #[error("missing Content-Disposition header")]
    NoDisposition,
    #[error("invalid Content-Disposition header: expected parameters such as `name=\"email\"`")]
    BadDisposition,
    #[error("invalid Content-Disposition header: expected the type `form-data`")]
    NotFormData,
    #[error("missing or empty `name` in the Content-Disposition header")]
    NoName,
    #[error("unsupported Content-Transfer-Encoding: expected `7bit`, `8bit` or `binary`")]
    TransferEncoding,
    #[error("too many parts: expected at most {0}")]
    TooManyParts(usize),
    #[error("too many files: expected at most {0}")]
    TooManyFiles(usize),
    #[error("headers too long: expected at most {0} bytes")]
    HeadersTooLong(usize),
    #[error("text too long: expected at most {0} bytes")]
    TextTooLong(usize),
    #[error("file too long: expected at most {0} bytes")]
    FileTooLong(usize),
}

impl Fault {
    /// Returns whether a limit is exceeded. Otherwise the body is malformed.
    pub(crate) fn is_too_large(self) -> bool {
        matches!(
            self,
            Self::TooManyParts(_)
                | Self::TooManyFiles(_)
                | Self::HeadersTooLong(_)
                | Self::TextTooLong(_)
                | Self::FileTooLong(_)
        )
    }
}
