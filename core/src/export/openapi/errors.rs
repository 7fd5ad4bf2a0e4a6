//! What is the same for all actions: the shapes of errors, and of the text that devalue reads.

use schemars::schema_for;
use serde_json::{Map, Value, json};

use super::schemas::component;
use crate::error::ActionErrorCode;
use crate::issue::IssueCode;
use crate::media;
use crate::redirect;

pub(super) const DEVALUE: &str = "Devalue";

/// Their schemas, by names that no type of the application's gets.
pub(super) fn schemas() -> Map<String, Value> {
    let codes: Vec<&str> = ActionErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    let mut issue_codes = schema_for!(IssueCode);
    for keyword in ["$schema", "title"] {
        issue_codes.remove(keyword);
    }
    let schemas = [
        (
            "ActionError",
            json!({
                "description": "Why an action failed.",
                "type": "object",
                "properties": {
                    "type": { "const": "AstroActionError" },
                    "code": { "enum": codes },
                    "status": { "description": "The HTTP status of the code.", "type": "integer" },
                    "message": { "description": "What a person may read; empty if nothing was said.", "type": "string" },
                },
                "required": ["type", "code", "status", "message"],
            }),
        ),
        (
            "ActionInputError",
            json!({
                "description": "Everything that is wrong with an input.",
                "type": "object",
                "properties": {
                    "type": { "const": "AstroActionInputError" },
                    "issues": { "type": "array", "items": { "$ref": component("ActionIssue") } },
                    "fields": {
                        "description": "The messages by field: by the first segment of their issue's path. Issues without \
                                        a path are in `issues` alone.",
                        "type": "object",
                        "additionalProperties": { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                    },
                },
                "required": ["type", "issues", "fields"],
            }),
        ),
        (
            "ActionIssue",
            json!({
                "description": "One thing that is wrong with an input.",
                "type": "object",
                "properties": {
                    "code": issue_codes,
                    "path": {
                        "description": "Names of properties and indices, from the input's root.",
                        "type": "array",
                        "items": { "type": ["string", "integer"] },
                    },
                    "message": { "description": "What a person may read.", "type": "string" },
                },
                "required": ["code", "path", "message"],
            }),
        ),
        (
            DEVALUE,
            json!({
                "description": "A value as the npm package `devalue` writes it, which keeps dates, maps, sets, big \
                                integers and `undefined`: a list of slots, of which the first holds the value, or a \
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

/// `components/responses`
pub(super) fn responses() -> Value {
    let error = |description: &str| {
        json!({
            "description": description,
            "content": { media::JSON: { "schema": { "$ref": component("ActionError") } } },
        })
    };
    json!({
        "Done": {
            "description": "Done; there is nothing to tell.",
            "headers": {
                redirect::HEADER.as_str(): {
                    "description": "Where the action sends its caller on to, if it does.",
                    "schema": { "type": "string" },
                },
            },
        },
        "BadRequest": {
            "description": "The body is malformed, or the input is not valid: then every issue is told at once.",
            "content": {
                media::JSON: {
                    "schema": {
                        "oneOf": [{ "$ref": component("ActionError") }, { "$ref": component("ActionInputError") }],
                        "discriminator": {
                            "propertyName": "type",
                            "mapping": {
                                "AstroActionError": component("ActionError"),
                                "AstroActionInputError": component("ActionInputError"),
                            },
                        },
                    },
                },
            },
        },
        "CrossSite": error("The request comes from another site."),
        "TooLarge": error("The body, or the number of its fields or files, is beyond the limit."),
        "UnsupportedMediaType": error("The action takes its input in another encoding."),
        "InternalError": error("The action failed; why is the server's matter."),
        "Failed": error("The action, or what guards it, refused. The code says why, and the status is the code's."),
    })
}
