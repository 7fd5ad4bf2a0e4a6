//! Validation of values on their way from a deserializer to a type.
//!
//! [`SchemaDeserializer`] wraps a deserializer, and its visitors pass on every value unchanged. A value that breaks a rule only
//! clears the [`Validity`].

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, Visitor};

use super::key::{KeyDeserializer, ObjectKey};
use super::read_error::ReadError;
use super::tree_deserializer::TreeDeserializer;
use super::validity::Validity;
use crate::schema::{self, Additional, Kind, Node, NodeId, Number, Tree};

/// A deserializer that validates the values of a place in the input against the schema's node for it.
pub(super) struct SchemaDeserializer<'s, D> {
    inner: D,
    node: &'s Node,
    validity: &'s Validity<'s>,
}

impl<'s, D> SchemaDeserializer<'s, D> {
    pub(super) fn new(inner: D, node: &'s Node, validity: &'s Validity<'s>) -> Self {
        Self { inner, node, validity }
    }
}

/// Forwards a method to the inner deserializer with a validating visitor. A union is read into a tree first, because its
/// member can only be chosen by the whole value.
macro_rules! forward_validated {
    ($($method:ident($($name:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            if let Kind::Union(_) | Kind::Tagged(_) = self.node.kind {
                return self.read_union()?.$method($($name,)* visitor).map_err(to_custom_error);
            }
            let Self { inner, node, validity } = self;
            inner.$method($($name,)* SchemaVisitor { visitor, node, validity })
        }
    )*};
}

impl<'de, 's, D: Deserializer<'de>> SchemaDeserializer<'s, D> {
    /// Reads the whole value and validates it.
    fn read_union(self) -> Result<TreeDeserializer<'de>, D::Error> {
        let tree = <Tree<'de> as de::Deserialize>::deserialize(self.inner)?;
        if !schema::collect_issues(self.validity.schema, self.node, Some(&tree)).issues.is_empty() {
            self.validity.mark_invalid();
            // The type must not try its variants on a value that matches no member. If only constraints are broken, the type is
            // read later, from the tree.
            return Err(de::Error::custom("no member of the union matches"));
        }
        Ok(TreeDeserializer::new(tree))
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for SchemaDeserializer<'_, D> {
    type Error = D::Error;

    forward_validated! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_map();
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }

    /// Reads an enum of constants from text alone, although serde also accepts `{"Red": null}`. Other enums are unions.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        match self.node.kind {
            Kind::Union(_) | Kind::Tagged(_) => {
                self.read_union()?.deserialize_enum(name, variants, visitor).map_err(to_custom_error)
            }
            Kind::Literal(_) => {
                let ObjectKey(text) = de::Deserialize::deserialize(self.inner)?;
                self.validity.check_text(self.node, &text);
                KeyDeserializer::new(text).deserialize_enum(name, variants, visitor)
            }
            _ => {
                let Self { inner, node, validity } = self;
                inner.deserialize_enum(name, variants, SchemaVisitor { visitor, node, validity })
            }
        }
    }
}

fn to_custom_error<E: de::Error>(error: ReadError) -> E {
    E::custom(error)
}

/// A visitor that validates each value before it passes it on.
struct SchemaVisitor<'s, V> {
    visitor: V,
    node: &'s Node,
    validity: &'s Validity<'s>,
}

