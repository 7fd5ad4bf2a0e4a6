//! Decoding of JSON bodies, as lenient as `Request.json()` in JavaScript.
//!
//! A byte order mark is skipped and invalid UTF-8 becomes U+FFFD (WHATWG Encoding, "UTF-8 decode"). An escaped lone surrogate
//! becomes U+FFFD too.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use crate::limits::{Limits, MAX_JSON_DEPTH};
use crate::schema::Tree;

/// A syntax error in a JSON body, or JSON that is nested too deeply.
#[derive(Debug, thiserror::Error)]
#[error("the body is not JSON: {0}")]
pub(crate) struct Malformed(String);

/// Returns an error if the body is not JSON.
pub(crate) fn check_syntax(body: &[u8], limits: &Limits) -> Result<(), Malformed> {
    parse(body, limits, |text| serde_json::from_str::<IgnoredAny>(text).map(|_| ()))
}

/// Parses a text into a tree. The tree owns its strings, because the text may be a repaired copy of the body.
pub(super) fn parse_tree(text: &str) -> serde_json::Result<Tree<'static>> {
    serde_json::from_str(text).map(Tree::into_owned)
}

/// Decodes a body as text and calls `read` with it. If that fails and the text has lone surrogates, they are replaced, and
/// `read` is called again.
pub(super) fn parse<T>(
    body: &[u8],
    limits: &Limits,
    mut read: impl FnMut(&str) -> serde_json::Result<T>,
) -> Result<T, Malformed> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    // For valid UTF-8, this is far faster than `from_utf8_lossy` alone.
    let text = str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
    if limits.max_json_depth() < MAX_JSON_DEPTH && measure_depth(&text) > limits.max_json_depth() {
        return Err(Malformed(format!("nested deeper than {} levels", limits.max_json_depth())));
    }
    match read(&text) {
        Ok(value) => Ok(value),
        Err(error) => match replace_lone_surrogates(&text) {
            Cow::Owned(repaired) => read(&repaired).map_err(malformed),
            Cow::Borrowed(_) => Err(malformed(error)),
        },
    }
}

fn malformed(error: serde_json::Error) -> Malformed {
    Malformed(error.to_string())
}

/// Returns the number of levels that arrays and objects are nested.
fn measure_depth(text: &str) -> usize {
    let (mut deepest, mut open, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                open += 1;
                deepest = deepest.max(open);
            }
            b']' | b'}' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Replaces escapes of lone surrogates, which JavaScript's strings can hold and Rust's cannot, by U+FFFD.
fn replace_lone_surrogates(text: &str) -> Cow<'_, str> {
    let unit = |at: usize| {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut repaired = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += offset;
        match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                repaired.push_str(text.get(kept..at).unwrap_or_default());
                repaired.push_str("\\ufffd");
                at += 6;
                kept = at;
            }
            _ => at += 2,
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    repaired.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(repaired)
}
