//! Bodies that stream, that end in trailers, that are too long, or that wait to be asked for.

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use enact::{Action, ActionError, ActionResults, Context, FormData, Registry};
use enact_conformance::{Answer, Body, CaseRequest, Framing, Tcp, Transport};
use enact_hyper::ActionsService;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body_util::channel::{Channel, Sender};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;

use crate::cases;
use crate::client::{Client, VERSIONS};
use crate::serve::{BoxError, PageRequest};
use crate::server::{Server, WIDE};
use crate::transport::Http2;

const SEND: Action<FormData, String> = Action::form("send");

async fn send(form: FormData, ctx: Context) -> Result<String, ActionError> {
    ctx.set_cookie(("one", "1"));
    ctx.set_cookie(("two", "2"));
    Ok(form.text("word").unwrap_or_default().to_owned())
}

/// Tells the result of a form and sends back what else it is sent, as it comes; then a trailer.
async fn echo(request: PageRequest) -> Result<Response<UnsyncBoxBody<Bytes, BoxError>>, Infallible> {
    let result = ActionResults::of(request.extensions());
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

fn server() -> Server {
    let actions = Registry::builder().action(SEND, send).build().unwrap();
    Server::start(ActionsService::new(actions).pages(service_fn(echo)), WIDE)
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
async fn a_page_streams_both_ways_at_once() {
    let server = server();
    for version in VERSIONS {
        let (mut sender, body) = channel();
        let mut client = Client::connect(server.address, version).await;
        let mut answer = client.send(form("/", body)).await.unwrap().into_body();
        let mut next = async || answer.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(next().await, "word: ; ");
        for chunk in ["some", "more"] {
            // It is sent once the one before has come back.
            sender.send_data(chunk.into()).await.unwrap();
            assert_eq!(next().await, chunk, "{version:?}");
        }
        drop(sender);
        let rest = answer.collect().await.unwrap();
        assert_eq!(rest.trailers().map(|trailers| &trailers["x-sum"]), Some(&HeaderValue::from_static("7")));
        assert_eq!(rest.to_bytes(), "");
    }
}

#[tokio::test]
async fn a_page_that_streams_answers_a_form_with_every_cookie() {
    let server = server();
    for version in VERSIONS {
        let mut client = Client::connect(server.address, version).await;
        let response = client.send(form(&format!("/{SEND}"), Full::from("word=tea"))).await.unwrap();
        let mut cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        cookies.sort();
        assert_eq!(cookies, ["one=1", "page=3", "two=2"], "{version:?}");
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "word: tea; word=tea");
    }
}

#[tokio::test]
async fn an_action_takes_a_body_that_comes_in_parts_and_ends_in_trailers() {
    let server = server();
    for version in VERSIONS {
        let (mut sender, body) = channel();
        let mut client = Client::connect(server.address, version).await;
        tokio::spawn(async move {
            for part in ["wo", "rd=t", "ea"] {
                sender.send_data(part.into()).await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            sender.send_trailers(HeaderMap::from_iter([(header::ETAG, HeaderValue::from_static("x"))])).await
        });
        let mut request = form("/_actions/send", body);
        request.headers_mut().insert(header::TRAILER, HeaderValue::from_static("etag"));
        assert_eq!(client.ask(request).await.unwrap(), (200, r#"["tea"]"#.to_owned()), "{version:?}");
    }
}

/// The answer to a form of so many bytes.
fn send_long(transport: &dyn Transport, framing: Framing, bytes: usize) -> Result<Answer, String> {
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
fn a_client_that_sends_too_much_hears_so_while_it_still_sends() {
    let server = cases::server();
    let transports: [&dyn Transport; 2] =
        [&Tcp::new(&server.url()).unwrap(), &Http2::new(server.address, "hyper, HTTP/2")];
    for transport in transports {
        for framing in [Framing::Length, Framing::Chunked] {
            for bytes in [1024 * 1024 + 1, 2 * 1024 * 1024, 32 * 1024 * 1024] {
                let answer = send_long(transport, framing, bytes).map(|answer| answer.status);
                assert_eq!(answer, Ok(413), "{}, {framing:?}, {bytes}", transport.name());
            }
            // The server has not taken harm.
            assert_eq!(send_long(transport, framing, 10).unwrap().status, 400);
        }
    }
}

#[tokio::test]
async fn who_asks_before_sending_is_answered_before() {
    let server = server();
    for version in VERSIONS {
        for (path, site, status) in [("/_actions/send", "cross-site", 403), ("/_actions/other", "same-origin", 404)] {
            // Not a byte of it is ever sent.
            let (_sender, body) = channel();
            let mut request = form(path, body);
            request.headers_mut().insert(header::EXPECT, HeaderValue::from_static("100-continue"));
            request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static(site));
            let mut client = Client::connect(server.address, version).await;
            let answer = client.send(request).await.unwrap();
            assert_eq!(answer.status(), status, "{version:?}");
        }
        let mut request = form("/_actions/send", Full::from("word=tea"));
        request.headers_mut().insert(header::EXPECT, HeaderValue::from_static("100-continue"));
        let mut client = Client::connect(server.address, version).await;
        assert_eq!(client.ask(request).await.unwrap().1, r#"["tea"]"#, "{version:?}");
    }
}

#[test]
fn over_http1_a_body_is_asked_for_only_if_it_will_be_read() {
    let server = server();
    for (path, wanted) in [
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
        // Who was not asked for it sends no body.
        if first.ends_with(b"100") {
            stream.write_all(b"word=tea").unwrap();
        }
        let mut answer = String::from_utf8(first.to_vec()).unwrap();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(wanted), "{answer}");
    }
}
