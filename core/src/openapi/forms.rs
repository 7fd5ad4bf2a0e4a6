//! The fields of a form: nested types by the names with dots that a form gives them.

use serde_json::{Map, Value, json};

use super::schemas::{defined, is_of_type};
use crate::schema::merge;

/// How deep names are followed.
const DEEPEST: usize = 8;

/// A form's schema, and what multipart says of its parts.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) schema: Value,
    /// By the names of fields that are files of certain types: `{"contentType": "image/*"}`.
    pub(super) parts: Map<String, Value>,
    pub(super) has_files: bool,
}

/// A form as it comes: any fields.
pub(super) fn any() -> Form {
    Form {
        schema: json!({ "type": "object", "propertyNames": { "minLength": 1 } }),
        parts: Map::new(),
        has_files: true,
    }
}

/// The fields of an input of this schema. `types` are those that it names.
pub(super) fn of(schema: &Value, types: &Map<String, Value>) -> Form {
    let mut walk = Walk { types, path: Vec::new(), parts: Map::new(), has_files: false };
    let place = walk.place(schema);
    let fields = walk.whole(&place, "");
    let mut schema = fields.render();
    // No part of a multipart body is without a name, and that of a prototype is refused.
    schema["propertyNames"] = json!({ "minLength": 1, "pattern": r"^(?!(.*[.\[])?__proto__\]?([.\[]|$))" });
    if let (Some(map), Some(description)) = (schema.as_object_mut(), place.schema.get("description")) {
        map.insert("description".to_owned(), description.clone());
    }
    Form { schema, parts: walk.parts, has_files: walk.has_files }
}

struct Walk<'a> {
    types: &'a Map<String, Value>,
    /// What was followed to get here, by level.
    path: Vec<Vec<String>>,
    parts: Map<String, Value>,
    has_files: bool,
}

/// A schema with its references followed.
struct Place {
    schema: Map<String, Value>,
    nullable: bool,
    /// Those references.
    references: Vec<String>,
}

/// The fields under one prefix.
#[derive(Default)]
struct Fields {
    properties: Map<String, Value>,
    patterns: Map<String, Value>,
    required: Vec<Value>,
    dependent: Map<String, Value>,
    /// One of each list holds.
    choices: Vec<Vec<Fields>>,
    /// What other fields are; `None` if they are left out.
    rest: Option<Value>,
}

