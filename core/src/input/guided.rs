//! A deserializer that holds what passes through it against the schema.
//!
//! It changes nothing: the type reads the input as it would without it. What breaks a rule is only noted, so that a valid
//! input is read once and builds nothing; one that is not valid is read again, into a tree, to tell every issue.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, Visitor};

use super::from_tree::{TreeDeserializer, Unread};
use super::key::KeyDeserializer;
use super::tree::Key;
use super::watch::Watch;
use crate::schema::{self, Additional, Kind, Node, NodeId, Number, Tree};

pub(super) struct Guided<'s, D> {
    inner: D,
    node: &'s Node,
    watch: &'s Watch<'s>,
}

impl<'s, D> Guided<'s, D> {
    pub(super) fn new(inner: D, node: &'s Node, watch: &'s Watch<'s>) -> Self {
        Self { inner, node, watch }
    }
}

/// Passes a request for a type on, with a visitor that looks at what comes. A union is read into a tree first, since only
/// the whole tells which member it is.
macro_rules! pass_on {
    ($($method:ident($($name:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            if let Kind::Union(_) | Kind::Tagged(_) = self.node.kind {
                return self.tree()?.$method($($name,)* visitor).map_err(misfit);
            }
            let Self { inner, node, watch } = self;
            inner.$method($($name,)* Look { visitor, node, watch })
        }
    )*};
}

impl<'de, 's, D: Deserializer<'de>> Guided<'s, D> {
    fn tree(self) -> Result<TreeDeserializer<'de>, D::Error> {
        let tree = <Tree<'de> as de::Deserialize>::deserialize(self.inner)?;
        if !schema::collect_issues(self.watch.schema, self.node, Some(&tree)).issues.is_empty() {
            self.watch.note();
            // It is read again, from the tree, if only constraints are broken; the type is not asked to try its members on
            // what fits none.
            return Err(de::Error::custom("no member of the union fits"));
        }
        Ok(TreeDeserializer::new(tree))
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Guided<'_, D> {
    type Error = D::Error;

    pass_on! {
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

    /// A constant is a text: `{"Red": null}`, which serde takes too, is none. Another enum is a union.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        match self.node.kind {
            Kind::Union(_) | Kind::Tagged(_) => self.tree()?.deserialize_enum(name, variants, visitor).map_err(misfit),
            Kind::Literal(_) => {
                let Key(text) = de::Deserialize::deserialize(self.inner)?;
                self.watch.text(self.node, &text);
                KeyDeserializer::new(text).deserialize_enum(name, variants, visitor)
            }
            _ => {
                let Self { inner, node, watch } = self;
                inner.deserialize_enum(name, variants, Look { visitor, node, watch })
            }
        }
    }
}

fn misfit<E: de::Error>(unread: Unread) -> E {
    E::custom(unread)
}

/// Looks at what a visitor is given.
struct Look<'s, V> {
    visitor: V,
    node: &'s Node,
    watch: &'s Watch<'s>,
}

