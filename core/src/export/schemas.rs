//! What all actions of a registry take and give, for what is generated from it.

use std::collections::BTreeMap;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::action::Encoding;
use crate::form::encode_uri_component;
use crate::registry::Registry;

/// The actions of a registry with their schemas. What a schema refers to as `#/$defs/Name` stands in one of two maps,
/// since serde may read a type in another shape than it writes it.
#[derive(Debug)]
pub(crate) struct Described {
    /// Sorted by name.
    pub(crate) actions: Vec<DescribedAction>,
    /// The named types of inputs, by name.
    pub(crate) inputs: Map<String, Value>,
    /// The named types of outputs, by name.
    pub(crate) outputs: Map<String, Value>,
}

/// An action with the schemas of its input and output.
#[derive(Debug)]
pub(crate) struct DescribedAction {
    pub(crate) name: &'static str,
    pub(crate) encoding: Encoding,
    /// `None` for a form as it comes.
    pub(crate) input: Option<Schema>,
    /// `None` where there is no content.
    pub(crate) output: Option<Schema>,
}

impl Registry {
    pub(crate) fn describe(&self) -> Described {
        let mut described = Described { actions: Vec::new(), inputs: Map::new(), outputs: Map::new() };
        let mut actions: Vec<_> = self.shared.entries.values().map(|entry| &entry.action).collect();
        actions.sort_unstable_by_key(|action| action.name());
        for action in actions {
            // A generator for each: one tells types apart by module and name, which two functions' own types may share.
            let mut inputs = SchemaSettings::draft2020_12().for_deserialize().into_generator();
            let mut outputs = SchemaSettings::draft2020_12().for_serialize().into_generator();
            let input = action.input_schema(&mut inputs);
            let output = action.output_schema(&mut outputs);
            described.actions.push(DescribedAction {
                name: action.name(),
                encoding: action.encoding(),
                input: adopt(&mut described.inputs, inputs.take_definitions(true), input),
                output: adopt(&mut described.outputs, outputs.take_definitions(true), output),
            });
        }
        described
    }
}

/// Adds an action's types to all types. One whose name another type has gets a number after it, in its references too.
fn adopt(all: &mut Map<String, Value>, new: Map<String, Value>, schema: Option<Schema>) -> Option<Schema> {
    let mut names = BTreeMap::new();
    for name in new.keys() {
        for there in all.keys() {
            let mut assumed = names.clone();
            if is_there(name, there, &new, all, &mut assumed) {
                names = assumed;
                break;
            }
        }
    }
    for name in new.keys() {
        if names.contains_key(name) {
            continue;
        }
        let is_free = |candidate: &String| {
            let is_new = candidate != name && new.contains_key(candidate);
            !is_new && !all.contains_key(candidate) && !names.values().any(|taken| taken == candidate)
        };
        let numbered = (2_usize..).map(|number| format!("{name}{number}"));
        if let Some(free) = std::iter::once(name.clone()).chain(numbered).find(is_free) {
            names.insert(name.clone(), free);
        }
    }
    for (name, schema) in &new {
        if let Some(name) = names.get(name) {
            all.insert(name.clone(), renamed(schema, &names));
        }
    }
    schema.and_then(|schema| Schema::try_from(renamed(schema.as_value(), &names)).ok())
}

/// Whether a new type is one that is there, perhaps with a number after its name. It is if all that it refers to is, where what
/// is being compared counts as alike: types may contain each other.
fn is_there(
    name: &String,
    there: &String,
    new: &Map<String, Value>,
    all: &Map<String, Value>,
    names: &mut BTreeMap<String, String>,
) -> bool {
    if let Some(known) = names.get(name) {
        return known == there;
    }
    let has_name = there.strip_prefix(name.as_str()).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let (Some(schema), Some(other), true) = (new.get(name), all.get(there), has_name) else {
        return false;
    };
    names.insert(name.clone(), there.clone());
    is_alike(schema, other, new, all, names)
}

