//! A handler without a context.

use enact::{Action, ActionError, Registry};

const SHOUT: Action<String, String> = Action::json("shout");

async fn shout(text: String) -> Result<String, ActionError> {
    Ok(text)
}

fn main() {
    let _ = Registry::builder().action(SHOUT.handler(shout));
}
