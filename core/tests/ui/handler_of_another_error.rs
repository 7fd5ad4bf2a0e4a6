//! A handler whose error does not convert to `ActionError`.

use enact::{Action, Context, Registry};

const SHOUT: Action<String, String> = Action::json("shout");

async fn shout(text: String, _: Context) -> Result<String, std::io::Error> {
    Ok(text)
}

fn main() {
    let _ = Registry::builder().action(SHOUT.handler(shout));
}
