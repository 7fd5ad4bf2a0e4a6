//! An OpenAPI document of a registry: [`Registry::openapi`].

mod components;
mod errors;
mod forms;
mod operation;
mod wire;

use serde_json::{Map, Value, json};

use crate::form::encode_uri_component;
use crate::registry::Registry;

use operation::{OperationBuilder, tag};

/// The application's part of an OpenAPI document: see [`Registry::openapi`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenApiInfo {
    title: String,
    version: String,
    description: Option<String>,
    servers: Vec<String>,
}

impl OpenApiInfo {
    /// Creates the information from the application's name and the version of its actions.
    pub fn new(title: impl Into<String>, version: impl Into<String>) -> Self {
        Self { title: title.into(), version: version.into(), description: None, servers: Vec::new() }
    }

    /// Sets the application's description, in CommonMark.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds an origin at which the actions are served, such as `https://example.com`.
    ///
    /// The registry's base is appended to it. Without any origin, clients use the one that serves the document.
    #[must_use]
    pub fn server(mut self, origin: impl Into<String>) -> Self {
        self.servers.push(origin.into());
        self
    }
}

impl Registry {
    /// Returns an OpenAPI 3.1 document of all actions.
    ///
    /// It describes each action's path, its input in each accepted encoding, its output and its error responses. The
    /// descriptions are the doc comments of the types. Actions are tagged by their group: the part of the name before the
    /// last dot. Equal registries give equal documents, with keys in the same order.
    ///
    /// * The schema of an output describes [plain JSON](crate::host::PLAIN_JSON), which a client gets if its `Accept` header names that
    ///   media type. Generated clients send that header. JSON Schema cannot describe devalue, so it is listed as a second
    ///   media type.
    /// * A form's fields are listed under the names that a form sends: nested ones with dots (`address.street`).
    /// * Rules in code ([`refine`](crate::Definition::refine)) have no schema and are not described. Errors of handlers and
    ///   gates are covered by the `default` response.
    /// * An action that redirects its caller answers 204 with the target in the header `enact-redirect`.
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
    /// let actions = Registry::builder().action(ADD.handler(add)).build()?;
    /// let document = actions.openapi(&OpenApiInfo::new("Sums", "1.0.0"));
    /// assert_eq!(document["paths"]["/_actions/math.add"]["post"]["tags"][0], "math");
    /// println!("{document:#}");
    /// # Ok::<(), enact::BuildError>(())
    /// ```
    pub fn openapi(&self, info: &OpenApiInfo) -> Value {
        let schemas = self.collect_schemas();
        let mut operations = OperationBuilder::new(self, schemas.types);
        let mut paths = Map::new();
        let mut tags: Vec<&str> = Vec::new();
        for action in &schemas.actions {
            let Some(entry) = self.shared.entries.get(action.name) else { continue };
            tags.extend(tag(action.name));
            let path = format!("/_actions/{}", encode_uri_component(action.name));
            paths.insert(path, json!({ "post": operations.build(action, entry) }));
        }
        tags.sort_unstable();
        tags.dedup();
        let responses = errors::build_responses();
        let schemas = operations.components.finish(&json!([paths, responses]));
        let mut document = json!({
            "openapi": "3.1.0",
            "info": { "title": info.title, "version": info.version },
            "servers": self.build_servers(info),
            "tags": tags.into_iter().map(|tag| json!({ "name": tag })).collect::<Vec<_>>(),
            "paths": paths,
            "components": { "schemas": schemas, "responses": responses },
        });
        if let Some(description) = &info.description {
            document["info"]["description"] = json!(description);
        }
        document
    }

    fn build_servers(&self, info: &OpenApiInfo) -> Value {
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
