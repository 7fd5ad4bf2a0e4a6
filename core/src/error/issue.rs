//! Issues: the things wrong with an input, in Zod's shape.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// One thing wrong with an input.
///
/// The JSON form, the codes and the messages of the library's own rules are those of Zod 4.
///
/// ```
/// use enact::Issue;
///
/// let issue = Issue::new("Already taken").at("user").at("name");
/// assert_eq!(issue.to_string(), "user.name: Already taken");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Issue {
    /// The kind of rule that the input breaks.
    pub code: IssueCode,
    /// Property names and indices from the input's root; empty for the input as a whole.
    pub path: Vec<PathSegment>,
    /// The message to show to a person.
    pub message: String,
    /// Boxed because most issues of handlers have none.
    params: Option<Box<IssueParams>>,
}

impl Issue {
    /// Creates a `custom` issue of the input as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        Self { code: IssueCode::Custom, path: Vec::new(), message: message.into(), params: None }
    }

    /// Appends a segment to the path: the name of a property, or an index.
    #[must_use]
    pub fn at(mut self, segment: impl Into<PathSegment>) -> Self {
        self.path.push(segment.into());
        self
    }

    /// Sets the code. The default is `custom`.
    #[must_use]
    pub fn code(mut self, code: IssueCode) -> Self {
        self.code = code;
        self
    }

    /// Sets the parameters.
    #[must_use]
    pub fn with_params(mut self, params: IssueParams) -> Self {
        self.params = (params != IssueParams::EMPTY).then(|| Box::new(params));
        self
    }

    /// Returns the parameters of the rule that the input breaks.
    pub fn params(&self) -> &IssueParams {
        self.params.as_deref().unwrap_or(&IssueParams::EMPTY)
    }

    /// Returns the path in the notation of form fields: `email`, `address.street`, `items[0].name`. It is empty for the
    /// input as a whole.
    pub fn field(&self) -> String {
        let mut name = String::new();
        for segment in &self.path {
            match segment {
                PathSegment::Index(index) => name.push_str(&format!("[{index}]")),
                PathSegment::Key(key) => {
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(key);
                }
            }
        }
        name
    }

    /// Returns the approximate length of the JSON form in bytes, without the nested issues.
    pub(crate) fn wire_len(&self) -> usize {
        let path: usize = self.path.iter().map(PathSegment::len).sum();
        self.message.len() + path + self.params.as_ref().map_or(0, |params| params.wire_len())
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.field())?;
        }
        f.write_str(&self.message)
    }
}

/// The parameters are written beside `code`, `path` and `message`, in Zod's order.
impl Serialize for Issue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let params = self.params();
        let (type_format, string_format) = match self.code {
            IssueCode::InvalidType => (&params.format, &None),
            _ => (&None, &params.format),
        };
        let mut map = serializer.serialize_map(None)?;
        serialize_some(&mut map, "expected", &params.expected)?;
        serialize_some(&mut map, "origin", &params.origin)?;
        serialize_some(&mut map, "format", type_format)?;
        map.serialize_entry("code", &self.code)?;
        serialize_some(&mut map, "received", &params.received)?;
        serialize_some(&mut map, "minimum", &params.minimum.map(JsNumber))?;
        serialize_some(&mut map, "maximum", &params.maximum.map(JsNumber))?;
        serialize_some(&mut map, "divisor", &params.divisor.map(JsNumber))?;
        serialize_some(&mut map, "values", &params.values)?;
        serialize_some(&mut map, "keys", &params.keys)?;
        serialize_some(&mut map, "format", string_format)?;
        serialize_some(&mut map, "pattern", &params.pattern)?;
        serialize_some(&mut map, "errors", &params.errors)?;
        serialize_some(&mut map, "note", &params.note)?;
        serialize_some(&mut map, "discriminator", &params.discriminator)?;
        serialize_some(&mut map, "options", &params.options)?;
        serialize_some(&mut map, "inclusive", &params.inclusive)?;
        serialize_some(&mut map, "exact", &params.exact)?;
        serialize_some(&mut map, "issues", &params.issues)?;
        map.serialize_entry("path", &self.path)?;
        map.serialize_entry("message", &self.message)?;
        map.end()
    }
}

fn serialize_some<M: SerializeMap>(map: &mut M, name: &str, value: &Option<impl Serialize>) -> Result<(), M::Error> {
    value.as_ref().map_or(Ok(()), |value| map.serialize_entry(name, value))
}

