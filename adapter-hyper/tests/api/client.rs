//! A client by hyper, for either version of HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, Version, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::serve::BoxError;

pub(crate) type ClientBody = UnsyncBoxBody<Bytes, BoxError>;

/// One connection.
pub(crate) struct Client {
    address: SocketAddr,
    sender: Sender,
}

enum Sender {
    Http1(http1::SendRequest<ClientBody>),
    Http2(http2::SendRequest<ClientBody>),
}

/// Longer than anything here takes.
const LONGEST: Duration = Duration::from_secs(10);

impl Client {
    /// Connects; HTTP/2 is spoken without being asked for (RFC 9113, section 3.3).
    pub(crate) async fn connect(address: SocketAddr, version: Version) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let io = TokioIo::new(stream);
        let sender = if version == Version::HTTP_2 {
            let (sender, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
            tokio::spawn(connection);
            Sender::Http2(sender)
        } else {
            let (sender, connection) = http1::handshake(io).await.unwrap();
            tokio::spawn(connection);
            Sender::Http1(sender)
        };
        Self { address, sender }
    }

    /// The answer's head, as soon as it is there. A request without a `Host` gets that of the server.
    pub(crate) async fn send<B>(&mut self, mut request: Request<B>) -> Result<Response<Incoming>, BoxError>
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let host = HeaderValue::try_from(self.address.to_string())?;
        request.headers_mut().entry(header::HOST).or_insert(host);
        let request = request.map(|body| body.map_err(Into::into).boxed_unsync());
        let response = match &mut self.sender {
            Sender::Http1(sender) => timeout(LONGEST, sender.send_request(request)).await??,
            Sender::Http2(sender) => timeout(LONGEST, sender.send_request(as_http2(request)?)).await??,
        };
        Ok(response)
    }

    /// The status and the whole body.
    pub(crate) async fn ask<B>(&mut self, request: Request<B>) -> Result<(u16, String), BoxError>
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let response = self.send(request).await?;
        let status = response.status().as_u16();
        let body = timeout(LONGEST, response.into_body().collect()).await??.to_bytes();
        Ok((status, String::from_utf8(body.to_vec())?))
    }

    pub(crate) fn is_closed(&self) -> bool {
        match &self.sender {
            Sender::Http1(sender) => sender.is_closed(),
            Sender::Http2(sender) => sender.is_closed(),
        }
    }

    /// Waits until the server has closed the connection.
    pub(crate) async fn closed(&self) {
        let closed = async {
            while !self.is_closed() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(LONGEST, closed).await.expect("the connection stays open");
    }
}

/// The request as a browser writes it in HTTP/2: the host is `:authority`, and there is no `Host` (RFC 9113, section 8.3.1);
/// each cookie is a field of its own (section 8.2.3).
pub(crate) fn as_http2<B>(mut request: Request<B>) -> Result<Request<B>, BoxError> {
    let headers = request.headers_mut();
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next().cloned(), hosts.next()) else {
        return Err("HTTP/2 has one :authority".into());
    };
    headers.remove(header::HOST);
    let cookies: Vec<_> = headers.get_all(header::COOKIE).iter().cloned().collect();
    headers.remove(header::COOKIE);
    for crumb in cookies.iter().flat_map(|cookies| cookies.as_bytes().split(|byte| *byte == b';')) {
        headers.append(header::COOKIE, HeaderValue::from_bytes(crumb.trim_ascii())?);
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    *request.uri_mut() = Uri::builder().scheme("http").authority(host.as_bytes()).path_and_query(target).build()?;
    Ok(request)
}

/// A client's call of an action.
pub(crate) fn call(path: &str, json: impl Into<Bytes>) -> Request<Full<Bytes>> {
    Request::post(path).header(header::CONTENT_TYPE, "application/json").body(Full::new(json.into())).unwrap()
}

pub(crate) fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(path).body(Full::default()).unwrap()
}

/// The versions that a test holds for.
pub(crate) const VERSIONS: [Version; 2] = [Version::HTTP_11, Version::HTTP_2];
