//! The schemas of forms. A form sends nested values as fields with names such as `address.street`.

use serde_json::{Map, Value, json};

use crate::export::keywords::{additional_properties, alternatives, has_type};
use crate::export::reference::parse_reference;
use crate::schema::merge;

/// The number of nested types, and of consecutive references, that are followed.
const MAX_DEPTH: usize = 8;

/// The schema of a form's body.
#[derive(Debug)]
pub(super) struct FormBody {
    pub(super) schema: Value,
    /// The `encoding` of multipart: the content types of the file fields that restrict theirs, by field name.
    pub(super) parts: Map<String, Value>,
    pub(super) has_files: bool,
}

/// Returns the body of an action that takes a raw form: any fields.
pub(super) fn build_raw_form() -> FormBody {
    FormBody {
        schema: json!({ "type": "object", "propertyNames": { "minLength": 1 } }),
        parts: Map::new(),
        has_files: true,
    }
}

/// Returns the body of a form whose input has this schema. `types` are the named types of all inputs.
pub(super) fn build_form(schema: &Value, types: &Map<String, Value>) -> FormBody {
    let mut builder = FormBuilder { types, path: Vec::new(), parts: Map::new(), has_files: false };
    let input = builder.resolve(schema);
    let fields = builder.collect_fields(&input, "");
    let mut schema = fields.into_schema();
    // The server refuses parts without a name, and fields named `__proto__`.
    schema["propertyNames"] = json!({ "minLength": 1, "pattern": r"^(?!(.*[.\[])?__proto__\]?([.\[]|$))" });
    if let (Some(map), Some(description)) = (schema.as_object_mut(), input.schema.get("description")) {
        map.insert("description".to_owned(), description.clone());
    }
    FormBody { schema, parts: builder.parts, has_files: builder.has_files }
}

struct FormBuilder<'a> {
    types: &'a Map<String, Value>,
    /// The references that were followed to the current type, by level.
    path: Vec<Vec<String>>,
    parts: Map<String, Value>,
    has_files: bool,
}

/// A schema whose references are replaced by the types that they name, and that allows no `null`.
struct ResolvedSchema {
    schema: Map<String, Value>,
    /// Whether the original schema allows `null`.
    nullable: bool,
    /// The references that were replaced.
    references: Vec<String>,
}

/// The fields with one prefix.
#[derive(Default)]
struct FieldGroup {
    properties: Map<String, Value>,
    patterns: Map<String, Value>,
    required: Vec<Value>,
    dependent: Map<String, Value>,
    /// Lists of alternatives. A form has to match at least one of each list.
    choices: Vec<Vec<FieldGroup>>,
    /// The schema of undeclared fields; `None` if the server ignores them.
    rest: Option<Value>,
}

