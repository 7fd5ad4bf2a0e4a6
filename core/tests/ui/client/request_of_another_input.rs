//! A request with another type than the input of the action.

use enact::Action;

const LIKE: Action<String, u32> = Action::json("like");

fn main() {
    let _ = LIKE.request("https://example.com", &7);
}