macro_rules! numbers {
    ($($method:ident($type:ty) $number:expr;)*) => {$(
        fn $method<E: de::Error>(self, value: $type) -> Result<V::Value, E> {
            self.watch.number(self.node, $number(value));
            self.visitor.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Look<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<V::Value, E> {
        self.watch.boolean(self.node, value);
        self.visitor.visit_bool(value)
    }

    numbers! {
        visit_i64(i64) Number::Signed;
        visit_u64(u64) Number::Unsigned;
        visit_f64(f64) Number::Float;
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<V::Value, E> {
        self.watch.text(self.node, value);
        self.visitor.visit_str(value)
    }

    fn visit_borrowed_str<E: de::Error>(self, value: &'de str) -> Result<V::Value, E> {
        self.watch.text(self.node, value);
        self.visitor.visit_borrowed_str(value)
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<V::Value, E> {
        self.watch.text(self.node, &value);
        self.visitor.visit_string(value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.watch.null(self.node);
        self.visitor.visit_unit()
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.watch.null(self.node);
        self.visitor.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Guided::new(inner, self.node, self.watch))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Guided::new(inner, self.node, self.watch))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        let Self { visitor, node, watch } = self;
        match node.kind {
            Kind::Any => visitor.visit_seq(seq),
            Kind::Array(_) | Kind::Tuple(_) => visitor.visit_seq(Items { inner: seq, node, watch, count: 0 }),
            _ => {
                watch.note();
                visitor.visit_seq(seq)
            }
        }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let Self { visitor, node, watch } = self;
        match &node.kind {
            Kind::Any => visitor.visit_map(map),
            Kind::Object(_) => {
                visitor.visit_map(Properties { inner: map, node, watch, next: 0, count: 0, required: 0, value: None })
            }
            _ => {
                watch.note();
                visitor.visit_map(map)
            }
        }
    }

    fn visit_enum<A: de::EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        // A JSON object never comes here: its node is a union, which is read through a tree.
        self.visitor.visit_enum(Name { inner: data, node: self.node, watch: self.watch })
    }
}

/// The name of a unit variant.
struct Name<'s, A> {
    inner: A,
    node: &'s Node,
    watch: &'s Watch<'s>,
}

impl<'de, A: de::EnumAccess<'de>> de::EnumAccess<'de> for Name<'_, A> {
    type Error = A::Error;
    type Variant = A::Variant;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, A::Variant), A::Error> {
        self.inner.variant_seed(Seed { seed, node: self.node, watch: self.watch })
    }
}

struct Seed<'s, S> {
    seed: S,
    node: &'s Node,
    watch: &'s Watch<'s>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Seed<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(Guided::new(inner, self.node, self.watch))
    }
}

struct Items<'s, A> {
    inner: A,
    node: &'s Node,
    watch: &'s Watch<'s>,
    count: usize,
}

impl<'de, A: de::SeqAccess<'de>> de::SeqAccess<'de> for Items<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let id = match &self.node.kind {
            Kind::Array(rules) => Some(rules.items),
            Kind::Tuple(items) => items.get(self.count).copied(),
            _ => None,
        };
        let item = match id {
            Some(id) => {
                self.inner.next_element_seed(Seed { seed, node: self.watch.schema.node(id), watch: self.watch })?
            }
            None => self.inner.next_element_seed(seed)?,
        };
        if item.is_some() {
            self.count += 1;
        } else {
            match &self.node.kind {
                Kind::Array(rules) => self.watch.count(rules.min, rules.max, self.count),
                Kind::Tuple(items) if items.len() != self.count => self.watch.note(),
                _ => {}
            }
        }
        Ok(item)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

struct Properties<'s, A> {
    inner: A,
    node: &'s Node,
    watch: &'s Watch<'s>,
    next: usize,
    count: usize,
    required: usize,
    value: Option<NodeId>,
}

impl<'de, A: de::MapAccess<'de>> de::MapAccess<'de> for Properties<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Kind::Object(rules) = &self.node.kind else {
            return self.inner.next_key_seed(seed);
        };
        let mut key = self.inner.next_key()?;
        // As in Zod: what is kept without being declared is never an object's prototype, which no answer could hold.
        while let (Some(Key(name)), Additional::Keep(_)) = (&key, &rules.additional)
            && name == "__proto__"
            && rules.find(name, self.next).is_none()
        {
            self.inner.next_value::<de::IgnoredAny>()?;
            key = self.inner.next_key()?;
        }
        let Some(Key(key)) = key else {
            // A repeated key could stand for a missing one here; the type then misses the one that is required, and an
            // optional one is not required.
            if self.required < rules.required() {
                self.watch.note();
            }
            self.watch.count(rules.min, rules.max, self.count);
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
                    self.watch.note();
                    None
                }
            },
        };
        seed.deserialize(KeyDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match self.value.take() {
            Some(id) => self.inner.next_value_seed(Seed { seed, node: self.watch.schema.node(id), watch: self.watch }),
            None => self.inner.next_value_seed(seed),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
