//! Reading of single keywords into rules.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::error::SchemaErrorKind;
use super::extensions::{FILE_EXTENSIONS, MESSAGE_RULES, OWN_EXTENSIONS};
use super::formats::StringFormat;
use super::literal::Literal;
use super::node::{Kind, Messages, Node};
use super::rules::{FileRules, NumberRules, StringRules, TextType};

/// Keywords that restrict values but are not supported. Ignoring them would accept invalid values.
const UNSUPPORTED: &[&str] = &[
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "unevaluatedItems",
    "$dynamicRef",
];

/// Keywords that do not change the meaning of the keywords beside them.
const ANNOTATIONS: &[&str] = &[
    "$ref",
    "$schema",
    "$defs",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "x-message",
];

/// Returns whether the schema has keywords other than annotations.
pub(super) fn has_rules(map: &Map<String, Value>) -> bool {
    map.keys().any(|keyword| !ANNOTATIONS.contains(&keyword.as_str()))
}

/// Checks that each keyword is supported, and that each limit is written in a way that is enforced.
pub(super) fn check_keywords(map: &Map<String, Value>) -> Result<(), SchemaErrorKind> {
    for (keyword, value) in map {
        if UNSUPPORTED.contains(&keyword.as_str()) {
            return Err(SchemaErrorKind::UnsupportedKeyword { keyword: keyword.clone() });
        }
        check_extension(keyword, map)?;
        check_value(keyword, value)?;
    }
    check_ranges(map)
}

/// Refuses a misspelt or misplaced extension, since nothing would enforce it.
fn check_extension(keyword: &str, map: &Map<String, Value>) -> Result<(), SchemaErrorKind> {
    const PREFIXES: [&str; 6] = ["x-message", "x-min", "x-max", "x-media", "x-bytes", "x-type"];
    let resembles = PREFIXES.iter().any(|prefix| keyword.starts_with(prefix));
    if resembles && !OWN_EXTENSIONS.contains(&keyword) {
        return Err(SchemaErrorKind::UnknownExtension { keyword: keyword.to_owned() });
    }
    let can_be_file =
        is_file(map) || map.contains_key("$ref") || map.get("items").and_then(Value::as_object).is_some_and(is_file);
    if FILE_EXTENSIONS.contains(&keyword) && !can_be_file {
        return Err(SchemaErrorKind::NotAFile { keyword: keyword.to_owned() });
    }
    Ok(())
}

fn check_value(keyword: &str, value: &Value) -> Result<(), SchemaErrorKind> {
    let is_string_list = || value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
    let (is_valid, expected) = match keyword {
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "x-min-bytes"
        | "x-max-bytes" => (value.is_u64(), "a non-negative integer"),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            (value.is_number(), "a number")
        }
        "required" | "x-media-types" => (is_string_list(), "an array of strings"),
        "pattern" => (value.is_string(), "a string"),
        _ => return Ok(()),
    };
    if is_valid { Ok(()) } else { Err(invalid(keyword, value, expected)) }
}

fn check_ranges(map: &Map<String, Value>) -> Result<(), SchemaErrorKind> {
    const RANGES: &[(&str, &str)] = &[
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
        ("minimum", "maximum"),
        ("x-min-bytes", "x-max-bytes"),
    ];
    for (minimum, maximum) in RANGES {
        if let (Some(lower), Some(upper)) = (map.get(*minimum), map.get(*maximum))
            && lower.as_f64() > upper.as_f64()
        {
            let (lower, upper) = (lower.to_string(), upper.to_string());
            return Err(SchemaErrorKind::EmptyRange { minimum, maximum, lower, upper });
        }
    }
    Ok(())
}

pub(super) fn is_file(map: &Map<String, Value>) -> bool {
    map.get("format").is_some_and(|format| format == "binary")
}

/// Returns the file constraints among the keywords.
pub(super) fn file_keywords(map: &Map<String, Value>) -> impl Iterator<Item = (String, Value)> {
    map.iter()
        .filter(|(keyword, _)| FILE_EXTENSIONS.contains(&keyword.as_str()))
        .map(|(keyword, value)| (keyword.clone(), value.clone()))
}

pub(super) fn is_secret(map: &Map<String, Value>) -> bool {
    map.get("writeOnly") == Some(&Value::Bool(true)) || map.get("format").is_some_and(|format| format == "password")
}

pub(super) fn accepts_null(schema: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_null),
        Some(kind) => is_null(kind),
        None => schema.get("anyOf").and_then(Value::as_array).is_some_and(|members| members.iter().any(accepts_null)),
    }
}

