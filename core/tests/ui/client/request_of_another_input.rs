//! A request for an action whose input is another type.

use enact::Action;

const LIKE: Action<String, u32> = Action::json("like");

fn main() {
    let _ = LIKE.request("https://example.com", &7);
}
