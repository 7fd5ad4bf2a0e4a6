//! An input whose type lacks the derive of its schema.

use enact::{Action, FormAction, ActionError, Context, Registry};
use serde::Deserialize;

#[derive(Deserialize)]
struct SignUp {
    email: String,
}

const SIGN_UP: FormAction<SignUp, String> = Action::form("sign-up");

async fn sign_up(input: SignUp, _: Context) -> Result<String, ActionError> {
    Ok(input.email)
}

fn main() {
    let _ = Registry::builder().action(SIGN_UP.handler(sign_up));
}