impl FormBuilder<'_> {
    fn resolve(&self, schema: &Value) -> ResolvedSchema {
        let mut resolved = ResolvedSchema {
            schema: schema.as_object().cloned().unwrap_or_default(),
            nullable: false,
            references: Vec::new(),
        };
        for _ in 0..MAX_DEPTH {
            if let Some(Value::String(reference)) = resolved.schema.remove("$ref") {
                let target = parse_reference(&reference).and_then(|name| self.types.get(&name)).unwrap_or(&Value::Null);
                // Merging fails only for contradictory schemas, which `build` refuses.
                resolved.schema = merge(&resolved.schema, target).unwrap_or(resolved.schema);
                resolved.references.push(reference);
            } else if let Some(Value::Array(parts)) = resolved.schema.remove("allOf") {
                for part in parts {
                    let part = self.resolve(&part);
                    resolved.schema = merge(&resolved.schema, &Value::Object(part.schema)).unwrap_or(resolved.schema);
                    resolved.references.extend(part.references);
                }
            } else if !resolved.drop_null() {
                break;
            }
        }
        resolved
    }

    /// Returns the fields of an object, or of its alternatives.
    ///
    /// A type inside itself gets a pattern that allows any fields: the number of its fields would grow exponentially with the
    /// depth.
    fn collect_fields(&mut self, object: &ResolvedSchema, prefix: &str) -> FieldGroup {
        let mut fields = FieldGroup::default();
        let is_recursive = self.path.iter().flatten().any(|outer| object.references.contains(outer));
        if is_recursive || self.path.len() > MAX_DEPTH {
            fields.patterns.insert(format!("^{}", escape_regex(prefix)), json!(true));
            return fields;
        }
        self.path.push(object.references.clone());
        self.add_members(&mut fields, object, prefix);
        self.path.pop();
        fields
    }

    fn add_members(&mut self, fields: &mut FieldGroup, object: &ResolvedSchema, prefix: &str) {
        let map = &object.schema;
        let required: Vec<&str> =
            map.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let declared = map.get("properties").and_then(Value::as_object);
        for (name, schema) in declared.into_iter().flatten() {
            self.add_field(fields, format!("{prefix}{name}"), schema, required.contains(&name.as_str()));
        }
        if let Some(members) = alternatives(map) {
            let choice = members.iter().map(|member| {
                let member = self.resolve(member);
                self.collect_fields(&member, prefix)
            });
            let choice = choice.collect();
            fields.choices.push(choice);
        }
        if let Some(rest) = additional_properties(map) {
            let rest = if rest.is_boolean() { rest.clone() } else { self.build_field(prefix, &self.resolve(rest)) };
            if prefix.is_empty() {
                fields.rest = Some(rest);
            } else {
                let names: Vec<String> = declared.into_iter().flatten().map(|(name, _)| escape_regex(name)).collect();
                let others =
                    if names.is_empty() { String::new() } else { format!("(?!({})([.\\[]|$))", names.join("|")) };
                fields.patterns.insert(format!("^{}{others}", escape_regex(prefix)), rest);
            }
        }
    }

    fn add_field(&mut self, fields: &mut FieldGroup, name: String, schema: &Value, required: bool) {
        let resolved = self.resolve(schema);
        let needed = required && !resolved.nullable && !resolved.schema.contains_key("default");
        if self.is_nested(&resolved) {
            let nested = self.collect_fields(&resolved, &format!("{name}."));
            fields.add_nested(nested, needed);
            return;
        }
        if let Some(items) = resolved.schema.get("items") {
            let items = self.resolve(items);
            if self.is_nested(&items) {
                let row = self.collect_fields(&items, "");
                fields.add_rows(&name, row);
                return;
            }
        }
        let is_list = has_type(&resolved.schema, "array");
        let needs_item = resolved.schema.get("minItems").and_then(Value::as_u64).is_some_and(|min| min > 0)
            || resolved.schema.contains_key("prefixItems");
        // A boolean that is not sent is `false`, and a list that is not sent is empty.
        if needed && !has_type(&resolved.schema, "boolean") && (!is_list || needs_item) {
            fields.required.push(json!(name));
        }
        // An unchanged named type stays a reference.
        let is_constant = resolved.schema.contains_key("enum") || resolved.schema.contains_key("oneOf");
        let field = if is_constant && !resolved.nullable { schema.clone() } else { self.build_field(&name, &resolved) };
        fields.properties.insert(name, field);
    }

    /// Returns whether a form sends the value as several fields.
    fn is_nested(&self, resolved: &ResolvedSchema) -> bool {
        has_type(&resolved.schema, "object")
            || resolved.schema.contains_key("properties")
            || alternatives(&resolved.schema)
                .is_some_and(|members| members.iter().any(|member| self.is_nested(&self.resolve(member))))
    }

    /// Returns the schema of one field. That of a list describes all fields of one name.
    fn build_field(&mut self, name: &str, resolved: &ResolvedSchema) -> Value {
        let mut schema = resolved.schema.clone();
        if has_type(&schema, "array") {
            let mut items = schema.get("items").map(|items| self.resolve(items).schema).unwrap_or_default();
            if is_file(&items) {
                for keyword in FILE_KEYWORDS {
                    if let Some(rule) = schema.remove(*keyword) {
                        items.insert((*keyword).to_owned(), rule);
                    }
                }
            }
            let items = ResolvedSchema { schema: items, nullable: true, references: Vec::new() };
            let items = self.build_field(name, &items);
            if !schema.contains_key("prefixItems") {
                schema.insert("items".to_owned(), items);
            }
        } else if is_file(&schema) {
            self.has_files = true;
            // The length of unencoded binary data is in bytes (OpenAPI 3.1, section 4.8.14.3).
            for (ours, theirs) in [("x-min-bytes", "minLength"), ("x-max-bytes", "maxLength")] {
                if let Some(bytes) = schema.get(ours).cloned() {
                    schema.insert(theirs.to_owned(), bytes);
                }
            }
            if let Some(Value::Array(types)) = schema.get("x-media-types") {
                let types: Vec<&str> = types.iter().filter_map(Value::as_str).collect();
                self.parts.insert(name.to_owned(), json!({ "contentType": types.join(", ") }));
            }
        } else if has_type(&schema, "string") && !resolved.nullable && !schema.contains_key("const") {
            // The server reads an empty field as a missing one.
            let min = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0);
            schema.insert("minLength".to_owned(), json!(min.max(1)));
        }
        Value::Object(schema)
    }
}

