//! An input whose type lacks the derive of its schema.

use enact::{Action, ActionError, Context, Registry};
use serde::Deserialize;

#[derive(Deserialize)]
struct SignUp {
    email: String,
}

const SIGN_UP: Action<SignUp, String> = Action::form("sign-up");

async fn sign_up(input: SignUp, _: Context) -> Result<String, ActionError> {
    Ok(input.email)
}

fn main() {
    let _ = Registry::builder().action(SIGN_UP, sign_up);
}
