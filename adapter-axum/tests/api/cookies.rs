//! Results in cookies: whose are read, and when; and what can be set about Post/Redirect/Get.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use enact::{CalledFrom, Key, PostRedirectGet, ReceivedAt};
use http::{StatusCode, header};

use crate::browser::{Answer, Browser, post};
use crate::server::Server;
use crate::site::{BUY, ECHO, GOOD, LEAVE, QUIET, Runs, SIGN_UP, Site, WELCOME, WRONG, actions, app};

fn key(byte: u8) -> Key {
    Key::from(&[byte; 64])
}

fn with(key: Key) -> Site {
    Site::start(PostRedirectGet::cookie(key))
}

#[test]
fn a_cookie_of_another_key_is_ignored_and_dropped() {
    let (ours, theirs, browser) = (with(key(1)), with(key(2)), Browser::new());
    let answer = browser.tab(&ours.url()).send(SIGN_UP, GOOD);
    let page = browser.tab(&theirs.url()).follow(answer);
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("sign-up:"));
    assert!(browser.waiting().is_empty());
}

#[test]
fn an_old_key_is_still_read_and_the_new_one_writes() {
    let browser = Browser::new();
    let (old, new) = (with(key(1)), Site::start(PostRedirectGet::cookie(key(2)).old_key(key(1))));
    let answer = browser.tab(&old.url()).send(SIGN_UP, GOOD);
    assert!(browser.tab(&new.url()).follow(answer).shows(WELCOME));

    let answer = browser.tab(&new.url()).send(SIGN_UP, GOOD);
    assert!(!browser.tab(&old.url()).follow(answer).body.contains("sign-up:"));
}

#[test]
fn a_cookie_that_was_tampered_with_is_ignored() {
    let (site, browser) = (with(key(1)), Browser::new());
    let mut tab = browser.tab(&site.url());
    let answer = tab.send(SIGN_UP, GOOD);
    let (name, value) = browser.waiting().remove(0);
    let other = if value.contains('A') { value.replace('A', "B") } else { format!("A{value}") };
    for forged in [other.as_str(), "", "x", "%00", &value[..value.len() / 2]] {
        browser.plant(&site.url(), &name, forged);
        let page = tab.open(answer.location().unwrap());
        assert_eq!(page.status, StatusCode::OK, "{forged}");
        assert!(!page.body.contains("sign-up:"), "{forged}");
    }
    // The cookie itself still is what it was.
    browser.plant(&site.url(), &name, &value);
    assert!(tab.open(answer.location().unwrap()).shows(WELCOME));
}

#[test]
fn a_cookie_of_one_result_is_none_of_another() {
    let (site, browser) = (with(key(1)), Browser::new());
    let mut tab = browser.tab(&site.url());
    tab.send(ECHO, &[("text", "older")]);
    let (_, older) = browser.waiting().remove(0);
    let answer = tab.send(ECHO, &[("text", "newer")]);
    let id = answer.location().unwrap().strip_prefix("/?_result=").unwrap();
    browser.plant(&site.url(), &format!("enact-result-{id}"), &older);
    assert!(!tab.follow(answer).body.contains("echo:"));
}

#[test]
fn a_result_is_shown_by_its_own_page_alone() {
    let (site, browser) = (with(key(1)), Browser::new());
    let mut tab = browser.tab(&site.url());
    tab.open("/form");
    let answer = tab.send(SIGN_UP, GOOD);
    let id = answer.location().unwrap().strip_prefix("/form?").unwrap();
    assert!(!tab.open(&format!("/form/other?{id}")).body.contains("sign-up:"));
    assert!(browser.waiting().is_empty());
}

#[test]
fn a_page_visited_meanwhile_leaves_a_result_waiting() {
    let (site, browser) = (with(key(1)), Browser::new());
    let mut tab = browser.tab(&site.url());
    let answer = tab.send(SIGN_UP, GOOD);
    assert!(!browser.tab(&site.url()).open("/").body.contains("sign-up:"));
    assert!(tab.follow(answer).shows(WELCOME));
}

#[test]
fn a_result_that_waited_too_long_is_ignored() {
    let seconds = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&seconds);
    let how = PostRedirectGet::cookie(key(1)).keep_for(Duration::from_secs(60));
    let registry = actions(&Runs::default()).post_redirect_get(how).build().unwrap();
    let server = Server::start(app(registry).layer(from_fn(move |mut request: Request, next: Next| {
        let now = Duration::from_secs(clock.load(Ordering::SeqCst));
        request.extensions_mut().insert(ReceivedAt(now));
        next.run(request)
    })));
    let browser = Browser::new();
    let mut tab = browser.tab(&server.url());

    let answer = tab.send(SIGN_UP, GOOD);
    assert!(answer.cookies().iter().any(|cookie| cookie.ends_with("; Max-Age=60")));
    seconds.fetch_add(60, Ordering::SeqCst);
    assert!(tab.follow(answer).shows(WELCOME));

    let answer = tab.send(SIGN_UP, GOOD);
    // The browser would still send it: its own clock stands where it stood.
    seconds.fetch_add(61, Ordering::SeqCst);
    assert!(!tab.follow(answer).body.contains("sign-up:"));
    assert!(browser.waiting().is_empty());
}

