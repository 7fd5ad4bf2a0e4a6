//! Behaviour that must be the same over HTTP/1.1 and HTTP/2.

use std::convert::Infallible;
use std::net::IpAddr;

use enact::{Action, ActionError, ClientAddr, Context, Registry};
use enact_hyper::ActionsService;
use http::{Request, Version, header};
use http_body_util::{BodyExt as _, Full};
use hyper::service::{Service as _, service_fn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::client::{Client, VERSIONS, call, get};
use crate::serve::PageRequest;
use crate::server::TcpServer;

/// The properties of a request that an action reads.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Seen {
    host: Option<String>,
    authority: Option<String>,
    client: Option<String>,
    cookie: Option<String>,
}

const SEEN: Action<(), Seen> = Action::json("seen");

async fn seen((): (), ctx: Context) -> Result<Seen, ActionError> {
    Ok(Seen {
        host: ctx.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned),
        authority: ctx.uri().authority().map(ToString::to_string),
        client: ctx.client_addr().map(|address| address.to_string()),
        cookie: ctx.cookie("second"),
    })
}

fn actions() -> ActionsService {
    ActionsService::new(Registry::builder().action(SEEN.handler(seen)).build().unwrap())
}

#[tokio::test]
async fn action_reads_host_client_address_and_cookies() {
    let server = TcpServer::start(actions());
    for version in VERSIONS {
        let mut request = call("/_actions/seen", "");
        request.headers_mut().insert(header::COOKIE, "first=1; second=2; third=3".parse().unwrap());
        // A client's header must not set its address.
        request.headers_mut().insert("x-forwarded-for", "192.0.2.1".parse().unwrap());
        let response = Client::connect(server.address, version).await.send(request).await.unwrap();
        assert_eq!(response.version(), version);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let address = Some(server.address.to_string());
        let (host, authority) = if version == Version::HTTP_2 { (None, address) } else { (address, None) };
        let (client, cookie) = (Some("127.0.0.1".to_owned()), Some("2".to_owned()));
        let seen: Seen = enact::devalue::from_slice(&body).unwrap();
        assert_eq!(seen, Seen { host, authority, client, cookie });
    }
}

#[tokio::test]
async fn origin_is_compared_with_host_or_authority() {
    let server = TcpServer::start(actions());
    for version in VERSIONS {
        let mut client = Client::connect(server.address, version).await;
        for (host, origin, status) in [
            ("shop.example", "https://shop.example", 200),
            ("shop.example:8080", "https://shop.example:8080", 200),
            ("shop.example", "https://evil.example", 403),
            ("shop.example", "null", 403),
            ("shop.example:8080", "https://shop.example", 403),
        ] {
            let mut request = call("/_actions/seen", "");
            request.headers_mut().insert(header::HOST, host.parse().unwrap());
            request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
            let (actual, body) = client.fetch(request).await.unwrap();
            assert_eq!(actual, status, "{version:?}: {origin} at {host}: {body}");
        }
    }
}

#[tokio::test]
async fn service_without_pages_returns_404() {
    let server = TcpServer::start(actions());
    for version in VERSIONS {
        let mut client = Client::connect(server.address, version).await;
        assert_eq!(client.fetch(get("/")).await.unwrap(), (404, "Not Found".to_owned()));
        assert_eq!(client.fetch(get("/_actions/seen")).await.unwrap().0, 405);
        assert_eq!(client.fetch(call("/_actions/other", "")).await.unwrap().0, 404);
    }
}

#[tokio::test]
async fn page_reads_the_client_address() {
    let page = async |request: PageRequest| {
        let address = request.extensions().get::<ClientAddr>().map(|client| client.0);
        Ok::<_, Infallible>(http::Response::new(Full::<bytes::Bytes>::from(format!("{address:?}"))))
    };
    let server = TcpServer::start(actions().pages(service_fn(page)));
    for version in VERSIONS {
        let mut client = Client::connect(server.address, version).await;
        assert_eq!(client.fetch(get("/")).await.unwrap(), (200, "Some(127.0.0.1)".to_owned()));
    }
}

#[tokio::test]
async fn failing_page_returns_500_without_its_error() {
    let page = async |request: PageRequest| match request.uri().path() {
        "/fails" => Err("the database's password is wrong"),
        _ => Ok(http::Response::new(Full::<bytes::Bytes>::from("page"))),
    };
    let server = TcpServer::start(actions().pages(service_fn(page)));
    for version in VERSIONS {
        let mut client = Client::connect(server.address, version).await;
        let response = client.send(get("/fails")).await.unwrap();
        assert_eq!(response.status(), 500, "{version:?}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "Internal Server Error");
        assert_eq!(
            client.fetch(get("/")).await.unwrap(),
            (200, "page".to_owned()),
            "{version:?}: the connection was closed"
        );
    }
}

/// A server behind a proxy inserts the address that the proxy reports.
#[tokio::test]
async fn client_address_in_extensions_wins() {
    let service = actions().client_addr(IpAddr::from([127, 0, 0, 1]));
    let mut request: Request<_> = call("/_actions/seen", "");
    request.extensions_mut().insert(ClientAddr(IpAddr::from([192, 0, 2, 7])));
    let body = service.call(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    let seen: Seen = enact::devalue::from_slice(&body).unwrap();
    assert_eq!(seen.client.as_deref(), Some("192.0.2.7"));
}
