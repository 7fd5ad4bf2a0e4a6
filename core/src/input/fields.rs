//! From the entries of a form to what the schema expects at each place: Astro's rules of coercion.

use std::borrow::Cow;

use super::names::Names;
use super::watch::Watch;
use crate::form::FormValue;
use crate::schema::{self, Kind, Literal, Node, NodeId, Number, Property, Tree, parse_js_number};

/// What the form holds for one place of the input.
#[derive(Debug)]
pub(super) enum Field<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'a str),
    File(&'a crate::form::File),
    /// Every value of one name.
    List(Cow<'a, str>),
    /// Objects by index, each with the prefix of its own fields.
    Rows(Vec<String>),
    /// The fields whose names begin so, and the rules that name them.
    Object(String, NodeId),
    /// Read already, to find the member of a union that fits.
    Tree(Tree<'a>),
}

/// A form, the schema that reads it, and what was found to be wrong.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) form: &'a Names<'a>,
    pub(super) watch: &'a Watch<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn node(self, id: NodeId) -> &'a Node {
        self.watch.schema.node(id)
    }

    /// The whole form, as the root of a schema sees it.
    pub(super) fn whole(self, id: NodeId) -> Field<'a> {
        match &self.node(id).kind {
            Kind::Tagged(rules) => self.tagged(rules, String::new()),
            Kind::Union(members) => self.first_fit(id, members, |member| self.whole(member)),
            _ => Field::Object(String::new(), id),
        }
    }

    /// The member that the first value of the tag names; where it names none, only that value, to tell of it.
    fn tagged(self, rules: &'a crate::schema::TaggedRules, prefix: String) -> Field<'a> {
        let tag = self.form.text(&[&prefix, rules.tag.as_str()].concat());
        match tag.and_then(|tag| rules.member(tag)) {
            Some(member) => Field::Object(prefix, member),
            None => {
                self.watch.note();
                let tag = tag.map(|tag| (rules.tag.as_str().into(), Tree::String(tag.into())));
                Field::Tree(Tree::Object(tag.into_iter().collect()))
            }
        }
    }

    /// What stands for a property; `None` if it is left to its default, or to be missed.
    pub(super) fn property(self, property: &'a Property, prefix: &str) -> Option<Field<'a>> {
        let name = match prefix {
            "" => Cow::Borrowed(property.name.as_str()),
            prefix => Cow::Owned([prefix, &property.name].concat()),
        };
        let node = self.node(property.node);
        if property.default && !self.form.has(&name) && !self.has_below(property.node, &name) {
            return None;
        }
        self.field(property.node, node, name)
    }

    fn field(self, id: NodeId, node: &'a Node, name: Cow<'a, str>) -> Option<Field<'a>> {
        Some(match &node.kind {
            Kind::Boolean => Field::Bool(match self.form.get(&name) {
                Some(FormValue::Text("false")) | None => false,
                Some(_) => true,
            }),
            Kind::Array(rules) if self.is_nested(rules.items) && !self.form.has(&name) => self.rows(&name),
            Kind::Tuple(_) if node.nullable && !self.form.has(&name) => Field::Null,
            Kind::Array(_) | Kind::Tuple(_) => Field::List(name),
            Kind::Object(rules) => {
                // A map without entries looks like one that was not sent; a list does too.
                if (rules.is_record() && !node.nullable) || self.has_prefix(&[&name, "."].concat()) {
                    Field::Object(name.into_owned() + ".", id)
                } else {
                    return None;
                }
            }
            Kind::Tagged(rules) => {
                let prefix = [&name, "."].concat();
                let tag = self.form.text(&[&prefix, rules.tag.as_str()].concat());
                // Astro takes a tag that names nothing for no object at all. Where none is needed, that would be silent.
                if tag.is_some_and(|tag| rules.member(tag).is_some()) || (node.nullable && self.has_prefix(&prefix)) {
                    self.tagged(rules, prefix)
                } else {
                    self.scalar(node, self.form.get(&name))
                }
            }
            Kind::Union(members) => {
                let below = self.has_below(id, &name);
                match self.form.get(&name) {
                    None if node.nullable && !below => return None,
                    Some(FormValue::Text("")) if node.nullable && !below => return Some(Field::Null),
                    _ => {}
                }
                self.first_fit(id, members, |member| match self.field(member, self.node(member), name.clone()) {
                    // A list of nothing would fit whatever was sent.
                    Some(Field::List(name)) if !self.form.has(&name) => Field::Null,
                    Some(Field::Rows(rows)) if rows.is_empty() => Field::Null,
                    field => field.unwrap_or(Field::Null),
                })
            }
            Kind::Null if !self.form.has(&name) => return None,
            _ => self.scalar(node, self.form.get(&name)),
        })
    }

    /// One value, as a field that is no list and no object reads it.
    pub(super) fn scalar(self, node: &Node, value: Option<FormValue<'a>>) -> Field<'a> {
        match value {
            None | Some(FormValue::Text("")) => Field::Null,
            // What a file input sends that has nothing selected.
            Some(FormValue::File(file)) if nothing_selected(file) => Field::Null,
            Some(value) => self.element(node, value),
        }
    }

    /// One value of a list: an empty text is a value here.
    pub(super) fn element(self, node: &Node, value: FormValue<'a>) -> Field<'a> {
        let text = match value {
            FormValue::File(file) => return Field::File(file),
            FormValue::Text(text) => text,
        };
        match &node.kind {
            _ if node.nullable && text.is_empty() => Field::Null,
            Kind::Number(_) => Field::Number(Number::Float(parse_js_number(text))),
            Kind::Boolean => Field::Bool(!matches!(text, "false" | "")),
            Kind::Literal(allowed) => allowed
                .iter()
                .find_map(|literal| match literal {
                    Literal::Number(n) if parse_js_number(text) == *n => Some(Field::Number(Number::Float(*n))),
                    Literal::Bool(b) if text == if *b { "true" } else { "false" } => Some(Field::Bool(*b)),
                    _ => None,
                })
                .unwrap_or(Field::Text(text)),
            _ => Field::Text(text),
        }
    }

    /// The same, where it may be one of several things.
    pub(super) fn item(self, id: NodeId, value: FormValue<'a>) -> Field<'a> {
        match &self.node(id).kind {
            Kind::Union(members) => self.first_fit(id, members, |member| self.element(self.node(member), value)),
            _ => self.element(self.node(id), value),
        }
    }

    /// The member of a union that the form fits, read into a tree; what was sent, as it is, if none does.
    pub(super) fn first_fit(self, union: NodeId, members: &[NodeId], field: impl Fn(NodeId) -> Field<'a>) -> Field<'a> {
        let mut last = None;
        let clean = self.watch.is_clean();
        for &member in members {
            let tree = self.tree(member, field(member));
            // What a member does not like is no fault of the form.
            self.watch.reset(clean);
            let Ok(tree) = tree else {
                continue;
            };
            if schema::collect_issues(self.watch.schema, self.node(member), Some(&tree)).issues.is_empty() {
                return Field::Tree(tree);
            }
            last = Some(tree);
        }
        let tree = last.unwrap_or(Tree::Null);
        if !(self.node(union).nullable && matches!(tree, Tree::Null)) {
            self.watch.note();
        }
        Field::Tree(tree)
    }

    /// The indices under which a list of objects was sent, in their order. Only what was sent takes memory.
    fn rows(self, name: &str) -> Field<'a> {
        let prefix = [name, "["].concat();
        let mut rows: Vec<(usize, &str)> = self
            .form
            .beginning_with(&prefix)
            .filter_map(|(entry, _)| {
                let (digits, rest) = entry.strip_prefix(prefix.as_str())?.split_once(']')?;
                rest.starts_with('.').then_some((digits.parse().ok()?, digits))
            })
            .collect();
        rows.sort_unstable();
        rows.dedup();
        Field::Rows(rows.into_iter().map(|(_, digits)| [name, "[", digits, "]."].concat()).collect())
    }

    /// Whether the items of a list are objects, which are sent by index.
    fn is_nested(self, items: NodeId) -> bool {
        match &self.node(items).kind {
            Kind::Object(_) | Kind::Tagged(_) => true,
            Kind::Union(members) => {
                members.iter().any(|member| matches!(self.node(*member).kind, Kind::Object(_) | Kind::Tagged(_)))
            }
            _ => false,
        }
    }

    /// The object at a prefix, as one row of a list.
    pub(super) fn row(self, id: NodeId, prefix: String) -> Field<'a> {
        match &self.node(id).kind {
            Kind::Tagged(rules) => self.tagged(rules, prefix),
            Kind::Union(members) => self.first_fit(id, members, |member| self.row(member, prefix.clone())),
            _ => Field::Object(prefix, id),
        }
    }

    fn has_prefix(self, prefix: &str) -> bool {
        self.form.beginning_with(prefix).next().is_some()
    }

    /// Whether any entry belongs to a property's inside: by a dot, or by an index where rows are read.
    fn has_below(self, id: NodeId, name: &str) -> bool {
        self.has_prefix(&[name, "."].concat()) || (self.reads_rows(id) && self.has_prefix(&[name, "["].concat()))
    }

    /// Whether a name with more after it is for this property: after a dot for objects, after a bracket for rows.
    pub(super) fn takes(self, id: NodeId, rest: &str) -> bool {
        rest.is_empty()
            || rest.starts_with('.') && self.reads_fields(id)
            || rest.starts_with('[') && self.reads_rows(id)
    }

    fn reads_rows(self, id: NodeId) -> bool {
        match &self.node(id).kind {
            Kind::Array(rules) => self.is_nested(rules.items),
            Kind::Union(members) => members.iter().any(|member| self.reads_rows(*member)),
            _ => false,
        }
    }

    fn reads_fields(self, id: NodeId) -> bool {
        match &self.node(id).kind {
            Kind::Object(_) | Kind::Tagged(_) => true,
            Kind::Union(members) => members.iter().any(|member| self.reads_fields(*member)),
            _ => false,
        }
    }
}

/// A file input that was left empty sends a file without a name and without bytes.
pub(super) fn nothing_selected(file: &crate::form::File) -> bool {
    file.name().is_empty() && file.is_empty()
}

/// Refuses the names that no form of ours sends: a prototype's, nesting beyond `depth`, an index beyond `most`.
pub(super) fn name_problem(name: &str, depth: usize, most: usize) -> Option<&'static str> {
    // Most names have one segment.
    if depth > 0 && !name.bytes().any(|byte| matches!(byte, b'.' | b'[' | b']')) {
        return (name == "__proto__").then_some("Invalid field name");
    }
    let mut levels = 0;
    for segment in name.split(['.', '[']) {
        levels += 1;
        if segment == "__proto__" || segment == "__proto__]" {
            return Some("Invalid field name");
        }
        if let Some(digits) = segment.strip_suffix(']')
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && digits.parse().map_or(true, |index: usize| index >= most)
        {
            return Some("Index out of range");
        }
    }
    (levels > depth).then_some("Nested too deeply")
}
