//! The fixture as a Worker. The variable `BASE` sets the base path of the actions, `/` by default.

use std::sync::OnceLock;

use bytes::Bytes;
use enact::Registry;
use http_body_util::Full;
use worker::{Context, Env, HttpRequest, Response, Result, event};

static ACTIONS: OnceLock<Registry> = OnceLock::new();

fn actions(env: &Env) -> &'static Registry {
    ACTIONS.get_or_init(|| {
        let base = env.var("BASE").map(|base| base.to_string()).unwrap_or_default();
        enact_fixture::actions().base(base).build().expect("the fixture is valid")
    })
}

#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, context: Context) -> Result<Response> {
    let pages = async |request| Ok(enact_fixture::page(&request).map(Full::<Bytes>::from));
    enact_cloudflare::serve(actions(&env), request, env, context, pages).await
}
