//! Forms without JavaScript, with Post/Redirect/Get, wherever the results wait.

use enact::{Key, PostRedirectGet};
use enact_axum::memory_store;
use http::{StatusCode, header};

use crate::browser::{Browser, Tab};
use crate::site::{BUY, ECHO, GOOD, LEAVE, QUIET, SIGN_UP, Site, TAKEN, WELCOME, WRONG};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kept {
    Cookies,
    Memory,
    #[cfg(feature = "tower-sessions")]
    Sqlite,
}

impl Kept {
    fn site(self) -> Site {
        match self {
            Self::Cookies => Site::start(PostRedirectGet::cookie(Key::generate())),
            Self::Memory => Site::start(PostRedirectGet::store(memory_store())),
            #[cfg(feature = "tower-sessions")]
            Self::Sqlite => Site::start_in(async || {
                let store = crate::sessions::sqlite().await;
                Some(PostRedirectGet::store(enact_axum::SessionResults::new(store)))
            }),
        }
    }
}

/// Each flow, for each way to keep results.
macro_rules! flows {
    ($($flow:ident)*) => {
        mod in_cookies { $(#[test] fn $flow() { super::$flow(super::Kept::Cookies); })* }
        mod in_memory { $(#[test] fn $flow() { super::$flow(super::Kept::Memory); })* }
        #[cfg(feature = "tower-sessions")]
        mod in_sqlite { $(#[test] fn $flow() { super::$flow(super::Kept::Sqlite); })* }
    };
}

flows! {
    a_success_is_shown_once
    a_form_that_is_wrong_is_shown_again
    a_file_is_not_put_back
    an_error_of_the_action_is_shown_once
    an_empty_result_is_one
    an_unknown_action_is_a_page_of_404
    another_site_is_refused_and_leaves_nothing
    a_form_sent_twice_shows_each_result_by_its_own_redirect
    two_tabs_at_once_see_their_own
    only_so_many_wait
    a_large_result_arrives
    an_action_sends_on
    an_action_sends_to_another_site
    an_action_that_fails_sends_nowhere
}

/// A reload asks for the page alone, and shows it as if nothing had been.
fn assert_forgotten(tab: &mut Tab<'_>) {
    assert!(!tab.would_post_again());
    let reloaded = tab.reload();
    assert_eq!(reloaded.status, StatusCode::OK);
    for trace in ["sign-up:", "quiet:", "echo:", "bought:", "again:", "wrong:"] {
        assert!(!reloaded.body.contains(trace), "{trace} in {}", reloaded.body);
    }
    assert!(reloaded.cookies().is_empty());
}

fn a_success_is_shown_once(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    tab.open("/form?step=2");
    let answer = tab.send(SIGN_UP, GOOD);

    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let id = answer.location().unwrap().strip_prefix("/form?_result=").unwrap();
    // The handler's own cookie comes beside that of the result.
    assert_eq!(answer.cookies().len(), 2);
    assert!(answer.cookies().contains(&"greeted=yes; Path=/"));
    assert!(answer.cookies().iter().any(|cookie| {
        cookie.starts_with(&format!("enact-result-{id}="))
            && cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=300")
    }));

    let page = tab.follow(answer);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.shows(WELCOME), "{}", page.body);
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(browser.jar(), [("greeted".to_owned(), "yes".to_owned())]);
    assert_forgotten(&mut tab);
    assert_eq!(site.runs(), 1);
}

fn a_form_that_is_wrong_is_shown_again(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    tab.open("/form?step=2");
    // The form of one page may be posted to another.
    let answer = tab.send(format!("/elsewhere{SIGN_UP}"), WRONG);
    assert!(answer.location().unwrap().starts_with("/form?step=2&_result="));
    assert!(!format!("{:?}", browser.jar()).contains("hunter2"));

    let page = tab.follow(answer);
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.shows("at: /form"));
    assert!(page.shows("email again: <ada>"));
    assert!(page.shows("topics again: rust") && page.shows("topics again: tea"));
    assert!(page.body.contains("email is wrong: ") && page.body.contains("password is wrong: "));
    assert!(page.shows(r#"email attributes: aria-invalid="true" aria-describedby="members--sign-up-email-error""#));
    assert!(page.shows("topics attributes: "));
    // Neither `format: password` nor `writeOnly` is put back.
    assert!(!page.body.contains("hunter2") && !page.body.contains("4711"));
    assert!(!page.body.contains("the form is wrong"));
    assert_forgotten(&mut tab);
    assert_eq!(site.runs(), 0);
}

fn a_file_is_not_put_back(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    tab.open("/form");
    let page = tab.submit_with_file(SIGN_UP, WRONG, "photo");
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.shows("email again: <ada>"));
    assert!(!page.body.contains("photo again") && !page.body.contains("the file's text"));
}

fn an_error_of_the_action_is_shown_once(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    tab.open("/form");
    let page = tab.submit(SIGN_UP, TAKEN);
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.shows("sign-up: CONFLICT: That address is taken"));
    assert!(page.shows("the form is wrong: That address is taken"));
    assert!(page.shows("email again: taken@example.org"));
    assert!(!page.body.contains("horse"));
    assert_forgotten(&mut tab);
    assert_eq!(site.runs(), 1);
}

fn an_empty_result_is_one(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    let page = tab.submit(QUIET, &[]);
    assert!(page.shows("quiet: done"));
    assert_forgotten(&mut tab);
}

fn an_unknown_action_is_a_page_of_404(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    let answer = tab.send("?_action=nobody", GOOD);
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.shows("at: /") && !answer.body.contains("sign-up:"));
    assert!(browser.jar().is_empty());
}

fn another_site_is_refused_and_leaves_nothing(kept: Kept) {
    let site = kept.site();
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        let request = crate::browser::post(format!("{}/form{SIGN_UP}", site.url())).header(name, value);
        let answer = crate::browser::Answer::of(request.send_form(GOOD.iter().copied()).unwrap());
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(answer.cookies().is_empty() && answer.location().is_none());
    }
    assert_eq!(site.runs(), 0);
}

fn a_form_sent_twice_shows_each_result_by_its_own_redirect(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    let older = tab.send(ECHO, &[("text", "older")]);
    let newest = tab.send(ECHO, &[("text", "newest")]);
    assert_eq!(browser.waiting().len(), 2);
    assert!(tab.follow(newest).shows("echo: newest"));
    assert_forgotten(&mut tab);
    assert!(tab.follow(older).shows("echo: older"));
    assert_forgotten(&mut tab);
    assert!(browser.jar().is_empty());
}

fn two_tabs_at_once_see_their_own(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    std::thread::scope(|scope| {
        for name in ["one", "two"] {
            let (browser, url) = (&browser, site.url());
            scope.spawn(move || {
                let mut tab = browser.tab(&url);
                for round in 0..20 {
                    let text = format!("{name} {round}");
                    let page = tab.submit(ECHO, &[("text", &text)]);
                    assert!(page.shows(&format!("echo: {text}")), "{text}: {}", page.body);
                    assert_forgotten(&mut tab);
                }
            });
        }
    });
    assert!(browser.jar().is_empty());
}

fn only_so_many_wait(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    let sent: Vec<_> = (0..6).map(|n| tab.send(ECHO, &[("text", &n.to_string())])).collect();
    assert_eq!(browser.waiting().len(), 4);
    let shown: Vec<_> = sent
        .into_iter()
        .enumerate()
        .filter_map(|(n, answer)| tab.follow(answer).shows(&format!("echo: {n}")).then_some(n))
        .collect();
    // The newest is there for sure. Which others are, the browser decides by what it sends first.
    assert!(shown.contains(&5) && shown.len() == 4, "{shown:?}");
    assert!(browser.jar().is_empty());
}

fn a_large_result_arrives(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    let text = "0123456789".repeat(10_000);
    let answer = tab.send(ECHO, &[("text", &text)]);
    // No cookie holds it: then the page is shown in place, as without redirects.
    let in_place = kept == Kept::Cookies;
    assert_eq!(answer.status, if in_place { StatusCode::OK } else { StatusCode::SEE_OTHER });
    assert_eq!(answer.cookies().len(), usize::from(!in_place));
    let page = tab.follow(answer);
    assert!(page.shows(&format!("echo: {text}")));
    assert_eq!(tab.would_post_again(), in_place);
    if !in_place {
        assert_forgotten(&mut tab);
    }
    assert!(browser.jar().is_empty());
}

fn an_action_sends_on(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    let answer = tab.send(BUY, &[("text", "7")]);
    let location = answer.location().unwrap();
    assert!(location.starts_with("/products/7?from=shop&_result=") && location.ends_with("#buy"), "{location}");
    let page = tab.follow(answer);
    assert!(page.shows("at: /products/7") && page.shows("bought: 7"));
    assert_forgotten(&mut tab);
}

fn an_action_sends_to_another_site(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let answer = browser.tab(&site.url()).send(LEAVE, &[]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), Some("https://example.com/bye"));
    assert!(answer.cookies().is_empty());
}

fn an_action_that_fails_sends_nowhere(kept: Kept) {
    let (site, browser) = (kept.site(), Browser::new());
    let mut tab = browser.tab(&site.url());
    tab.open("/shop");
    let page = tab.submit(BUY, &[("text", "0")]);
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.shows("at: /shop") && page.shows("bought: NOT_FOUND"));
    assert_forgotten(&mut tab);
}
