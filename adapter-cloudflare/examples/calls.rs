//! A Worker that calls the actions of another server: through a service binding, and at its address.

use bytes::Bytes;
use enact::{Action, ActionError, ActionErrorCode, Input, ResultExt};
use http::{Request, Response};
use http_body_util::BodyExt;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use worker::{Body, Env, Fetch, Fetcher, HttpRequest};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Like {
    post: String,
}

const LIKE: Action<Like, u32> = Action::json("blog.like");

/// The server of the actions.
enum Server {
    /// A Worker of the same account, through a service binding. The host of the address is ignored.
    Binding(Fetcher),
    /// Any server, by its base URL.
    Url(&'static str),
}

impl Server {
    async fn call<I, O>(&self, action: Action<I, O>, input: &I) -> Result<O, ActionError>
    where
        I: Input + Serialize,
        O: DeserializeOwned,
    {
        let base = match self {
            Self::Binding(_) => "https://worker.internal",
            Self::Url(base) => base,
        };
        let request = action.request(base, input)?;
        let response =
            self.send(request).await.or_code(ActionErrorCode::BadGateway, "The server cannot be reached.")?;
        action.response(response)
    }

    async fn send(&self, request: Request<Bytes>) -> worker::Result<Response<Bytes>> {
        let request = worker::Request::try_from(request.map(http_body_util::Full::new))?;
        let response: Response<Body> = match self {
            Self::Binding(worker) => worker.fetch_request(request).await?,
            Self::Url(_) => Fetch::Request(request).send().await?.try_into()?,
        };
        let (head, body) = response.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }
}

#[worker::event(fetch)]
async fn fetch(_: HttpRequest, env: Env, _: worker::Context) -> worker::Result<Response<String>> {
    let blog = Server::Binding(env.service("BLOG")?);
    let other = Server::Url("https://example.com/app");
    let like = Like { post: "hello".to_owned() };
    let text = match (blog.call(LIKE, &like).await, other.call(LIKE, &like).await) {
        (Ok(blog), Ok(other)) => format!("{blog} likes on the blog, {other} on the other server"),
        (Err(error), _) | (_, Err(error)) => error.to_string(),
    };
    Ok(Response::new(text))
}

fn main() {}
