//! A response with an output that does not implement `Deserialize`.

use enact::Action;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
struct Likes {
    count: u32,
}

const LIKE: Action<String, Likes> = Action::json("like");

fn main() {
    let _ = LIKE.response(http::Response::new("[1]")).map(|likes| likes.count);
}
