//! A difference between an expectation and a response.

use std::fmt;

/// The expected and the received value at one place of a response.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Mismatch {
    /// The expectation and the position in it, such as `status`, `json.issues[0].message`, `value.tags[2]`.
    pub at: String,
    /// The expected value.
    pub expected: String,
    /// The received value.
    pub received: String,
}

impl Mismatch {
    pub(crate) fn new(at: impl Into<String>, expected: impl fmt::Display, received: impl fmt::Display) -> Self {
        Self { at: at.into(), expected: shorten(&expected.to_string()), received: shorten(&received.to_string()) }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, expected, received } = self;
        write!(f, "{at}\n  expected {expected}\n  received {received}")
    }
}

/// Shortens a text and escapes its line breaks.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 400;
    let line = text.replace('\n', "\\n").replace('\r', "\\r");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} bytes)", line.get(..end).unwrap_or_default(), text.len()),
        None => line,
    }
}