/// The keywords that apply to each file of a list.
const FILE_KEYWORDS: &[&str] = &["x-min-bytes", "x-max-bytes", "x-media-types"];

fn is_file(schema: &Map<String, Value>) -> bool {
    schema.get("format").is_some_and(|format| format == "binary")
}

impl ResolvedSchema {
    /// Removes `null` from the allowed values. If that leaves a single alternative, it is merged into the schema, and `true`
    /// is returned.
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

impl FieldGroup {
    /// Adds the fields of a nested object. The server reads it as missing if none of its fields is sent.
    fn add_nested(&mut self, nested: Self, needed: bool) {
        if needed && nested.required.is_empty() && !nested.properties.is_empty() {
            let one_of = nested.properties.keys().map(|name| Self { required: vec![json!(name)], ..Self::default() });
            self.choices.push(one_of.collect());
        }
        if needed {
            self.required.extend(nested.required);
            self.choices.extend(nested.choices);
        } else {
            if !nested.required.is_empty() {
                for name in nested.properties.keys() {
                    self.dependent.insert(name.clone(), json!(nested.required));
                }
            }
            self.choices.extend(nested.choices.into_iter().map(|mut choice| {
                choice.push(Self::default());
                choice
            }));
        }
        self.properties.extend(nested.properties);
        self.patterns.extend(nested.patterns);
        self.dependent.extend(nested.dependent);
    }

    /// Adds the fields of a list of objects: `name[0].field`.
    fn add_rows(&mut self, name: &str, row: Self) {
        let prefix = format!("^{}\\[[0-9]+\\]\\.", escape_regex(name));
        let all = row.choices.into_iter().flatten().flat_map(|choice| choice.properties).chain(row.properties);
        for (field, schema) in all {
            self.patterns.insert(format!("{prefix}{}$", escape_regex(&field)), schema);
        }
        for (pattern, schema) in row.patterns {
            self.patterns.insert(format!("{prefix}{}", pattern.trim_start_matches('^')), schema);
        }
    }

    fn into_schema(self) -> Value {
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
            .map(|choice| json!({ "anyOf": choice.into_iter().map(Self::into_schema).collect::<Vec<_>>() }))
            .collect();
        if choices.len() > 1 {
            put("allOf", Value::Array(choices));
        } else if let Some(Value::Object(choice)) = choices.pop() {
            schema.extend(choice);
        }
        Value::Object(schema)
    }
}

/// Returns the regular expression that matches exactly this text.
fn escape_regex(text: &str) -> String {
    let special = |char| r"\^$.|?*+()[]{}/".contains(char);
    text.chars().flat_map(|char| special(char).then_some('\\').into_iter().chain([char])).collect()
}
