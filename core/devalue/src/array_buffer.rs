//! `ArrayBuffer` and `Uint8Array`.

use std::fmt;
use std::ops::Deref;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::InvalidValue;
use crate::marker::Tag;

/// Pads on encoding, and accepts missing padding on decoding, as JavaScript does.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(crate) fn decode(text: &str) -> Result<Vec<u8>, InvalidValue> {
    BASE64.decode(text).map_err(|_| InvalidValue::new("invalid base64: expected RFC 4648's standard alphabet"))
}

/// JavaScript's `ArrayBuffer`: bytes.
///
/// In other formats it is a base64 string.
///
/// ```
/// use enact_devalue::ArrayBuffer;
///
/// let text = enact_devalue::to_string(&ArrayBuffer::from(vec![1, 2, 3])).unwrap();
/// assert_eq!(text, r#"[["ArrayBuffer","AQID"]]"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ArrayBuffer(pub Bytes);

/// JavaScript's `Uint8Array` with its own buffer: bytes.
///
/// It also reads a `Uint8Array` that views a part of a buffer, and takes the visible bytes. In other formats it is a
/// base64 string.
///
/// ```
/// use enact_devalue::Uint8Array;
///
/// let text = enact_devalue::to_string(&Uint8Array::from(vec![1, 2, 3])).unwrap();
/// assert_eq!(text, r#"[["Uint8Array",1],["ArrayBuffer","AQID"]]"#);
/// assert_eq!(&enact_devalue::from_str::<Uint8Array>(&text).unwrap()[..], [1, 2, 3]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Uint8Array(pub Bytes);

macro_rules! byte_types {
    ($($type:ident: $expecting:literal;)*) => {$(
        impl From<Bytes> for $type {
            fn from(bytes: Bytes) -> Self {
                Self(bytes)
            }
        }

        impl From<Vec<u8>> for $type {
            fn from(bytes: Vec<u8>) -> Self {
                Self(bytes.into())
            }
        }

        impl Deref for $type {
            type Target = [u8];

            fn deref(&self) -> &[u8] {
                &self.0
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct(Tag::$type.marker(), &BASE64.encode(&self.0))
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_newtype_struct(Tag::$type.marker(), BytesVisitor($expecting)).map(Self)
            }
        }
    )*};
}

byte_types! {
    ArrayBuffer: "an ArrayBuffer";
    Uint8Array: "a Uint8Array";
}

/// Reads bytes, or a base64 string.
struct BytesVisitor(&'static str);

impl<'de> Visitor<'de> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Bytes, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Bytes, E> {
        decode(text).map(Bytes::from).map_err(E::custom)
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes::copy_from_slice(bytes))
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
        Ok(bytes.into())
    }
}
