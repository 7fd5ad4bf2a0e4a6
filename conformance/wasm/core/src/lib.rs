//! A bare WebAssembly module whose exports call actions.

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context as Task, Poll, Waker};

use bytes::Bytes;
use enact::cookie::Cookie;
use enact::host::{ResponseBody, not_found};
use enact::{Action, ActionError, Context, Registry};
use http::Request;
use http_body_util::Full;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct SignUp {
    #[schemars(email)]
    email: String,
}

async fn sign_up(input: SignUp, ctx: Context) -> Result<String, ActionError> {
    ctx.remove_cookie(Cookie::build("session").path("/"));
    Ok(input.email)
}

/// Calls an action and returns the status of the response, or 0 if there is none.
///
/// If `case` is 1, the input is invalid. If it is 2, the call is cross-site. Otherwise the call is valid.
#[unsafe(no_mangle)]
pub extern "C" fn status(case: u32) -> u32 {
    let actions = Registry::builder().action(Action::form("newsletter").handler(sign_up)).build();
    let request = Request::post("/_actions/newsletter")
        .header("host", "here.example")
        .header("origin", if case == 2 { "https://there.example" } else { "https://here.example" })
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Full::<Bytes>::from(if case == 1 { "email=nobody" } else { "email=ada@example.com" }));
    let (Ok(actions), Ok(request)) = (actions, request) else { return 0 };
    // Nothing in this module can wake a task, so a future that is pending stays pending.
    let pages = async |_| Ok::<_, Infallible>(not_found());
    match pin!(actions.serve(request, pages)).poll(&mut Task::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) if matches!(response.body(), ResponseBody::Action(_)) => {
            response.status().as_u16().into()
        }
        _ => 0,
    }
}
