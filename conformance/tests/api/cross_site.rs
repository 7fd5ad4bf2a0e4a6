//! Another site cannot make a visitor's browser call an action. Each rule holds in memory, where no middleware could help.

use enact::{Action, Registry};

use crate::ask::{Ask, FORM, JSON, MULTIPART, post};
use crate::server::{Site, text};
use crate::watched::Counter;

const CALL: Action<(), ()> = Action::json("call");
const FORBIDDEN: &str = "Cross-site requests are forbidden";

/// An action of either kind of call, and a form that a page takes.
fn calls() -> [Ask; 3] {
    [
        post("/_actions/subscribe").json(r#"{"channel":"x"}"#),
        post("/_actions/comment").form("channel=a&comment=b"),
        post("/page?_action=comment").form("channel=a&comment=b"),
    ]
}

#[track_caller]
fn passes(site: &Site, ask: &Ask, what: &str) {
    assert_eq!(site.ask(ask).status, 200, "{what}");
}

#[track_caller]
fn is_refused(site: &Site, ask: &Ask, what: &str) {
    let answer = site.ask(ask);
    assert_eq!(answer.status, 403, "{what}");
    assert!(text(&answer).contains(FORBIDDEN), "{what}");
}

#[test]
fn a_browser_that_says_same_origin_is_believed() {
    let site = Site::fixture();
    for call in calls() {
        for origin in ["{origin}", "https://proxy.example", "null"] {
            for value in ["same-origin", "none"] {
                let ask = call.clone().without_origin().header("Origin", origin).header("Sec-Fetch-Site", value);
                passes(&site, &ask, value);
            }
        }
        passes(&site, &call.without_origin().header("Sec-Fetch-Site", "none"), "no origin");
    }
}

#[test]
fn a_browser_that_says_anything_else_is_refused_whatever_its_origin() {
    let site = Site::fixture();
    for call in calls() {
        for value in ["cross-site", "same-site", "Same-Origin", "same-origin,none", "new-value", "*", ""] {
            is_refused(&site, &call.clone().header("Sec-Fetch-Site", value), value);
            is_refused(&site, &call.clone().without_origin().header("Sec-Fetch-Site", value), value);
        }
    }
}

#[test]
fn the_origin_has_to_be_the_sites_own() {
    let site = Site::fixture();
    for call in calls() {
        for own in ["{origin}", "https://127.0.0.1:{port}"] {
            passes(&site, &call.clone().without_origin().header("Origin", own), own);
        }
        for other in [
            "https://evil.example",
            "null",
            "{origin}/",
            "{origin}/page",
            "{origin}?",
            "{origin}#",
            "{origin}.evil.example",
            "{origin}@evil.example",
            "http://127.0.0.1",
            "http://127.0.0.1:1",
            "http://127.0.0.1:0{port}",
            "http://127.0.0.1.:{port}",
            "http://127.1:{port}",
            "http://localhost:{port}",
            "http://evil@127.0.0.1:{port}",
            "http://evil:x@127.0.0.1:{port}",
            "http://evil.example/127.0.0.1:{port}",
            "http:///127.0.0.1:{port}",
            "http:127.0.0.1:{port}",
            "//127.0.0.1:{port}",
            "127.0.0.1:{port}",
            "http://",
            "{origin},{origin}",
            "{origin} {origin}",
            "{origin}\u{a0}",
        ] {
            is_refused(&site, &call.clone().without_origin().header("Origin", other), other);
        }
    }
}

#[test]
fn without_either_header_only_what_no_form_can_send_passes() {
    let site = Site::fixture();
    let json = post("/_actions/subscribe").without_origin();
    let form = post("/_actions/comment").without_origin();
    for content_type in [JSON, "application/json; charset=text/plain", "APPLICATION/JSON"] {
        passes(&site, &json.clone().body(content_type, r#"{"channel":"x"}"#), content_type);
    }
    for content_type in [
        FORM,
        MULTIPART,
        "text/plain",
        "application/x-www-form-urlencoded; abc",
        "application/x-www-form-urlencoded ;charset=utf-8",
        "Application/X-WWW-Form-URLEncoded",
        "MULTIPART/FORM-DATA; boundary=B",
        "Text/Plain;charset=UTF-8",
        "text/plain;application/json",
        "",
        ";",
        "; application/json",
    ] {
        is_refused(&site, &form.clone().body(content_type, "channel=a&comment=b"), content_type);
        is_refused(&site, &json.clone().body(content_type, r#"{"channel":"x"}"#), content_type);
        let page = post("/page?_action=comment").without_origin();
        is_refused(&site, &page.body(content_type, "channel=a&comment=b"), content_type);
    }
    is_refused(&site, &form, "no content type");
    is_refused(&site, &json, "no content type");
    let empty = form.form("channel=a&comment=b").header("Origin", "");
    is_refused(&site, &empty, "an empty origin is none");
    passes(&site, &json.json(r#"{"channel":"x"}"#).header("Origin", ""), "an empty origin is none");
}

#[test]
fn a_second_content_type_hides_none_that_a_form_can_send() {
    let site = Site::fixture();
    for (first, second) in [(JSON, "text/plain"), ("text/plain", JSON), ("", JSON), (JSON, FORM)] {
        let ask = post("/_actions/subscribe").without_origin().header("Content-Type", first);
        is_refused(&site, &ask.body(second, r#"{"channel":"x"}"#), &format!("{first} and {second}"));
    }
}

#[test]
fn a_header_that_comes_twice_or_is_no_plain_text_is_refused() {
    let site = Site::fixture();
    for call in calls() {
        is_refused(&site, &call.clone().header("Origin", "{origin}"), "the same origin twice");
        is_refused(&site, &call.clone().header("Origin", ""), "an origin and an empty one");
        let said = call.clone().header("Sec-Fetch-Site", "same-origin");
        is_refused(&site, &said.clone().header("Sec-Fetch-Site", "same-origin"), "the same word twice");
        is_refused(&site, &said.clone().header("Sec-Fetch-Site", "cross-site"), "two words");
        is_refused(&site, &said.header("Origin", "{origin}"), "the same origin twice, beside a good word");
        for value in ["same-origin\u{e9}", "same\torigin", "same origin"] {
            is_refused(&site, &call.clone().header("Sec-Fetch-Site", value), value);
        }
        for several in ["{origin},{origin}", "{origin}, {origin}", "{origin},", ",{origin}"] {
            let joined =
                call.clone().without_origin().header("Sec-Fetch-Site", "same-origin").header("Origin", several);
            is_refused(&site, &joined, "several origins, joined on their way");
        }
        let unknown = call.without_origin().header("Origin", "http://127.0.0.1:{port}\u{e9}");
        is_refused(&site, &unknown.header("Sec-Fetch-Site", "same-origin"), "an origin that is not ASCII");
    }
}

#[test]
fn a_configured_origin_replaces_the_host() {
    let registry = Registry::builder().origin("https://example.com").action(CALL, Counter::default().handler());
    let site = Site::of(registry.build().unwrap());
    let ask = post("/_actions/call").without_origin();
    for host in ["example.com", "127.0.0.1", "backend.internal:8080"] {
        let ask = ask.clone().header("Host", host).header("Origin", "https://example.com");
        assert_eq!(site.ask(&ask).status, 204, "{host}");
    }
    for origin in ["http://example.com", "https://EXAMPLE.com", "https://example.com:443", "https://evil.example"] {
        is_refused(&site, &ask.clone().header("Origin", origin), origin);
    }
    let named = ask.header("Host", "evil.example").header("Origin", "https://evil.example");
    is_refused(&site, &named, "the request's own host");
}

#[test]
fn a_trusted_origin_is_compared_byte_by_byte() {
    let registry = Registry::builder()
        .trust_origin("https://partner.example")
        .trust_origin("http://other.example:8080")
        .action(CALL, Counter::default().handler());
    let site = Site::of(registry.build().unwrap());
    let ask = post("/_actions/call").without_origin();
    let cross = ask.clone().header("Sec-Fetch-Site", "cross-site");
    for origin in ["https://partner.example", "http://other.example:8080"] {
        for ask in [&ask, &cross] {
            assert_eq!(site.ask(&ask.clone().header("Origin", origin)).status, 204, "{origin}");
        }
    }
    for origin in [
        "http://partner.example",
        "https://partner.example/",
        "https://partner.example:443",
        "https://PARTNER.example",
        "https://www.partner.example",
        "https://partner.example.evil.example",
        "https://partner.example@evil.example",
        "http://other.example",
    ] {
        is_refused(&site, &ask.clone().header("Origin", origin), origin);
        is_refused(&site, &cross.clone().header("Origin", origin), origin);
    }
    is_refused(&site, &cross, "no origin to trust");
}

#[test]
fn an_origin_that_could_never_match_keeps_the_registry_from_being_built() {
    for wrong in [
        "https://a.example/",
        "https://a.example/path",
        "https://a.example?query",
        "https://a.example#fragment",
        "https://user@a.example",
        "https://A.example",
        "https://a.example:443",
        "a.example",
        "*",
        "null",
        "",
        "file:///",
    ] {
        assert!(Registry::builder().trust_origin(wrong).build().is_err(), "{wrong}");
        assert!(Registry::builder().origin(wrong).build().is_err(), "{wrong}");
    }
}

#[test]
fn headers_that_any_client_can_set_make_no_host() {
    let site = Site::fixture();
    for call in calls() {
        let evil = call.without_origin().header("Origin", "https://evil.example");
        for (name, value) in [
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Server", "evil.example"),
            ("X-Original-Host", "evil.example"),
            ("Forwarded", "host=evil.example;proto=https"),
            ("X-HTTP-Method-Override", "GET"),
            ("Referer", "{origin}/page"),
            ("X-Requested-With", "XMLHttpRequest"),
        ] {
            is_refused(&site, &evil.clone().header(name, value), name);
        }
    }
}

#[test]
fn a_form_on_another_site_reaches_no_page() {
    let site = Site::fixture();
    for path in ["/", "/page", "/status", "/redirecting", "/missing", "/page?x=1&_action=comment"] {
        let target = if path.contains('?') { path.to_owned() } else { format!("{path}?_action=comment") };
        for content_type in [FORM, MULTIPART, "text/plain", JSON, ""] {
            let ask = post(target.clone()).body(content_type, "channel=a&comment=b").without_origin();
            is_refused(&site, &ask.header("Origin", "https://evil.example"), &format!("{target} {content_type}"));
        }
    }
}

#[test]
fn a_refusal_tells_neither_names_nor_methods_nor_origins() {
    let registry = Registry::builder()
        .origin("https://secret-host.example")
        .trust_origin("https://secret-partner.example")
        .action(CALL, Counter::default().handler());
    let site = Site::of(registry.build().unwrap());
    let cross = |path: &str| post(path).without_origin().header("Origin", "https://evil.example");
    let known = site.ask(&cross("/_actions/call"));
    assert_eq!(known.status, 403);
    assert!(!text(&known).contains("example"), "{}", text(&known));
    for ask in [
        cross("/_actions/unknown"),
        cross("/_actions/%zz"),
        cross("/_actions"),
        cross("/?_action=call"),
        cross("/?_action=unknown"),
        cross("/_actions/call").method("PUT"),
        cross("/_actions/call").method("DELETE"),
        cross("/_actions/call").method("PROPFIND"),
        cross("/_actions/unknown").method("PATCH"),
        cross("/?_action=call").method("PUT"),
    ] {
        let answer = site.ask(&ask);
        assert_eq!((answer.status, answer.body), (403, known.body.clone()));
    }
}

#[test]
fn what_only_reads_is_not_refused_and_calls_nothing() {
    let calls = Counter::default();
    let site = Site::of(Registry::builder().action(CALL, calls.handler()).build().unwrap());
    for method in ["GET", "HEAD", "OPTIONS"] {
        for (path, status) in [("/_actions/call", 405), ("/_actions/unknown", 404), ("/page?_action=call", 200)] {
            let ask = post(path).method(method).without_origin().header("Origin", "https://evil.example");
            let answer = ask.of(&Registry::builder().action(CALL, calls.handler()).build().unwrap());
            assert_eq!(answer.status, status, "{method} {path}");
            if method != "HEAD" {
                assert_eq!(site.ask(&ask).status, status, "{method} {path}");
            }
        }
    }
    assert_eq!(calls.get(), 0);
}

#[test]
fn an_exemption_is_of_an_action_and_not_of_a_path() {
    let (open, closed) = (Counter::default(), Counter::default());
    let registry = Registry::builder()
        .define(Action::<(), ()>::json("open").handler(open.handler()).allow_cross_site())
        .action(Action::<(), ()>::json("closed"), closed.handler())
        .action(Action::<(), ()>::json("open/closed"), closed.handler())
        .build()
        .unwrap();
    let site = Site::of(registry);
    let cross = |path: &str| post(path).without_origin().header("Sec-Fetch-Site", "cross-site");
    for (path, status) in [("/_actions/open", 204), ("/_actions/%6Fpen", 204), ("/_actions/open/", 204)] {
        assert_eq!(site.ask(&cross(path)).status, status, "{path}");
    }
    assert_eq!(open.get(), 6);
    for path in [
        "/_actions/closed",
        "/_actions/closed/",
        "/_actions/closed?_action=open",
        "/_actions/open%2Fclosed",
        "/_actions/open/closed",
        "/_actions/open/../closed",
        "/_actions/open/..%2Fclosed",
        "/_actions/%2Fopen",
        "/_actions/unknown",
        "/page?_action=closed",
        "/page?_action=closed&_action=open",
        "/page?_action=open%252Fclosed",
    ] {
        is_refused(&site, &cross(path), path);
    }
    assert_eq!(closed.get(), 0);
}

#[test]
fn the_check_is_turned_off_by_one_switch_and_for_all() {
    let registry = Registry::builder().without_cross_site_check().action(CALL, Counter::default().handler());
    let site = Site::of(registry.build().unwrap());
    let cross = post("/_actions/call").header("Origin", "https://evil.example").header("Sec-Fetch-Site", "cross-site");
    assert_eq!(site.ask(&cross).status, 204);
}
