//! The marker types that are a text: `URL`, `URLSearchParams`, `BigInt` and `Temporal`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::form_urlencoded;

use super::error::Invalid;
use super::marker::{self, Tag, TemporalKind};

/// JavaScript's `URL`, as its `href`.
///
/// In other formats it is that text.
///
/// ```
/// use enact::devalue::{self, Url};
///
/// let url: Url = "HTTPS://Example.com/a?b=c".parse().unwrap();
/// assert_eq!(url.as_str(), "https://example.com/a?b=c");
/// assert_eq!(devalue::to_string(&url).unwrap(), r#"[["URL",1],"https://example.com/a?b=c"]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url(String);

impl FromStr for Url {
    type Err = Invalid;

    /// Reads an absolute URL and normalises it (WHATWG URL).
    fn from_str(text: &str) -> Result<Self, Invalid> {
        url::Url::parse(text).map(Self::from).map_err(|_| Invalid::new("URL"))
    }
}

impl From<url::Url> for Url {
    fn from(url: url::Url) -> Self {
        Self(url.into())
    }
}

/// JavaScript's `URLSearchParams`, as the text of its `toString`.
///
/// In other formats it is that text.
///
/// ```
/// use enact::devalue::{self, UrlSearchParams};
///
/// let params = UrlSearchParams::from_iter([("q", "a b"), ("q", "ü")]);
/// assert_eq!(params.as_str(), "q=a+b&q=%C3%BC");
/// assert_eq!(devalue::to_string(&params).unwrap(), r#"[["URLSearchParams","q=a+b&q=%C3%BC"]]"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UrlSearchParams(String);

impl UrlSearchParams {
    /// Reads a query, with or without its `?` (WHATWG URL, application/x-www-form-urlencoded). Every text is one.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        form_urlencoded::parse(query.strip_prefix('?').unwrap_or(query).as_bytes()).collect()
    }

    /// The names and values, decoded.
    pub fn pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.0.as_bytes())
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for UrlSearchParams {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    }
}

impl FromStr for UrlSearchParams {
    type Err = Invalid;

    /// Never fails; see [`parse`](Self::parse).
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Ok(Self::parse(text))
    }
}

/// JavaScript's `BigInt`: an integer of any size, as its decimal digits.
///
/// In other formats it is that text.
///
/// ```
/// use enact::devalue::{self, BigInt};
///
/// let big = BigInt::from(u64::MAX);
/// assert_eq!(devalue::to_string(&big).unwrap(), r#"[["BigInt","18446744073709551615"]]"#);
/// assert_eq!(u64::try_from(&big), Ok(u64::MAX));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigInt(String);

impl FromStr for BigInt {
    type Err = Invalid;

    /// Reads decimal digits with an optional sign.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Invalid::new("bigint"));
        }
        Ok(Self(match digits.trim_start_matches('0') {
            "" => "0".to_owned(),
            digits => format!("{sign}{digits}"),
        }))
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl From<$type> for BigInt {
            fn from(number: $type) -> Self {
                Self(number.to_string())
            }
        }

        impl TryFrom<&BigInt> for $type {
            type Error = Invalid;

            fn try_from(big: &BigInt) -> Result<Self, Invalid> {
                big.0.parse().map_err(|_| Invalid::new("number: out of range"))
            }
        }

        impl TryFrom<BigInt> for $type {
            type Error = Invalid;

            fn try_from(big: BigInt) -> Result<Self, Invalid> {
                Self::try_from(&big)
            }
        }
    )*};
}

integers! { i64 u64 i128 u128 }

/// A value of JavaScript's `Temporal`, as the text of its `toString`, which is not looked into.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Temporal {
    /// Which of its types.
    pub kind: TemporalKind,
    /// What `toString` gives.
    pub text: String,
}

impl Serialize for Temporal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(self.kind.marker(), &self.text)
    }
}

macro_rules! text_markers {
    ($($type:ident: $tag:ident, $expecting:literal, $schema:tt;)*) => {$(
        impl $type {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct(Tag::$tag.marker(), &self.0)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                marker::deserialize_text(deserializer, Tag::$tag.marker(), $expecting, str::parse)
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                Tag::$tag.name().into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

text_markers! {
    Url: Url, "a URL", { "type": "string", "format": "uri", "x-type": "URL" };
    UrlSearchParams: UrlSearchParams, "URL search parameters", { "type": "string", "x-type": "URLSearchParams" };
    BigInt: BigInt, "a bigint", { "type": "string", "pattern": "^-?(0|[1-9][0-9]*)$", "x-type": "BigInt" };
}