#[test]
fn large_results_that_wait_do_not_pile_up() {
    let (site, browser) = (with(key(1)), Browser::new());
    let mut tab = browser.tab(&site.url());
    let text = "0123456789".repeat(150);
    for _ in 0..3 {
        tab.send(ECHO, &[("text", &text)]);
    }
    let answer = tab.send(ECHO, &[("text", &text)]);
    // With what else a site sets they have to go into the 8 KiB that servers allow a header.
    let bytes: usize = browser.waiting().iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!((2000..=6000).contains(&bytes), "{bytes}");
    assert!(tab.follow(answer).shows(&format!("echo: {text}")));
}

#[test]
fn a_site_behind_tls_sets_secure_cookies() {
    let site = with(key(1));
    let host = site.server.address;
    let answer = post(format!("{}/{ECHO}", site.url())).header("origin", format!("https://{host}"));
    let answer = Answer::of(answer.send_form([("text", "x")]).unwrap());
    assert!(answer.cookies()[0].contains("; Secure"), "{:?}", answer.cookies());
}

#[test]
fn a_foreign_referer_is_not_gone_to() {
    let site = with(key(1));
    for referer in ["https://evil.example/form", "//evil.example/form", "/form", "no address"] {
        let request = post(format!("{}/page{SIGN_UP}", site.url()));
        let request = request.header("sec-fetch-site", "same-origin").header("referer", referer);
        let answer = Answer::of(request.send_form(WRONG.iter().copied()).unwrap());
        assert!(answer.location().unwrap().starts_with("/page?_result="), "{referer}: {:?}", answer.location());
    }
}

#[test]
fn only_the_calls_that_were_picked_are_redirected() {
    let picked = PostRedirectGet::cookie(key(1)).only(|call| call.is(SIGN_UP));
    let (site, browser) = (Site::start(picked), Browser::new());
    let mut tab = browser.tab(&site.url());
    assert!(tab.submit(SIGN_UP, GOOD).shows(WELCOME));
    assert!(!tab.would_post_again());
    assert!(tab.submit(ECHO, &[("text", "in place")]).shows("echo: in place"));
    assert!(tab.would_post_again());
}

#[test]
fn without_redirects_the_page_answers_the_post() {
    let (site, browser) = (Site::without_redirects(), Browser::new());
    let mut tab = browser.tab(&site.url());
    tab.open("/form");
    let page = tab.send(SIGN_UP, GOOD);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.shows("at: /form") && page.shows(WELCOME));
    assert_eq!(page.cookies(), ["greeted=yes; Path=/"]);

    let page = tab.send(SIGN_UP, WRONG);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.shows("email again: <ada>") && !page.body.contains("hunter2"));

    assert!(tab.send(QUIET, &[]).shows("quiet: done"));
    assert!(tab.send(ECHO, &[("text", "0123456789".repeat(10_000).as_str())]).body.len() > 100_000);
    assert_eq!(tab.send(BUY, &[("text", "7")]).location(), Some("/products/7?from=shop#buy"));
    assert_eq!(tab.send(LEAVE, &[]).location(), Some("https://example.com/bye"));
    assert_eq!(tab.send(BUY, &[("text", "0")]).status, StatusCode::NOT_FOUND);
    assert!(browser.waiting().is_empty());
}

#[test]
fn a_client_is_told_where_to_go_by_a_header() {
    for site in [with(key(1)), Site::without_redirects()] {
        let call = |text: &str| {
            let request = post(format!("{}{}", site.url(), BUY.path("/"))).header("sec-fetch-site", "same-origin");
            Answer::of(request.send_form([("text", text)]).unwrap())
        };
        let answer = call("7");
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.headers["enact-redirect"], "/products/7?from=shop#buy");
        assert!(answer.body.is_empty() && answer.location().is_none());
        assert!(!answer.headers.contains_key(header::SET_COOKIE));

        let answer = call("0");
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(!answer.headers.contains_key("enact-redirect"));
    }
}

#[test]
fn which_calls_are_redirected_can_hang_on_how_they_come() {
    let picked = PostRedirectGet::cookie(key(1)).only(|call| call.called_from() == CalledFrom::Form);
    assert!(Browser::new().tab(&Site::start(picked).url()).send(SIGN_UP, GOOD).location().is_some());
}
