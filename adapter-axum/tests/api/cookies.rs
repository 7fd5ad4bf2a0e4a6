//! Results in cookies, and the settings of Post/Redirect/Get.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use enact::page::{Key, PostRedirectGet};
use enact::{CalledFrom, ReceivedAt};
use http::{StatusCode, header};

use crate::browser::{Browser, TextResponse, post};
use crate::server::Server;
use crate::site::{BUY, ECHO, INVALID, LEAVE, QUIET, Runs, SIGN_UP, Site, VALID, WELCOME, actions, build_app};

fn key(byte: u8) -> Key {
    Key::from(&[byte; 64])
}

fn start_with_key(key: Key) -> Site {
    Site::start(PostRedirectGet::cookie(key))
}

#[test]
fn cookie_with_unknown_key_is_ignored_and_removed() {
    let (site, other, browser) = (start_with_key(key(1)), start_with_key(key(2)), Browser::new());
    let response = browser.open_tab(&site.url()).send(SIGN_UP, VALID);
    let page = browser.open_tab(&other.url()).follow(response);
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("sign-up:"));
    assert!(browser.result_cookies().is_empty());
}

#[test]
fn old_key_decrypts_and_new_key_encrypts() {
    let browser = Browser::new();
    let (old, new) = (start_with_key(key(1)), Site::start(PostRedirectGet::cookie(key(2)).old_key(key(1))));
    let response = browser.open_tab(&old.url()).send(SIGN_UP, VALID);
    assert!(browser.open_tab(&new.url()).follow(response).has_line(WELCOME));

    let response = browser.open_tab(&new.url()).send(SIGN_UP, VALID);
    assert!(!browser.open_tab(&old.url()).follow(response).body.contains("sign-up:"));
}

