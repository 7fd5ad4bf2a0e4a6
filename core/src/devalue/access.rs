//! Containers being read.

use std::borrow::Cow;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::de::SlotDe;
use super::document::{Document, Sparse};
use super::error::Error;
use super::payload::Payload;
use super::scan::Cursor;
use super::slots::{HOLE, Ref, UNDEFINED};

/// The items of an array or set.
#[derive(Debug)]
pub(super) struct Items<'a, 'de> {
    document: &'a mut Document<'de>,
    cursor: Cursor<'de>,
    index: usize,
}

impl<'a, 'de> Items<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, cursor: Cursor<'de>) -> Self {
        Self { document, cursor, index: 0 }
    }

    /// Visits them and makes sure that all were taken.
    pub(super) fn visit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let value = visitor.visit_seq(&mut self)?;
        if self.cursor.has_more() {
            return Err(Error::custom(format_args!("more than {} elements", self.index)));
        }
        Ok(value)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if !self.cursor.has_more() {
            return Ok(None);
        }
        let index = self.index;
        self.index += 1;
        let slot = match self.cursor.reference()? {
            HOLE => UNDEFINED,
            slot => slot,
        };
        let value = seed.deserialize(SlotDe::new(self.document, slot));
        value.map(Some).map_err(|error| error.in_index(index))
    }
}

/// The elements of an array with holes, which read as `undefined`.
#[derive(Debug)]
pub(super) struct SparseItems<'a, 'de> {
    document: &'a mut Document<'de>,
    length: u32,
    next: u32,
    entries: std::iter::Peekable<std::vec::IntoIter<(u32, Ref)>>,
}

impl<'a, 'de> SparseItems<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, sparse: Sparse) -> Self {
        Self { document, length: sparse.length, next: 0, entries: sparse.entries.into_iter().peekable() }
    }
}

impl<'de> SeqAccess<'de> for SparseItems<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        if self.next == self.length {
            return Ok(None);
        }
        let index = self.next;
        self.next += 1;
        // The length is only claimed.
        self.document.charge(8)?;
        let slot = self.entries.next_if(|&(at, _)| at == index).map_or(UNDEFINED, |(_, slot)| slot);
        let value = seed.deserialize(SlotDe::new(self.document, slot));
        value.map(Some).map_err(|error| error.in_index(index as usize))
    }
}

/// The pairs of a map; or of an array with holes: its length and `undefined`, then each index and its value.
#[derive(Debug)]
pub(super) struct Pairs<'a, 'de> {
    document: &'a mut Document<'de>,
    source: Source<'de>,
    index: usize,
}

#[derive(Debug)]
enum Source<'de> {
    Map(Cursor<'de>),
    Sparse(Option<u32>, std::vec::IntoIter<(u32, Ref)>),
}

impl<'a, 'de> Pairs<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, cursor: Cursor<'de>) -> Self {
        Self { document, source: Source::Map(cursor), index: 0 }
    }

    pub(super) fn sparse(document: &'a mut Document<'de>, sparse: Sparse) -> Self {
        Self { document, source: Source::Sparse(Some(sparse.length), sparse.entries.into_iter()), index: 0 }
    }
}

impl<'de> Source<'de> {
    fn next(&mut self) -> Result<Option<(Key, Ref)>, Error> {
        match self {
            Self::Map(cursor) => {
                if !cursor.has_more() {
                    return Ok(None);
                }
                let key = cursor.reference()?;
                if !cursor.has_more() {
                    return Err(Error::custom("a key has no value"));
                }
                Ok(Some((Key::Slot(key), cursor.reference()?)))
            }
            Self::Sparse(length, entries) => Ok(match length.take() {
                Some(length) => Some((Key::Number(length), UNDEFINED)),
                None => entries.next().map(|(index, slot)| (Key::Number(index), slot)),
            }),
        }
    }
}

impl<'de> SeqAccess<'de> for Pairs<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some((key, value)) = self.source.next()? else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        let pair = Pair { document: self.document, key: Some(key), value: Some(value) };
        seed.deserialize(pair).map(Some).map_err(|error| error.in_index(index))
    }
}

