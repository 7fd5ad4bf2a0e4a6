//! An input that does not derive `JsonSchema`.

use enact::{Action, ActionError, Context, FormAction, Registry};
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
