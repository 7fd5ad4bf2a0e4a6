//! Deserialization of a type from a [`Tree`].

use std::borrow::Cow;

use serde::de::{self, DeserializeSeed, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::file_slots;
use super::key::KeyDeserializer;
use super::read_error::ReadError;
use crate::schema::{Number, Tree};

/// A deserializer of a type from a tree.
///
/// Generic methods are compiled once for each input type, so they are short. Shared steps are in functions that are not
/// generic and not inlined.
pub(super) struct TreeDeserializer<'de>(Tree<'de>);

impl<'de> TreeDeserializer<'de> {
    pub(super) fn new(tree: Tree<'de>) -> Self {
        Self(tree)
    }

    fn number(self) -> Result<Number, ReadError> {
        match self.0 {
            Tree::Number(number) => Ok(number),
            _ => Err(ReadError::default()),
        }
    }

    /// Like [`number`](Self::number), with negative zero as an integer.
    fn integer(self) -> Result<Number, ReadError> {
        Ok(match self.number()? {
            Number::Float(0.0) => Number::Unsigned(0),
            number => number,
        })
    }

    fn text(self) -> Result<Cow<'de, str>, ReadError> {
        match self.0 {
            Tree::String(text) => Ok(text),
            _ => Err(ReadError::default()),
        }
    }

    fn seq_access(self) -> Result<TreeSeqAccess<'de>, ReadError> {
        match self.0 {
            Tree::Array(items) => Ok(TreeSeqAccess { rest: items.into_iter(), next: 0 }),
            _ => Err(ReadError::default()),
        }
    }

    fn map_access(self) -> Result<TreeMapAccess<'de>, ReadError> {
        match self.0 {
            Tree::Object(entries) => Ok(TreeMapAccess::new(entries)),
            _ => Err(ReadError::default()),
        }
    }

    /// Returns the fields of a struct. Like `serde_json`, it also accepts a list of their values.
    fn struct_access(self, names: &'static [&'static str]) -> Result<TreeMapAccess<'de>, ReadError> {
        match self.0 {
            Tree::Array(items) => {
                let names = names.iter().map(|name| Cow::Borrowed(*name));
                Ok(TreeMapAccess::new(names.zip(items).collect()))
            }
            _ => self.map_access(),
        }
    }

    fn enum_access(self) -> Result<TreeEnumAccess<'de>, ReadError> {
        match self.0 {
            Tree::String(name) => Ok(TreeEnumAccess { name, content: None }),
            Tree::Object(entries) => {
                let (name, content) = entries.into_iter().next().ok_or_else(ReadError::default)?;
                Ok(TreeEnumAccess { name, content: Some(content) })
            }
            _ => Err(ReadError::default()),
        }
    }

    /// Replaces a file by the number of its slot.
    fn store_file(self) -> Self {
        match self.0 {
            Tree::File(file) => Self(Tree::Number(Number::Unsigned(file_slots::store(file)))),
            tree => Self(tree),
        }
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            self.integer()?.visit(visitor)
        }
    )*};
}

macro_rules! floats {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            self.number()?.visit(visitor)
        }
    )*};
}

macro_rules! texts {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            visitor.visit_str(&self.text()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for TreeDeserializer<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.0 {
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(value),
            Tree::Number(number) => number.visit(visitor),
            Tree::String(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Tree::String(Cow::Owned(text)) => visitor.visit_string(text),
            Tree::File(_) => visitor.visit_newtype_struct(self.store_file()),
            Tree::Array(_) => visitor.visit_seq(&mut self.seq_access()?),
            Tree::Object(_) => visitor.visit_map(&mut self.map_access()?),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.0 {
            Tree::Bool(value) => visitor.visit_bool(value),
            _ => Err(ReadError::default()),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_string(self.text()?.into_owned())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.0 {
            Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.0 {
            Tree::Null => visitor.visit_unit(),
            _ => Err(ReadError::default()),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self.store_file())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_seq(&mut self.seq_access()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_map(&mut self.map_access()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_map(&mut self.struct_access(names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_enum(self.enum_access()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    floats! { deserialize_f32 deserialize_f64 }

    texts! { deserialize_char deserialize_str deserialize_identifier }

    forward_to_deserialize_any! { bytes byte_buf }
}

struct TreeSeqAccess<'de> {
    rest: std::vec::IntoIter<Tree<'de>>,
    /// The index of the next item, from 0.
    next: usize,
}

impl<'de> TreeSeqAccess<'de> {
    #[inline(never)]
    fn take_item(&mut self) -> Option<TreeDeserializer<'de>> {
        self.next += 1;
        self.rest.next().map(TreeDeserializer)
    }

    #[cold]
    fn locate(&self, error: ReadError) -> ReadError {
        error.within(self.next.saturating_sub(1))
    }
}

impl<'de> de::SeqAccess<'de> for TreeSeqAccess<'de> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        match self.take_item() {
            Some(item) => seed.deserialize(item).map(Some).map_err(|error| self.locate(error)),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct TreeMapAccess<'de> {
    rest: std::vec::IntoIter<(Cow<'de, str>, Tree<'de>)>,
    key: Cow<'de, str>,
    value: Option<Tree<'de>>,
}

impl<'de> TreeMapAccess<'de> {
    fn new(entries: Vec<(Cow<'de, str>, Tree<'de>)>) -> Self {
        Self { rest: entries.into_iter(), key: Cow::Borrowed(""), value: None }
    }

    #[inline(never)]
    fn take_key(&mut self) -> Option<KeyDeserializer<'de, ReadError>> {
        let (key, value) = self.rest.next()?;
        self.key = key;
        self.value = Some(value);
        Some(KeyDeserializer::new(self.key.clone()))
    }

    #[inline(never)]
    fn take_value(&mut self) -> Result<TreeDeserializer<'de>, ReadError> {
        self.value.take().map(TreeDeserializer).ok_or_else(ReadError::default)
    }

    #[cold]
    fn locate(&self, error: ReadError) -> ReadError {
        error.within(&*self.key)
    }
}

impl<'de> de::MapAccess<'de> for TreeMapAccess<'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        match self.take_key() {
            Some(key) => seed.deserialize(key).map(Some).map_err(|error| self.locate(error)),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        seed.deserialize(self.take_value()?).map_err(|error| self.locate(error))
    }
}

/// The variant of an enum: either a name, or the only entry of an object.
struct TreeEnumAccess<'de> {
    name: Cow<'de, str>,
    content: Option<Tree<'de>>,
}

impl<'de> TreeEnumAccess<'de> {
    fn take_content(&mut self) -> Result<TreeDeserializer<'de>, ReadError> {
        self.content.take().map(TreeDeserializer).ok_or_else(ReadError::default)
    }

    #[cold]
    fn locate(&self, error: ReadError) -> ReadError {
        error.within(&*self.name)
    }
}

impl<'de> de::EnumAccess<'de> for TreeEnumAccess<'de> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), ReadError> {
        let name = seed.deserialize(KeyDeserializer::new(self.name.clone()))?;
        Ok((name, self))
    }
}

impl<'de> de::VariantAccess<'de> for TreeEnumAccess<'de> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match self.content {
            None | Some(Tree::Null) => Ok(()),
            Some(_) => Err(self.locate(ReadError::default())),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self.take_content()?).map_err(|error| self.locate(error))
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.take_content()?.deserialize_seq(visitor).map_err(|error| self.locate(error))
    }

    fn struct_variant<V: Visitor<'de>>(
        mut self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.take_content()?.deserialize_struct("", names, visitor).map_err(|error| self.locate(error))
    }
}
