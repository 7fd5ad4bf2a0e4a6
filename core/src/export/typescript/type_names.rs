//! The names of types in TypeScript.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::export::reference::parse_reference;
use crate::export::schemas::{NamedTypes, Side};

/// The TypeScript name of each named type.
#[derive(Debug)]
pub(super) struct TypeNames(BTreeMap<(Side, String), String>);

impl TypeNames {
    /// Names all types. If the input and output shapes of a type differ, the input's name ends in `Input`.
    pub(super) fn new(types: &NamedTypes) -> Self {
        let differing = types.find_differing();
        let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
        let mut names = BTreeMap::new();
        let mut reserve = |wanted: String| {
            let mut name = wanted.clone();
            for number in 2.. {
                if taken.insert(name.clone()) {
                    break;
                }
                name = format!("{wanted}{number}");
            }
            name
        };
        for key in types.outputs.keys() {
            names.insert((Side::Output, key.clone()), reserve(to_identifier(key)));
        }
        for key in types.inputs.keys() {
            let name = match names.get(&(Side::Output, key.clone())) {
                Some(name) if !differing.contains(key.as_str()) => name.clone(),
                Some(_) => reserve(to_identifier(key) + "Input"),
                None => reserve(to_identifier(key)),
            };
            names.insert((Side::Input, key.clone()), name);
        }
        Self(names)
    }

    /// Returns the name of the type that a `$ref` refers to.
    pub(super) fn of_reference(&self, side: Side, reference: &str) -> Option<&str> {
        self.0.get(&(side, parse_reference(reference)?)).map(String::as_str)
    }

    /// Returns each type once, sorted by name, with its schema and the side that the schema describes.
    pub(super) fn declarations<'a>(&'a self, types: &'a NamedTypes) -> Vec<(Side, &'a str, &'a Value)> {
        let mut all: BTreeMap<&str, (Side, &Value)> = BTreeMap::new();
        for ((side, key), name) in &self.0 {
            if let Some(schema) = types.of(*side).get(key) {
                all.entry(name).or_insert((*side, schema));
            }
        }
        all.into_iter().map(|(name, (side, schema))| (side, name, schema)).collect()
    }
}

/// Turns the name of a schema into an identifier.
///
/// Outside of ASCII, only letters stay that every Unicode version known to TypeScript counts as such. Circled letters are
/// alphabetic in Rust, but no letters in TypeScript.
fn to_identifier(name: &str) -> String {
    let is_sign = |char| matches!(char, '_' | '$');
    let is_letter = |char: char| char.is_alphabetic() && !matches!(char, 'Ⓐ'..='ⓩ' | '\u{10000}'..);
    let is_legal = |char: char| is_letter(char) || char.is_ascii_digit() || is_sign(char);
    let mut name: String = name.chars().map(|char| if is_legal(char) { char } else { '_' }).collect();
    // Some alphabetic marks cannot begin an identifier.
    if !name.starts_with(|char: char| char.is_ascii_lowercase() || char.is_uppercase() || is_sign(char)) {
        name.insert(0, '_');
    }
    name
}

/// The names that the generated module declares or uses itself, and the words that TypeScript reserves.
const RESERVED: &[&str] = &[
    "ACTIONS",
    "AbortController",
    "AbortSignal",
    "Action",
    "ActionCall",
    "ActionError",
    "ActionErrorCode",
    "ActionFields",
    "ActionInput",
    "ActionInputError",
    "ActionOutput",
    "ActionResult",
    "Actions",
    "AnyAction",
    "Arguments",
    "Array",
    "ArrayBuffer",
    "BASE",
    "BigInt",
    "BigInt64Array",
    "BigUint64Array",
    "Blob",
    "CallOptions",
    "ClientOptions",
    "DataView",
    "Date",
    "EnhanceOptions",
    "EnhancedForm",
    "Error",
    "File",
    "Float32Array",
    "Float64Array",
    "FormData",
    "HTMLElement",
    "HTMLFormElement",
    "HTMLInputElement",
    "HTMLProgressElement",
    "Headers",
    "HeadersInit",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "Issue",
    "JSON",
    "Map",
    "NonNullable",
    "Number",
    "Object",
    "Omit",
    "Promise",
    "PropertyKey",
    "RawResponse",
    "RedirectResult",
    "RegExp",
    "RequestInit",
    "Set",
    "String",
    "SubmitEvent",
    "Symbol",
    "TypeError",
    "URL",
    "URLSearchParams",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "WeakMap",
    "XMLHttpRequest",
    "XMLHttpRequestBodyInit",
    "any",
    "as",
    "await",
    "bigint",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "infer",
    "instanceof",
    "interface",
    "keyof",
    "let",
    "never",
    "new",
    "null",
    "number",
    "object",
    "package",
    "private",
    "protected",
    "public",
    "readonly",
    "return",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "types",
    "undefined",
    "unique",
    "unknown",
    "var",
    "void",
    "while",
    "with",
    "yield",
];
