use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RegistrySchemas;
use crate::export::reference::referenced_type;
use crate::{Action, ActionError, Context, FormAction, FormData, Registry};

#[derive(Deserialize, Serialize, JsonSchema)]
struct Club {
    #[serde(default)]
    members: Vec<String>,
}

#[test]
fn input_and_output_shapes_of_a_type_are_kept_apart() {
    async fn found(club: Club, _: Context) -> Result<Club, ActionError> {
        Ok(club)
    }
    async fn close(_: FormData, _: Context) -> Result<(), ActionError> {
        Ok(())
    }
    let actions = Registry::builder()
        .action(Action::<Club, Club>::json("found").handler(found))
        .action(FormAction::<FormData, ()>::form("close").handler(close))
        .build()
        .unwrap();
    let schemas = actions.collect_schemas();
    let [close, found] = schemas.actions.as_slice() else { panic!() };
    assert!(close.input.is_none() && close.output.is_none());
    assert_eq!(found.input.as_ref().unwrap().get("$ref").unwrap(), "#/$defs/Club");
    assert_eq!(found.output.as_ref().unwrap().get("$ref").unwrap(), "#/$defs/Club");
    assert!(schemas.types.inputs["Club"].get("required").is_none());
    assert_eq!(schemas.types.outputs["Club"]["required"], serde_json::json!(["members"]));
}

async fn echo<T>(input: T, _: Context) -> Result<T, ActionError> {
    Ok(input)
}

#[test]
fn types_with_equal_names_get_numbers() {
    macro_rules! action {
        ($name:literal, $of:ty) => {{
            #[derive(Deserialize, Serialize, JsonSchema)]
            struct Inner(Vec<$of>);
            #[derive(Deserialize, Serialize, JsonSchema)]
            struct Probe {
                inner: Inner,
            }
            Registry::builder().action(Action::json($name).handler(echo::<Probe>))
        }};
    }
    let actions = Registry::builder()
        .merge(action!("a", u8))
        .merge(action!("b", String))
        .merge(action!("c", String))
        .merge(action!("d", u8))
        .build()
        .unwrap();
    let schemas = actions.collect_schemas();
    let of = |at: usize| schemas.actions[at].input.as_ref().unwrap().get("$ref").unwrap().clone();
    assert_eq!(
        [of(0), of(1), of(2), of(3)],
        ["Probe", "Probe2", "Probe2", "Probe"].map(|name| format!("#/$defs/{name}"))
    );
    assert_eq!(schemas.types.inputs["Probe2"]["properties"]["inner"]["$ref"], "#/$defs/Inner2");
    assert_eq!(schemas.types.inputs["Inner2"]["items"]["type"], "string");
    assert_eq!(schemas.types.inputs.len(), 4);
}

/// Returns the input type that a schema refers to.
fn resolve<'a>(schemas: &'a RegistrySchemas, schema: &'a serde_json::Value) -> &'a serde_json::Value {
    &schemas.types.inputs[&referenced_type(schema.as_object().unwrap()).unwrap()]
}

fn input_type(schemas: &RegistrySchemas, action: usize) -> &serde_json::Value {
    resolve(schemas, schemas.actions[action].input.as_ref().unwrap().as_value())
}

#[test]
fn instances_of_a_generic_type_keep_their_own_shape() {
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
        .action(Action::json("a").handler(echo::<Page<Post>>))
        .action(Action::json("b").handler(echo::<Dash>))
        .action(Action::json("c").handler(echo::<Page<Comment>>))
        .action(Action::json("d").handler(echo::<Dash>))
        .build()
        .unwrap();
    let schemas = actions.collect_schemas();
    let field = |page: &serde_json::Value| {
        let item = resolve(&schemas, &page["properties"]["items"]["items"]);
        item["required"][0].as_str().unwrap().to_owned()
    };
    assert_eq!(field(input_type(&schemas, 0)), "slug");
    let dash = &input_type(&schemas, 1)["properties"];
    assert_eq!(field(resolve(&schemas, &dash["users"])), "nick");
    assert_eq!(field(resolve(&schemas, &dash["comments"])), "text");
    assert_eq!(field(input_type(&schemas, 2)), "text");
    assert_eq!(schemas.actions[1].input, schemas.actions[3].input);
    // `Post`, `User` and `Comment`, a `Page` of each, and `Dash`.
    assert_eq!(schemas.types.inputs.len(), 7);
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
fn mutually_recursive_types_with_equal_names_get_numbers() {
    let actions = Registry::builder()
        .action(Action::json("a").handler(echo::<nodes::a::Node>))
        .action(Action::json("b").handler(echo::<nodes::c::Node>))
        .action(Action::json("c").handler(echo::<nodes::d::Node>))
        .action(Action::json("d").handler(echo::<nodes::d::Node>))
        .build()
        .unwrap();
    let schemas = actions.collect_schemas();
    assert!(input_type(&schemas, 1)["properties"].get("last").is_none());
    let last = input_type(&schemas, 2);
    assert!(last["properties"].get("last").is_some());
    assert_eq!(resolve(&schemas, &last["properties"]["next"]["anyOf"][0]), last);
    assert_eq!(schemas.actions[2].input, schemas.actions[3].input);
}
