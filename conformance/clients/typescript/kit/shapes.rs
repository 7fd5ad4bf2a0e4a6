//! Types whose schemas use every feature that the translation to TypeScript supports.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value of each type.
#[derive(Deserialize, Serialize, JsonSchema)]
pub(crate) struct Shapes {
    /// The first line of a comment.
    ///
    /// The last line of the comment.
    tree: Tree,
    json: Json,
    error: Error,
    page: Page<Place>,
    letters: Page<char>,
    either: Either,
    event: Event,
    numbers: BTreeMap<u32, u64>,
    names: BTreeSet<String>,
    triple: (u8, String, bool),
    four: [f32; 4],
    maybe: Option<Place>,
    list: Vec<Option<Direction>>,
    #[serde(rename = "a-b c")]
    dashed: Unit,
    #[serde(default = "five")]
    #[deprecated]
    five: i8,
    #[serde(flatten)]
    flat: Flat,
}

fn five() -> i8 {
    5
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Tree {
    label: String,
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
}

/// A recursive type without an object in between.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
enum Json {
    Null(()),
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

/// A type with the name of a JavaScript type.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Error {
    promise: Promise,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Promise {
    kept: bool,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Place {
    x: i32,
}

#[derive(Deserialize, Serialize, JsonSchema)]
enum Either {
    Nothing,
    One(u8),
    Two(u8, String),
    Named { a: u8 },
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind")]
enum Event {
    /// A person moved.
    Moved(Place),
    /// Nothing happened.
    Idle,
    Said {
        text: String,
    },
}

/// A direction to go.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Direction {
    /// Towards the pole.
    FarNorth,
    South,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Unit;

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Flat {
    on_top: bool,
    #[serde(flatten)]
    rest: BTreeMap<String, u8>,
}