fn is_alike(
    schema: &Value,
    other: &Value,
    new: &Map<String, Value>,
    all: &Map<String, Value>,
    names: &mut BTreeMap<String, String>,
) -> bool {
    match (schema, other) {
        (Value::Object(map), Value::Object(others)) => {
            map.len() == others.len()
                && map.iter().all(|(key, value)| {
                    let Some(other) = others.get(key) else { return false };
                    let to = |value: &Value| if key == "$ref" { value.as_str().and_then(definition) } else { None };
                    match (to(value), to(other)) {
                        (Some(name), Some(there)) => is_there(&name, &there, new, all, names),
                        _ => is_alike(value, other, new, all, names),
                    }
                })
        }
        (Value::Array(list), Value::Array(others)) => {
            list.len() == others.len()
                && list.iter().zip(others).all(|(value, other)| is_alike(value, other, new, all, names))
        }
        _ => schema == other,
    }
}

fn renamed(schema: &Value, names: &BTreeMap<String, String>) -> Value {
    match schema {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| {
                let name = if key == "$ref" { value.as_str().and_then(definition) } else { None };
                let value = match name.and_then(|name| names.get(&name)) {
                    Some(name) => reference(name).into(),
                    None => renamed(value, names),
                };
                (key.clone(), value)
            })
            .collect(),
        Value::Array(list) => list.iter().map(|value| renamed(value, names)).collect(),
        other => other.clone(),
    }
}

/// The name of the type that a `$ref` leads to: a JSON Pointer in a fragment (RFC 6901, section 6).
pub(crate) fn definition(reference: &str) -> Option<String> {
    let pointer = percent_encoding::percent_decode_str(reference.strip_prefix("#/$defs/")?).decode_utf8().ok()?;
    Some(pointer.replace("~1", "/").replace("~0", "~"))
}

