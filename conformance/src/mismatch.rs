//! One way in which an answer is not what was wanted.

use std::fmt;

/// What was wanted at some place of an answer, and what came.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Mismatch {
    /// The rule, and the place under it: `status`, `json.issues[0].message`, `value.tags[2]`.
    pub at: String,
    /// What was wanted.
    pub wanted: String,
    /// What came.
    pub came: String,
}

impl Mismatch {
    pub(crate) fn new(at: impl Into<String>, wanted: impl fmt::Display, came: impl fmt::Display) -> Self {
        Self { at: at.into(), wanted: shorten(&wanted.to_string()), came: shorten(&came.to_string()) }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, wanted, came } = self;
        write!(f, "{at}\n  wanted {wanted}\n  came   {came}")
    }
}

/// The start of a text, on one line, that is enough to tell what it is.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 400;
    let line = text.replace('\n', "\\n").replace('\r', "\\r");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} bytes)", line.get(..end).unwrap_or_default(), text.len()),
        None => line,
    }
}