/// A number in JavaScript's notation: `3`, not `3.0`.
struct JsNumber(f64);

impl Serialize for JsNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// 2^53, up to which a double represents each integer exactly.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if self.0.fract() == 0.0 && self.0.abs() <= EXACT {
            #[allow(clippy::cast_possible_truncation, reason = "an integer within 2^53")]
            return serializer.serialize_i64(self.0 as i64);
        }
        serializer.serialize_f64(self.0)
    }
}

/// Servers other than this library may send codes and parameters of their own. An unknown code is read as `custom`, and
/// a parameter that is unknown or has an unexpected type is skipped.
impl<'de> Deserialize<'de> for Issue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            code: String,
            path: Vec<PathSegment>,
            message: String,
            #[serde(flatten)]
            params: Map<String, Value>,
        }

        let Wire { code, path, message, params } = Wire::deserialize(deserializer)?;
        let code = serde_json::from_value(Value::String(code)).unwrap_or(IssueCode::Custom);
        Ok(Self { code, path, message, params: None }.with_params(IssueParams::from_json(params)))
    }
}

/// The parameters of a broken rule, such as its limit or its expected type.
///
/// The names, and the parameters that each [`IssueCode`] has, are those of Zod 4. A parameter that does not apply is
/// `None`. Parameters describe the rule; they never hold the submitted value.
///
/// ```
/// use enact::{Issue, IssueCode};
///
/// fn translate(issue: &Issue) -> String {
///     match (issue.code, issue.params().minimum) {
///         (IssueCode::TooSmall, Some(minimum)) => format!("mindestens {minimum}"),
///         _ => issue.message.clone(),
///     }
/// }
/// # assert_eq!(translate(&Issue::new("no")), "no");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct IssueParams {
    /// The expected type, such as `string` or `int` (`invalid_type`).
    pub expected: Option<Cow<'static, str>>,
    /// `NaN`, `Infinity`, `-Infinity` or `Invalid Date`, if the input has the right type but no valid value
    /// (`invalid_type`).
    pub received: Option<Cow<'static, str>>,
    /// The type that is measured: `string`, `number`, `int`, `array`, `set`, `object`, `file` (`too_small`, `too_big`,
    /// `invalid_format`, `not_multiple_of`).
    pub origin: Option<Cow<'static, str>>,
    /// The lower limit: of a number, or in characters, items, keys or bytes (`too_small`).
    pub minimum: Option<f64>,
    /// The upper limit: of a number, or in characters, items, keys or bytes (`too_big`).
    pub maximum: Option<f64>,
    /// Whether the limit itself is allowed (`too_small`, `too_big`).
    pub inclusive: Option<bool>,
    /// `true` if the limit is both the minimum and the maximum (`too_small`, `too_big`).
    pub exact: Option<bool>,
    /// The format of a string, such as `email`, or `regex` for a pattern (`invalid_format`); the format of an integer,
    /// such as `int32` or `safeint` (`invalid_type`).
    pub format: Option<Cow<'static, str>>,
    /// The regular expression in JavaScript's notation, with its slashes (`invalid_format`).
    pub pattern: Option<Cow<'static, str>>,
    /// The number of which the input has to be a multiple (`not_multiple_of`).
    pub divisor: Option<f64>,
    /// The undeclared properties (`unrecognized_keys`).
    pub keys: Option<Vec<String>>,
    /// The allowed constants (`invalid_value`).
    pub values: Option<Vec<Value>>,
    /// The issues of each alternative, with paths relative to this issue's path (`invalid_union`).
    pub errors: Option<Vec<Vec<Issue>>>,
    /// The name of the property that selects the alternative (`invalid_union`).
    pub discriminator: Option<Cow<'static, str>>,
    /// The allowed values of the discriminator (`invalid_union`).
    pub options: Option<Vec<Value>>,
    /// The issues of a map's key, or of an element of a map or set (`invalid_key`, `invalid_element`).
    pub issues: Option<Vec<Issue>>,
    /// Zod's explanation for developers.
    pub note: Option<Cow<'static, str>>,
}

impl IssueParams {
    const EMPTY: Self = Self {
        expected: None,
        received: None,
        origin: None,
        minimum: None,
        maximum: None,
        inclusive: None,
        exact: None,
        format: None,
        pattern: None,
        divisor: None,
        keys: None,
        values: None,
        errors: None,
        discriminator: None,
        options: None,
        issues: None,
        note: None,
    };

