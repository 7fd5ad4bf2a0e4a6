use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::InvalidValue;
use crate::marker::{Tag, deserialize_content};

/// JavaScript's `RegExp`: its `source` and `flags`.
///
/// The expression is neither checked nor run. In other formats it is the object `{"source", "flags"}`; empty flags are
/// omitted.
///
/// ```
/// use enact_devalue::RegExp;
///
/// let regexp = RegExp::new(r"^\d+$", "gi").unwrap();
/// assert_eq!(enact_devalue::to_string(&regexp).unwrap(), r#"[["RegExp","^\\d+$","gi"]]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RegExp {
    source: String,
    flags: String,
}

impl RegExp {
    /// Creates a regular expression from its source and its flags, which may be in any order.
    ///
    /// The source is escaped like JavaScript's property `source`: a slash is `\\/`.
    ///
    /// # Errors
    ///
    /// Returns an error if a flag is unknown or repeated, or if both `u` and `v` are set.
    pub fn new(source: impl Into<String>, flags: &str) -> Result<Self, InvalidValue> {
        // In the order of the property `flags` (ECMA-262, get RegExp.prototype.flags).
        const FLAGS: &str = "dgimsuvy";
        let ordered: String = FLAGS.chars().filter(|&flag| flags.contains(flag)).collect();
        if ordered.len() != flags.len() || ordered.contains("uv") {
            return Err(InvalidValue::new(
                "invalid regular expression flags: expected each of `dgimsuvy` once at most, and not both `u` and `v`",
            ));
        }
        let source = source.into();
        // JavaScript's source is never empty (ECMA-262, EscapeRegExpPattern).
        Ok(Self { source: if source.is_empty() { "(?:)".to_owned() } else { source }, flags: ordered })
    }

    /// Returns the expression without the slashes around it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the flags in alphabetical order.
    #[must_use]
    pub fn flags(&self) -> &str {
        &self.flags
    }
}

#[derive(Serialize, Deserialize)]
struct Fields<'a> {
    source: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    flags: Cow<'a, str>,
}

impl Serialize for RegExp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = Fields { source: Cow::Borrowed(&self.source), flags: Cow::Borrowed(&self.flags) };
        serializer.serialize_newtype_struct(Tag::RegExp.marker(), &fields)
    }
}

impl<'de> Deserialize<'de> for RegExp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields: Fields<'_> = deserialize_content(deserializer, Tag::RegExp.marker(), "a regular expression")?;
        Self::new(fields.source, &fields.flags).map_err(serde::de::Error::custom)
    }
}
