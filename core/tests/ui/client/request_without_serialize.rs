//! A request for an action whose input does not implement `Serialize`.

use enact::Action;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct Like {
    post: String,
}

const LIKE: Action<Like, u32> = Action::json("like");

fn main() {
    let like = Like { post: String::new() };
    let _ = LIKE.request("https://example.com", &like);
    let _ = like.post;
}
