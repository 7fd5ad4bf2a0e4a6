//! The style sheet and the scripts.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use enact::Registry;

pub(crate) async fn serve_style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("assets/demo.css"))
}

pub(crate) async fn serve_script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("assets/demo.js"))
}

/// Returns a route that serves the client of all actions. Browsers cache it and revalidate it on each use.
pub(crate) fn serve_client<S: Clone + Send + Sync + 'static>(actions: &Registry) -> MethodRouter<S> {
    let module = actions.javascript();
    let mut hasher = DefaultHasher::new();
    module.hash(&mut hasher);
    let tag = format!("\"{:x}\"", hasher.finish());
    get(async move |headers: HeaderMap| -> Response {
        let is_fresh = headers.get(IF_NONE_MATCH).is_some_and(|cached| cached.as_bytes() == tag.as_bytes());
        let caching = [(ETAG, tag.as_str()), (CACHE_CONTROL, "no-cache")];
        match is_fresh {
            true => (StatusCode::NOT_MODIFIED, caching).into_response(),
            false => (caching, [(CONTENT_TYPE, "text/javascript; charset=utf-8")], module.clone()).into_response(),
        }
    })
}
