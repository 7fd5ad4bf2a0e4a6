//! Coercion of form entries to the types that the schema expects, by Astro's rules.

use std::borrow::Cow;

use super::form_index::FormIndex;
use super::validity::Validity;
use crate::form::{File, FormValue};
use crate::schema::{Kind, Literal, Node, NodeId, Number, Property, TaggedRules, Tree, parse_js_number};

/// The content of a form for one place of the input.
#[derive(Debug)]
pub(super) enum FormField<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'a str),
    File(&'a File),
    /// All values of a name.
    List(Cow<'a, str>),
    /// A list of objects that were sent by index, as the prefixes of their fields.
    Rows(Vec<String>),
    /// An object, as the prefix of its fields and the node of its rules.
    Object(String, NodeId),
    /// A union, as its members and its place. The first member that matches is chosen when the field is read.
    Union(&'a [NodeId], UnionPlace<'a>),
    /// A value that has been read already.
    Tree(Tree<'a>),
}

/// The place of a union in a form.
#[derive(Debug)]
pub(super) enum UnionPlace<'a> {
    Root,
    /// A property, by its full name.
    Property(Cow<'a, str>),
    /// A value in a list.
    Item(FormValue<'a>),
    /// An object in a list, by the prefix of its fields.
    Row(String),
}

/// A form and the schema by which it is read.
#[derive(Clone, Copy)]
pub(super) struct FormReader<'a> {
    pub(super) form: &'a FormIndex<'a>,
    pub(super) validity: &'a Validity<'a>,
}

impl<'a> FormReader<'a> {
    pub(super) fn node(self, id: NodeId) -> &'a Node {
        self.validity.schema.node(id)
    }

    /// Returns the field of the whole form.
    pub(super) fn root_field(self, id: NodeId) -> FormField<'a> {
        match &self.node(id).kind {
            Kind::Tagged(rules) => self.tagged_field(rules, String::new()),
            Kind::Union(members) => FormField::Union(members, UnionPlace::Root),
            _ => FormField::Object(String::new(), id),
        }
    }

    /// Returns the field of the member that the first value of the tag selects. If it selects none, the field holds only the
    /// tag, for the issue about it.
    fn tagged_field(self, rules: &'a TaggedRules, prefix: String) -> FormField<'a> {
        let tag = self.form.text(&[&prefix, rules.tag.as_str()].concat());
        match tag.and_then(|tag| rules.member(tag)) {
            Some(member) => FormField::Object(prefix, member),
            None => {
                self.validity.mark_invalid();
                let tag = tag.map(|tag| (rules.tag.as_str().into(), Tree::String(tag.into())));
                FormField::Tree(Tree::Object(tag.into_iter().collect()))
            }
        }
    }

    /// Returns the field of a property, or `None` if the property is missing.
    pub(super) fn property_field(self, property: &'a Property, prefix: &str) -> Option<FormField<'a>> {
        let name = match prefix {
            "" => Cow::Borrowed(property.name.as_str()),
            prefix => Cow::Owned([prefix, &property.name].concat()),
        };
        let node = self.node(property.node);
        if property.default && !self.form.has(&name) && !self.has_field_inside(property.node, &name) {
            return None;
        }
        self.named_field(property.node, node, name)
    }

    fn named_field(self, id: NodeId, node: &'a Node, name: Cow<'a, str>) -> Option<FormField<'a>> {
        Some(match &node.kind {
            Kind::Boolean => FormField::Bool(match self.form.get(&name) {
                Some(FormValue::Text("false")) | None => false,
                Some(_) => true,
            }),
            Kind::Array(rules) if self.is_nested(rules.items) && !self.form.has(&name) => self.rows_field(&name),
            Kind::Tuple(_) if node.nullable && !self.form.has(&name) => FormField::Null,
            Kind::Array(_) | Kind::Tuple(_) => FormField::List(name),
            Kind::Object(rules) => {
                // A form cannot tell an empty map from a missing one. Like an empty list, it is taken as empty.
                if (rules.is_record() && !node.nullable) || self.form.has_prefix(&[&name, "."].concat()) {
                    FormField::Object(name.into_owned() + ".", id)
                } else {
                    return None;
                }
            }
            Kind::Tagged(rules) => {
                let prefix = [&name, "."].concat();
                let tag = self.form.text(&[&prefix, rules.tag.as_str()].concat());
                // Like Astro, an object whose tag selects no member is missing. If it is optional, that would hide the error, so
                // any field of the object counts.
                if tag.is_some_and(|tag| rules.member(tag).is_some())
                    || (node.nullable && self.form.has_prefix(&prefix))
                {
                    self.tagged_field(rules, prefix)
                } else {
                    self.scalar_field(node, self.form.get(&name))
                }
            }
            Kind::Union(members) => {
                let has_inside = self.has_field_inside(id, &name);
                match self.form.get(&name) {
                    None if node.nullable && !has_inside => return None,
                    Some(FormValue::Text("")) if node.nullable && !has_inside => return Some(FormField::Null),
                    _ => {}
                }
                FormField::Union(members, UnionPlace::Property(name))
            }
            Kind::Null if !self.form.has(&name) => return None,
            _ => self.scalar_field(node, self.form.get(&name)),
        })
    }

    /// Returns the field of a single value.
    fn scalar_field(self, node: &Node, value: Option<FormValue<'a>>) -> FormField<'a> {
        match value {
            None | Some(FormValue::Text("")) => FormField::Null,
            Some(FormValue::File(file)) if is_unselected(file) => FormField::Null,
            Some(value) => self.element_field(node, value),
        }
    }

    /// Returns the field of a value in a list. An empty text is a value there.
    fn element_field(self, node: &Node, value: FormValue<'a>) -> FormField<'a> {
        let text = match value {
            FormValue::File(file) => return FormField::File(file),
            FormValue::Text(text) => text,
        };
        match &node.kind {
            _ if node.nullable && text.is_empty() => FormField::Null,
            Kind::Number(_) => FormField::Number(Number::Float(parse_js_number(text))),
            Kind::Boolean => FormField::Bool(!matches!(text, "false" | "")),
            Kind::Literal(allowed) => allowed
                .iter()
                .find_map(|literal| match literal {
                    Literal::Number(n) if parse_js_number(text) == *n => Some(FormField::Number(Number::Float(*n))),
                    Literal::Bool(b) if text == if *b { "true" } else { "false" } => Some(FormField::Bool(*b)),
                    _ => None,
                })
                .unwrap_or(FormField::Text(text)),
            _ => FormField::Text(text),
        }
    }

    /// Returns the field of a value in a list, whose type may be a union.
    pub(super) fn item_field(self, id: NodeId, value: FormValue<'a>) -> FormField<'a> {
        match &self.node(id).kind {
            Kind::Union(members) => FormField::Union(members, UnionPlace::Item(value)),
            _ => self.element_field(self.node(id), value),
        }
    }

    /// Returns the field of an object in a list.
    pub(super) fn row_field(self, id: NodeId, prefix: String) -> FormField<'a> {
        match &self.node(id).kind {
            Kind::Tagged(rules) => self.tagged_field(rules, prefix),
            Kind::Union(members) => FormField::Union(members, UnionPlace::Row(prefix)),
            _ => FormField::Object(prefix, id),
        }
    }

    /// Returns the field of a union if it is read as one of its members.
    pub(super) fn member_field(self, member: NodeId, place: &UnionPlace<'a>) -> FormField<'a> {
        match place {
            UnionPlace::Root => self.root_field(member),
            UnionPlace::Property(name) => match self.named_field(member, self.node(member), name.clone()) {
                // Otherwise an empty list would match any form.
                Some(FormField::List(name)) if !self.form.has(&name) => FormField::Null,
                Some(FormField::Rows(rows)) if rows.is_empty() => FormField::Null,
                field => field.unwrap_or(FormField::Null),
            },
            UnionPlace::Item(value) => self.element_field(self.node(member), *value),
            UnionPlace::Row(prefix) => self.row_field(member, prefix.clone()),
        }
    }

    /// Returns the objects of a list in the order of their indices. Gaps between indices are closed, so that a high index takes
    /// no memory.
    fn rows_field(self, name: &str) -> FormField<'a> {
        let prefix = [name, "["].concat();
        let mut rows: Vec<(usize, &str)> = self
            .form
            .with_prefix(&prefix)
            .filter_map(|(entry, _)| {
                let (digits, rest) = entry.strip_prefix(prefix.as_str())?.split_once(']')?;
                rest.starts_with('.').then_some((digits.parse().ok()?, digits))
            })
            .collect();
        rows.sort_unstable();
        rows.dedup();
        FormField::Rows(rows.into_iter().map(|(_, digits)| [name, "[", digits, "]."].concat()).collect())
    }

    /// Returns whether the items of a list are objects, which are sent by index.
    fn is_nested(self, items: NodeId) -> bool {
        match &self.node(items).kind {
            Kind::Object(_) | Kind::Tagged(_) => true,
            Kind::Union(members) => {
                members.iter().any(|member| matches!(self.node(*member).kind, Kind::Object(_) | Kind::Tagged(_)))
            }
            _ => false,
        }
    }

    /// Returns whether a field is inside a property: after a dot, or after an index if the property is a list of objects.
    fn has_field_inside(self, id: NodeId, name: &str) -> bool {
        self.form.has_prefix(&[name, "."].concat())
            || (self.is_list_of_objects(id) && self.form.has_prefix(&[name, "["].concat()))
    }

    /// Returns whether a property reads a field whose name is the property's name followed by `rest`.
    pub(super) fn reads_field(self, id: NodeId, rest: &str) -> bool {
        rest.is_empty()
            || rest.starts_with('.') && self.is_object(id)
            || rest.starts_with('[') && self.is_list_of_objects(id)
    }

    fn is_list_of_objects(self, id: NodeId) -> bool {
        match &self.node(id).kind {
            Kind::Array(rules) => self.is_nested(rules.items),
            Kind::Union(members) => members.iter().any(|member| self.is_list_of_objects(*member)),
            _ => false,
        }
    }

    fn is_object(self, id: NodeId) -> bool {
        match &self.node(id).kind {
            Kind::Object(_) | Kind::Tagged(_) => true,
            Kind::Union(members) => members.iter().any(|member| self.is_object(*member)),
            _ => false,
        }
    }
}

/// Returns whether a file stands for an empty file input: browsers send it without a name and content.
pub(super) fn is_unselected(file: &File) -> bool {
    file.name().is_empty() && file.is_empty()
}
