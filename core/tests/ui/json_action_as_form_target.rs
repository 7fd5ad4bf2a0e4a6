//! A JSON action as the target of a form.

use enact::Action;

const LIKE: Action<u64, u64> = Action::json("like");

fn main() {
    let _ = format!(r#"<form method="post" action="{LIKE}">"#);
}
