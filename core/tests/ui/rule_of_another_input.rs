//! An asynchronous rule for another type than the input of the action.

use enact::{Action, ActionError, Context, Issues, Registry};

const SHOUT: Action<String, String> = Action::json("shout");

async fn shout(text: String, _: Context) -> Result<String, ActionError> {
    Ok(text)
}

async fn positive(_: &u32, _: &Context) -> Result<Issues, ActionError> {
    Ok(Issues::new())
}

fn main() {
    let _ = Registry::builder().action(SHOUT.handler(shout).refine_async(positive));
}