impl Walk<'_> {
    fn place(&self, schema: &Value) -> Place {
        let mut place =
            Place { schema: schema.as_object().cloned().unwrap_or_default(), nullable: false, references: Vec::new() };
        for _ in 0..DEEPEST {
            if let Some(Value::String(reference)) = place.schema.remove("$ref") {
                let target = defined(&reference).and_then(|name| self.types.get(&name)).unwrap_or(&Value::Null);
                // A registry whose schemas contradict themselves was not built.
                place.schema = merge(&place.schema, target).unwrap_or(place.schema);
                place.references.push(reference);
            } else if let Some(Value::Array(parts)) = place.schema.remove("allOf") {
                for part in parts {
                    let part = self.place(&part);
                    place.schema = merge(&place.schema, &Value::Object(part.schema)).unwrap_or(place.schema);
                    place.references.extend(part.references);
                }
            } else if !place.drop_null() {
                break;
            }
        }
        place
    }

    /// The fields of an object, or of each of the alternatives. Of a type within itself they may be any: several such fields,
    /// followed, would be more at each level.
    fn whole(&mut self, place: &Place, prefix: &str) -> Fields {
        let mut fields = Fields::default();
        let is_within_itself = self.path.iter().flatten().any(|outer| place.references.contains(outer));
        if is_within_itself || self.path.len() > DEEPEST {
            fields.patterns.insert(format!("^{}", escaped(prefix)), json!(true));
            return fields;
        }
        self.path.push(place.references.clone());
        self.members(&mut fields, place, prefix);
        self.path.pop();
        fields
    }

    fn members(&mut self, fields: &mut Fields, place: &Place, prefix: &str) {
        let map = &place.schema;
        let required: Vec<&str> =
            map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let declared = map.get("properties").and_then(Value::as_object);
        for (name, schema) in declared.into_iter().flatten() {
            self.field(fields, format!("{prefix}{name}"), schema, required.contains(&name.as_str()));
        }
        if let Some(members) = alternatives(map) {
            let members = members.iter().map(|member| {
                let member = self.place(member);
                self.whole(&member, prefix)
            });
            let members = members.collect();
            fields.choices.push(members);
        }
        let by_pattern = map.get("patternProperties").and_then(Value::as_object).and_then(|all| all.values().next());
        let rest = by_pattern.or_else(|| map.get("additionalProperties")).or_else(|| map.get("unevaluatedProperties"));
        if let Some(rest) = rest {
            let rest = if rest.is_boolean() { rest.clone() } else { self.leaf(prefix, &self.place(rest)) };
            if prefix.is_empty() {
                fields.rest = Some(rest);
            } else {
                let names: Vec<String> = declared.into_iter().flatten().map(|(name, _)| escaped(name)).collect();
                let others =
                    if names.is_empty() { String::new() } else { format!("(?!({})([.\\[]|$))", names.join("|")) };
                fields.patterns.insert(format!("^{}{others}", escaped(prefix)), rest);
            }
        }
    }

    fn field(&mut self, fields: &mut Fields, name: String, schema: &Value, required: bool) {
        let place = self.place(schema);
        let needed = required && !place.nullable && !place.schema.contains_key("default");
        if self.is_nested(&place) {
            let below = self.whole(&place, &format!("{name}."));
            fields.nest(below, needed);
            return;
        }
        if let Some(items) = place.schema.get("items") {
            let items = self.place(items);
            if self.is_nested(&items) {
                let below = self.whole(&items, "");
                fields.rows(&name, below);
                return;
            }
        }
        let is_list = is_of_type(&place.schema, "array");
        let at_least_one = place.schema.get("minItems").and_then(Value::as_u64).is_some_and(|min| min > 0)
            || place.schema.contains_key("prefixItems");
        // What is not sent is `false`, or an empty list.
        if needed && !is_of_type(&place.schema, "boolean") && (!is_list || at_least_one) {
            fields.required.push(json!(name));
        }
        // A name that is left as it is stays a reference.
        let is_constant = place.schema.contains_key("enum") || place.schema.contains_key("oneOf");
        let leaf = if is_constant && !place.nullable { schema.clone() } else { self.leaf(&name, &place) };
        fields.properties.insert(name, leaf);
    }

    /// Whether a form sends it as several fields.
    fn is_nested(&self, place: &Place) -> bool {
        is_of_type(&place.schema, "object")
            || place.schema.contains_key("properties")
            || alternatives(&place.schema)
                .is_some_and(|members| members.iter().any(|member| self.is_nested(&self.place(member))))
    }

    /// What one field holds, or a list of those of one name.
    fn leaf(&mut self, name: &str, place: &Place) -> Value {
        let mut schema = place.schema.clone();
        if is_of_type(&schema, "array") {
            let mut items = schema.get("items").map(|items| self.place(items).schema).unwrap_or_default();
            if is_file(&items) {
                for keyword in FILES {
                    if let Some(rule) = schema.remove(*keyword) {
                        items.insert((*keyword).to_owned(), rule);
                    }
                }
            }
            let items = self.leaf(name, &Place { schema: items, nullable: true, references: Vec::new() });
            if !schema.contains_key("prefixItems") {
                schema.insert("items".to_owned(), items);
            }
        } else if is_file(&schema) {
            self.has_files = true;
            // Of unencoded bytes, a length counts those (OpenAPI 3.1, section 4.8.14.3).
            for (ours, theirs) in [("x-min-bytes", "minLength"), ("x-max-bytes", "maxLength")] {
                if let Some(bytes) = schema.get(ours).cloned() {
                    schema.insert(theirs.to_owned(), bytes);
                }
            }
            if let Some(Value::Array(types)) = schema.get("x-media-types") {
                let types: Vec<&str> = types.iter().filter_map(Value::as_str).collect();
                self.parts.insert(name.to_owned(), json!({ "contentType": types.join(", ") }));
            }
        } else if is_of_type(&schema, "string") && !place.nullable && !schema.contains_key("const") {
            // An empty field is none.
            let min = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0);
            schema.insert("minLength".to_owned(), json!(min.max(1)));
        }
        Value::Object(schema)
    }
}