#[test]
fn forged_cookie_is_ignored() {
    let (site, browser) = (start_with_key(key(1)), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let response = tab.send(SIGN_UP, VALID);
    let (name, value) = browser.result_cookies().remove(0);
    let other = if value.contains('A') { value.replace('A', "B") } else { format!("A{value}") };
    for forged in [other.as_str(), "", "x", "%00", &value[..value.len() / 2]] {
        browser.set_cookie(&site.url(), &name, forged);
        let page = tab.open(response.location().unwrap());
        assert_eq!(page.status, StatusCode::OK, "{forged}");
        assert!(!page.body.contains("sign-up:"), "{forged}");
    }
    // The original cookie is still valid.
    browser.set_cookie(&site.url(), &name, &value);
    assert!(tab.open(response.location().unwrap()).has_line(WELCOME));
}

#[test]
fn cookie_under_the_id_of_another_result_is_ignored() {
    let (site, browser) = (start_with_key(key(1)), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    tab.send(ECHO, &[("text", "older")]);
    let (_, older) = browser.result_cookies().remove(0);
    let response = tab.send(ECHO, &[("text", "newer")]);
    let id = response.location().unwrap().strip_prefix("/?_result=").unwrap();
    browser.set_cookie(&site.url(), &format!("enact-result-{id}"), &older);
    assert!(!tab.follow(response).body.contains("echo:"));
}

#[test]
fn result_is_not_shown_on_another_page() {
    let (site, browser) = (start_with_key(key(1)), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    tab.open("/form");
    let response = tab.send(SIGN_UP, VALID);
    let id = response.location().unwrap().strip_prefix("/form?").unwrap();
    assert!(!tab.open(&format!("/form/other?{id}")).body.contains("sign-up:"));
    assert!(browser.result_cookies().is_empty());
}

#[test]
fn visit_without_result_id_keeps_the_result() {
    let (site, browser) = (start_with_key(key(1)), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let response = tab.send(SIGN_UP, VALID);
    assert!(!browser.open_tab(&site.url()).open("/").body.contains("sign-up:"));
    assert!(tab.follow(response).has_line(WELCOME));
}

#[test]
fn expired_result_is_ignored() {
    let seconds = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&seconds);
    let settings = PostRedirectGet::cookie(key(1)).keep_for(Duration::from_secs(60));
    let registry = actions(&Runs::default()).post_redirect_get(settings).build().unwrap();
    let server = Server::start(build_app(registry).layer(from_fn(move |mut request: Request, next: Next| {
        let now = Duration::from_secs(clock.load(Ordering::SeqCst));
        request.extensions_mut().insert(ReceivedAt(now));
        next.run(request)
    })));
    let browser = Browser::new();
    let mut tab = browser.open_tab(&server.url());

    let response = tab.send(SIGN_UP, VALID);
    assert!(response.cookies().iter().any(|cookie| cookie.ends_with("; Max-Age=60")));
    seconds.fetch_add(60, Ordering::SeqCst);
    assert!(tab.follow(response).has_line(WELCOME));

    let response = tab.send(SIGN_UP, VALID);
    // The clock of the browser did not advance, so it still sends the cookie.
    seconds.fetch_add(61, Ordering::SeqCst);
    assert!(!tab.follow(response).body.contains("sign-up:"));
    assert!(browser.result_cookies().is_empty());
}

#[test]
fn total_size_of_result_cookies_is_bounded() {
    let (site, browser) = (start_with_key(key(1)), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let text = "0123456789".repeat(150);
    for _ in 0..3 {
        tab.send(ECHO, &[("text", &text)]);
    }
    let response = tab.send(ECHO, &[("text", &text)]);
    // Many servers limit a header to 8 KiB, which the other cookies of a site share.
    let bytes: usize = browser.result_cookies().iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!((2000..=6000).contains(&bytes), "{bytes}");
    assert!(tab.follow(response).has_line(&format!("echo: {text}")));
}

#[test]
fn https_origin_sets_secure_cookie() {
    let site = start_with_key(key(1));
    let host = site.server.address;
    let response = post(format!("{}/{ECHO}", site.url())).header("origin", format!("https://{host}"));
    let response = TextResponse::read(response.send_form([("text", "x")]).unwrap());
    assert!(response.cookies()[0].contains("; Secure"), "{:?}", response.cookies());
}

#[test]
fn foreign_referer_is_not_a_redirect_target() {
    let site = start_with_key(key(1));
    for referer in ["https://evil.example/form", "//evil.example/form", "/form", "not a url"] {
        let request = post(format!("{}/page{SIGN_UP}", site.url()));
        let request = request.header("sec-fetch-site", "same-origin").header("referer", referer);
        let response = TextResponse::read(request.send_form(INVALID.iter().copied()).unwrap());
        assert!(response.location().unwrap().starts_with("/page?_result="), "{referer}: {:?}", response.location());
    }
}

#[test]
fn only_selected_calls_are_redirected() {
    let settings = PostRedirectGet::cookie(key(1)).only(|call| call.is(SIGN_UP));
    let (site, browser) = (Site::start(settings), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    assert!(tab.submit(SIGN_UP, VALID).has_line(WELCOME));
    assert!(!tab.has_posted_form());
    assert!(tab.submit(ECHO, &[("text", "inline")]).has_line("echo: inline"));
    assert!(tab.has_posted_form());
}

#[test]
fn without_post_redirect_get_the_page_answers_the_post() {
    let (site, browser) = (Site::start_without_redirects(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    tab.open("/form");
    let page = tab.send(SIGN_UP, VALID);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has_line("at: /form") && page.has_line(WELCOME));
    assert_eq!(page.cookies(), ["greeted=yes; Path=/"]);

    let page = tab.send(SIGN_UP, INVALID);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.has_line("email value: <ada>") && !page.body.contains("hunter2"));

    assert!(tab.send(QUIET, &[]).has_line("quiet: done"));
    assert!(tab.send(ECHO, &[("text", "0123456789".repeat(10_000).as_str())]).body.len() > 100_000);
    assert_eq!(tab.send(BUY, &[("text", "7")]).location(), Some("/products/7?from=shop#buy"));
    assert_eq!(tab.send(LEAVE, &[]).location(), Some("https://example.com/bye"));
    assert_eq!(tab.send(BUY, &[("text", "0")]).status, StatusCode::NOT_FOUND);
    assert!(browser.result_cookies().is_empty());
}

#[test]
fn client_call_returns_redirect_header() {
    for site in [start_with_key(key(1)), Site::start_without_redirects()] {
        let call = |text: &str| {
            let request = post(format!("{}{}", site.url(), BUY.path("/"))).header("sec-fetch-site", "same-origin");
            TextResponse::read(request.send_form([("text", text)]).unwrap())
        };
        let response = call("7");
        assert_eq!(response.status, StatusCode::NO_CONTENT);
        assert_eq!(response.headers["enact-redirect"], "/products/7?from=shop#buy");
        assert!(response.body.is_empty() && response.location().is_none());
        assert!(!response.headers.contains_key(header::SET_COOKIE));

        let response = call("0");
        assert_eq!(response.status, StatusCode::NOT_FOUND);
        assert!(!response.headers.contains_key("enact-redirect"));
    }
}

#[test]
fn redirected_calls_can_be_selected_by_called_from() {
    let settings = PostRedirectGet::cookie(key(1)).only(|call| call.called_from() == CalledFrom::Form);
    assert!(Browser::new().open_tab(&Site::start(settings).url()).send(SIGN_UP, VALID).location().is_some());
}
