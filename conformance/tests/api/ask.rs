//! Requests as the tests write them, sent to a registry in memory or to a server over TCP.

use bytes::Bytes;
use enact::{Handled, Registry};
use enact_conformance::{Answer, CaseRequest, Framing, PORT_WITHOUT_SOCKETS, PreparedRequest, Tcp, Transport};

use enact_conformance::fixture;

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=B";

/// A request from the site itself, unless its `Origin` is taken off again.
#[derive(Clone)]
pub(crate) struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    framing: Framing,
    body: Vec<u8>,
}

/// A POST without a body.
pub(crate) fn post(path: impl Into<String>) -> Ask {
    Ask {
        method: "POST",
        path: path.into(),
        headers: vec![("Origin".to_owned(), "{origin}".to_owned())],
        framing: Framing::Length,
        body: Vec::new(),
    }
}

impl Ask {
    pub(crate) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    /// The same to another path.
    pub(crate) fn to(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Adds a header, also one that is there already. `{origin}` and `{port}` stand for the server's.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Nothing that a browser tells of where the request comes from.
    pub(crate) fn without_origin(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "Origin");
        self
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut ask = self.header("Content-Type", content_type);
        ask.body = body.into();
        ask
    }

    pub(crate) fn json(self, body: impl Into<Vec<u8>>) -> Self {
        self.body(JSON, body)
    }

    pub(crate) fn form(self, body: impl Into<Vec<u8>>) -> Self {
        self.body(FORM, body)
    }

    pub(crate) fn chunked(mut self) -> Self {
        self.framing = Framing::Chunked;
        self
    }

    fn prepared(&self, port: u16) -> PreparedRequest {
        let case = CaseRequest {
            method: self.method.to_owned(),
            path: self.path.clone(),
            headers: self.headers.clone(),
            framing: self.framing,
            body: None,
        };
        PreparedRequest { body: Bytes::from(self.body.clone()), ..case.prepare(port).unwrap() }
    }

    /// Asks a registry, and the fixture's pages for what is not an action's.
    pub(crate) fn of(&self, registry: &Registry) -> Answer {
        let request = self.prepared(PORT_WITHOUT_SOCKETS).to_http().unwrap();
        let (request, finish) = match pollster::block_on(registry.handle(request)) {
            Handled::Response(response) => return Answer::from_http(response),
            Handled::Pass(request) => return Answer::from_http(fixture::page(&request)),
            Handled::Page(page) => {
                let (request, finish) = page.into_parts();
                (request.map(|_| ()), finish)
            }
            Handled::Return(request, finish) => (request.map(|_| ()), finish),
        };
        let mut response = fixture::page(&request);
        finish.finish(&mut response);
        Answer::from_http(response)
    }

    /// Asks a server.
    pub(crate) fn over(&self, server: &Tcp) -> Answer {
        server.send(&self.prepared(server.port())).unwrap()
    }
}
