//! Reads a type from a form, guided by its schema.

use serde::de::{self, DeserializeSeed, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::fields::{Field, Reader, nothing_selected};
use super::from_tree::{TreeDeserializer, Unread};
use super::handover;
use super::key::KeyDeserializer;
use crate::form::FormValue;
use crate::schema::{Additional, Kind, Node, NodeId, ObjectRules, Tree};

/// Form fields have no errors of their own: what is wrong with them, the schema tells.
pub(super) type Error = Unread;

impl<'a> Reader<'a> {
    pub(super) fn deserializer(self, id: NodeId, field: Field<'a>) -> FieldDeserializer<'a> {
        FieldDeserializer { reader: self, node: self.node(id), field }
    }

    pub(super) fn tree(self, id: NodeId, field: Field<'a>) -> Result<Tree<'a>, Error> {
        de::Deserialize::deserialize(self.deserializer(id, field))
    }
}

pub(super) struct FieldDeserializer<'a> {
    reader: Reader<'a>,
    node: &'a Node,
    field: Field<'a>,
}

impl<'a> FieldDeserializer<'a> {
    fn object(self, prefix: String, id: NodeId) -> Fields<'a> {
        let node = self.reader.node(id);
        let rules = match &node.kind {
            Kind::Object(rules) => Some(rules),
            _ => None,
        };
        Fields { reader: self.reader, prefix, rules, next: 0, pending: None, extras: None, count: 0 }
    }
}

impl<'de> Deserializer<'de> for FieldDeserializer<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Self { reader, node, field } = self;
        let watch = reader.watch;
        match field {
            Field::Null => {
                watch.null(node);
                visitor.visit_unit()
            }
            Field::Bool(value) => {
                watch.boolean(node, value);
                visitor.visit_bool(value)
            }
            Field::Number(number) => {
                watch.number(node, number);
                match &node.kind {
                    Kind::Number(rules) if !rules.integer => visitor.visit_f64(number.as_f64()),
                    _ => number.visit(visitor),
                }
            }
            Field::Text(text) => {
                watch.text(node, text);
                visitor.visit_borrowed_str(text)
            }
            Field::File(file) => {
                match &node.kind {
                    Kind::File(rules) => {
                        let mut broken = false;
                        rules.check(file, &mut broken);
                        if broken {
                            watch.note();
                        }
                    }
                    _ => watch.note(),
                }
                visitor.visit_newtype_struct(handover::give(file.clone()))
            }
            Field::List(name) => {
                let mut values = reader.form.get_all(&name);
                values.retain(|value| !matches!(value, FormValue::File(file) if nothing_selected(file)));
                // Before the type reads them: one of a fixed length stops where it has enough.
                match &node.kind {
                    Kind::Array(rules) => watch.count(rules.min, rules.max, values.len()),
                    Kind::Tuple(items) if items.len() != values.len() => watch.note(),
                    _ => {}
                }
                visitor.visit_seq(Values { reader, node, values: values.into_iter(), count: 0 })
            }
            Field::Rows(prefixes) => {
                if let Kind::Array(rules) = &node.kind {
                    watch.count(rules.min, rules.max, prefixes.len());
                }
                visitor.visit_seq(Rows { reader, node, prefixes: prefixes.into_iter() })
            }
            Field::Object(prefix, id) => {
                let fields = Self { reader, node, field: Field::Null }.object(prefix, id);
                visitor.visit_map(fields)
            }
            Field::Tree(tree) => TreeDeserializer::new(tree).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.field {
            Field::Null | Field::Tree(Tree::Null) => {
                self.reader.watch.null(self.node);
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        match self.field {
            Field::File(_) | Field::Tree(Tree::File(_)) => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.field {
            Field::Text(text) => {
                self.reader.watch.text(self.node, text);
                KeyDeserializer::new(text.into()).deserialize_enum(name, variants, visitor)
            }
            Field::Tree(tree) => TreeDeserializer::new(tree).deserialize_enum(name, variants, visitor),
            // What else there is names no variant; the schema says so.
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// The values of one name.
struct Values<'a> {
    reader: Reader<'a>,
    node: &'a Node,
    values: std::vec::IntoIter<FormValue<'a>>,
    count: usize,
}

impl<'de> de::SeqAccess<'de> for Values<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let place = self.count;
        let next = self.values.next();
        let id = match &self.node.kind {
            Kind::Array(rules) => Some(rules.items),
            Kind::Tuple(items) => items.get(place).copied(),
            _ => None,
        };
        let Some(value) = next else {
            return Ok(None);
        };
        self.count += 1;
        match id {
            Some(id) => {
                let field = self.reader.item(id, value);
                seed.deserialize(self.reader.deserializer(id, field)).map(Some)
            }
            // Beyond the end of a tuple: kept, so that the whole list can be told of.
            None => seed.deserialize(TreeDeserializer::new(Tree::from(value))).map(Some),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// The objects of a list that was sent by index.
struct Rows<'a> {
    reader: Reader<'a>,
    node: &'a Node,
    prefixes: std::vec::IntoIter<String>,
}

impl<'de> de::SeqAccess<'de> for Rows<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Kind::Array(rules) = &self.node.kind else {
            return Ok(None);
        };
        match self.prefixes.next() {
            Some(prefix) => {
                let field = self.reader.row(rules.items, prefix);
                seed.deserialize(self.reader.deserializer(rules.items, field)).map(Some)
            }
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.prefixes.len())
    }
}

/// The fields under one prefix: those declared, in their order, then what else was sent, where that counts.
struct Fields<'a> {
    reader: Reader<'a>,
    prefix: String,
    /// `None` where anything is taken.
    rules: Option<&'a ObjectRules>,
    next: usize,
    pending: Option<(NodeId, Field<'a>)>,
    extras: Option<std::vec::IntoIter<(&'a str, FormValue<'a>)>>,
    count: usize,
}

impl<'a> Fields<'a> {
    /// What was sent under names that nobody declared; of a repeated one the last.
    fn undeclared(&self) -> Vec<(&'a str, FormValue<'a>)> {
        let declared = |key: &str| {
            self.rules.is_some_and(|rules| {
                rules.properties.iter().any(|property| {
                    key.strip_prefix(property.name.as_str()).is_some_and(|rest| self.reader.takes(property.node, rest))
                })
            })
        };
        let mut places = std::collections::HashMap::new();
        let mut extras: Vec<(&str, FormValue<'_>)> = Vec::new();
        for (name, value) in self.reader.form.beginning_with(&self.prefix) {
            let Some(key) = name.strip_prefix(self.prefix.as_str()) else {
                continue;
            };
            if declared(key) {
                continue;
            }
            match places.get(key).and_then(|place: &usize| extras.get_mut(*place)) {
                Some(entry) => entry.1 = value,
                None => {
                    places.insert(key, extras.len());
                    extras.push((key, value));
                }
            }
        }
        extras
    }

    fn extra(&mut self) -> Option<&'a str> {
        let keep = match self.rules {
            None => None,
            Some(rules) => match rules.additional {
                Additional::Strip => return None,
                Additional::Keep(id) => Some(id),
                Additional::Refuse => None,
            },
        };
        if self.extras.is_none() {
            let extras = self.undeclared();
            if self.rules.is_some() && keep.is_none() && !extras.is_empty() {
                self.reader.watch.note();
            }
            self.extras = Some(extras.into_iter());
        }
        let (key, value) = self.extras.as_mut()?.next()?;
        self.pending = Some(match keep {
            Some(id) => (id, self.reader.item(id, value)),
            None => (self.reader.watch.schema.root_id(), Field::Tree(Tree::from(value))),
        });
        Some(key)
    }
}

impl<'de> de::MapAccess<'de> for Fields<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if let Some(rules) = self.rules {
            while let Some(property) = rules.properties.get(self.next) {
                self.next += 1;
                match self.reader.property(property, &self.prefix) {
                    Some(field) => {
                        self.count += 1;
                        self.pending = Some((property.node, field));
                        return seed.deserialize(KeyDeserializer::new(property.name.as_str().into())).map(Some);
                    }
                    None if property.required => self.reader.watch.note(),
                    None => {}
                }
            }
        }
        match self.extra() {
            Some(key) => {
                self.count += 1;
                seed.deserialize(KeyDeserializer::new(key.into())).map(Some)
            }
            None => {
                if let Some(rules) = self.rules {
                    self.reader.watch.count(rules.min, rules.max, self.count);
                }
                Ok(None)
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        match self.pending.take() {
            Some((id, field)) => seed.deserialize(self.reader.deserializer(id, field)),
            None => Err(de::Error::custom("a value was asked for before its key")),
        }
    }
}
