//! JSON Schemas of the marker types: their plain JSON form, with JavaScript's name of the type as `x-type`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    ArrayBuffer, BigInt, Date, Map, OrUndefined, RegExp, Set, Uint8Array, Undefined, Url, UrlSearchParams, Value,
};

macro_rules! schemas {
    ($($type:ident($name:literal): $schema:tt;)*) => {$(
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

schemas! {
    ArrayBuffer("ArrayBuffer"): { "type": "string", "contentEncoding": "base64", "x-type": "ArrayBuffer" };
    BigInt("BigInt"): { "type": "string", "pattern": "^-?(0|[1-9][0-9]*)$", "x-type": "BigInt" };
    Date("Date"): { "type": "string", "format": "date-time", "x-type": "Date" };
    RegExp("RegExp"): {
        "type": "object",
        "properties": { "source": { "type": "string" }, "flags": { "type": "string" } },
        "required": ["source"],
        "x-type": "RegExp",
    };
    Uint8Array("Uint8Array"): { "type": "string", "contentEncoding": "base64", "x-type": "Uint8Array" };
    Undefined("Undefined"): { "type": "null", "x-type": "Undefined" };
    Url("URL"): { "type": "string", "format": "uri", "x-type": "URL" };
    UrlSearchParams("URLSearchParams"): { "type": "string", "x-type": "URLSearchParams" };
    Value("Value"): true;
}

impl<K: JsonSchema, V: JsonSchema> JsonSchema for Map<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Map_of_{}_to_{}", K::schema_name(), V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [generator.subschema_for::<K>(), generator.subschema_for::<V>()],
                "minItems": 2,
                "maxItems": 2,
            },
            "x-type": "Map",
        })
    }
}

impl<T: JsonSchema> JsonSchema for Set<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Set_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<T>(),
            "uniqueItems": true,
            "x-type": "Set",
        })
    }
}

impl<T: JsonSchema> JsonSchema for OrUndefined<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}_or_Undefined", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [generator.subschema_for::<T>(), generator.subschema_for::<Undefined>()],
        })
    }
}

#[cfg(feature = "exotic")]
impl JsonSchema for crate::TypedArray {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TypedArray".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": {
                "kind": { "type": "string" },
                "buffer": generator.subschema_for::<ArrayBuffer>(),
                "byteOffset": { "type": "integer", "minimum": 0 },
                "length": { "type": "integer", "minimum": 0 },
            },
            "required": ["kind", "buffer"],
            "x-type": "TypedArray",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_name_the_javascript_types() {
        #[derive(JsonSchema)]
        #[allow(dead_code)]
        struct Everything {
            date: Date,
            set: Set<BigInt>,
            map: Map<String, Url>,
        }
        let schema = serde_json::to_value(schemars::schema_for!(Everything)).unwrap();
        assert_eq!(
            schema["properties"],
            json!({
                "date": { "type": "string", "format": "date-time", "x-type": "Date" },
                "set": {
                    "type": "array",
                    "items": { "type": "string", "pattern": "^-?(0|[1-9][0-9]*)$", "x-type": "BigInt" },
                    "uniqueItems": true,
                    "x-type": "Set",
                },
                "map": {
                    "type": "array",
                    "items": {
                        "type": "array",
                        "prefixItems": [{ "type": "string" }, { "type": "string", "format": "uri", "x-type": "URL" }],
                        "minItems": 2,
                        "maxItems": 2,
                    },
                    "x-type": "Map",
                },
            })
        );
    }
}
