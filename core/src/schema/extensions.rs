//! The names of the library's own keywords, and of the rules that `x-message` names.

/// The library's extensions of JSON Schema. Other keywords that begin with `x-` are ignored.
pub(super) const OWN_EXTENSIONS: &[&str] = &["x-message", "x-type", "x-min-bytes", "x-max-bytes", "x-media-types"];

/// The extensions that constrain files.
pub(super) const FILE_EXTENSIONS: &[&str] = &["x-min-bytes", "x-max-bytes", "x-media-types"];

/// The names that `x-message` accepts: the keyword of each rule, and `required` for a missing or empty value.
pub(super) const MESSAGE_RULES: &[&str] = &[
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
