//! Nobody but the developer sends a browser to another site.

use enact::{Action, ActionError, ActionErrorCode, Context, FormData, Key, PostRedirectGet, Registry};

use crate::ask::{Ask, post};
use crate::server::{Site, headers, text};

const GO: Action<String, ()> = Action::json("go");
const SUBMIT: Action<FormData, ()> = Action::form("submit");
const FAIL: Action<FormData, ()> = Action::form("fail");

/// Actions that go where they are told, as no application's should.
fn actions() -> Registry {
    Registry::builder()
        .post_redirect_get(PostRedirectGet::cookie(Key::from(&[7; 64])).only(|call| call.is(FAIL)))
        .action(GO, async |to: String, ctx: Context| ctx.redirect(&to))
        .action(SUBMIT, async |form: FormData, ctx: Context| ctx.redirect(form.text("to").unwrap_or_default()))
        .action(FAIL, async |_: FormData, _: Context| Err(ActionError::from(ActionErrorCode::Conflict)))
        .build()
        .unwrap()
}

/// What leads to another site, or breaks a header, in one browser or another.
const HOSTILE: &[&str] = &[
    "",
    "evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/a\\..\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/a\r\nSet-Cookie: stolen=1",
    "/a\nLocation: //evil.example",
    "/a\0",
    "/a\u{85}b",
    "\u{feff}//evil.example",
    ".//evil.example",
    "?//evil.example",
    "#",
];

fn encoded(to: &str) -> String {
    to.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[test]
fn an_action_that_is_told_where_to_go_stays_on_the_site() {
    let site = Site::of(actions());
    for to in HOSTILE {
        let call = post("/_actions/go").json(serde_json::to_string(to).unwrap());
        for ask in [call, post("/page?_action=submit").form(format!("to={}", encoded(to)))] {
            let answer = site.ask(&ask);
            assert_eq!(answer.status, 500, "{to:?}");
            for name in ["location", "enact-redirect", "set-cookie", "refresh"] {
                assert!(headers(&answer, name).is_empty(), "{to:?} {name}");
            }
            assert!(!text(&answer).contains("evil"), "{to:?}: {}", text(&answer));
        }
    }
    for (to, sent) in
        [("/a?b=//c#d", "/a?b=//c#d"), ("/ü b", "/%C3%BC%20b"), ("/https://a.example", "/https://a.example")]
    {
        let answer = site.ask(&post("/page?_action=submit").form(format!("to={}", encoded(to))));
        assert_eq!((answer.status, headers(&answer, "location")), (303, vec![sent]));
        let answer = site.ask(&post("/_actions/go").json(serde_json::to_string(to).unwrap()));
        assert_eq!((answer.status, headers(&answer, "enact-redirect")), (204, vec![sent]));
    }
}

/// Where a form that failed sends the browser, without the result's own parameter.
fn target(ask: &Ask) -> String {
    let answer = ask.of(&actions());
    assert_eq!(answer.status, 303);
    let [location] = headers(&answer, "location")[..] else { panic!("{:?}", answer.headers) };
    let (target, id) = location.rsplit_once("_result=").unwrap();
    assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{location}");
    target.trim_end_matches(['?', '&']).to_owned()
}

#[test]
fn a_form_that_failed_goes_back_to_a_page_of_this_site_alone() {
    let fail = post("/page?_action=fail").form("a=b");
    for (referer, to) in [
        ("{origin}/form?step=2#x", "/form?step=2"),
        ("{origin}/form?_action=other&_result=x", "/form"),
        ("{origin}", "/"),
        ("{origin}/a/../b", "/b"),
        ("{origin}//evil.example", "/page"),
        ("{origin}/\\evil.example", "/page"),
        ("{origin}/.//evil.example", "/page"),
        ("{origin}@evil.example/form", "/page"),
        ("{origin}.evil.example/form", "/page"),
        ("http://evil.example/form", "/page"),
        ("http://evil.example/{origin}/form", "/page"),
        ("//evil.example/form", "/page"),
        ("/form", "/page"),
        ("javascript:alert(1)", "/page"),
        ("about:client", "/page"),
        ("", "/page"),
        ("é", "/page"),
    ] {
        let at = target(&fail.clone().header("Referer", referer));
        assert_eq!(at, to, "{referer}");
    }
}

#[test]
fn a_path_that_is_posted_to_may_not_look_like_a_host() {
    for (path, to) in [
        ("//evil.example/x", "/"),
        ("//evil.example", "/"),
        ("/page/%5c%5cevil.example", "/page/%5c%5cevil.example"),
        ("/%0d%0aSet-Cookie:%20a=b", "/%0d%0aSet-Cookie:%20a=b"),
    ] {
        assert_eq!(target(&post(format!("{path}?_action=fail")).form("a=b")), to);
    }
}
