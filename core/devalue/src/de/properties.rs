//! The properties of objects.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::cursor::Cursor;
use super::document::Document;
use super::slot_deserializer::SlotDeserializer;
use crate::error::Error;

/// The properties of an object.
#[derive(Debug)]
pub(super) struct Properties<'a, 'de> {
    pub(super) document: &'a mut Document<'de>,
    pub(super) cursor: Cursor<'de>,
    /// The current key.
    key: Cursor<'de>,
    /// Whether keys and values alternate in a list, as in an object without a prototype.
    #[cfg(feature = "exotic")]
    is_list: bool,
}

impl<'a, 'de> Properties<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, cursor: Cursor<'de>) -> Self {
        Self {
            document,
            cursor,
            key: cursor,
            #[cfg(feature = "exotic")]
            is_list: false,
        }
    }

    /// Returns the properties of an object without a prototype.
    #[cfg(feature = "exotic")]
    pub(super) fn of_null_object(document: &'a mut Document<'de>, cursor: Cursor<'de>) -> Self {
        Self { document, cursor, key: cursor, is_list: true }
    }

    pub(super) fn next_key(&mut self) -> Result<Option<Cow<'de, str>>, Error> {
        if !self.cursor.advance_to_item() {
            return Ok(None);
        }
        self.key = self.cursor;
        if self.cursor.peek() != Some(b'"') {
            return Err(Error::custom("invalid object key: expected a string"));
        }
        let key = self.cursor.parse_string()?;
        if key == "__proto__" {
            return Err(Error::custom("invalid object key: `__proto__`"));
        }
        #[cfg(feature = "exotic")]
        if self.is_list {
            if self.cursor.advance_to_item() {
                return Ok(Some(key));
            }
            return Err(Error::custom(format_args!("missing value of the key {key:?}")));
        }
        self.cursor.skip_colon();
        Ok(Some(key))
    }
}

impl<'de> MapAccess<'de> for Properties<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.next_key()?.map(|key| seed.deserialize(KeyDeserializer(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let slot = self.cursor.parse_reference();
        slot.and_then(|slot| seed.deserialize(SlotDeserializer::new(self.document, slot)))
            .map_err(|error| error.in_key(&self.key.parse_string().unwrap_or_default()))
    }
}

/// The deserializer of a key. A key may be read as a number or a boolean, as in `serde_json`.
pub(super) struct KeyDeserializer<'de>(pub(super) Cow<'de, str>);

macro_rules! parsed {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for KeyDeserializer<'de> {
    type Error = Error;

    parsed! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8
        deserialize_i16 visit_i16
        deserialize_i32 visit_i32
        deserialize_i64 visit_i64
        deserialize_i128 visit_i128
        deserialize_u8 visit_u8
        deserialize_u16 visit_u16
        deserialize_u32 visit_u32
        deserialize_u64 visit_u64
        deserialize_u128 visit_u128
        deserialize_f32 visit_f32
        deserialize_f64 visit_f64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Cow::Borrowed(key) => visitor.visit_borrowed_str(key),
            Cow::Owned(key) => visitor.visit_string(key),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