pub(super) fn compile_constants(constants: &[Value], map: &Map<String, Value>) -> Result<Node, SchemaErrorKind> {
    let compile = |value: &Value| {
        Literal::from_json(value).ok_or_else(|| SchemaErrorKind::UnsupportedConstant { value: value.to_string() })
    };
    let literals = constants.iter().map(compile).collect::<Result<Vec<_>, _>>()?;
    let allows_null = literals.contains(&Literal::Null) && literals.len() > 1;
    let has_null_type =
        map.get("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|k| k == "null"));
    Ok(Node { nullable: allows_null || has_null_type, ..Node::new(Kind::Literal(literals)) })
}

pub(super) fn number_rules(map: &Map<String, Value>, integer: bool) -> NumberRules {
    let limit = |keyword: &str| map.get(keyword).and_then(Value::as_f64);
    let mut rules = NumberRules {
        integer,
        format: "safeint",
        safe: integer,
        min: limit("minimum"),
        max: limit("maximum"),
        above: limit("exclusiveMinimum"),
        below: limit("exclusiveMaximum"),
        multiple_of: limit("multipleOf"),
    };
    // The names that `schemars` gives to Rust's integer types.
    let range = match map.get("format").and_then(Value::as_str) {
        Some("int8") => (f64::from(i8::MIN), f64::from(i8::MAX)),
        Some("int16") => (f64::from(i16::MIN), f64::from(i16::MAX)),
        Some("int32") => {
            rules.format = "int32";
            (f64::from(i32::MIN), f64::from(i32::MAX))
        }
        Some("uint8") => (0.0, f64::from(u8::MAX)),
        Some("uint16") => (0.0, f64::from(u16::MAX)),
        Some("uint32") => {
            rules.format = "uint32";
            (0.0, f64::from(u32::MAX))
        }
        _ => return rules,
    };
    rules.safe = false;
    rules.min = Some(rules.min.map_or(range.0, |min| min.max(range.0)));
    rules.max = Some(rules.max.map_or(range.1, |max| max.min(range.1)));
    rules
}

pub(super) fn string_rules(map: &Map<String, Value>) -> Result<StringRules, SchemaErrorKind> {
    let compile = |pattern: &str| {
        Regex::new(pattern)
            .map_err(|error| SchemaErrorKind::InvalidPattern { pattern: pattern.to_owned(), reason: error.to_string() })
    };
    Ok(StringRules {
        min: count(map, "minLength"),
        max: count(map, "maxLength"),
        pattern: map.get("pattern").and_then(Value::as_str).map(compile).transpose()?,
        format: map.get("format").and_then(Value::as_str).and_then(StringFormat::from_name),
        text_type: match map.get("x-type").and_then(Value::as_str) {
            Some("Date") => Some(TextType::Date),
            Some("BigInt") => Some(TextType::BigInt),
            _ => None,
        },
    })
}

pub(super) fn file_rules(map: &Map<String, Value>) -> FileRules {
    FileRules {
        min: count(map, "x-min-bytes"),
        max: count(map, "x-max-bytes"),
        media_types: strings(map, "x-media-types").into_iter().map(Literal::String).collect(),
    }
}

pub(super) fn compile_messages(messages: &Value) -> Result<Messages, SchemaErrorKind> {
    let text = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| invalid("x-message", value, "a string, or an object of strings by rule"))
    };
    match messages {
        Value::Object(map) => map
            .iter()
            .map(|(rule, value)| {
                if !MESSAGE_RULES.contains(&rule.as_str()) {
                    return Err(SchemaErrorKind::UnknownRule { rule: rule.clone() });
                }
                Ok((Some(rule.clone()), text(value)?))
            })
            .collect::<Result<_, _>>()
            .map(Messages::new),
        other => Ok(Messages::new(vec![(None, text(other)?)])),
    }
}

pub(super) fn count(map: &Map<String, Value>, keyword: &str) -> Option<u64> {
    map.get(keyword).and_then(Value::as_u64)
}

pub(super) fn strings(map: &Map<String, Value>, keyword: &str) -> Vec<String> {
    match map.get(keyword) {
        Some(Value::Array(list)) => list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn invalid(keyword: &str, value: &Value, expected: &'static str) -> SchemaErrorKind {
    SchemaErrorKind::InvalidKeyword { keyword: keyword.to_owned(), value: value.to_string(), expected }
}
