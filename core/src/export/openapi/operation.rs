//! The operation of each action: its request and its responses.

use serde_json::{Map, Value, json};

use super::components::{Components, component_reference};
use super::errors;
use super::forms::{FormBody, build_form, build_raw_form};
use super::wire::{describe_types, describe_wire};
use crate::action::Encoding;
use crate::export::reference::referenced_type;
use crate::export::schemas::{ActionSchemas, NamedTypes, Side};
use crate::host::PLAIN_JSON;
use crate::media;
use crate::registry::{Entry, Registry};
use crate::schema::Kind;

/// Returns the tag of an action: the part of its name before the last dot.
pub(super) fn tag(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(group, _)| group)
}

/// Builds operations, and collects the components that they refer to.
pub(super) struct OperationBuilder<'a> {
    registry: &'a Registry,
    types: NamedTypes,
    pub(super) components: Components,
    /// The components of forms, by the names of their types.
    forms: Map<String, Value>,
}

impl<'a> OperationBuilder<'a> {
    pub(super) fn new(registry: &'a Registry, types: NamedTypes) -> Self {
        let types = describe_types(types);
        let components = Components::new(&types, errors::build_schemas());
        Self { registry, types, components, forms: Map::new() }
    }

    pub(super) fn build(&mut self, action: &ActionSchemas, entry: &Entry) -> Value {
        let mut operation = Map::new();
        let mut put = |key: &str, value: Value| operation.insert(key.to_owned(), value);
        put("operationId", json!(action.name));
        if let Some(tag) = tag(action.name) {
            put("tags", json!([tag]));
        }
        let input = action.input.as_ref().map(|schema| describe_wire(Side::Input, schema.clone().to_value()));
        let root = entry.schema.as_ref().map(|schema| schema.root());
        // A missing body is read as `null`.
        let needs_body = root.is_none_or(|root| !root.nullable && !matches!(root.kind, Kind::Any | Kind::Null));
        // An action whose input is `()` never reads the body.
        let reads_body = root.is_none_or(|root| !matches!(root.kind, Kind::Null));
        if reads_body {
            let mut body = match (action.encoding, input) {
                (Encoding::Json, Some(input)) => json!({
                    "required": needs_body,
                    "content": { media::JSON: { "schema": self.components.refer(Side::Input, input) } },
                }),
                (_, input) => self.build_form_body(input),
            };
            body["description"] = json!(format!("At most {} bytes.", entry.limits.max_body_bytes()));
            put("requestBody", body);
        }
        let is_checked = !entry.allows_cross_site && !self.registry.shared.origins.allow_all;
        // A page of another site cannot send a JSON body without the server's consent, so only the other requests are
        // checked.
        if is_checked && (action.encoding == Encoding::Form || !needs_body) {
            put("parameters", json!([build_fetch_site(!reads_body || action.encoding == Encoding::Form)]));
        }
        put("responses", self.build_responses(action, is_checked));
        Value::Object(operation)
    }

    fn build_form_body(&mut self, input: Option<Value>) -> Value {
        let FormBody { schema, parts, has_files } = match &input {
            Some(input) => build_form(input, &self.types.inputs),
            None => build_raw_form(),
        };
        let schema = self.add_form(input.as_ref(), schema);
        let mut multipart = json!({ "schema": schema });
        if !parts.is_empty() {
            multipart["encoding"] = Value::Object(parts);
        }
        let mut content = Map::new();
        if !has_files || input.is_none() {
            content.insert(media::URLENCODED.to_owned(), json!({ "schema": schema }));
        }
        content.insert(media::MULTIPART.to_owned(), multipart);
        json!({ "required": true, "content": content })
    }

    /// Returns a reference to the component for the form of a named type, which is added once. The form of another schema is
    /// returned as it is.
    fn add_form(&mut self, input: Option<&Value>, schema: Value) -> Value {
        let schema = self.components.refer(Side::Input, schema);
        let Some(name) = input.and_then(|input| referenced_type(input.as_object()?)) else {
            return schema;
        };
        let component = match self.forms.get(&name) {
            Some(Value::String(component)) => component.clone(),
            _ => {
                let component = self.components.add(&format!("{name}Form"), schema);
                self.forms.insert(name, json!(component));
                component
            }
        };
        json!({ "$ref": component_reference(&component) })
    }

    fn build_responses(&self, action: &ActionSchemas, is_checked: bool) -> Value {
        let shared = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
        let mut responses = Map::new();
        let mut put = |status: &str, response: Value| responses.insert(status.to_owned(), response);
        match &action.output {
            Some(output) => put("200", self.build_success(describe_wire(Side::Output, output.clone().to_value()))),
            None => put("204", shared("Done")),
        };
        put("400", shared("BadRequest"));
        if is_checked {
            put("403", shared("CrossSite"));
        }
        put("413", shared("TooLarge"));
        put("415", shared("UnsupportedMediaType"));
        put("500", shared("InternalError"));
        put("default", shared("Failed"));
        Value::Object(responses)
    }

    fn build_success(&self, output: Value) -> Value {
        let target = output.as_object().and_then(|output| self.types.outputs.get(&referenced_type(output)?));
        let description = target.unwrap_or(&output).get("description").and_then(Value::as_str);
        json!({
            "description": description.unwrap_or("The result."),
            "content": {
                PLAIN_JSON: { "schema": self.components.refer(Side::Output, output.clone()) },
                media::DEVALUE: { "schema": { "$ref": component_reference(errors::DEVALUE) } },
            },
        })
    }
}

/// Builds the parameter by which a request proves that it comes from the server's own site.
fn build_fetch_site(required: bool) -> Value {
    json!({
        "name": "Sec-Fetch-Site",
        "in": "header",
        "required": required,
        "description": "Set by browsers. Any site can send a form, or a request without a body. Such a request is refused \
                        without this header, unless its `Origin` is the server's own.",
        "schema": { "enum": ["same-origin", "none"], "default": "same-origin" },
    })
}
