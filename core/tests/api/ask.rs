//! Requests with any headers and framing, sent to a registry behind which there are pages.
//!
//! [`kit`](crate::kit) has shorter functions for calls that need neither.

use std::convert::Infallible;

use bytes::Bytes;
use enact::Registry;
use enact::host::{PageBody, ResponseBody};
use http::{HeaderMap, Request, Response, StatusCode};

use crate::kit::URLENCODED;
use crate::watched::Chunks;

pub(crate) const JSON: &str = "application/json";
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=B";

/// The host of each request that names no other.
const HOST: &str = "127.0.0.1:4321";

/// A request from the site itself, unless its `Origin` is removed.
#[derive(Clone)]
pub(crate) struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    is_chunked: bool,
    body: Bytes,
}

/// Returns a POST request without a body.
pub(crate) fn post(path: impl Into<String>) -> Ask {
    Ask {
        method: "POST",
        path: path.into(),
        headers: vec![("Origin".to_owned(), "{origin}".to_owned())],
        is_chunked: false,
        body: Bytes::new(),
    }
}

impl Ask {
    pub(crate) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// Replaces the path.
    pub(crate) fn to(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Adds a header, even if there is one of this name. `{origin}` and `{port}` stand for those of the site.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn without_origin(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "Origin");
        self
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut ask = self.header("Content-Type", content_type);
        ask.body = body.into().into();
        ask
    }

    pub(crate) fn json(self, body: impl Into<Vec<u8>>) -> Self {
        self.body(JSON, body)
    }

    pub(crate) fn form(self, body: impl Into<Vec<u8>>) -> Self {
        self.body(URLENCODED, body)
    }

    /// Sends the body in several frames and no `Content-Length`.
    pub(crate) fn chunked(mut self) -> Self {
        self.is_chunked = true;
        self
    }

    fn to_http(&self) -> Request<Chunks> {
        let fill = |text: &str| text.replace("{origin}", &format!("http://{HOST}")).replace("{port}", "4321");
        let mut request = Request::builder().method(self.method).uri(fill(&self.path));
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.header("host", HOST);
        }
        for (name, value) in &self.headers {
            // Parsers of connections remove white space around a value (RFC 9112, section 5.1).
            request = request.header(name, fill(value).trim_matches([' ', '\t']).as_bytes());
        }
        if !self.is_chunked && !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            request = request.header("content-length", self.body.len());
        }
        let pieces = if self.is_chunked { 3 } else { 1 };
        request.body(Chunks::new(self.body.clone(), pieces)).unwrap()
    }

    /// Sends the request to a registry. Pages exist at `/`, `/page`, `/status` and `/redirecting`.
    pub(crate) fn of(&self, registry: &Registry) -> Answer {
        let pages = async |request: Request<PageBody<Chunks>>| Ok::<_, Infallible>(page(request.uri().path()));
        let Ok(response) = pollster::block_on(registry.serve(self.to_http(), pages));
        Answer::new(response.map(|body| match body {
            ResponseBody::Action(body) => body.into_bytes().unwrap(),
            ResponseBody::Page(body) => body,
        }))
    }
}

/// Returns the page at a path, or 404.
fn page(path: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"page"));
    if !["/", "/page", "/status", "/redirecting"].contains(&path) {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// A response with its body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    fn new(response: Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        Self { status: head.status.as_u16(), headers: head.headers, body }
    }
}

/// A registry to which tests send requests.
pub(crate) struct Site(Registry);

impl Site {
    pub(crate) fn of(registry: Registry) -> Self {
        Self(registry)
    }

    pub(crate) fn ask(&self, ask: &Ask) -> Answer {
        ask.of(&self.0)
    }
}

pub(crate) fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// Returns the values of all headers of a name.
pub(crate) fn headers<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    answer.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}
