//! An asynchronous rule that is not async.

use enact::{Action, ActionError, Context, Issues, Registry};

const SHOUT: Action<String, String> = Action::json("shout");

async fn shout(text: String, _: Context) -> Result<String, ActionError> {
    Ok(text)
}

fn unique(_: &String, _: &Context) -> Result<Issues, ActionError> {
    Ok(Issues::new())
}

fn main() {
    let _ = Registry::builder().action(SHOUT.handler(shout).refine_async(unique));
}
