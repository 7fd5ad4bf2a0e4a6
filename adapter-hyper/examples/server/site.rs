//! A guest book: one page, whose form uses Post/Redirect/Get.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use enact::host::PageBody;
use enact::page::{Key, PageResult, PostRedirectGet};
use enact::{Action, ActionError, BuildError, Context, FormAction, Registry};
use enact_hyper::ActionsService;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::service::Service;
use maud::{DOCTYPE, html};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Entry {
    #[schemars(length(min = 2, max = 40))]
    name: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Signed {
    text: String,
}

pub(crate) const SIGN: FormAction<Entry, Signed> = Action::form("guests.sign");

/// The names of the latest guests, in the order of their entries.
type Guests = Arc<Mutex<Vec<String>>>;

const MAX_GUESTS: usize = 20;

pub(crate) fn build_site() -> Result<ActionsService<Pages>, BuildError> {
    let guests = Guests::default();
    let sign = {
        let guests = Arc::clone(&guests);
        move |input: Entry, ctx: Context| {
            let guests = Arc::clone(&guests);
            async move { sign(input, &ctx, &guests) }
        }
    };
    let actions = Registry::builder()
        .action(SIGN.handler(sign))
        // In production, load a permanent key: see `PostRedirectGet::cookie`.
        .post_redirect_get(PostRedirectGet::cookie(Key::generate()))
        // Clients never see the cause of an internal error: log it.
        .on_error(|call, error| {
            if error.status().is_server_error() {
                eprintln!("{}: {error}: {:?}", call.name(), std::error::Error::source(error));
            }
        })
        .build()?;
    Ok(ActionsService::new(actions).pages(Pages { guests }))
}

fn sign(input: Entry, ctx: &Context, guests: &Guests) -> Result<Signed, ActionError> {
    let from = ctx.client_addr().map_or_else(String::new, |address| format!(" from {address}"));
    let mut guests = guests.lock().unwrap_or_else(PoisonError::into_inner);
    let text = format!("Welcome, {}{from}!", input.name);
    guests.push(input.name);
    let old = guests.len().saturating_sub(MAX_GUESTS);
    guests.drain(..old);
    Ok(Signed { text })
}

/// The pages of the site. A larger site would use a router here.
#[derive(Clone)]
pub(crate) struct Pages {
    guests: Guests,
}

impl<B> Service<Request<PageBody<B>>> for Pages {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn call(&self, request: Request<PageBody<B>>) -> Self::Future {
        let response = match (request.method(), request.uri().path()) {
            (&Method::GET | &Method::HEAD | &Method::POST, "/") => {
                respond(StatusCode::OK, self.render_guest_book(&PageResult::of(request.extensions())))
            }
            (_, "/") => respond(StatusCode::METHOD_NOT_ALLOWED, html! { h1 { "Not allowed" } }),
            _ => respond(StatusCode::NOT_FOUND, html! { h1 { "Not found" } }),
        };
        std::future::ready(Ok(response))
    }
}

impl Pages {
    fn render_guest_book(&self, result: &PageResult) -> maud::Markup {
        let form = result.form(SIGN);
        let guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
        html! {
            h1 { "Guest book" }
            @if let Some(Ok(signed)) = result.get(SIGN) { p role="status" { (signed.text) } }
            form method="post" action=(SIGN) {
                label { "Your name " input name="name" value=(form.value("name")) aria-invalid=[form.is_invalid("name").then_some("true")] aria-describedby=[form.described_by("name")]; }
                @if let Some(error) = form.error("name") { p id=(form.error_id("name")) { (error) } }
                button { "Sign" }
            }
            ul { @for guest in guests.iter().rev() { li { (guest) } } }
        }
    }
}

fn respond(status: StatusCode, body: maud::Markup) -> Response<Full<Bytes>> {
    let html =
        html! { (DOCTYPE) html lang="en" { head { meta charset="utf-8"; title { "Guest book" } } body { (body) } } };
    let mut response = Response::new(Full::from(html.into_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
