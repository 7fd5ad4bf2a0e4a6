//! JSON bodies as browsers' servers read them: a byte order mark is skipped, what is not UTF-8 becomes U+FFFD.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::IgnoredAny;

use super::{Malformed, Tree, handover};
use crate::limits::Limits;

/// The depth beyond which `serde_json` refuses a text by itself.
use crate::limits::MAX_JSON_DEPTH as MAX_DEPTH;

/// Reads a body's text; again with lone surrogates replaced, if that is what was wrong with it.
pub(super) fn with_text<T>(
    body: &[u8],
    limits: &Limits,
    mut read: impl FnMut(&str) -> serde_json::Result<T>,
) -> Result<T, Malformed> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    // Far faster on what is UTF-8 than the lossy reading alone.
    let text = str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
    if limits.max_json_depth() < MAX_DEPTH && depth(&text) > limits.max_json_depth() {
        return Err(Malformed(format!("nested deeper than {} levels", limits.max_json_depth())));
    }
    match read(&text) {
        Ok(value) => Ok(value),
        Err(error) => match without_lone_surrogates(&text) {
            Cow::Owned(repaired) => read(&repaired).map_err(malformed),
            Cow::Borrowed(_) => Err(malformed(error)),
        },
    }
}

/// Reads a text as a value, which is its own since the text may be a repaired copy.
pub(super) fn tree(text: &str) -> serde_json::Result<Tree<'static>> {
    serde_json::from_str(text).map(Tree::into_owned)
}

/// Whether a body is JSON at all.
pub(crate) fn check_syntax(body: &[u8], limits: &Limits) -> Result<(), Malformed> {
    with_text(body, limits, |text| serde_json::from_str::<IgnoredAny>(text).map(|_| ()))
}

/// A value that is in memory already, as the schema sees it.
pub(crate) fn to_tree<T: Serialize>(value: &T) -> Result<Tree<'static>, serde_json::Error> {
    let (value, files) = handover::taking(|| serde_json::to_value(value));
    let tree: Tree<'_> = serde::Deserialize::deserialize(value?)?;
    Ok(tree.into_owned().with_files(&files))
}

fn malformed(error: serde_json::Error) -> Malformed {
    Malformed(error.to_string())
}

/// How deep lists and objects are nested.
fn depth(text: &str) -> usize {
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

/// JavaScript's strings may hold half a surrogate pair; Rust's may not, and no encoder writes one.
fn without_lone_surrogates(text: &str) -> Cow<'_, str> {
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
