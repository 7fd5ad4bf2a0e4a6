//! An HTTP/1.1 and HTTP/2 client.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, Version, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::serve::BoxError;

pub(crate) type ClientBody = UnsyncBoxBody<Bytes, BoxError>;

/// A connection to a server.
pub(crate) struct Client {
    host: HeaderValue,
    sender: Sender,
}

enum Sender {
    Http1(http1::SendRequest<ClientBody>),
    Http2(http2::SendRequest<ClientBody>),
}

/// Fails a test that would otherwise hang.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Client {
    /// Connects over TCP.
    pub(crate) async fn connect(address: SocketAddr, version: Version) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self::handshake(stream, &address.to_string(), version).await
    }

    /// Starts HTTP on a stream. HTTP/2 begins with prior knowledge (RFC 9113, section 3.3).
    pub(crate) async fn handshake<S>(stream: S, host: &str, version: Version) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
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
        Self { host: HeaderValue::try_from(host).unwrap(), sender }
    }

    /// Sends a request and returns the response as soon as its head arrives. Adds the header `Host` if it is missing.
    pub(crate) async fn send<B>(&mut self, mut request: Request<B>) -> Result<Response<Incoming>, BoxError>
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        request.headers_mut().entry(header::HOST).or_insert_with(|| self.host.clone());
        let request = request.map(|body| body.map_err(Into::into).boxed_unsync());
        let response = match &mut self.sender {
            Sender::Http1(sender) => timeout(TIMEOUT, sender.send_request(request)).await??,
            Sender::Http2(sender) => timeout(TIMEOUT, sender.send_request(to_http2(request)?)).await??,
        };
        Ok(response)
    }

    /// Sends a request and returns the status and the whole body of the response.
    pub(crate) async fn fetch<B>(&mut self, request: Request<B>) -> Result<(u16, String), BoxError>
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let response = self.send(request).await?;
        let status = response.status().as_u16();
        let body = timeout(TIMEOUT, response.into_body().collect()).await??.to_bytes();
        Ok((status, String::from_utf8(body.to_vec())?))
    }

    pub(crate) fn is_closed(&self) -> bool {
        match &self.sender {
            Sender::Http1(sender) => sender.is_closed(),
            Sender::Http2(sender) => sender.is_closed(),
        }
    }

    /// Waits until the server closes the connection.
    pub(crate) async fn wait_until_closed(&self) {
        let closed = async {
            while !self.is_closed() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(TIMEOUT, closed).await.expect("the connection is still open");
    }
}

/// Converts a request to the form that browsers send over HTTP/2: `:authority` replaces `Host` (RFC 9113, section 8.3.1), and
/// each cookie has its own header (section 8.2.3).
fn to_http2<B>(mut request: Request<B>) -> Result<Request<B>, BoxError> {
    let headers = request.headers_mut();
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next().cloned(), hosts.next()) else {
        return Err("expected one `Host`, as HTTP/2 has one `:authority`".into());
    };
    headers.remove(header::HOST);
    let cookies: Vec<_> = headers.get_all(header::COOKIE).iter().cloned().collect();
    headers.remove(header::COOKIE);
    for cookie in cookies.iter().flat_map(|cookies| cookies.as_bytes().split(|byte| *byte == b';')) {
        headers.append(header::COOKIE, HeaderValue::from_bytes(cookie.trim_ascii())?);
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    *request.uri_mut() = Uri::builder().scheme("http").authority(host.as_bytes()).path_and_query(target).build()?;
    Ok(request)
}

/// Builds a call of an action with JSON.
pub(crate) fn call(path: &str, json: impl Into<Bytes>) -> Request<Full<Bytes>> {
    Request::post(path).header(header::CONTENT_TYPE, "application/json").body(Full::new(json.into())).unwrap()
}

pub(crate) fn get(path: &str) -> Request<Full<Bytes>> {
    Request::get(path).body(Full::default()).unwrap()
}

/// The versions of HTTP that most tests run with.
pub(crate) const VERSIONS: [Version; 2] = [Version::HTTP_11, Version::HTTP_2];
