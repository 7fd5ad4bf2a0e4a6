//! A Lambda function that serves a page with a form, and the form's action.

use enact::page::PageResult;
use enact::{Action, ActionError, Context, FormAction, Registry};
use enact_lambda::{Body, Error, Function, service_fn};
use http::{Request, Response};
use maud::{DOCTYPE, html};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct Greet {
    #[schemars(length(min = 1, max = 50), extend("x-message" = "Please enter a name of at most 50 characters"))]
    name: String,
}

const GREET: FormAction<Greet, String> = Action::form("greet");

async fn greet(input: Greet, _: Context) -> Result<String, ActionError> {
    Ok(format!("Hello, {}!", input.name))
}

async fn page(request: Request<Body>) -> Result<Response<Body>, Error> {
    let result = PageResult::of(request.extensions());
    let form = result.form(GREET);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            meta charset="utf-8";
            title { "Greetings" }
            @if let Some(Ok(greeting)) = result.get(GREET) {
                p { (greeting) }
            }
            form method="post" action=(GREET) {
                label { "Your name " input name="name" value=(form.value("name")); }
                @for error in form.errors("name") {
                    p { (error) }
                }
                button { "Greet" }
            }
        }
    };
    Ok(Response::builder().header("content-type", "text/html; charset=utf-8").body(page.into_string().into())?)
}

// Lambda sends one event at a time, so one thread is enough.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // Writes the causes of internal errors to the function's log, with the request id.
    enact_lambda::tracing::init_default_subscriber();
    let actions = Registry::builder().action(GREET.handler(greet)).build()?;
    Function::new(actions).pages(service_fn(page)).run().await
}
