//! Requests that are ready to be sent.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::case::{Body, CaseRequest, Framing};

/// A request with its placeholders filled in and a `Host` header.
#[derive(Clone, Debug)]
pub struct PreparedRequest {
    /// The method.
    pub method: String,
    /// The path and query.
    pub path: String,
    /// Names and values in order, without the framing headers.
    pub headers: Vec<(String, String)>,
    /// The framing of the body.
    pub framing: Framing,
    /// The whole body.
    pub body: Bytes,
}

impl CaseRequest {
    /// Fills in the placeholders for a server at `127.0.0.1:{port}`.
    ///
    /// # Errors
    ///
    /// Returns a message if the body is not valid base64, or if there is a body although the framing is
    /// [`Framing::None`].
    pub fn prepare(&self, port: u16) -> Result<PreparedRequest, String> {
        let fill = |text: &str| {
            text.replace("{origin}", &format!("http://127.0.0.1:{port}")).replace("{port}", &port.to_string())
        };
        let mut headers = Vec::with_capacity(self.headers.len() + 1);
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            headers.push(("Host".to_owned(), format!("127.0.0.1:{port}")));
        }
        headers.extend(self.headers.iter().map(|(name, value)| (name.clone(), fill(value))));
        let body = match &self.body {
            None => Vec::new(),
            Some(Body::Utf8(text)) => fill(text).into_bytes(),
            Some(Body::Base64(text)) => STANDARD.decode(text).map_err(|error| format!("body: {error}"))?,
            Some(Body::Repeat { prefix, fill, count, suffix }) => {
                format!("{prefix}{}{suffix}", fill.repeat(*count)).into_bytes()
            }
        };
        if self.framing == Framing::None && !body.is_empty() {
            return Err("a request without framing cannot have a body".to_owned());
        }
        Ok(PreparedRequest {
            method: self.method.clone(),
            path: fill(&self.path),
            headers,
            framing: self.framing,
            body: body.into(),
        })
    }
}

impl PreparedRequest {
    /// Returns the pieces in which the body is sent: one, or several if it is chunked.
    #[must_use]
    pub fn frames(&self) -> VecDeque<Bytes> {
        const LARGEST: usize = 64 * 1024;
        let mut rest = self.body.clone();
        let size = match self.framing {
            Framing::Chunked => rest.len().div_ceil(3).clamp(1, LARGEST),
            Framing::Length | Framing::None | Framing::Raw => rest.len(),
        };
        let mut frames = VecDeque::new();
        while !rest.is_empty() {
            frames.push_back(rest.split_to(size.min(rest.len())));
        }
        frames
    }

    /// Returns the framing header, unless the case lists it.
    pub(crate) fn framing_header(&self) -> Option<(&'static str, String)> {
        let (name, value) = match self.framing {
            Framing::Length => ("Content-Length", self.body.len().to_string()),
            Framing::Chunked => ("Transfer-Encoding", "chunked".to_owned()),
            Framing::None | Framing::Raw => return None,
        };
        let listed = self.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        (!listed).then_some((name, value))
    }

    /// Returns the request for a server that is called in memory.
    ///
    /// A chunked body has several frames and no header states its length. There is no `Transfer-Encoding` header, since it
    /// belongs to a connection.
    ///
    /// # Errors
    ///
    /// Returns a message if the `http` crate cannot express the request, or if its framing is raw.
    pub fn to_http(&self) -> Result<http::Request<BodyFrames>, String> {
        if self.framing == Framing::Raw {
            return Err("raw framing needs a connection".to_owned());
        }
        let mut request = http::Request::builder().method(self.method.as_str()).uri(self.path.as_str());
        for (name, value) in &self.headers {
            // HTTP/1.1 parsers remove white space around a value (RFC 9112, section 5.1).
            request = request.header(name, value.trim_matches([' ', '\t']).as_bytes());
        }
        let exact = self.framing != Framing::Chunked;
        if let Some((name, value)) = self.framing_header().filter(|_| exact) {
            request = request.header(name, value);
        }
        request.body(BodyFrames { frames: self.frames(), exact }).map_err(|error| error.to_string())
    }
}

/// A body in memory. All its frames are ready.
#[derive(Debug)]
pub struct BodyFrames {
    frames: VecDeque<Bytes>,
    exact: bool,
}

impl HttpBody for BodyFrames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.frames.pop_front().map(|frame| Ok(Frame::data(frame))))
    }

    fn is_end_stream(&self) -> bool {
        self.exact && self.frames.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.exact {
            SizeHint::with_exact(self.frames.iter().map(|frame| frame.len() as u64).sum())
        } else {
            SizeHint::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(framing: Framing, body: Option<Body>) -> CaseRequest {
        CaseRequest {
            method: "POST".into(),
            path: "/x?p={port}".into(),
            headers: vec![("Origin".into(), "{origin}/".into())],
            framing,
            body,
        }
    }

    #[test]
    fn placeholders_and_host_are_filled_in() {
        let request = case(Framing::None, None).prepare(80).unwrap();
        assert_eq!(request.path, "/x?p=80");
        let expected = [("Host", "127.0.0.1:80"), ("Origin", "http://127.0.0.1:80/")];
        assert_eq!(request.headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn listed_host_replaces_the_default() {
        let mut case = case(Framing::None, None);
        case.headers.push(("host".into(), "evil.example".into()));
        let hosts = case.prepare(80).unwrap().headers;
        assert_eq!(hosts.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host")).count(), 1);
    }

    #[test]
    fn body_notations_become_bytes() {
        let repeat = Body::Repeat { prefix: "<".into(), fill: "ab".into(), count: 2, suffix: ">".into() };
        assert_eq!(case(Framing::Length, Some(repeat)).prepare(1).unwrap().body, "<abab>");
        let base64 = Body::Base64("Iv8i".into());
        assert_eq!(case(Framing::Length, Some(base64)).prepare(1).unwrap().body, &b"\"\xff\""[..]);
        assert!(case(Framing::Length, Some(Body::Base64("?".into()))).prepare(1).is_err());
        assert!(case(Framing::None, Some(Body::Utf8("x".into()))).prepare(1).is_err());
    }

    #[test]
    fn request_in_memory_has_length_or_several_frames() {
        let body = || Some(Body::Utf8("hello".into()));
        let known = case(Framing::Length, body()).prepare(1).unwrap().to_http().unwrap();
        assert_eq!(known.headers()["content-length"], "5");
        assert_eq!(known.body().size_hint().exact(), Some(5));
        assert_eq!(known.body().frames.len(), 1);

        let chunked = case(Framing::Chunked, body()).prepare(1).unwrap().to_http().unwrap();
        assert!(!chunked.headers().contains_key("content-length"));
        assert_eq!(chunked.body().size_hint().exact(), None);
        assert_eq!(chunked.body().frames, ["he", "ll", "o"]);

        let none = case(Framing::None, None).prepare(1).unwrap().to_http().unwrap();
        assert!(!none.headers().contains_key("content-length") && none.body().is_end_stream());
    }
}