macro_rules! numbers {
    ($($method:ident($type:ty) $number:expr;)*) => {$(
        fn $method<E: de::Error>(self, value: $type) -> Result<V::Value, E> {
            self.validity.check_number(self.node, $number(value));
            self.visitor.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for SchemaVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.validity.check_bool(self.node, value);
        self.visitor.visit_bool(value)
    }

    numbers! {
        visit_i64(i64) Number::Signed;
        visit_u64(u64) Number::Unsigned;
        visit_f64(f64) Number::Float;
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<V::Value, E> {
        self.validity.check_text(self.node, value);
        self.visitor.visit_str(value)
    }

    fn visit_borrowed_str<E: de::Error>(self, value: &'de str) -> Result<V::Value, E> {
        self.validity.check_text(self.node, value);
        self.visitor.visit_borrowed_str(value)
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<V::Value, E> {
        self.validity.check_text(self.node, &value);
        self.visitor.visit_string(value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.validity.check_null(self.node);
        self.visitor.visit_unit()
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.validity.check_null(self.node);
        self.visitor.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(SchemaDeserializer::new(inner, self.node, self.validity))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(SchemaDeserializer::new(inner, self.node, self.validity))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        let Self { visitor, node, validity } = self;
        match node.kind {
            Kind::Any => visitor.visit_seq(seq),
            Kind::Array(_) | Kind::Tuple(_) => {
                visitor.visit_seq(SchemaSeqAccess { inner: seq, node, validity, count: 0 })
            }
            _ => {
                validity.mark_invalid();
                visitor.visit_seq(seq)
            }
        }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let Self { visitor, node, validity } = self;
        match &node.kind {
            Kind::Any => visitor.visit_map(map),
            Kind::Object(_) => visitor.visit_map(SchemaMapAccess {
                inner: map,
                node,
                validity,
                next: 0,
                count: 0,
                required: 0,
                value: None,
            }),
            _ => {
                validity.mark_invalid();
                visitor.visit_map(map)
            }
        }
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        // The variant is given by its name alone: an enum with content is a union, which is read through a tree.
        self.visitor.visit_enum(SchemaEnumAccess { inner: data, node: self.node, validity: self.validity })
    }
}

/// The variant of an enum of constants.
struct SchemaEnumAccess<'s, A> {
    inner: A,
    node: &'s Node,
    validity: &'s Validity<'s>,
}

impl<'de, A: de::EnumAccess<'de>> de::EnumAccess<'de> for SchemaEnumAccess<'_, A> {
    type Error = A::Error;
    type Variant = A::Variant;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, A::Variant), A::Error> {
        self.inner.variant_seed(SchemaSeed { seed, node: self.node, validity: self.validity })
    }
}

struct SchemaSeed<'s, S> {
    seed: S,
    node: &'s Node,
    validity: &'s Validity<'s>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for SchemaSeed<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(SchemaDeserializer::new(inner, self.node, self.validity))
    }
}

struct SchemaSeqAccess<'s, A> {
    inner: A,
    node: &'s Node,
    validity: &'s Validity<'s>,
    count: usize,
}

impl<'de, A: de::SeqAccess<'de>> de::SeqAccess<'de> for SchemaSeqAccess<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let id = match &self.node.kind {
            Kind::Array(rules) => Some(rules.items),
            Kind::Tuple(items) => items.get(self.count).copied(),
            _ => None,
        };
        let item = match id {
            Some(id) => self.inner.next_element_seed(SchemaSeed {
                seed,
                node: self.validity.schema.node(id),
                validity: self.validity,
            })?,
            None => self.inner.next_element_seed(seed)?,
        };
        if item.is_some() {
            self.count += 1;
        } else {
            match &self.node.kind {
                Kind::Array(rules) => self.validity.check_count(rules.min, rules.max, self.count),
                Kind::Tuple(items) if items.len() != self.count => self.validity.mark_invalid(),
                _ => {}
            }
        }
        Ok(item)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

struct SchemaMapAccess<'s, A> {
    inner: A,
    node: &'s Node,
    validity: &'s Validity<'s>,
    next: usize,
    count: usize,
    required: usize,
    value: Option<NodeId>,
}

impl<'de, A: de::MapAccess<'de>> de::MapAccess<'de> for SchemaMapAccess<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Kind::Object(rules) = &self.node.kind else {
            return self.inner.next_key_seed(seed);
        };
        let mut key = self.inner.next_key()?;
        // Like Zod, an undeclared `__proto__` is dropped: no response could contain it.
        while let (Some(ObjectKey(name)), Additional::Keep(_)) = (&key, &rules.additional)
            && name == "__proto__"
            && rules.find(name, self.next).is_none()
        {
            self.inner.next_value::<de::IgnoredAny>()?;
            key = self.inner.next_key()?;
        }
        let Some(ObjectKey(key)) = key else {
            // A repeated key can make up the number of required properties here. The type then reports the missing property.
            if self.required < rules.required() {
                self.validity.mark_invalid();
            }
            self.validity.check_count(rules.min, rules.max, self.count);
            return Ok(None);
        };
        self.count += 1;
        self.value = match rules.find(&key, self.next) {
            Some(place) => {
                self.next = place + 1;
                rules.properties.get(place).map(|property| {
                    self.required += usize::from(property.required);
                    property.node
                })
            }
            None => match rules.additional {
                Additional::Keep(id) => Some(id),
                Additional::Strip => None,
                Additional::Refuse => {
                    self.validity.mark_invalid();
                    None
                }
            },
        };
        seed.deserialize(KeyDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match self.value.take() {
            Some(id) => self.inner.next_value_seed(SchemaSeed {
                seed,
                node: self.validity.schema.node(id),
                validity: self.validity,
            }),
            None => self.inner.next_value_seed(seed),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
