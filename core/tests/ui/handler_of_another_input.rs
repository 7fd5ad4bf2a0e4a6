//! A handler for another type than the input of the action.

use enact::{Action, ActionError, Context, Registry};

const SHOUT: Action<String, String> = Action::json("shout");

async fn shout(number: u32, _: Context) -> Result<String, ActionError> {
    Ok(number.to_string())
}

fn main() {
    let _ = Registry::builder().action(SHOUT.handler(shout));
}
