//! An output that does not derive `JsonSchema`.

use enact::{Action, ActionError, Context, Registry};
use serde::Serialize;

#[derive(Serialize)]
struct Welcome {
    email: String,
}

const SIGN_UP: Action<String, Welcome> = Action::json("sign-up");

async fn sign_up(email: String, _: Context) -> Result<Welcome, ActionError> {
    Ok(Welcome { email })
}

fn main() {
    let _ = Registry::builder().action(SIGN_UP.handler(sign_up));
}