    fn from_json(mut map: Map<String, Value>) -> Self {
        fn take<T: serde::de::DeserializeOwned>(map: &mut Map<String, Value>, name: &str) -> Option<T> {
            serde_json::from_value(map.remove(name)?).ok()
        }
        let map = &mut map;
        Self {
            expected: take(map, "expected"),
            received: take(map, "received"),
            origin: take(map, "origin"),
            minimum: take(map, "minimum"),
            maximum: take(map, "maximum"),
            inclusive: take(map, "inclusive"),
            exact: take(map, "exact"),
            format: take(map, "format"),
            pattern: take(map, "pattern"),
            divisor: take(map, "divisor"),
            keys: take(map, "keys"),
            values: take(map, "values"),
            errors: take(map, "errors"),
            discriminator: take(map, "discriminator"),
            options: take(map, "options"),
            issues: take(map, "issues"),
            note: take(map, "note"),
        }
    }

    fn wire_len(&self) -> usize {
        /// A name and a number, or punctuation.
        const SHORT: usize = 16;
        let texts = [&self.pattern, &self.discriminator, &self.note];
        let texts: usize = texts.into_iter().flatten().map(|text| text.len()).sum();
        let keys: usize = self.keys.iter().flatten().map(String::len).sum();
        let constants = self.values.iter().chain(&self.options).flatten();
        let constants: usize = constants.map(|value| value.as_str().map_or(SHORT, str::len)).sum();
        SHORT + texts + keys + constants
    }
}

/// One step of an issue's path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "a path has only these segments")]
pub enum PathSegment {
    /// An index into a list, from 0.
    Index(usize),
    /// The name of a property.
    Key(String),
}

impl PathSegment {
    /// Returns the approximate length of the JSON form in bytes.
    fn len(&self) -> usize {
        match self {
            Self::Index(_) => 8,
            Self::Key(key) => key.len(),
        }
    }
}

impl From<usize> for PathSegment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl From<&str> for PathSegment {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<String> for PathSegment {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "{index}"),
            Self::Key(key) => f.write_str(key),
        }
    }
}

/// The kind of rule that an input breaks, by Zod's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IssueCode {
    /// The value has the wrong type.
    InvalidType,
    /// A string, number, list, set or file exceeds its upper limit.
    TooBig,
    /// A string, number, list, set or file is below its lower limit.
    TooSmall,
    /// A string does not have the required format.
    InvalidFormat,
    /// A number is not a multiple of the required divisor.
    NotMultipleOf,
    /// An object has undeclared properties.
    UnrecognizedKeys,
    /// The value fits no alternative of a union.
    InvalidUnion,
    /// A key of a map is invalid.
    InvalidKey,
    /// An element of a map or set is invalid.
    InvalidElement,
    /// The value is not an allowed constant.
    InvalidValue,
    /// A rule of the application.
    Custom,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issue_round_trips_through_json() {
        let text = r#"{"code":"invalid_union","errors":[[{"origin":"string","code":"too_small","minimum":3,"inclusive":true,"path":["a",0],"message":"m"}],[]],"path":[],"message":"Invalid input"}"#;
        let issue: Issue = serde_json::from_str(text).unwrap();
        let nested = &issue.params().errors.as_ref().unwrap()[0][0];
        assert_eq!((nested.params().minimum, nested.field().as_str()), (Some(3.0), "a[0]"));
        assert_eq!(serde_json::to_string(&issue).unwrap(), text);
    }

    #[test]
    fn unknown_codes_and_parameters_are_tolerated() {
        let text = r#"{"code":"weird","path":[],"message":"m","minimum":"5","maximum":7.5,"foo":[1]}"#;
        let issue: Issue = serde_json::from_str(text).unwrap();
        assert_eq!(issue.code, IssueCode::Custom);
        assert_eq!((issue.params().minimum, issue.params().maximum), (None, Some(7.5)));
    }

    #[test]
    fn issue_without_parameters_has_three_keys() {
        let issue = Issue::new("m").with_params(IssueParams::default());
        assert_eq!(serde_json::to_string(&issue).unwrap(), r#"{"code":"custom","path":[],"message":"m"}"#);
        assert_eq!(issue, Issue::new("m"));
    }
}
