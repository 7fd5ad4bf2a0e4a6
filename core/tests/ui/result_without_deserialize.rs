//! A page that reads the result of an output without `Deserialize`.

use enact::page::PageResult;
use enact::Action;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
struct Welcome {
    email: String,
}

const SIGN_UP: Action<String, Welcome> = Action::json("sign-up");

fn page(results: &PageResult) -> String {
    match results.get(SIGN_UP) {
        Some(Ok(welcome)) => welcome.email.clone(),
        _ => String::new(),
    }
}

fn main() {
    let _ = page;
}
