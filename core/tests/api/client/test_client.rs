//! `TestClient`.

use bytes::Bytes;
use enact::client::{RequestError, TestClient};
use enact::cookie::Cookie;
use enact::page::PageResult;
use enact::{Action, ActionError, ActionErrorCode, ClientAddr, Context, FormAction, FormData, Registry};
use http::{HeaderValue, Request, Response, StatusCode, header};

const TICK: Action<(), u32> = Action::json("tick");
const RESET: FormAction<FormData, ()> = Action::form("re set");
const SEEN: Action<(), Vec<String>> = Action::json("seen");

#[derive(Clone)]
struct Step(u32);

async fn tick(_: (), ctx: Context) -> Result<u32, ActionError> {
    let count = ctx.cookie("count").and_then(|count| count.parse().ok()).unwrap_or(0) + ctx.require::<Step>()?.0;
    ctx.set_cookie(Cookie::build(("count", count.to_string())).path("/"));
    Ok(count)
}

async fn reset(form: FormData, ctx: Context) -> Result<(), ActionError> {
    if form.is_empty() {
        return Err(ActionErrorCode::Conflict.into());
    }
    ctx.remove_cookie(Cookie::build("count").path("/"));
    Ok(())
}

/// Returns the parts of the request that depend on the client.
async fn seen(_: (), ctx: Context) -> Result<Vec<String>, ActionError> {
    let header = |name: &str| ctx.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
    Ok(vec![
        ctx.uri().to_string(),
        header("host"),
        header("authorization"),
        header("sec-fetch-site"),
        ctx.client_addr().map_or("-".to_owned(), |addr| addr.to_string()),
    ])
}

async fn pages(request: Request<Bytes>) -> Response<Bytes> {
    let results = PageResult::of(request.extensions());
    let referer = request.headers().get(header::REFERER).map_or("-", |value| value.to_str().unwrap());
    let shown = format!("{} {referer} {:?}", request.uri(), results.get(RESET).map(|result| result.is_ok()));
    let mut response = Response::new(shown.into());
    response.headers_mut().insert(header::SET_COOKIE, HeaderValue::from_static("visited=yes; Path=/admin"));
    response
}

fn client(registry: enact::RegistryBuilder) -> TestClient {
    let registry =
        registry.action(TICK.handler(tick)).action(RESET.handler(reset)).action(SEEN.handler(seen)).build().unwrap();
    TestClient::new(registry).extension(Step(2)).pages(pages)
}

#[test]
fn cookies_are_stored_and_removed() {
    pollster::block_on(async {
        let client = client(Registry::builder());
        assert_eq!(client.call(TICK, &()).await.unwrap(), 2);
        assert_eq!(client.call(TICK, &()).await.unwrap(), 4);
        assert_eq!(client.cookie("count").as_deref(), Some("4"));
        client.set_cookie(("count", "10"));
        assert_eq!(client.call(TICK, &()).await.unwrap(), 12);
        client.call(RESET, &FormData::from_iter([("a", "b")])).await.unwrap();
        assert!(client.cookies().is_empty());
        assert_eq!(client.call(TICK, &()).await.unwrap(), 2);
    });
}

#[test]
fn cookie_of_any_value_is_encoded() {
    let client = client(Registry::builder());
    client.set_cookie(("count", "4;é \"%41"));
    assert_eq!(client.cookie("count").as_deref(), Some("4;é \"%41"));
    client.set_cookie(("count", "1"));
    assert_eq!(pollster::block_on(client.call(TICK, &())).unwrap(), 3);
}

#[test]
fn form_is_posted_with_the_headers_of_a_browser() {
    pollster::block_on(async {
        let client = client(Registry::builder());
        let page = client.submit("/admin?tab=1#top", RESET, &FormData::from_iter([("a", "b")])).await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.body(), "/admin?_action=re%2520set http://localhost/admin?tab=1 Some(true)");
        assert_eq!(client.cookies().len(), 1);

        let page = client.submit_form("/", RESET, &FormData::new()).await.unwrap();
        assert_eq!(page.status(), StatusCode::CONFLICT, "the page has the status of the error");

        assert_eq!(client.get("/admin?tab=2").await.unwrap().body(), "/admin?tab=2 - None");
        for path in ["", "admin", "https://evil.example", "//evil.example/"] {
            let refused = client.submit(path, RESET, &FormData::new()).await;
            assert!(matches!(refused, Err(RequestError::Base { .. })), "{path}");
            assert!(matches!(client.get(path).await, Err(RequestError::Base { .. })), "{path}");
        }
        assert!(client.get("/admin page").await.is_err());
    });
}

#[test]
fn page_without_pages_returns_404() {
    let client = TestClient::new(Registry::builder().build().unwrap());
    assert_eq!(pollster::block_on(client.get("/")).unwrap().status(), StatusCode::NOT_FOUND);
}

#[test]
fn host_headers_and_extensions_reach_the_handler() {
    let address = [192, 0, 2, 7].into();
    let plain = client(Registry::builder().base("/app"));
    assert_eq!(
        pollster::block_on(plain.call(SEEN, &())).unwrap(),
        ["/app/_actions/seen", "localhost", "-", "none", "-"]
    );

    let client = client(Registry::builder().origin("https://example.com:8443"))
        .header(header::AUTHORIZATION, HeaderValue::from_static("Bearer t"))
        .extension(ClientAddr(address));
    assert_eq!(
        pollster::block_on(client.call(SEEN, &())).unwrap(),
        ["/_actions/seen", "example.com:8443", "Bearer t", "none", "192.0.2.7"]
    );
    let page = pollster::block_on(client.submit("/", RESET, &FormData::new())).unwrap();
    assert_eq!(page.status(), StatusCode::CONFLICT, "a page of the site may post");
}

#[test]
fn cross_site_check_applies() {
    pollster::block_on(async {
        let client = client(Registry::builder());
        let mut request = RESET.request("/", &FormData::from_iter([("a", "b")])).unwrap();
        assert_eq!(client.send(request.clone()).await.status(), StatusCode::NO_CONTENT);
        request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
        assert_eq!(client.send(request.clone()).await.status(), StatusCode::FORBIDDEN);
        request.headers_mut().remove("sec-fetch-site");
        assert_eq!(client.send(request).await.status(), StatusCode::FORBIDDEN, "a form without an origin");
    });
}

#[cfg(feature = "post-redirect-get")]
#[test]
fn redirect_target_shows_the_result_once() {
    use enact::page::{Key, PostRedirectGet};

    pollster::block_on(async {
        let client = client(Registry::builder().post_redirect_get(PostRedirectGet::cookie(Key::from(&[7; 64]))));
        for (form, shown) in [(FormData::from_iter([("a", "b")]), "Some(true)"), (FormData::new(), "Some(false)")] {
            let posted = client.submit("/list?page=2", RESET, &form).await.unwrap();
            assert_eq!(posted.status(), StatusCode::SEE_OTHER);
            let target = posted.headers()[header::LOCATION].to_str().unwrap();
            assert!(target.starts_with("/list"), "{target}");
            let page = client.get(target).await.unwrap();
            assert!(page.body().ends_with(shown.as_bytes()), "{page:?}");
            let again = client.get(target).await.unwrap();
            assert!(again.body().ends_with(b"None"), "shown once: {again:?}");
        }
    });
}
