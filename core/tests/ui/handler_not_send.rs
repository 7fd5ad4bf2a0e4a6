//! A handler whose future is not `Send`.

use std::rc::Rc;

use enact::{Action, ActionError, Context, Registry};

const SHOUT: Action<String, String> = Action::json("shout");

async fn shout(text: String, _: Context) -> Result<String, ActionError> {
    let text = Rc::new(text);
    std::future::ready(()).await;
    Ok(text.to_string())
}

fn main() {
    let _ = Registry::builder().action(SHOUT.handler(shout));
}
