use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::array_buffer::ArrayBuffer;
use crate::error::InvalidValue;
use crate::marker;
use crate::tags::tags;

tags! {
    /// The type of a [`TypedArray`].
    #[non_exhaustive]
    pub enum TypedArrayKind {
        /// `Int8Array`
        Int8 = "Int8Array",
        /// `Uint8Array`
        Uint8 = "Uint8Array",
        /// `Uint8ClampedArray`
        Uint8Clamped = "Uint8ClampedArray",
        /// `Int16Array`
        Int16 = "Int16Array",
        /// `Uint16Array`
        Uint16 = "Uint16Array",
        /// `Float16Array`
        Float16 = "Float16Array",
        /// `Int32Array`
        Int32 = "Int32Array",
        /// `Uint32Array`
        Uint32 = "Uint32Array",
        /// `Float32Array`
        Float32 = "Float32Array",
        /// `Float64Array`
        Float64 = "Float64Array",
        /// `BigInt64Array`
        BigInt64 = "BigInt64Array",
        /// `BigUint64Array`
        BigUint64 = "BigUint64Array",
        /// `DataView`
        DataView = "DataView",
    }
}

impl TypedArrayKind {
    /// Returns the size of an element in bytes; 1 for `DataView`.
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

/// A typed array of any type, or a `DataView`: a view of a buffer or of a part of it.
///
/// In other formats it is the object `{"kind", "buffer", "byteOffset", "length"}`. The last two are omitted if the view
/// covers the whole buffer.
///
/// ```
/// use enact_devalue::{ArrayBuffer, TypedArray, TypedArrayKind};
///
/// let buffer = ArrayBuffer::from(vec![1, 0, 2, 0]);
/// let array = TypedArray::new(TypedArrayKind::Uint16, buffer, 2, 1).unwrap();
/// assert_eq!(array.bytes(), [2, 0]);
/// assert_eq!(
///     enact_devalue::to_string(&array).unwrap(),
///     r#"[["Uint16Array",1,2,1],["ArrayBuffer","AQACAA=="]]"#,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypedArray {
    kind: TypedArrayKind,
    buffer: ArrayBuffer,
    offset: usize,
    length: usize,
}

const INVALID: InvalidValue = InvalidValue::new(
    "invalid typed array: expected a known type, an offset that is a multiple of the element size, and a length within \
     the buffer",
);

impl TypedArray {
    /// Creates a view of `length` elements that begins `offset` bytes into the buffer.
    ///
    /// # Errors
    ///
    /// Returns an error if the offset is not a multiple of the element size, or the view ends after the buffer.
    pub fn new(kind: TypedArrayKind, buffer: ArrayBuffer, offset: usize, length: usize) -> Result<Self, InvalidValue> {
        let size = usize::from(kind.element_size());
        let end = length.checked_mul(size).and_then(|bytes| bytes.checked_add(offset));
        if !offset.is_multiple_of(size) || end.is_none_or(|end| end > buffer.len()) {
            return Err(INVALID);
        }
        Ok(Self { kind, buffer, offset, length })
    }

    /// Returns the type of the view.
    #[must_use]
    pub fn kind(&self) -> TypedArrayKind {
        self.kind
    }

    /// Returns the whole buffer.
    #[must_use]
    pub fn buffer(&self) -> &ArrayBuffer {
        &self.buffer
    }

    /// Returns the start of the view in the buffer, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the number of elements; for a `DataView`, the number of bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Returns the bytes of the elements, in the byte order of the machine that wrote them.
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
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "serialize_raw")]
    byte_offset: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "serialize_raw")]
    length: Option<usize>,
}

fn serialize_raw<S: Serializer>(number: &Option<usize>, serializer: S) -> Result<S::Ok, S::Error> {
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
        let fields: Fields<'_> = marker::deserialize_content(deserializer, marker::VIEW, "a typed array")?;
        Self::try_from(fields).map_err(serde::de::Error::custom)
    }
}

impl TryFrom<Fields<'_>> for TypedArray {
    type Error = InvalidValue;

    /// Checks the fields as the constructors do (ECMA-262, `InitializeTypedArrayFromArrayBuffer`).
    ///
    /// Without a length the view covers the rest of the buffer, which must be whole elements.
    fn try_from(fields: Fields<'_>) -> Result<Self, InvalidValue> {
        let kind = TypedArrayKind::from_name(&fields.kind).ok_or(INVALID)?;
        let offset = fields.byte_offset.unwrap_or(0);
        let size = usize::from(kind.element_size());
        let length = match fields.length {
            Some(length) => length,
            None => match fields.buffer.len().checked_sub(offset) {
                Some(rest) if rest.is_multiple_of(size) => rest / size,
                _ => return Err(INVALID),
            },
        };
        Self::new(kind, fields.buffer, offset, length)
    }
}
