use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::collections::Content;
use super::error::Invalid;
use super::marker::Tag;

/// JavaScript's `RegExp`: its `source` and `flags`, which are not run here.
///
/// In other formats it is `{"source", "flags"}`, the latter left out if empty.
///
/// ```
/// use enact::devalue::{self, RegExp};
///
/// let regexp = RegExp::new(r"^\d+$", "gi").unwrap();
/// assert_eq!(devalue::to_string(&regexp).unwrap(), r#"[["RegExp","^\\d+$","gi"]]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RegExp {
    source: String,
    flags: String,
}

impl RegExp {
    /// An expression of a source, escaped as JavaScript's property `source` is, and flags in any order.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if a flag is unknown or occurs twice, or `u` and `v` are both set. The source is not looked into.
    pub fn new(source: impl Into<String>, flags: &str) -> Result<Self, Invalid> {
        // In the order of the property `flags` (ECMA-262, get RegExp.prototype.flags).
        const FLAGS: &str = "dgimsuvy";
        let ordered: String = FLAGS.chars().filter(|&flag| flags.contains(flag)).collect();
        if ordered.len() != flags.len() || ordered.contains("uv") {
            return Err(Invalid::new("regular expression flags"));
        }
        let source = Some(source.into()).filter(|source| !source.is_empty());
        Ok(Self { source: source.unwrap_or_else(|| "(?:)".to_owned()), flags: ordered })
    }

    /// The expression without its slashes.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The flags in alphabetical order.
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
        let visitor = Content::<Fields<'_>>::new("a regular expression");
        let fields = deserializer.deserialize_newtype_struct(Tag::RegExp.marker(), visitor)?;
        Self::new(fields.source, &fields.flags).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for RegExp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Tag::RegExp.name().into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": { "source": { "type": "string" }, "flags": { "type": "string" } },
            "required": ["source"],
            "x-type": "RegExp",
        })
    }
}
