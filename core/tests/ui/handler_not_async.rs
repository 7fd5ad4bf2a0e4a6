//! A handler that is not async.

use enact::{Action, ActionError, Context, Registry};

const SHOUT: Action<String, String> = Action::json("shout");

fn shout(text: String, _: Context) -> Result<String, ActionError> {
    Ok(text)
}

fn main() {
    let _ = Registry::builder().action(SHOUT.handler(shout));
}
