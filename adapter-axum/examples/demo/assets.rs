//! The style sheet and the scripts.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use enact::Registry;

pub(crate) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("assets/demo.css"))
}

pub(crate) async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("assets/demo.js"))
}

/// The client of all actions. Browsers keep it, and ask each time whether it is still the same.
pub(crate) fn client<S: Clone + Send + Sync + 'static>(actions: &Registry) -> MethodRouter<S> {
    let module = actions.javascript();
    let mut hasher = DefaultHasher::new();
    module.hash(&mut hasher);
    let tag = format!("\"{:x}\"", hasher.finish());
    get(async move |headers: HeaderMap| -> Response {
        let kept = headers.get(IF_NONE_MATCH).is_some_and(|kept| kept.as_bytes() == tag.as_bytes());
        let caching = [(ETAG, tag.as_str()), (CACHE_CONTROL, "no-cache")];
        match kept {
            true => (StatusCode::NOT_MODIFIED, caching).into_response(),
            false => (caching, [(CONTENT_TYPE, "text/javascript; charset=utf-8")], module.clone()).into_response(),
        }
    })
}
