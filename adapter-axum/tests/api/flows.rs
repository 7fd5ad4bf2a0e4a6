//! Forms without JavaScript, with Post/Redirect/Get, for each way to keep results.

use enact::page::{Key, PostRedirectGet};
use enact_axum::memory_store;
use http::{StatusCode, header};

use crate::browser::{Browser, Tab};
use crate::site::{BUY, ECHO, INVALID, LEAVE, QUIET, SIGN_UP, Site, TAKEN, VALID, WELCOME};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Storage {
    Cookies,
    Memory,
    #[cfg(feature = "tower-sessions")]
    Sqlite,
}

impl Storage {
    fn start_site(self) -> Site {
        match self {
            Self::Cookies => Site::start(PostRedirectGet::cookie(Key::generate())),
            Self::Memory => Site::start(PostRedirectGet::store(memory_store())),
            #[cfg(feature = "tower-sessions")]
            Self::Sqlite => Site::start_in(async || {
                let store = crate::sessions::open_sqlite().await;
                Some(PostRedirectGet::store(enact_axum::SessionResults::new(store)))
            }),
        }
    }
}

/// Declares a test of each flow for each storage.
macro_rules! flows {
    ($($flow:ident)*) => {
        mod in_cookies { $(#[test] fn $flow() { super::$flow(super::Storage::Cookies); })* }
        mod in_memory { $(#[test] fn $flow() { super::$flow(super::Storage::Memory); })* }
        #[cfg(feature = "tower-sessions")]
        mod in_sqlite { $(#[test] fn $flow() { super::$flow(super::Storage::Sqlite); })* }
    };
}

flows! {
    success_is_shown_once
    invalid_form_shows_submitted_values
    file_is_not_shown_again
    error_of_handler_is_shown_once
    empty_output_is_a_result
    unknown_action_shows_page_with_404
    cross_site_form_returns_403_and_stores_nothing
    form_sent_twice_shows_both_results
    concurrent_tabs_see_their_own_results
    number_of_waiting_results_is_bounded
    large_result_is_shown
    redirect_to_page_keeps_the_result
    redirect_to_site_carries_no_result
    failed_action_does_not_redirect
}

/// Asserts that a reload posts nothing and shows no result.
fn assert_result_is_gone(tab: &mut Tab<'_>) {
    assert!(!tab.has_posted_form());
    let reloaded = tab.reload();
    assert_eq!(reloaded.status, StatusCode::OK);
    for line in ["sign-up:", "quiet:", "echo:", "bought:", " value:", " error:"] {
        assert!(!reloaded.body.contains(line), "{line} in {}", reloaded.body);
    }
    assert!(reloaded.cookies().is_empty());
}

fn success_is_shown_once(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    tab.open("/form?step=2");
    let response = tab.send(SIGN_UP, VALID);

    assert_eq!(response.status, StatusCode::SEE_OTHER);
    let id = response.location().unwrap().strip_prefix("/form?_result=").unwrap();
    // One cookie from the handler, and one for the result.
    assert_eq!(response.cookies().len(), 2);
    assert!(response.cookies().contains(&"greeted=yes; Path=/"));
    assert!(response.cookies().iter().any(|cookie| {
        cookie.starts_with(&format!("enact-result-{id}="))
            && cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=300")
    }));

    let page = tab.follow(response);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.has_line(WELCOME), "{}", page.body);
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(browser.cookies(), [("greeted".to_owned(), "yes".to_owned())]);
    assert_result_is_gone(&mut tab);
    assert_eq!(site.runs(), 1);
}

fn invalid_form_shows_submitted_values(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    tab.open("/form?step=2");
    // A form can be posted to a path other than its own page.
    let response = tab.send(format!("/elsewhere{SIGN_UP}"), INVALID);
    assert!(response.location().unwrap().starts_with("/form?step=2&_result="));
    assert!(!format!("{:?}", browser.cookies()).contains("hunter2"));

    let page = tab.follow(response);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.has_line("at: /form"));
    assert!(page.has_line("email value: <ada>"));
    assert!(page.has_line("topics value: rust") && page.has_line("topics value: tea"));
    assert!(page.body.contains("email error: ") && page.body.contains("password error: "));
    assert!(page.has_line(r#"email attributes: aria-invalid="true" aria-describedby="members--sign-up-email-error""#));
    assert!(page.has_line("topics attributes: "));
    // Neither `format: password` nor `writeOnly` values are shown again.
    assert!(!page.body.contains("hunter2") && !page.body.contains("4711"));
    assert!(!page.body.contains("form error"));
    assert_result_is_gone(&mut tab);
    assert_eq!(site.runs(), 0);
}

fn file_is_not_shown_again(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    tab.open("/form");
    let page = tab.submit_with_file(SIGN_UP, INVALID, "photo");
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.has_line("email value: <ada>"));
    assert!(!page.body.contains("photo value") && !page.body.contains("the file's text"));
}

fn error_of_handler_is_shown_once(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    tab.open("/form");
    let page = tab.submit(SIGN_UP, TAKEN);
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.has_line("sign-up: CONFLICT: That address is taken"));
    assert!(page.has_line("form error: That address is taken"));
    assert!(page.has_line("email value: taken@example.org"));
    assert!(!page.body.contains("horse"));
    assert_result_is_gone(&mut tab);
    assert_eq!(site.runs(), 1);
}

fn empty_output_is_a_result(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let page = tab.submit(QUIET, &[]);
    assert!(page.has_line("quiet: done"));
    assert_result_is_gone(&mut tab);
}

fn unknown_action_shows_page_with_404(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let response = tab.send("?_action=nobody", VALID);
    assert_eq!(response.status, StatusCode::NOT_FOUND);
    assert!(response.has_line("at: /") && !response.body.contains("sign-up:"));
    assert!(browser.cookies().is_empty());
}

fn cross_site_form_returns_403_and_stores_nothing(storage: Storage) {
    let site = storage.start_site();
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        let request = crate::browser::post(format!("{}/form{SIGN_UP}", site.url())).header(name, value);
        let response = crate::browser::TextResponse::read(request.send_form(VALID.iter().copied()).unwrap());
        assert_eq!(response.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(response.cookies().is_empty() && response.location().is_none());
    }
    assert_eq!(site.runs(), 0);
}

fn form_sent_twice_shows_both_results(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let older = tab.send(ECHO, &[("text", "older")]);
    let newest = tab.send(ECHO, &[("text", "newest")]);
    assert_eq!(browser.result_cookies().len(), 2);
    assert!(tab.follow(newest).has_line("echo: newest"));
    assert_result_is_gone(&mut tab);
    assert!(tab.follow(older).has_line("echo: older"));
    assert_result_is_gone(&mut tab);
    assert!(browser.cookies().is_empty());
}

fn concurrent_tabs_see_their_own_results(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    std::thread::scope(|scope| {
        for name in ["one", "two"] {
            let (browser, url) = (&browser, site.url());
            scope.spawn(move || {
                let mut tab = browser.open_tab(&url);
                for round in 0..20 {
                    let text = format!("{name} {round}");
                    let page = tab.submit(ECHO, &[("text", &text)]);
                    assert!(page.has_line(&format!("echo: {text}")), "{text}: {}", page.body);
                    assert_result_is_gone(&mut tab);
                }
            });
        }
    });
    assert!(browser.cookies().is_empty());
}

fn number_of_waiting_results_is_bounded(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let sent: Vec<_> = (0..6).map(|n| tab.send(ECHO, &[("text", &n.to_string())])).collect();
    assert_eq!(browser.result_cookies().len(), 4);
    let shown: Vec<_> = sent
        .into_iter()
        .enumerate()
        .filter_map(|(n, response)| tab.follow(response).has_line(&format!("echo: {n}")).then_some(n))
        .collect();
    // The newest result is always kept. The order of cookies in the request decides which others are.
    assert!(shown.contains(&5) && shown.len() == 4, "{shown:?}");
    assert!(browser.cookies().is_empty());
}

fn large_result_is_shown(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let text = "0123456789".repeat(10_000);
    let response = tab.send(ECHO, &[("text", &text)]);
    // The result does not fit in a cookie, so the page answers the post.
    let inline = storage == Storage::Cookies;
    assert_eq!(response.status, if inline { StatusCode::OK } else { StatusCode::SEE_OTHER });
    assert_eq!(response.cookies().len(), usize::from(!inline));
    let page = tab.follow(response);
    assert!(page.has_line(&format!("echo: {text}")));
    assert_eq!(tab.has_posted_form(), inline);
    if !inline {
        assert_result_is_gone(&mut tab);
    }
    assert!(browser.cookies().is_empty());
}

fn redirect_to_page_keeps_the_result(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    let response = tab.send(BUY, &[("text", "7")]);
    let location = response.location().unwrap();
    assert!(location.starts_with("/products/7?from=shop&_result=") && location.ends_with("#buy"), "{location}");
    let page = tab.follow(response);
    assert!(page.has_line("at: /products/7") && page.has_line("bought: 7"));
    assert_result_is_gone(&mut tab);
}

fn redirect_to_site_carries_no_result(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let response = browser.open_tab(&site.url()).send(LEAVE, &[]);
    assert_eq!(response.status, StatusCode::SEE_OTHER);
    assert_eq!(response.location(), Some("https://example.com/bye"));
    assert!(response.cookies().is_empty());
}

fn failed_action_does_not_redirect(storage: Storage) {
    let (site, browser) = (storage.start_site(), Browser::new());
    let mut tab = browser.open_tab(&site.url());
    tab.open("/shop");
    let page = tab.submit(BUY, &[("text", "0")]);
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.has_line("at: /shop") && page.has_line("bought: NOT_FOUND"));
    assert_result_is_gone(&mut tab);
}
