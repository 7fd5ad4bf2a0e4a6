//! From a value in memory to a type.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, Expected, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::handover;
use super::key::KeyDeserializer;
use crate::issue::PathSegment;
use crate::schema::{Number, Tree};

/// That a type cannot be read, and where in the input that was, innermost first. It has no words: those of a type may not be
/// meant for clients.
#[derive(Debug, Default)]
pub(crate) struct Unread(Vec<PathSegment>);

impl Unread {
    fn within(mut self, segment: impl Into<PathSegment>) -> Self {
        self.0.push(segment.into());
        self
    }

    /// Where it was, from the outside in.
    pub(super) fn into_path(mut self) -> Vec<PathSegment> {
        self.0.reverse();
        self.0
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the input does not fit its type")
    }
}

impl std::error::Error for Unread {}

/// Without words, none have to be put together.
impl de::Error for Unread {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::default()
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self::default()
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::default()
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::default()
    }

    fn missing_field(_: &'static str) -> Self {
        Self::default()
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self::default()
    }
}

/// Reads a type from a tree.
///
/// What is generic here is code for every type there is, so it is short: a type is asked only for what it wants, as by
/// `serde_json`, and what can be shared is done before and after.
pub(crate) struct TreeDeserializer<'de>(Tree<'de>);

impl<'de> TreeDeserializer<'de> {
    pub(crate) fn new(tree: Tree<'de>) -> Self {
        Self(tree)
    }

    fn number(self) -> Result<Number, Unread> {
        match self.0 {
            Tree::Number(number) => Ok(number),
            _ => Err(Unread::default()),
        }
    }

    /// Negative zero is an integer too.
    fn integer(self) -> Result<Number, Unread> {
        Ok(match self.number()? {
            Number::Float(0.0) => Number::Unsigned(0),
            number => number,
        })
    }

    fn text(self) -> Result<Cow<'de, str>, Unread> {
        match self.0 {
            Tree::String(text) => Ok(text),
            _ => Err(Unread::default()),
        }
    }

    fn items(self) -> Result<Items<'de>, Unread> {
        match self.0 {
            Tree::Array(items) => Ok(Items { rest: items.into_iter(), next: 0 }),
            _ => Err(Unread::default()),
        }
    }

    fn entries(self) -> Result<Entries<'de>, Unread> {
        match self.0 {
            Tree::Object(entries) => Ok(Entries::new(entries)),
            _ => Err(Unread::default()),
        }
    }

    /// Those of a struct, which serde takes as a list as well.
    fn fields(self, names: &'static [&'static str]) -> Result<Entries<'de>, Unread> {
        match self.0 {
            Tree::Array(items) => {
                let names = names.iter().map(|name| Cow::Borrowed(*name));
                Ok(Entries::new(names.zip(items).collect()))
            }
            _ => self.entries(),
        }
    }

    fn choice(self) -> Result<Choice<'de>, Unread> {
        match self.0 {
            Tree::String(name) => Ok(Choice { name, content: None }),
            Tree::Object(entries) => {
                let (name, content) = entries.into_iter().next().ok_or_else(Unread::default)?;
                Ok(Choice { name, content: Some(content) })
            }
            _ => Err(Unread::default()),
        }
    }

    /// A file as the number of its slot.
    fn content(self) -> Self {
        match self.0 {
            Tree::File(file) => Self(Tree::Number(Number::Unsigned(handover::put(file)))),
            tree => Self(tree),
        }
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            self.integer()?.visit(visitor)
        }
    )*};
}

macro_rules! floats {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            self.number()?.visit(visitor)
        }
    )*};
}

