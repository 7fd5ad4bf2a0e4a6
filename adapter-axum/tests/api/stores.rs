//! Results in a custom store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use enact::BoxFuture;
use enact::page::{PostRedirectGet, ResultStore, StoreError};
use enact_axum::memory_store;
use http::StatusCode;

use crate::browser::{Browser, TextResponse, post};
use crate::site::{ECHO, INVALID, SIGN_UP, Site, VALID, WELCOME};

/// A store that counts the calls of `put` and fails on every call.
struct FailingStore(Arc<AtomicUsize>);

impl ResultStore for FailingStore {
    fn put(&self, _: String, _: Vec<u8>, _: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Err("disk full".into()) })
    }

    fn take(&self, _: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async { Err("disk removed".into()) })
    }
}

#[test]
fn cross_site_form_stores_nothing() {
    let puts = Arc::new(AtomicUsize::new(0));
    let site = Site::start(PostRedirectGet::store(FailingStore(Arc::clone(&puts))));
    let send = |fields: &[(&'static str, &'static str)], from| {
        let request = post(format!("{}/{SIGN_UP}", site.url())).header("sec-fetch-site", from);
        TextResponse::read(request.send_form(fields.iter().copied()).unwrap())
    };
    for fields in [VALID, INVALID] {
        assert_eq!(send(fields, "cross-site").status, StatusCode::FORBIDDEN);
        assert_eq!(send(fields, "same-site").status, StatusCode::FORBIDDEN);
    }
    assert_eq!(puts.load(Ordering::SeqCst), 0);
    send(VALID, "same-origin");
    assert_eq!(puts.load(Ordering::SeqCst), 1);
}

#[test]
fn failing_store_answers_without_redirect() {
    let (site, browser) = (Site::start(PostRedirectGet::store(FailingStore(Arc::default()))), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let response = tab.send(SIGN_UP, VALID);
    assert_eq!(response.status, StatusCode::OK);
    assert!(response.has_line(WELCOME));
    assert!(browser.result_cookies().is_empty());

    browser.set_cookie(&site.url(), "enact-result-x", "whatever");
    let page = tab.open("/?_result=x");
    assert_eq!(page.status, StatusCode::OK);
    assert!(browser.result_cookies().is_empty());
}

#[test]
fn cookie_holds_only_a_key() {
    let (site, browser) = (Site::start(PostRedirectGet::store(memory_store())), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let response = tab.send(ECHO, &[("text", &"0123456789".repeat(1000))]);
    let (name, value) = browser.result_cookies().remove(0);
    assert!(value.len() < 100, "{value}");

    for invalid in ["", "x", &value[1..], &value.to_uppercase()] {
        browser.set_cookie(&site.url(), &name, invalid);
        assert!(!tab.open(response.location().unwrap()).body.contains("echo:"), "{invalid}");
    }
    browser.set_cookie(&site.url(), &name, &value);
    assert!(tab.open(response.location().unwrap()).body.contains("echo:"));
}
