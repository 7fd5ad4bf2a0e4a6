//! The parts that all actions share: the shapes of errors, and of devalue's text.

use schemars::schema_for;
use serde_json::{Map, Value, json};

use super::components::component_reference;
use crate::context::redirect;
use crate::error::ActionErrorCode;
use crate::error::IssueCode;
use crate::media;

/// The component for a text of devalue.
pub(super) const DEVALUE: &str = "Devalue";

/// Returns the shared schemas by name. No type of the application gets these names.
pub(super) fn build_schemas() -> Map<String, Value> {
    let schemas = [
        ("ActionError", build_action_error()),
        ("ActionInputError", build_input_error()),
        ("ActionIssue", build_issue()),
        (
            DEVALUE,
            json!({
                "description": "A value as the npm package `devalue` writes it. The format keeps dates, maps, sets, big \
                                integers and `undefined`. It is a list of slots, the first of which holds the value, or a \
                                negative number that stands for a constant.",
                "type": ["array", "integer"],
                "minItems": 1,
                "minimum": -6,
                "maximum": -1,
            }),
        ),
    ];
    schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn build_action_error() -> Value {
    let codes: Vec<&str> = ActionErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "description": "The reason why an action failed.",
        "type": "object",
        "properties": {
            "type": { "const": "AstroActionError" },
            "code": { "enum": codes },
            "status": { "description": "The HTTP status of the code.", "type": "integer" },
            "message": { "description": "A message for people. It may be empty.", "type": "string" },
        },
        "required": ["type", "code", "status", "message"],
    })
}

fn build_input_error() -> Value {
    json!({
        "description": "All issues of an invalid input.",
        "type": "object",
        "properties": {
            "type": { "const": "AstroActionInputError" },
            "issues": { "type": "array", "items": { "$ref": component_reference("ActionIssue") } },
            "fields": {
                "description": "The messages by field: by the first segment of the issue's path. An issue without a path is \
                                in `issues` only.",
                "type": "object",
                "additionalProperties": { "type": "array", "items": { "type": "string" }, "minItems": 1 },
            },
        },
        "required": ["type", "issues", "fields"],
    })
}

/// Returns the schema of an issue. Which of the optional properties it has depends on the code, as in Zod. Other properties
/// are allowed: a later version may add some.
fn build_issue() -> Value {
    let mut codes = schema_for!(IssueCode);
    for keyword in ["$schema", "title"] {
        codes.remove(keyword);
    }
    json!({
        "description": "One thing that is wrong with an input.",
        "type": "object",
        "properties": {
            "code": codes,
            "path": {
                "description": "Property names and indices, from the input's root.",
                "type": "array",
                "items": { "type": ["string", "integer"] },
            },
            "message": { "description": "A message for people.", "type": "string" },
            "expected": { "description": "`invalid_type`: the expected type.", "type": "string" },
            "origin": {
                "description": "The type of the value that the rule applies to, such as `string`.",
                "type": "string",
            },
            "minimum": { "description": "`too_small`: the lower bound.", "type": "number" },
            "maximum": { "description": "`too_big`: the upper bound.", "type": "number" },
            "inclusive": {
                "description": "`too_small`, `too_big`: whether the bound itself is allowed.",
                "type": "boolean",
            },
            "exact": {
                "description": "`too_small`, `too_big`: whether the bound is the only length that is allowed.",
                "type": "boolean",
            },
            "format": { "description": "`invalid_format`: the expected format.", "type": "string" },
            "pattern": { "description": "`invalid_format`: the regular expression of the format.", "type": "string" },
            "divisor": {
                "description": "`not_multiple_of`: the number that has to divide the value.",
                "type": "number",
            },
            "keys": {
                "description": "`unrecognized_keys`: the properties that are not declared.",
                "type": "array",
                "items": { "type": "string" },
            },
            "values": { "description": "`invalid_value`: the allowed values.", "type": "array" },
            "note": { "description": "`invalid_union`: the reason why no alternative was tried.", "type": "string" },
            "discriminator": {
                "description": "`invalid_union`: the property that selects the alternative.",
                "type": "string",
            },
        },
        "required": ["code", "path", "message"],
    })
}

/// Returns `components/responses`.
pub(super) fn build_responses() -> Value {
    let error = |description: &str| {
        json!({
            "description": description,
            "content": { media::JSON: { "schema": { "$ref": component_reference("ActionError") } } },
        })
    };
    json!({
        "Done": {
            "description": "The action succeeded and has no output.",
            "headers": {
                redirect::HEADER.as_str(): {
                    "description": "The target of the action's redirect, if there is one.",
                    "schema": { "type": "string" },
                },
            },
        },
        "BadRequest": {
            "description": "The body is malformed, or the input is invalid. An invalid input is answered with all of its \
                            issues at once.",
            "content": {
                media::JSON: {
                    "schema": {
                        "oneOf": [
                            { "$ref": component_reference("ActionError") },
                            { "$ref": component_reference("ActionInputError") },
                        ],
                        "discriminator": {
                            "propertyName": "type",
                            "mapping": {
                                "AstroActionError": component_reference("ActionError"),
                                "AstroActionInputError": component_reference("ActionInputError"),
                            },
                        },
                    },
                },
            },
        },
        "CrossSite": error("The request comes from another site."),
        "TooLarge": error("The body is too large, or it has too many fields or files."),
        "UnsupportedMediaType": error("The action does not accept the media type of the body."),
        "InternalError": error("The action failed for a reason that the server does not disclose."),
        "Failed": error("The action or its gate refused the call. `code` gives the reason, and the status belongs to it."),
    })
}
