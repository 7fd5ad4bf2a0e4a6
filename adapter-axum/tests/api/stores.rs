//! Results in a store of the host's own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use enact::{BoxFuture, PostRedirectGet, ResultStore, StoreError};
use enact_axum::memory_store;
use http::StatusCode;

use crate::browser::{Answer, Browser, post};
use crate::site::{ECHO, GOOD, SIGN_UP, Site, WELCOME, WRONG};

/// Counts what it is given, and keeps nothing.
struct Broken(Arc<AtomicUsize>);

impl ResultStore for Broken {
    fn put(&self, _: String, _: Vec<u8>, _: Duration) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Err("the disk is full".into()) })
    }

    fn take(&self, _: String) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async { Err("the disk is gone".into()) })
    }
}

#[test]
fn another_site_has_nothing_stored() {
    let puts = Arc::new(AtomicUsize::new(0));
    let site = Site::start(PostRedirectGet::store(Broken(Arc::clone(&puts))));
    let send = |fields: &[(&'static str, &'static str)], from| {
        let request = post(format!("{}/{SIGN_UP}", site.url())).header("sec-fetch-site", from);
        Answer::of(request.send_form(fields.iter().copied()).unwrap())
    };
    for fields in [GOOD, WRONG] {
        assert_eq!(send(fields, "cross-site").status, StatusCode::FORBIDDEN);
        assert_eq!(send(fields, "same-site").status, StatusCode::FORBIDDEN);
    }
    assert_eq!(puts.load(Ordering::SeqCst), 0);
    send(GOOD, "same-origin");
    assert_eq!(puts.load(Ordering::SeqCst), 1);
}

#[test]
fn where_the_store_fails_the_page_answers_in_place() {
    let (site, browser) = (Site::start(PostRedirectGet::store(Broken(Arc::default()))), Browser::new());
    let mut tab = browser.tab(&site.url());
    let answer = tab.send(SIGN_UP, GOOD);
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.shows(WELCOME));
    assert!(browser.waiting().is_empty());

    browser.plant(&site.url(), "enact-result-x", "whatever");
    let page = tab.open("/?_result=x");
    assert_eq!(page.status, StatusCode::OK);
    assert!(browser.waiting().is_empty());
}

#[test]
fn the_browser_holds_no_more_than_a_key() {
    let (site, browser) = (Site::start(PostRedirectGet::store(memory_store())), Browser::new());
    let mut tab = browser.tab(&site.url());
    let answer = tab.send(ECHO, &[("text", &"0123456789".repeat(1000))]);
    let (name, value) = browser.waiting().remove(0);
    assert!(value.len() < 100, "{value}");

    for made_up in ["", "x", &value[1..], &value.to_uppercase()] {
        browser.plant(&site.url(), &name, made_up);
        assert!(!tab.open(answer.location().unwrap()).body.contains("echo:"), "{made_up}");
    }
    browser.plant(&site.url(), &name, &value);
    assert!(tab.open(answer.location().unwrap()).body.contains("echo:"));
}
