//! Bodies that stream, end in trailers, exceed the limit, or are sent after `100 Continue`.

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use enact::page::PageResult;
use enact::{Action, ActionError, Context, FormAction, FormData, Registry};
use enact_conformance::{Answer, Body, CaseRequest, Framing, Tcp, Transport};
use enact_hyper::ActionsService;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body_util::channel::{Channel, Sender};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;

use crate::cases;
use crate::client::{Client, VERSIONS};
use crate::serve::{BoxError, PageRequest, Pages};
use crate::server::{MemoryServer, TcpServer, WIDE};
use crate::transport::Http2;

const SEND: FormAction<FormData, String> = Action::form("send");

async fn send(form: FormData, ctx: Context) -> Result<String, ActionError> {
    ctx.set_cookie(("one", "1"));
    ctx.set_cookie(("two", "2"));
    Ok(form.text("word").unwrap_or_default().to_owned())
}

type EchoBody = UnsyncBoxBody<Bytes, BoxError>;

/// Sends the result of the form, then the frames of the request's body as they arrive, then a trailer.
async fn echo(request: PageRequest) -> Result<Response<EchoBody>, Infallible> {
    let result = PageResult::of(request.extensions());
    let word = result.get(SEND).and_then(Result::ok).cloned().unwrap_or_default();
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(1);
    tokio::spawn(async move {
        sender.send_data(format!("word: {word}; ").into()).await?;
        let mut body = request.into_body();
        while let Some(Ok(frame)) = body.frame().await {
            sender.send(frame).await?;
        }
        let mut trailers = HeaderMap::new();
        trailers.insert("x-sum", HeaderValue::from_static("7"));
        sender.send_trailers(trailers).await
    });
    let mut response = Response::new(body.boxed_unsync());
    response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static("page=3"));
    response.headers_mut().insert(header::TRAILER, HeaderValue::from_static("x-sum"));
    Ok(response)
}

fn service() -> ActionsService<impl Pages<EchoBody>> {
    let actions = Registry::builder().action(SEND.handler(send)).build().unwrap();
    ActionsService::new(actions).pages(service_fn(echo))
}

fn channel() -> (Sender<Bytes, BoxError>, Channel<Bytes, BoxError>) {
    Channel::new(4)
}

fn form<B>(path: &str, body: B) -> Request<B> {
    Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("te", "trailers")
        .body(body)
        .unwrap()
}

#[tokio::test]
async fn page_streams_in_both_directions_at_once() {
    let server = TcpServer::start(service());
    for version in VERSIONS {
        let (mut sender, body) = channel();
        let mut client = Client::connect(server.address, version).await;
        let mut response = client.send(form("/", body)).await.unwrap().into_body();
        let mut next = async || response.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(next().await, "word: ; ");
        for chunk in ["some", "more"] {
            // Each chunk is sent after the previous one was received.
            sender.send_data(chunk.into()).await.unwrap();
            assert_eq!(next().await, chunk, "{version:?}");
        }
        drop(sender);
        let rest = response.collect().await.unwrap();
        assert_eq!(rest.trailers().map(|trailers| &trailers["x-sum"]), Some(&HeaderValue::from_static("7")));
        assert_eq!(rest.to_bytes(), "");
    }
}

#[tokio::test]
async fn streaming_page_sends_the_cookies_of_the_action() {
    let server = TcpServer::start(service());
    for version in VERSIONS {
        let mut client = Client::connect(server.address, version).await;
        let response = client.send(form(&format!("/{SEND}"), Full::from("word=tea"))).await.unwrap();
        let mut cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        cookies.sort();
        assert_eq!(cookies, ["one=1", "page=3", "two=2"], "{version:?}");
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "word: tea; word=tea");
    }
}

/// The clock is paused: it advances when the server has read every part sent so far.
#[tokio::test(start_paused = true)]
async fn action_reads_a_body_of_several_frames_and_trailers() {
    let server = MemoryServer::start(service(), WIDE);
    for version in VERSIONS {
        let (mut sender, body) = channel();
        let mut client = server.connect(version).await;
        tokio::spawn(async move {
            for part in ["wo", "rd=t", "ea"] {
                sender.send_data(part.into()).await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            sender.send_trailers(HeaderMap::from_iter([(header::ETAG, HeaderValue::from_static("x"))])).await
        });
        let mut request = form("/_actions/send", body);
        request.headers_mut().insert(header::TRAILER, HeaderValue::from_static("etag"));
        assert_eq!(client.fetch(request).await.unwrap(), (200, r#"["tea"]"#.to_owned()), "{version:?}");
    }
}

/// Sends a form with a field of `bytes` bytes.
fn send_long_form(transport: &dyn Transport, framing: Framing, bytes: usize) -> Result<Answer, String> {
    let body = Body::Repeat { prefix: "a=".into(), fill: "x".into(), count: bytes, suffix: String::new() };
    let headers = [("Origin", "{origin}"), ("Content-Type", "application/x-www-form-urlencoded")];
    let case = CaseRequest {
        method: "POST".into(),
        path: "/_actions/comment".into(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        framing,
        body: Some(body),
    };
    transport.send(&case.prepare(transport.port())?)
}

#[test]
fn oversized_body_returns_413_while_it_is_sent() {
    let server = cases::start_fixture();
    let transports: [&dyn Transport; 2] =
        [&Tcp::new(&server.url()).unwrap(), &Http2::new(server.address, "hyper, HTTP/2")];
    for transport in transports {
        for framing in [Framing::Length, Framing::Chunked] {
            for bytes in [1024 * 1024 + 1, 2 * 1024 * 1024, 32 * 1024 * 1024] {
                let status = send_long_form(transport, framing, bytes).map(|answer| answer.status);
                assert_eq!(status, Ok(413), "{}, {framing:?}, {bytes}", transport.name());
            }
            // The server still works.
            assert_eq!(send_long_form(transport, framing, 10).unwrap().status, 400);
        }
    }
}

#[tokio::test]
async fn refused_call_with_expect_continue_is_answered_without_its_body() {
    let server = TcpServer::start(service());
    for version in VERSIONS {
        for (path, site, status) in [("/_actions/send", "cross-site", 403), ("/_actions/other", "same-origin", 404)] {
            // Keeps the body open, without sending any of it.
            let (_sender, body) = channel();
            let mut request = form(path, body);
            request.headers_mut().insert(header::EXPECT, HeaderValue::from_static("100-continue"));
            request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static(site));
            let mut client = Client::connect(server.address, version).await;
            let response = client.send(request).await.unwrap();
            assert_eq!(response.status(), status, "{version:?}");
        }
        let mut request = form("/_actions/send", Full::from("word=tea"));
        request.headers_mut().insert(header::EXPECT, HeaderValue::from_static("100-continue"));
        let mut client = Client::connect(server.address, version).await;
        assert_eq!(client.fetch(request).await.unwrap().1, r#"["tea"]"#, "{version:?}");
    }
}

#[test]
fn http1_server_sends_100_continue_only_if_it_reads_the_body() {
    let server = TcpServer::start(service());
    for (path, expected) in [
        ("/_actions/send", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"),
        ("/_actions/other", "HTTP/1.1 404 Not Found\r\n"),
    ] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nExpect: 100-continue\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        // Without `100 Continue`, a client sends no body.
        if first.ends_with(b"100") {
            stream.write_all(b"word=tea").unwrap();
        }
        let mut response = String::from_utf8(first.to_vec()).unwrap();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with(expected), "{response}");
    }
}