/// The inverse of [`definition`].
fn reference(name: &str) -> String {
    format!("#/$defs/{}", encode_uri_component(&name.replace('~', "~0").replace('/', "~1")))
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use crate::{Action, ActionError, Context, FormData, Registry};

    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Club {
        #[serde(default)]
        members: Vec<String>,
    }

    #[test]
    fn each_side_has_its_own_shape_of_a_type() {
        async fn found(club: Club, _: Context) -> Result<Club, ActionError> {
            Ok(club)
        }
        async fn close(_: FormData, _: Context) -> Result<(), ActionError> {
            Ok(())
        }
        let actions = Registry::builder()
            .action(Action::<Club, Club>::json("found"), found)
            .action(Action::<FormData, ()>::form("close"), close)
            .build()
            .unwrap();
        let described = actions.describe();
        let [close, found] = described.actions.as_slice() else { panic!() };
        assert!(close.input.is_none() && close.output.is_none());
        assert_eq!(found.input.as_ref().unwrap().get("$ref").unwrap(), "#/$defs/Club");
        assert_eq!(found.output.as_ref().unwrap().get("$ref").unwrap(), "#/$defs/Club");
        assert!(described.inputs["Club"].get("required").is_none());
        assert_eq!(described.outputs["Club"]["required"], serde_json::json!(["members"]));
    }

    async fn same<T>(input: T, _: Context) -> Result<T, ActionError> {
        Ok(input)
    }

    #[test]
    fn types_of_one_name_are_told_apart() {
        macro_rules! action {
            ($name:literal, $of:ty) => {{
                #[derive(Deserialize, Serialize, JsonSchema)]
                struct Inner(Vec<$of>);
                #[derive(Deserialize, Serialize, JsonSchema)]
                struct Probe {
                    inner: Inner,
                }
                Registry::builder().action(Action::json($name), same::<Probe>)
            }};
        }
        let actions = Registry::builder()
            .merge(action!("a", u8))
            .merge(action!("b", String))
            .merge(action!("c", String))
            .merge(action!("d", u8))
            .build()
            .unwrap();
        let described = actions.describe();
        let of = |at: usize| described.actions[at].input.as_ref().unwrap().get("$ref").unwrap().clone();
        assert_eq!(
            [of(0), of(1), of(2), of(3)],
            ["Probe", "Probe2", "Probe2", "Probe"].map(|name| format!("#/$defs/{name}"))
        );
        assert_eq!(described.inputs["Probe2"]["properties"]["inner"]["$ref"], "#/$defs/Inner2");
        assert_eq!(described.inputs["Inner2"]["items"]["type"], "string");
        assert_eq!(described.inputs.len(), 4);
    }

    /// What the input of the action at a place is, where a schema refers to it.
    fn at<'a>(described: &'a super::Described, schema: &'a serde_json::Value) -> &'a serde_json::Value {
        &described.inputs[&super::definition(schema["$ref"].as_str().unwrap()).unwrap()]
    }

    fn input(described: &super::Described, action: usize) -> &serde_json::Value {
        at(described, described.actions[action].input.as_ref().unwrap().as_value())
    }

    #[test]
    fn each_type_of_a_generic_one_keeps_its_own() {
        #[derive(Deserialize, Serialize, JsonSchema)]
        struct Post {
            slug: String,
        }
        #[derive(Deserialize, Serialize, JsonSchema)]
        struct User {
            nick: String,
        }
        #[derive(Deserialize, Serialize, JsonSchema)]
        struct Comment {
            text: String,
        }
        #[derive(Deserialize, Serialize, JsonSchema)]
        struct Page<T> {
            items: Vec<T>,
        }
        #[derive(Deserialize, Serialize, JsonSchema)]
        struct Dash {
            users: Page<User>,
            comments: Page<Comment>,
        }
        let actions = Registry::builder()
            .action(Action::json("a"), same::<Page<Post>>)
            .action(Action::json("b"), same::<Dash>)
            .action(Action::json("c"), same::<Page<Comment>>)
            .action(Action::json("d"), same::<Dash>)
            .build()
            .unwrap();
        let described = actions.describe();
        let field = |page: &serde_json::Value| {
            let item = at(&described, &page["properties"]["items"]["items"]);
            item["required"][0].as_str().unwrap().to_owned()
        };
        assert_eq!(field(input(&described, 0)), "slug");
        let dash = &input(&described, 1)["properties"];
        assert_eq!(field(at(&described, &dash["users"])), "nick");
        assert_eq!(field(at(&described, &dash["comments"])), "text");
        assert_eq!(field(input(&described, 2)), "text");
        assert_eq!(described.actions[1].input, described.actions[3].input);
        // Three things, a page of each, and what holds two of them.
        assert_eq!(described.inputs.len(), 7);
    }

    mod nodes {
        pub(super) mod a {
            #[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
            pub(in super::super) struct Node {
                next: Option<Box<super::b::Node>>,
            }
        }
        pub(super) mod b {
            #[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
            pub(in super::super) struct Node {
                next: Option<Box<super::a::Node>>,
            }
        }
        pub(super) mod c {
            #[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
            pub(in super::super) struct Node {
                next: Option<Box<Node>>,
            }
        }
        pub(super) mod d {
            #[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]
            pub(in super::super) struct Node {
                next: Option<Box<Node>>,
                last: bool,
            }
        }
    }

    #[test]
    fn types_that_contain_each_other_are_told_apart() {
        let actions = Registry::builder()
            .action(Action::json("a"), same::<nodes::a::Node>)
            .action(Action::json("b"), same::<nodes::c::Node>)
            .action(Action::json("c"), same::<nodes::d::Node>)
            .action(Action::json("d"), same::<nodes::d::Node>)
            .build()
            .unwrap();
        let described = actions.describe();
        assert!(input(&described, 1)["properties"].get("last").is_none());
        let last = input(&described, 2);
        assert!(last["properties"].get("last").is_some());
        assert_eq!(at(&described, &last["properties"]["next"]["anyOf"][0]), last);
        assert_eq!(described.actions[2].input, described.actions[3].input);
    }
}
