//! The fixture application as a Worker.

use std::sync::LazyLock;

use bytes::Bytes;
use enact::Registry;
use enact_conformance::fixture;
use http_body_util::Full;
use worker::{Context, Env, HttpRequest, Response, Result, event};

static ACTIONS: LazyLock<Registry> = LazyLock::new(|| fixture::actions().build().expect("the fixture is sound"));

#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, context: Context) -> Result<Response> {
    let pages = async |request| Ok(fixture::page(&request).map(Full::<Bytes>::from));
    enact_cloudflare::serve(&ACTIONS, request, env, context, pages).await
}
