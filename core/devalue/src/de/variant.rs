//! The variants of enums.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error as _, VariantAccess, Visitor};

use super::document::Document;
use super::payload::Payload;
use super::properties::{KeyDeserializer, Properties};
use super::slot_deserializer::SlotDeserializer;
use crate::error::Error;
use crate::reference::Ref;

/// The variant of an enum that is written as an object with one property.
#[derive(Debug)]
pub(super) struct Variant<'a, 'de> {
    document: &'a mut Document<'de>,
    name: Cow<'de, str>,
    slot: Ref,
}

impl<'a, 'de> Variant<'a, 'de> {
    pub(super) fn new(mut properties: Properties<'a, 'de>) -> Result<Self, Error> {
        let error = || Error::custom("expected an object with one property, the name of a variant");
        let name = properties.next_key()?.ok_or_else(error)?;
        let slot = properties.cursor.parse_reference()?;
        if properties.cursor.advance_to_item() {
            return Err(error());
        }
        Ok(Self { document: properties.document, name, slot })
    }

    fn read_content<T>(self, read: impl FnOnce(SlotDeserializer<'_, 'de>) -> Result<T, Error>) -> Result<T, Error> {
        read(SlotDeserializer::new(self.document, self.slot)).map_err(|error| error.in_key(&self.name))
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: Cow<'_, str> = Cow::Borrowed(&self.name);
        Ok((seed.deserialize(KeyDeserializer(Cow::Owned(name.into_owned())))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.read_content(|content| serde::Deserialize::deserialize(content))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.read_content(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.read_content(|content| content.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.read_content(|content| content.deserialize_struct("", fields, visitor))
    }
}

/// The content of a type that serde lacks, as a variant with the name of the marker. [`Value`](crate::Value) reads it.
#[derive(Debug)]
pub(super) struct NamedContent<'a, 'de> {
    pub(super) name: &'static str,
    pub(super) content: Payload<'a, 'de>,
}

impl<'a, 'de> EnumAccess<'de> for NamedContent<'a, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        Ok((seed.deserialize(KeyDeserializer(Cow::Borrowed(self.name)))?, self))
    }
}

impl<'de> VariantAccess<'de> for NamedContent<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.content)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Error> {
        self.content.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.content.deserialize_any(visitor)
    }
}
