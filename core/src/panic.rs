//! Containment of panics: a handler that panics fails its own call and no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// A panic that was caught. The panic hook has already reported its message.
#[derive(Debug)]
pub(crate) struct Panicked;

/// Awaits a future. If it panics and the target unwinds, the error is made from [`Panicked`].
///
/// Nothing outside of the future observes the state that the panic left behind.
pub(crate) async fn catch_async<T, E: From<Panicked>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        catch(|| future.as_mut().poll(cx)).unwrap_or_else(|panicked| Poll::Ready(Err(panicked.into())))
    })
    .await
}

/// Calls a function. If it panics and the target unwinds, the result is an error.
pub(crate) fn catch<T>(function: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(function)).map_err(|_| Panicked)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Response};

    use crate::host::{PageBody, not_found};
    use crate::{Action, ActionError, Body, Context, Registry};

    const DIVIDE: Action<(u32, u32), u32> = Action::json("divide");

    async fn divide((a, b): (u32, u32), _: Context) -> Result<u32, ActionError> {
        Ok(a / b)
    }

    async fn pages(_: Request<PageBody<Body>>) -> Result<Response<Body>, std::convert::Infallible> {
        Ok(not_found())
    }

    #[test]
    fn panic_of_a_handler_returns_500_and_the_next_call_is_served() {
        let actions = Registry::builder().action(DIVIDE.handler(divide)).build().unwrap();
        for (body, status, text) in [("[6, 0]", 500, "Internal server error"), ("[6, 3]", 200, "[2]")] {
            let request = Request::post("/_actions/divide").header("content-type", "application/json");
            let request = request.body(Body::from(Bytes::from(body))).unwrap();
            let response = pollster::block_on(actions.serve(request, pages)).unwrap();
            assert_eq!(response.status(), status);
            let crate::host::ResponseBody::Action(body) = response.into_body() else { panic!("a page answered") };
            let body = body.into_bytes().unwrap();
            let body = str::from_utf8(&body).unwrap();
            assert!(body.contains(text) && !body.contains("divide by zero"), "{body}");
        }
    }
}
