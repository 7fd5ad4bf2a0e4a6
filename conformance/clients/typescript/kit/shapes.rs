//! Types whose schemas take every turn that a type of TypeScript has to follow.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All of them.
#[derive(Deserialize, Serialize, JsonSchema)]
pub(crate) struct Shapes {
    /// A line.
    ///
    /// And another.
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

/// Contains itself without a name in between.
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

/// Has the name of a type of JavaScript's.
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
    /// Somebody moved.
    Moved(Place),
    /// Nothing happened.
    Idle,
    Said {
        text: String,
    },
}

/// Where to.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Direction {
    /// Against the wind.
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
