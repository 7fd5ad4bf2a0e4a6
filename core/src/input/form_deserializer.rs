//! Deserialization of a type from a form, guided by the schema.

use std::collections::HashMap;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::file_slots::SlotDeserializer;
use super::form_field::{FormField, FormReader, UnionPlace, is_unselected};
use super::key::KeyDeserializer;
use super::read_error::ReadError;
use super::tree_deserializer::TreeDeserializer;
use crate::form::FormValue;
use crate::schema::{self, Additional, Kind, Node, NodeId, ObjectRules, Tree};

impl<'a> FormReader<'a> {
    /// Returns the deserializer of the whole form.
    pub(super) fn root_deserializer(self) -> FormDeserializer<'a> {
        let root = self.validity.schema.root_id();
        self.deserializer(root, self.root_field(root))
    }

    fn deserializer(self, id: NodeId, field: FormField<'a>) -> FormDeserializer<'a> {
        FormDeserializer { reader: self, node: self.node(id), field }
    }

    /// Reads a union into a tree: as the first member that matches, otherwise as the last member that could be read.
    #[inline(never)]
    fn resolve_union(self, node: &'a Node, members: &[NodeId], place: &UnionPlace<'a>) -> FormDeserializer<'a> {
        let tree = self.read_union(node, members, place);
        FormDeserializer { reader: self, node, field: FormField::Tree(tree) }
    }

    fn read_union(self, node: &Node, members: &[NodeId], place: &UnionPlace<'a>) -> Tree<'a> {
        let was_valid = self.validity.is_valid();
        let mut last = None;
        for &member in members {
            let tree = Tree::deserialize(self.deserializer(member, self.member_field(member, place)));
            // Other members may still match.
            self.validity.restore(was_valid);
            let Ok(tree) = tree else {
                continue;
            };
            if schema::collect_issues(self.validity.schema, self.node(member), Some(&tree)).issues.is_empty() {
                return tree;
            }
            last = Some(tree);
        }
        let tree = last.unwrap_or(Tree::Null);
        if !(node.nullable && matches!(tree, Tree::Null)) {
            self.validity.mark_invalid();
        }
        tree
    }
}

/// A deserializer of a field.
pub(super) struct FormDeserializer<'a> {
    reader: FormReader<'a>,
    node: &'a Node,
    field: FormField<'a>,
}

