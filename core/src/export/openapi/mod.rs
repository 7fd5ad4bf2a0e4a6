//! A registry as an OpenAPI document.

mod errors;
mod forms;
mod schemas;

use serde_json::{Map, Value, json};

use crate::accept::PLAIN_JSON;
use crate::action::Encoding;
use crate::export::schemas::DescribedAction;
use crate::form::encode_uri_component;
use crate::media;
use crate::registry::{Entry, Registry};
use crate::schema::Kind;
use forms::Form;
use schemas::{Schemas, Side, component, defined, exact};

/// What an OpenAPI document says of the application: see [`Registry::openapi`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenApiInfo {
    title: String,
    version: String,
    description: Option<String>,
    servers: Vec<String>,
}

impl OpenApiInfo {
    /// The application's name, and the version of its actions.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self { title: title.into(), version: version.into(), description: None, servers: Vec::new() }
    }

    /// Says more of the application, in CommonMark.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds an origin that the actions are at, such as `https://example.com`. The registry's base comes after it. Without any,
    /// it is the one that serves the document.
    #[must_use]
    pub fn server(mut self, origin: impl Into<String>) -> Self {
        self.servers.push(origin.into());
        self
    }
}

impl Registry {
    /// An OpenAPI 3.1 document of all actions: each by its path, with its input in the encodings that it takes, its output, and
    /// the errors that it answers. Actions are tagged by their group, which is what stands before the last dot of the name.
    /// Doc comments of the types are descriptions. The same registry gives the same document, key by key.
    ///
    /// * The schema of an output is that of [plain JSON](PLAIN_JSON), which a client gets that names its media type in `Accept`,
    ///   as generated ones do. What devalue holds, no JSON Schema says; it is there as a second media type.
    /// * A form's fields stand by the names that they are sent under, nested ones with dots (`address.street`).
    /// * Rules that no schema holds ([`refine`](crate::Definition::refine)) are not in it, nor what a handler or a gate refuses:
    ///   the `default` response stands for that. An action that sends its caller on to another place answers 204, with the
    ///   target in the header `enact-redirect`.
    ///
    /// ```
    /// use enact::openapi::OpenApiInfo;
    /// use enact::{Action, ActionError, Context, Registry};
    ///
    /// const ADD: Action<(u32, u32), u64> = Action::json("math.add");
    ///
    /// async fn add((a, b): (u32, u32), _: Context) -> Result<u64, ActionError> {
    ///     Ok(u64::from(a) + u64::from(b))
    /// }
    ///
    /// let actions = Registry::builder().action(ADD, add).build()?;
    /// let document = actions.openapi(&OpenApiInfo::new("Sums", "1.0.0"));
    /// assert_eq!(document["paths"]["/_actions/math.add"]["post"]["tags"][0], "math");
    /// println!("{document:#}");
    /// # Ok::<(), enact::BuildError>(())
    /// ```
    pub fn openapi(&self, info: &OpenApiInfo) -> Value {
        let described = self.describe();
        let inputs = all_exact(Side::Input, described.inputs);
        let outputs = all_exact(Side::Output, described.outputs);
        let schemas = Schemas::new(&inputs, &outputs, errors::schemas());
        let mut document = Document { registry: self, inputs, outputs, schemas, forms: Map::new() };
        let mut paths = Map::new();
        let mut tags: Vec<&str> = Vec::new();
        for action in &described.actions {
            let Some(entry) = self.shared.entries.get(action.name) else { continue };
            tags.extend(group(action.name));
            let path = format!("/_actions/{}", encode_uri_component(action.name));
            paths.insert(path, json!({ "post": document.operation(action, entry) }));
        }
        tags.sort_unstable();
        tags.dedup();
        let Document { mut schemas, .. } = document;
        let responses = errors::responses();
        schemas.prune(&json!([paths, responses]));
        let mut whole = json!({
            "openapi": "3.1.0",
            "info": { "title": info.title, "version": info.version },
            "servers": self.servers(info),
            "tags": tags.into_iter().map(|tag| json!({ "name": tag })).collect::<Vec<_>>(),
            "paths": paths,
            "components": { "schemas": schemas.components, "responses": responses },
        });
        if let Some(description) = &info.description {
            whole["info"]["description"] = json!(description);
        }
        whole
    }

    fn servers(&self, info: &OpenApiInfo) -> Value {
        let base = self.shared.prefix.strip_suffix("/_actions").unwrap_or_default();
        let origins: Vec<&str> = info.servers.iter().map(|origin| origin.trim_end_matches('/')).collect();
        let urls = if origins.is_empty() { vec![""] } else { origins };
        urls.into_iter()
            .map(|origin| match format!("{origin}{base}") {
                url if url.is_empty() => json!({ "url": "/" }),
                url => json!({ "url": url }),
            })
            .collect()
    }
}

