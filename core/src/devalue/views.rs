use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::buffers::ArrayBuffer;
use super::collections::Content;
use super::error::Invalid;
use super::marker::{self, TypedArrayKind};

impl TypedArrayKind {
    /// Bytes per element; one for `DataView`.
    #[must_use]
    pub const fn element_size(self) -> u8 {
        match self {
            Self::Int8 | Self::Uint8 | Self::Uint8Clamped | Self::DataView => 1,
            Self::Int16 | Self::Uint16 | Self::Float16 => 2,
            Self::Int32 | Self::Uint32 | Self::Float32 => 4,
            Self::Float64 | Self::BigInt64 | Self::BigUint64 => 8,
        }
    }
}

/// A view of any kind, a typed array or `DataView`, over all or a part of a buffer.
///
/// In other formats it is `{"kind", "buffer", "byteOffset", "length"}`, the last two left out if it covers all.
///
/// ```
/// use enact::devalue::{self, ArrayBuffer, TypedArray, TypedArrayKind};
///
/// let buffer = ArrayBuffer::from(vec![1, 0, 2, 0]);
/// let array = TypedArray::new(TypedArrayKind::Uint16, buffer, 2, 1).unwrap();
/// assert_eq!(array.bytes(), [2, 0]);
/// assert_eq!(devalue::to_string(&array).unwrap(), r#"[["Uint16Array",1,2,1],["ArrayBuffer","AQACAA=="]]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypedArray {
    kind: TypedArrayKind,
    buffer: ArrayBuffer,
    offset: usize,
    length: usize,
}

impl TypedArray {
    /// A view over `length` elements from the byte `offset` of the buffer on.
    ///
    /// # Errors
    ///
    /// [`Invalid`] if the offset is no multiple of the element's size, or the elements are not all in the buffer.
    pub fn new(kind: TypedArrayKind, buffer: ArrayBuffer, offset: usize, length: usize) -> Result<Self, Invalid> {
        let size = usize::from(kind.element_size());
        let end = length.checked_mul(size).and_then(|bytes| bytes.checked_add(offset));
        if !offset.is_multiple_of(size) || end.is_none_or(|end| end > buffer.len()) {
            return Err(Invalid::new("typed array"));
        }
        Ok(Self { kind, buffer, offset, length })
    }

    /// Its type.
    #[must_use]
    pub fn kind(&self) -> TypedArrayKind {
        self.kind
    }

    /// The whole buffer under it.
    #[must_use]
    pub fn buffer(&self) -> &ArrayBuffer {
        &self.buffer
    }

    /// Where in the buffer it begins, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// How many elements it has; for a `DataView`, bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// The bytes of its elements, in the byte order of the machine that wrote them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        let bytes = self.length * usize::from(self.kind.element_size());
        self.buffer.get(self.offset..self.offset + bytes).unwrap_or_default()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    kind: Cow<'a, str>,
    buffer: ArrayBuffer,
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "raw")]
    byte_offset: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "raw")]
    length: Option<usize>,
}

fn raw<S: Serializer>(number: &Option<usize>, serializer: S) -> Result<S::Ok, S::Error> {
    let number = number.and_then(|number| i64::try_from(number).ok());
    serializer.serialize_newtype_struct(marker::RAW, &number.unwrap_or_default())
}

impl Serialize for TypedArray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_part = self.bytes().len() != self.buffer.len();
        let fields = Fields {
            kind: self.kind.name().into(),
            buffer: self.buffer.clone(),
            byte_offset: is_part.then_some(self.offset),
            length: is_part.then_some(self.length),
        };
        serializer.serialize_newtype_struct(marker::VIEW, &fields)
    }
}

impl<'de> Deserialize<'de> for TypedArray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = Content::<Fields<'_>>::new("a typed array");
        let fields = deserializer.deserialize_newtype_struct(marker::VIEW, visitor)?;
        Self::try_from(fields).map_err(serde::de::Error::custom)
    }
}

impl TryFrom<Fields<'_>> for TypedArray {
    type Error = Invalid;

    /// As the constructors do (ECMA-262, `InitializeTypedArrayFromArrayBuffer`): without a length it takes all the rest,
    /// which must be whole elements.
    fn try_from(fields: Fields<'_>) -> Result<Self, Invalid> {
        let kind = TypedArrayKind::from_name(&fields.kind).ok_or(Invalid::new("typed array"))?;
        let offset = fields.byte_offset.unwrap_or(0);
        let size = usize::from(kind.element_size());
        let length = match fields.length {
            Some(length) => length,
            None => match fields.buffer.len().checked_sub(offset) {
                Some(rest) if rest.is_multiple_of(size) => rest / size,
                _ => return Err(Invalid::new("typed array")),
            },
        };
        Self::new(kind, fields.buffer, offset, length)
    }
}

impl JsonSchema for TypedArray {
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
