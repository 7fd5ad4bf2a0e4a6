//! A handler that returns another type than the output of the action.

use enact::{Action, ActionError, Context, Registry};

const SHOUT: Action<String, String> = Action::json("shout");

async fn shout(text: String, _: Context) -> Result<usize, ActionError> {
    Ok(text.len())
}

fn main() {
    let _ = Registry::builder().action(SHOUT.handler(shout));
}