impl<'de> Deserializer<'de> for FormDeserializer<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let Self { reader, node, field } = self;
        let validity = reader.validity;
        match field {
            FormField::Null => {
                validity.check_null(node);
                visitor.visit_unit()
            }
            FormField::Bool(value) => {
                validity.check_bool(node, value);
                visitor.visit_bool(value)
            }
            FormField::Number(number) => {
                validity.check_number(node, number);
                match &node.kind {
                    Kind::Number(rules) if !rules.integer => visitor.visit_f64(number.as_f64()),
                    _ => number.visit(visitor),
                }
            }
            FormField::Text(text) => {
                validity.check_text(node, text);
                visitor.visit_borrowed_str(text)
            }
            FormField::File(file) => {
                match &node.kind {
                    Kind::File(rules) => {
                        let mut broken = false;
                        rules.check(file, &mut broken);
                        if broken {
                            validity.mark_invalid();
                        }
                    }
                    _ => validity.mark_invalid(),
                }
                visitor.visit_newtype_struct(SlotDeserializer::new(file.clone()))
            }
            FormField::List(name) => {
                let mut values = reader.form.get_all(&name);
                values.retain(|value| !matches!(value, FormValue::File(file) if is_unselected(file)));
                // The count is checked before the type reads the values, because a fixed-size array stops at its length.
                match &node.kind {
                    Kind::Array(rules) => validity.check_count(rules.min, rules.max, values.len()),
                    Kind::Tuple(items) if items.len() != values.len() => validity.mark_invalid(),
                    _ => {}
                }
                visitor.visit_seq(ValueSeqAccess { reader, node, values: values.into_iter(), count: 0 })
            }
            FormField::Rows(prefixes) => {
                if let Kind::Array(rules) = &node.kind {
                    validity.check_count(rules.min, rules.max, prefixes.len());
                }
                visitor.visit_seq(RowSeqAccess { reader, node, prefixes: prefixes.into_iter() })
            }
            FormField::Object(prefix, id) => {
                let rules = match &reader.node(id).kind {
                    Kind::Object(rules) => Some(rules),
                    _ => None,
                };
                visitor.visit_map(FormMapAccess {
                    reader,
                    prefix,
                    rules,
                    next: 0,
                    pending: None,
                    extras: None,
                    count: 0,
                })
            }
            FormField::Union(members, place) => reader.resolve_union(node, members, &place).deserialize_any(visitor),
            FormField::Tree(tree) => TreeDeserializer::new(tree).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.field {
            FormField::Null | FormField::Tree(Tree::Null) => {
                self.reader.validity.check_null(self.node);
                visitor.visit_none()
            }
            FormField::Union(members, place) => {
                self.reader.resolve_union(self.node, members, &place).deserialize_option(visitor)
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.field {
            FormField::Union(members, place) => {
                self.reader.resolve_union(self.node, members, &place).deserialize_newtype_struct(name, visitor)
            }
            FormField::File(_) | FormField::Tree(Tree::File(_)) => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.field {
            FormField::Text(text) => {
                self.reader.validity.check_text(self.node, text);
                KeyDeserializer::new(text.into()).deserialize_enum(name, variants, visitor)
            }
            FormField::Tree(tree) => TreeDeserializer::new(tree).deserialize_enum(name, variants, visitor),
            FormField::Union(members, place) => {
                self.reader.resolve_union(self.node, members, &place).deserialize_enum(name, variants, visitor)
            }
            // No other field names a variant: the visitor rejects it.
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        // The type ignores this value, but the schema may not.
        self.reader.validity.mark_invalid();
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// The values of a name.
struct ValueSeqAccess<'a> {
    reader: FormReader<'a>,
    node: &'a Node,
    values: std::vec::IntoIter<FormValue<'a>>,
    count: usize,
}

impl<'de> de::SeqAccess<'de> for ValueSeqAccess<'de> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let index = self.count;
        let next = self.values.next();
        let id = match &self.node.kind {
            Kind::Array(rules) => Some(rules.items),
            Kind::Tuple(items) => items.get(index).copied(),
            _ => None,
        };
        let Some(value) = next else {
            return Ok(None);
        };
        self.count += 1;
        match id {
            Some(id) => {
                let field = self.reader.item_field(id, value);
                seed.deserialize(self.reader.deserializer(id, field)).map(Some)
            }
            // A value beyond the end of a tuple is read as it is, so that the issue gives the length of the whole list.
            None => seed.deserialize(TreeDeserializer::new(Tree::from(value))).map(Some),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// The objects of a list.
struct RowSeqAccess<'a> {
    reader: FormReader<'a>,
    node: &'a Node,
    prefixes: std::vec::IntoIter<String>,
}

impl<'de> de::SeqAccess<'de> for RowSeqAccess<'de> {
    type Error = ReadError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ReadError> {
        let Kind::Array(rules) = &self.node.kind else {
            return Ok(None);
        };
        match self.prefixes.next() {
            Some(prefix) => {
                let field = self.reader.row_field(rules.items, prefix);
                seed.deserialize(self.reader.deserializer(rules.items, field)).map(Some)
            }
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.prefixes.len())
    }
}

/// The fields of an object: the declared properties in order, then the undeclared fields unless they are dropped.
struct FormMapAccess<'a> {
    reader: FormReader<'a>,
    prefix: String,
    /// `None` if the schema accepts any value.
    rules: Option<&'a ObjectRules>,
    /// The index of the next declared property.
    next: usize,
    pending: Option<(NodeId, FormField<'a>)>,
    extras: Option<std::vec::IntoIter<(&'a str, FormValue<'a>)>>,
    count: usize,
}

impl<'a> FormMapAccess<'a> {
    /// Returns the undeclared fields, with the last value of each.
    fn undeclared_fields(&self) -> Vec<(&'a str, FormValue<'a>)> {
        let is_declared = |key: &str| {
            self.rules.is_some_and(|rules| {
                rules.properties.iter().any(|property| {
                    key.strip_prefix(property.name.as_str())
                        .is_some_and(|rest| self.reader.reads_field(property.node, rest))
                })
            })
        };
        let mut places = HashMap::new();
        let mut extras: Vec<(&str, FormValue<'_>)> = Vec::new();
        for (name, value) in self.reader.form.with_prefix(&self.prefix) {
            let Some(key) = name.strip_prefix(self.prefix.as_str()) else {
                continue;
            };
            if is_declared(key) {
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

    /// Moves to the next undeclared field and returns its name.
    fn next_extra(&mut self) -> Option<&'a str> {
        let keep = match self.rules.map(|rules| &rules.additional) {
            Some(Additional::Strip) => return None,
            Some(Additional::Keep(id)) => Some(*id),
            Some(Additional::Refuse) | None => None,
        };
        if self.extras.is_none() {
            let extras = self.undeclared_fields();
            if self.rules.is_some() && keep.is_none() && !extras.is_empty() {
                self.reader.validity.mark_invalid();
            }
            self.extras = Some(extras.into_iter());
        }
        let (key, value) = self.extras.as_mut()?.next()?;
        self.pending = Some(match keep {
            Some(id) => (id, self.reader.item_field(id, value)),
            None => (self.reader.validity.schema.root_id(), FormField::Tree(Tree::from(value))),
        });
        Some(key)
    }
}

impl<'de> de::MapAccess<'de> for FormMapAccess<'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        if let Some(rules) = self.rules {
            while let Some(property) = rules.properties.get(self.next) {
                self.next += 1;
                match self.reader.property_field(property, &self.prefix) {
                    Some(field) => {
                        self.count += 1;
                        self.pending = Some((property.node, field));
                        return seed.deserialize(KeyDeserializer::new(property.name.as_str().into())).map(Some);
                    }
                    None if property.required => self.reader.validity.mark_invalid(),
                    None => {}
                }
            }
        }
        match self.next_extra() {
            Some(key) => {
                self.count += 1;
                seed.deserialize(KeyDeserializer::new(key.into())).map(Some)
            }
            None => {
                if let Some(rules) = self.rules {
                    self.reader.validity.check_count(rules.min, rules.max, self.count);
                }
                Ok(None)
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ReadError> {
        match self.pending.take() {
            Some((id, field)) => seed.deserialize(self.reader.deserializer(id, field)),
            None => Err(de::Error::custom("expected a key before its value")),
        }
    }
}