#[derive(Debug)]
enum Key {
    Slot(Ref),
    Number(u32),
}

struct Pair<'a, 'de> {
    document: &'a mut Document<'de>,
    key: Option<Key>,
    value: Option<Ref>,
}

impl<'de> Deserializer<'de> for Pair<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for Pair<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let slot = match self.key.take() {
            Some(Key::Number(number)) => return seed.deserialize(Payload::Number(number)).map(Some),
            Some(Key::Slot(slot)) => slot,
            None => match self.value.take() {
                Some(slot) => slot,
                None => return Ok(None),
            },
        };
        seed.deserialize(SlotDe::new(self.document, slot)).map(Some)
    }
}

/// The entries of an object.
#[derive(Debug)]
pub(super) struct Entries<'a, 'de> {
    document: &'a mut Document<'de>,
    cursor: Cursor<'de>,
    /// Keys and values are items alike.
    is_list: bool,
    /// The current key.
    key: Cursor<'de>,
}

impl<'a, 'de> Entries<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, cursor: Cursor<'de>, is_list: bool) -> Self {
        Self { document, cursor, is_list, key: cursor }
    }

    fn next_key(&mut self) -> Result<Option<Cow<'de, str>>, Error> {
        if !self.cursor.has_more() {
            return Ok(None);
        }
        self.key = self.cursor;
        if self.cursor.peek() != Some(b'"') {
            return Err(Error::custom("a key must be a string"));
        }
        let key = self.cursor.string()?;
        if key == "__proto__" {
            return Err(Error::custom("a key must not be `__proto__`"));
        }
        if !self.is_list {
            self.cursor.colon();
        } else if !self.cursor.has_more() {
            return Err(Error::custom("a key has no value"));
        }
        Ok(Some(key))
    }
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.next_key()?.map(|key| seed.deserialize(KeyDe(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let slot = self.cursor.reference();
        slot.and_then(|slot| seed.deserialize(SlotDe::new(self.document, slot)))
            .map_err(|error| error.in_key(&self.key.string().unwrap_or_default()))
    }
}

/// A key, which may stand for a number or another plain value as in JSON.
struct KeyDe<'de>(Cow<'de, str>);

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

impl<'de> Deserializer<'de> for KeyDe<'de> {
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

/// The variant of an enum that is an object's only entry.
#[derive(Debug)]
pub(super) struct Variant<'a, 'de> {
    document: &'a mut Document<'de>,
    name: Cow<'de, str>,
    slot: Ref,
}

impl<'a, 'de> Variant<'a, 'de> {
    pub(super) fn new(mut entries: Entries<'a, 'de>) -> Result<Self, Error> {
        let only = |is_only: bool| if is_only { Ok(()) } else { Err(Error::custom("expected one variant as key")) };
        let name = entries.next_key()?;
        only(name.is_some())?;
        let slot = entries.cursor.reference()?;
        only(!entries.cursor.has_more())?;
        Ok(Self { document: entries.document, name: name.unwrap_or_default(), slot })
    }

    fn content<T>(self, read: impl FnOnce(SlotDe<'_, 'de>) -> Result<T, Error>) -> Result<T, Error> {
        read(SlotDe::new(self.document, self.slot)).map_err(|error| error.in_key(&self.name))
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: Cow<'_, str> = Cow::Borrowed(&self.name);
        Ok((seed.deserialize(KeyDe(Cow::Owned(name.into_owned())))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        self.content(|content| serde::Deserialize::deserialize(content))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        self.content(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        self.content(|content| content.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.content(|content| content.deserialize_struct("", fields, visitor))
    }
}

/// A marker's content under its name, for a reader that takes any.
#[derive(Debug)]
pub(super) struct Named<'a, 'de> {
    pub(super) name: &'static str,
    pub(super) content: Payload<'a, 'de>,
}

impl<'a, 'de> EnumAccess<'de> for Named<'a, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        Ok((seed.deserialize(KeyDe(Cow::Borrowed(self.name)))?, self))
    }
}

impl<'de> VariantAccess<'de> for Named<'_, 'de> {
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
