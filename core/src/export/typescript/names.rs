//! The names of types in TypeScript.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::export::schemas::{Described, definition};

/// Which way a type travels: serde may read it in another shape than it writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Input,
    Output,
}

/// What each definition is called.
#[derive(Debug)]
pub(super) struct Names(BTreeMap<(Side, String), String>);

impl Names {
    /// A type that is the same on both sides has one name. Of one that is not, the input has `Input` after it.
    pub(super) fn new(described: &Described) -> Self {
        let differing = differing(&described.inputs, &described.outputs);
        let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
        let mut names = BTreeMap::new();
        let mut unique = |wanted: String| {
            let mut name = wanted.clone();
            for number in 2.. {
                if taken.insert(name.clone()) {
                    break;
                }
                name = format!("{wanted}{number}");
            }
            name
        };
        for key in described.outputs.keys() {
            names.insert((Side::Output, key.clone()), unique(identifier(key)));
        }
        for key in described.inputs.keys() {
            let name = match names.get(&(Side::Output, key.clone())) {
                Some(name) if !differing.contains(key.as_str()) => name.clone(),
                Some(_) => unique(identifier(key) + "Input"),
                None => unique(identifier(key)),
            };
            names.insert((Side::Input, key.clone()), name);
        }
        Self(names)
    }

    /// The name of what a schema refers to.
    pub(super) fn of(&self, side: Side, reference: &str) -> Option<&str> {
        self.0.get(&(side, definition(reference)?)).map(String::as_str)
    }

    /// Every type once, by name: the side that it is rendered for, and its schema.
    pub(super) fn declared<'a>(&'a self, described: &'a Described) -> Vec<(Side, &'a str, &'a Value)> {
        let mut all: BTreeMap<&str, (Side, &Value)> = BTreeMap::new();
        for ((side, key), name) in &self.0 {
            let definitions = definitions(described, *side);
            if let Some(schema) = definitions.get(key) {
                all.entry(name).or_insert((*side, schema));
            }
        }
        all.into_iter().map(|(name, (side, schema))| (side, name, schema)).collect()
    }
}

pub(super) fn definitions(described: &Described, side: Side) -> &Map<String, Value> {
    match side {
        Side::Input => &described.inputs,
        Side::Output => &described.outputs,
    }
}

/// The definitions of both sides that are not alike, or that refer to one that is not.
fn differing<'a>(inputs: &'a Map<String, Value>, outputs: &Map<String, Value>) -> BTreeSet<&'a str> {
    let mut differing: BTreeSet<&str> = inputs
        .iter()
        .filter(|(key, schema)| outputs.get(*key).is_some_and(|other| other != *schema))
        .map(|(key, _)| key.as_str())
        .collect();
    loop {
        let before = differing.len();
        for (key, schema) in inputs {
            if outputs.contains_key(key) && refers(schema, &differing) {
                differing.insert(key);
            }
        }
        if differing.len() == before {
            return differing;
        }
    }
}

fn refers(schema: &Value, to: &BTreeSet<&str>) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(key, value)| match value {
            Value::String(reference) if key == "$ref" => definition(reference).is_some_and(|key| to.contains(&*key)),
            value => refers(value, to),
        }),
        Value::Array(list) => list.iter().any(|value| refers(value, to)),
        _ => false,
    }
}

/// The name of a schema, as an identifier. Of what is no ASCII only letters stay that were so in all Unicode versions that
/// TypeScript knows; circled ones count as alphabetic, and are no letters.
fn identifier(name: &str) -> String {
    let is_sign = |char| matches!(char, '_' | '$');
    let is_letter = |char: char| char.is_alphabetic() && !matches!(char, 'Ⓐ'..='ⓩ' | '\u{10000}'..);
    let legal = |char: char| is_letter(char) || char.is_ascii_digit() || is_sign(char);
    let mut name: String = name.chars().map(|char| if legal(char) { char } else { '_' }).collect();
    // Some marks are alphabetic, and begin no identifier.
    if !name.starts_with(|char: char| char.is_ascii_lowercase() || char.is_uppercase() || is_sign(char)) {
        name.insert(0, '_');
    }
    name
}

/// What the module itself calls by these names, and what TypeScript does.
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
    "Answer",
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
    "Enhanced",
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
    "Redirected",
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