/// What stands before the last dot.
fn group(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(group, _)| group)
}

fn all_exact(side: Side, types: Map<String, Value>) -> Map<String, Value> {
    types.into_iter().map(|(name, schema)| (name, exact(side, schema))).collect()
}

/// A document that is being written.
struct Document<'a> {
    registry: &'a Registry,
    inputs: Map<String, Value>,
    outputs: Map<String, Value>,
    schemas: Schemas,
    /// The components of forms, by the names of their types.
    forms: Map<String, Value>,
}

impl Document<'_> {
    fn operation(&mut self, action: &DescribedAction, entry: &Entry) -> Value {
        let mut operation = Map::new();
        let mut put = |key: &str, value: Value| operation.insert(key.to_owned(), value);
        put("operationId", json!(action.name));
        if let Some(group) = group(action.name) {
            put("tags", json!([group]));
        }
        let input = action.input.as_ref().map(|schema| exact(Side::Input, schema.clone().to_value()));
        let root = entry.schema.as_ref().map(|schema| schema.root());
        // No body is taken for `null`.
        let needs_body = root.is_none_or(|root| !root.nullable && !matches!(root.kind, Kind::Any | Kind::Null));
        // What takes nothing reads no body.
        let takes_body = root.is_none_or(|root| !matches!(root.kind, Kind::Null));
        if takes_body {
            let mut body = match (action.encoding, input) {
                (Encoding::Json, Some(input)) => json!({
                    "required": needs_body,
                    "content": { media::JSON: { "schema": self.schemas.placed(Side::Input, input) } },
                }),
                (_, input) => self.form_body(input),
            };
            body["description"] = json!(format!("At most {} bytes.", entry.limits.body));
            put("requestBody", body);
        }
        let checked = !entry.cross_site && !self.registry.shared.origins.unchecked;
        // A body of JSON is nothing that a page of another site could send unasked.
        if checked && (action.encoding == Encoding::Form || !needs_body) {
            put("parameters", json!([same_site(!takes_body || action.encoding == Encoding::Form)]));
        }
        put("responses", self.responses(action, checked));
        Value::Object(operation)
    }

    fn form_body(&mut self, input: Option<Value>) -> Value {
        let Form { schema, parts, has_files } = match &input {
            Some(input) => forms::of(input, &self.inputs),
            None => forms::any(),
        };
        let schema = self.form_schema(input.as_ref(), schema);
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

    /// A component for the form of a named type, once.
    fn form_schema(&mut self, input: Option<&Value>, schema: Value) -> Value {
        let schema = self.schemas.placed(Side::Input, schema);
        let Some(name) = input.and_then(|input| defined(input.get("$ref")?.as_str()?)) else {
            return schema;
        };
        let given = match self.forms.get(&name) {
            Some(Value::String(given)) => given.clone(),
            _ => {
                let given = self.schemas.reserve(&format!("{name}Form"));
                self.schemas.components.insert(given.clone(), schema);
                self.forms.insert(name, json!(given));
                given
            }
        };
        json!({ "$ref": component(&given) })
    }

    fn responses(&self, action: &DescribedAction, checked: bool) -> Value {
        let named = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
        let mut responses = Map::new();
        let mut put = |status: &str, response: Value| responses.insert(status.to_owned(), response);
        match &action.output {
            Some(output) => put("200", self.result(exact(Side::Output, output.clone().to_value()))),
            None => put("204", named("Done")),
        };
        put("400", named("BadRequest"));
        if checked {
            put("403", named("CrossSite"));
        }
        put("413", named("TooLarge"));
        put("415", named("UnsupportedMediaType"));
        put("500", named("InternalError"));
        put("default", named("Failed"));
        Value::Object(responses)
    }

    fn result(&self, output: Value) -> Value {
        let target = output.get("$ref").and_then(|reference| self.outputs.get(&defined(reference.as_str()?)?));
        let description = target.unwrap_or(&output).get("description").and_then(Value::as_str);
        json!({
            "description": description.unwrap_or("The result."),
            "content": {
                PLAIN_JSON: { "schema": self.schemas.placed(Side::Output, output.clone()) },
                media::DEVALUE: { "schema": { "$ref": component(errors::DEVALUE) } },
            },
        })
    }
}

/// What a request has to say of where it comes from, if a page of any site could send it.
fn same_site(required: bool) -> Value {
    json!({
        "name": "Sec-Fetch-Site",
        "in": "header",
        "required": required,
        "description": "Browsers send it by themselves. What any site may send, a form or a request without a body, is \
                        refused without it, unless its `Origin` is the server's own.",
        "schema": { "enum": ["same-origin", "none"], "default": "same-origin" },
    })
}
