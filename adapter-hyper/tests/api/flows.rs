//! The example's site in a browser without JavaScript: Post/Redirect/Get over both versions of HTTP.

use http::{Request, StatusCode, Version, header};
use http_body_util::{BodyExt as _, Full};

use crate::client::{Client, VERSIONS, get};
use crate::server::TcpServer;
use crate::site::{SIGN, build_site};

/// A response, with its target if it is a redirect.
struct Page {
    status: StatusCode,
    location: Option<String>,
    html: String,
}

/// A browser with a connection and its cookies.
struct Browser {
    client: Client,
    cookies: Vec<(String, String)>,
}

impl Browser {
    async fn start(server: &TcpServer, version: Version) -> Self {
        Self { client: Client::connect(server.address, version).await, cookies: Vec::new() }
    }

    async fn post(&mut self, target: &str, form: &'static str) -> Page {
        let request = Request::post(target)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form));
        self.send(request.unwrap()).await
    }

    async fn send(&mut self, mut request: Request<Full<bytes::Bytes>>) -> Page {
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let (head, body) = self.client.send(request).await.unwrap().into_parts();
        for cookie in head.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !cookie.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let html = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let location = head.headers.get(header::LOCATION).map(|target| target.to_str().unwrap().to_owned());
        Page { status: head.status, location, html }
    }
}

#[tokio::test]
async fn form_is_redirected_and_its_result_is_shown_once() {
    for version in VERSIONS {
        let server = TcpServer::start(build_site().unwrap());
        let mut browser = Browser::start(&server, version).await;
        let form = browser.send(get("/")).await;
        assert!(form.html.contains(&format!(r#"action="{SIGN}""#)), "{}", form.html);

        let posted = browser.post(&format!("/{SIGN}"), "name=Ada").await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER);
        let target = posted.location.unwrap();
        let shown = browser.send(get(&target)).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.html.contains("Welcome, Ada from 127.0.0.1!"), "{}", shown.html);
        assert!(browser.cookies.is_empty());

        let reloaded = browser.send(get(&target)).await;
        assert!(!reloaded.html.contains("Welcome"), "{}", reloaded.html);
        assert!(reloaded.html.contains("<li>Ada</li>"), "{}", reloaded.html);
        assert_eq!(reloaded.html.matches("<li>").count(), 1, "the form was submitted again");
    }
}

#[tokio::test]
async fn invalid_form_is_shown_with_submitted_values() {
    for version in VERSIONS {
        let server = TcpServer::start(build_site().unwrap());
        let mut browser = Browser::start(&server, version).await;
        let posted = browser.post(&format!("/{SIGN}"), "name=%3C").await;
        assert_eq!(posted.status, StatusCode::SEE_OTHER);
        let shown = browser.send(get(&posted.location.unwrap())).await;
        assert_eq!(shown.status, StatusCode::BAD_REQUEST);
        assert!(shown.html.contains(r#"value="&lt;" aria-invalid="true""#), "{}", shown.html);
        assert!(!shown.html.contains("<li>"), "{}", shown.html);
    }
}

#[tokio::test]
async fn unknown_path_returns_404_and_unknown_method_405() {
    let server = TcpServer::start(build_site().unwrap());
    let mut browser = Browser::start(&server, Version::HTTP_2).await;
    assert_eq!(browser.send(get("/other")).await.status, StatusCode::NOT_FOUND);
    let delete = Request::delete("/").body(Full::default()).unwrap();
    assert_eq!(browser.send(delete).await.status, StatusCode::METHOD_NOT_ALLOWED);
}