macro_rules! texts {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
            visitor.visit_str(&self.text()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for TreeDeserializer<'de> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(value),
            Tree::Number(number) => number.visit(visitor),
            Tree::String(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Tree::String(Cow::Owned(text)) => visitor.visit_string(text),
            Tree::File(_) => visitor.visit_newtype_struct(self.content()),
            Tree::Array(_) => visitor.visit_seq(&mut self.items()?),
            Tree::Object(_) => visitor.visit_map(&mut self.entries()?),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Tree::Bool(value) => visitor.visit_bool(value),
            _ => Err(Unread::default()),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_string(self.text()?.into_owned())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.0 {
            Tree::Null => visitor.visit_unit(),
            _ => Err(Unread::default()),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_newtype_struct(self.content())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_seq(&mut self.items()?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_map(&mut self.entries()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_map(&mut self.fields(names)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        visitor.visit_enum(self.choice()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
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

struct Items<'de> {
    rest: std::vec::IntoIter<Tree<'de>>,
    /// The index of the next, from 0.
    next: usize,
}

impl<'de> Items<'de> {
    #[inline(never)]
    fn take(&mut self) -> Option<TreeDeserializer<'de>> {
        self.next += 1;
        self.rest.next().map(TreeDeserializer)
    }

    #[cold]
    fn unread(&self, unread: Unread) -> Unread {
        unread.within(self.next.saturating_sub(1))
    }
}

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Unread;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unread> {
        match self.take() {
            Some(item) => seed.deserialize(item).map(Some).map_err(|unread| self.unread(unread)),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Entries<'de> {
    rest: std::vec::IntoIter<(Cow<'de, str>, Tree<'de>)>,
    key: Cow<'de, str>,
    value: Option<Tree<'de>>,
}

impl<'de> Entries<'de> {
    fn new(entries: Vec<(Cow<'de, str>, Tree<'de>)>) -> Self {
        Self { rest: entries.into_iter(), key: Cow::Borrowed(""), value: None }
    }

    #[inline(never)]
    fn take_key(&mut self) -> Option<KeyDeserializer<'de, Unread>> {
        let (key, value) = self.rest.next()?;
        self.key = key;
        self.value = Some(value);
        Some(KeyDeserializer::new(self.key.clone()))
    }

    #[inline(never)]
    fn take_value(&mut self) -> Result<TreeDeserializer<'de>, Unread> {
        self.value.take().map(TreeDeserializer).ok_or_else(Unread::default)
    }

    #[cold]
    fn unread(&self, unread: Unread) -> Unread {
        unread.within(&*self.key)
    }
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        match self.take_key() {
            Some(key) => seed.deserialize(key).map(Some).map_err(|unread| self.unread(unread)),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        seed.deserialize(self.take_value()?).map_err(|unread| self.unread(unread))
    }
}

/// The variant of an enum: a name, or an object of one entry.
struct Choice<'de> {
    name: Cow<'de, str>,
    content: Option<Tree<'de>>,
}

impl<'de> Choice<'de> {
    fn content(&mut self) -> Result<TreeDeserializer<'de>, Unread> {
        self.content.take().map(TreeDeserializer).ok_or_else(Unread::default)
    }

    #[cold]
    fn unread(&self, unread: Unread) -> Unread {
        unread.within(&*self.name)
    }
}

impl<'de> de::EnumAccess<'de> for Choice<'de> {
    type Error = Unread;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Unread> {
        let name = seed.deserialize(KeyDeserializer::new(self.name.clone()))?;
        Ok((name, self))
    }
}

impl<'de> de::VariantAccess<'de> for Choice<'de> {
    type Error = Unread;

    fn unit_variant(self) -> Result<(), Unread> {
        match self.content {
            None | Some(Tree::Null) => Ok(()),
            Some(_) => Err(self.unread(Unread::default())),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, Unread> {
        seed.deserialize(self.content()?).map_err(|unread| self.unread(unread))
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.content()?.deserialize_seq(visitor).map_err(|unread| self.unread(unread))
    }

    fn struct_variant<V: Visitor<'de>>(
        mut self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.content()?.deserialize_struct("", names, visitor).map_err(|unread| self.unread(unread))
    }
}
