//! What single keywords say, read into rules.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::compile::{Problem, any, problem};
use super::formats::Format;
use super::rules::Marker;
use super::{Kind, Literal, Messages, Node, NumberRules, StringRules};

pub(super) fn accepts_null(schema: &Value) -> bool {
    let named = |kind: &Value| kind == "null";
    match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(named),
        Some(kind) => named(kind),
        None => schema.get("anyOf").and_then(Value::as_array).is_some_and(|members| members.iter().any(accepts_null)),
    }
}

pub(super) fn literals(constants: &[Value], at: &str) -> Result<Node, Problem> {
    let list = constants
        .iter()
        .map(Literal::from_json)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| problem(at, "a list or an object as a constant is not supported".to_owned()))?;
    let nullable = list.contains(&Literal::Null) && list.len() > 1;
    Ok(Node { kind: Kind::Literal(list), nullable, ..any() })
}

pub(super) fn number_rules(map: &Map<String, Value>, integer: bool) -> NumberRules {
    let limit = |keyword: &str| map.get(keyword).and_then(Value::as_f64);
    let mut rules = NumberRules {
        integer,
        safe: integer,
        min: limit("minimum"),
        max: limit("maximum"),
        above: limit("exclusiveMinimum"),
        below: limit("exclusiveMaximum"),
        multiple_of: limit("multipleOf"),
    };
    // The sizes that `schemars` names for Rust's integers; those with bounds of their own carry them already.
    let range = match map.get("format").and_then(Value::as_str) {
        Some("int8") => (f64::from(i8::MIN), f64::from(i8::MAX)),
        Some("int16") => (f64::from(i16::MIN), f64::from(i16::MAX)),
        Some("int32") => (f64::from(i32::MIN), f64::from(i32::MAX)),
        Some("uint8") => (0.0, f64::from(u8::MAX)),
        Some("uint16") => (0.0, f64::from(u16::MAX)),
        Some("uint32") => (0.0, f64::from(u32::MAX)),
        _ => return rules,
    };
    rules.safe = false;
    rules.min = Some(rules.min.map_or(range.0, |min| min.max(range.0)));
    rules.max = Some(rules.max.map_or(range.1, |max| max.min(range.1)));
    rules
}

pub(super) fn string_rules(map: &Map<String, Value>, at: &str) -> Result<StringRules, Problem> {
    let pattern = match map.get("pattern").and_then(Value::as_str) {
        Some(pattern) => Some(
            Regex::new(pattern)
                .map_err(|error| problem(at, format!("the pattern `{pattern}` does not parse: {error}")))?,
        ),
        None => None,
    };
    Ok(StringRules {
        min: count(map, "minLength"),
        max: count(map, "maxLength"),
        pattern,
        format: map.get("format").and_then(Value::as_str).and_then(Format::from_name),
        marker: match map.get("x-type").and_then(Value::as_str) {
            Some("Date") => Some(Marker::Date),
            Some("BigInt") => Some(Marker::BigInt),
            _ => None,
        },
    })
}

/// What `x-message` may name: the keyword of each rule, and `required` for what is missing or empty.
const RULES: &[&str] = &[
    "required",
    "type",
    "integer",
    "enum",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "additionalProperties",
    "oneOf",
    "anyOf",
    "x-min-bytes",
    "x-max-bytes",
    "x-media-types",
];

/// What changes nothing of what else is said.
pub(super) const ANNOTATIONS: &[&str] = &[
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

/// Refuses a limit that is written in a way that would not be read: one that is not kept is worse than none.
pub(super) fn check_shapes(map: &Map<String, Value>, at: &str) -> Result<(), Problem> {
    const COUNTS: &[&str] = &[
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
        "x-min-bytes",
        "x-max-bytes",
    ];
    const NUMBERS: &[&str] = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    const LISTS: &[&str] = &["required", "x-media-types"];
    let is_list = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
    for (keyword, value) in map {
        let wanted = match keyword.as_str() {
            count if COUNTS.contains(&count) && !value.is_u64() => "a whole number",
            number if NUMBERS.contains(&number) && !value.is_number() => "a number",
            list if LISTS.contains(&list) && !is_list(value) => "a list of texts",
            "pattern" if !value.is_string() => "a text",
            _ => continue,
        };
        return Err(problem(at, format!("`{keyword}` has to be {wanted}, and is `{value}`")));
    }
    Ok(())
}

/// Those of our own keywords that limit files.
pub(super) const OF_FILES: &[&str] = &["x-min-bytes", "x-max-bytes", "x-media-types"];

/// Our own keywords; another one that begins with `x-` is somebody else's, unless it looks like one of ours misspelt.
pub(super) const OURS: &[&str] = &["x-message", "x-type", "x-min-bytes", "x-max-bytes", "x-media-types"];

pub(super) fn compile_messages(messages: &Value, at: &str) -> Result<Messages, Problem> {
    let text = |value: &Value| {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| problem(at, "`x-message` is neither a text nor an object of texts".to_owned()))
    };
    match messages {
        Value::Object(map) => map
            .iter()
            .map(|(rule, value)| {
                if !RULES.contains(&rule.as_str()) {
                    let rules = RULES.join("`, `");
                    return Err(problem(at, format!("`x-message` names no rule by `{rule}`; there are `{rules}`")));
                }
                Ok((Some(rule.clone()), text(value)?))
            })
            .collect::<Result<_, _>>()
            .map(Messages),
        other => Ok(Messages(vec![(None, text(other)?)])),
    }
}

pub(super) fn count(map: &Map<String, Value>, keyword: &str) -> Option<u64> {
    map.get(keyword).and_then(Value::as_u64)
}

pub(super) fn texts(map: &Map<String, Value>, keyword: &str) -> Vec<String> {
    match map.get(keyword) {
        Some(Value::Array(list)) => list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}