/// What is said of a list of files is meant for each.
const FILES: &[&str] = &["x-min-bytes", "x-max-bytes", "x-media-types"];

fn is_file(schema: &Map<String, Value>) -> bool {
    schema.get("format").is_some_and(|format| format == "binary")
}

fn alternatives(schema: &Map<String, Value>) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf"].iter().find_map(|keyword| schema.get(*keyword)?.as_array())
}

impl Place {
    /// Takes `null` from what is allowed; whether there is a single alternative left, which now stands here.
    fn drop_null(&mut self) -> bool {
        let is_null = |kind: &Value| kind == "null";
        if let Some(Value::Array(kinds)) = self.schema.get_mut("type") {
            self.nullable |= kinds.iter().any(is_null);
            kinds.retain(|kind| !is_null(kind));
            if let [only] = kinds.as_slice() {
                let only = only.clone();
                self.schema.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(constants)) = self.schema.get_mut("enum") {
            self.nullable |= constants.iter().any(Value::is_null);
            constants.retain(|constant| !constant.is_null());
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(Value::Array(members)) = self.schema.get_mut(keyword) else { continue };
            let all = members.len();
            members.retain(|member| !member.get("type").is_some_and(is_null));
            self.nullable |= members.len() < all;
            if let [only] = members.as_slice() {
                let only = only.clone();
                self.schema.remove(keyword);
                self.schema = merge(&self.schema, &only).unwrap_or_else(|_| std::mem::take(&mut self.schema));
                return true;
            }
        }
        false
    }
}

impl Fields {
    /// Takes in the fields of a nested object. Without any of them it is absent.
    fn nest(&mut self, below: Self, needed: bool) {
        if needed && below.required.is_empty() && !below.properties.is_empty() {
            let one_of = below.properties.keys().map(|name| Self { required: vec![json!(name)], ..Self::default() });
            self.choices.push(one_of.collect());
        }
        if needed {
            self.required.extend(below.required);
            self.choices.extend(below.choices);
        } else {
            if !below.required.is_empty() {
                for name in below.properties.keys() {
                    self.dependent.insert(name.clone(), json!(below.required));
                }
            }
            self.choices.extend(below.choices.into_iter().map(|mut choice| {
                choice.push(Self::default());
                choice
            }));
        }
        self.properties.extend(below.properties);
        self.patterns.extend(below.patterns);
        self.dependent.extend(below.dependent);
    }

    /// Takes in the fields of objects that are sent by index: `name[0].field`.
    fn rows(&mut self, name: &str, below: Self) {
        let row = format!("^{}\\[[0-9]+\\]\\.", escaped(name));
        let all = below.choices.into_iter().flatten().flat_map(|choice| choice.properties).chain(below.properties);
        for (field, schema) in all {
            self.patterns.insert(format!("{row}{}$", escaped(&field)), schema);
        }
        for (pattern, schema) in below.patterns {
            self.patterns.insert(format!("{row}{}", pattern.trim_start_matches('^')), schema);
        }
    }

    fn render(self) -> Value {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        let mut put = |keyword: &str, value: Value| schema.insert(keyword.to_owned(), value);
        if !self.properties.is_empty() {
            put("properties", Value::Object(self.properties));
        }
        if !self.patterns.is_empty() {
            put("patternProperties", Value::Object(self.patterns));
        }
        if !self.required.is_empty() {
            put("required", Value::Array(self.required));
        }
        if !self.dependent.is_empty() {
            put("dependentRequired", Value::Object(self.dependent));
        }
        if let Some(rest) = self.rest {
            put(if self.choices.is_empty() { "additionalProperties" } else { "unevaluatedProperties" }, rest);
        }
        let mut choices: Vec<Value> = self
            .choices
            .into_iter()
            .map(|choice| json!({ "anyOf": choice.into_iter().map(Self::render).collect::<Vec<_>>() }))
            .collect();
        if choices.len() > 1 {
            put("allOf", Value::Array(choices));
        } else if let Some(Value::Object(choice)) = choices.pop() {
            schema.extend(choice);
        }
        Value::Object(schema)
    }
}

/// A text as a regular expression that matches it.
fn escaped(text: &str) -> String {
    let special = |char| r"\^$.|?*+()[]{}/".contains(char);
    text.chars().flat_map(|char| special(char).then_some('\\').into_iter().chain([char])).collect()
}
