//! A name is decoded once: what the gate is asked about is what is called.

use std::sync::Mutex;

use enact::{Action, ActionError, ActionErrorCode, Call, CalledFrom, Context, Handled, Registry};
use http::{Request, Uri};

use crate::ask::post;
use crate::server::{Server, Site, text};
use crate::watched::{Counter, End, Frames};

/// Actions of which the gate lets one be called.
fn gated(calls: &Counter) -> Registry {
    async fn gate(call: &Call, _: &mut Context) -> Result<(), ActionError> {
        match call.name() {
            "admin.wipe" | "a" | "a/b" | "%61" => Err(ActionErrorCode::Unauthorized.into()),
            _ => Ok(()),
        }
    }
    ["admin.wipe", "a", "a/b", "%61", "open"]
        .into_iter()
        .fold(Registry::builder().gate(gate), |builder, name| {
            builder.action(Action::<(), ()>::json(name), calls.handler())
        })
        .build()
        .unwrap()
}

#[test]
fn no_spelling_of_a_name_passes_its_gate() {
    let calls = Counter::default();
    let site = Site::of(gated(&calls));
    for (path, status) in [
        ("/_actions/admin.wipe", 401),
        ("/_actions/admin%2ewipe", 401),
        ("/_actions/admin%2Ewipe/", 401),
        ("/_actions/%61%64%6d%69%6e%2e%77%69%70%65", 401),
        ("/_actions/admin.wipe?_action=open", 401),
        ("/_actions/a", 401),
        ("/_actions/%61", 401),
        ("/_actions/%2561", 401),
        ("/_actions/a%2Fb", 401),
        ("/_actions/a/b", 401),
        ("/_actions/%252561", 404),
        ("/_actions/admin%252ewipe", 404),
        ("/_actions/Admin.wipe", 404),
        ("/_actions/admin.wipe%00", 404),
        ("/_actions/admin.wipe%20", 404),
        ("/_actions/admin.wipe%2F", 404),
        ("/_actions/admin.wipe//", 404),
        ("/_actions//admin.wipe", 404),
        ("/_actions/./admin.wipe", 404),
        ("/_actions/%2e/admin.wipe", 404),
        ("/_actions/x/../admin.wipe", 404),
        ("/_actions/open/../admin.wipe", 404),
        ("/_actions/open%2F..%2Fadmin.wipe", 404),
        ("/_actions/open/%2e%2e/admin.wipe", 404),
        ("/_actions/%2e%2e/_actions/admin.wipe", 404),
        ("/_actions/_actions/admin.wipe", 404),
        ("/_actions/open/_actions/admin.wipe", 404),
        ("/_actions/open;admin.wipe", 404),
        ("/_actions/admin.wipe%C0%AF", 404),
        ("/_actions/%EF%BC%81", 404),
        ("/_actions/%", 404),
        ("/_actions/%6", 404),
        ("/_actions/", 404),
        ("/_actions", 404),
        // No action's path: the page's, which there is none of.
        ("/_Actions/admin.wipe", 404),
        ("/%5Factions/admin.wipe", 404),
        ("/_actions%2Fadmin.wipe", 404),
        ("//_actions/admin.wipe", 404),
        ("/./_actions/admin.wipe", 404),
        ("/x/../_actions/admin.wipe", 404),
    ] {
        assert_eq!(site.ask(&post(path)).status, status, "{path}");
    }
    assert_eq!(calls.get(), 0);
    assert_eq!(site.ask(&post("/_actions/open")).status, 204);
    assert_eq!(calls.get(), 2);
}

#[test]
fn no_spelling_of_a_forms_name_passes_its_gate() {
    let calls = Counter::default();
    let site = Site::of(gated(&calls));
    for (query, status) in [
        ("_action=admin.wipe", 401),
        ("_action=admin%2ewipe", 401),
        ("_action=admin%252ewipe", 401),
        ("%5Faction=admin.wipe", 401),
        ("_action=admin.wipe&_action=open", 401),
        ("_action=%61", 401),
        ("_action=%2561", 401),
        ("_action=%252561", 401),
        ("_action=a/b", 401),
        ("_action=%25252561", 404),
        ("_action=admin.wipe/", 404),
        ("_action=/_actions/admin.wipe", 404),
        ("_action=ADMIN.WIPE", 404),
        ("_action=%25", 404),
        ("_action=admin.wipe%00", 404),
        // No form of an action's: the page alone.
        ("_action=&_action=admin.wipe", 200),
        ("_Action=admin.wipe", 200),
        ("x=_action=admin.wipe", 200),
        ("_action[]=admin.wipe", 200),
    ] {
        assert_eq!(site.ask(&post(format!("/page?{query}"))).status, status, "{query}");
    }
    assert_eq!(calls.get(), 0);
}

#[test]
fn a_gate_sees_the_name_that_was_registered() {
    static SEEN: Mutex<Vec<(&str, CalledFrom)>> = Mutex::new(Vec::new());

    async fn gate(call: &Call, _: &mut Context) -> Result<(), ActionError> {
        SEEN.lock().unwrap().push((call.name(), call.called_from()));
        Ok(())
    }

    let registry = Registry::builder()
        .gate(gate)
        .action(Action::<(), ()>::json("a b"), Counter::default().handler())
        .build()
        .unwrap();
    for path in ["/_actions/a%20b", "/_actions/%61%20%62/", "/?_action=a%2520b", "/?_action=a+b"] {
        post(path).of(&registry);
    }
    let expected = [CalledFrom::Rpc, CalledFrom::Rpc, CalledFrom::Form, CalledFrom::Form].map(|from| ("a b", from));
    assert_eq!(*SEEN.lock().unwrap(), expected);
}

#[test]
fn what_every_javascript_object_has_is_no_action() {
    let site = Site::fixture();
    for name in [
        "constructor",
        "constructor.name",
        "toString",
        "valueOf",
        "hasOwnProperty",
        "__proto__",
        "__proto__.subscribe",
        "prototype",
        "then",
        "apply",
        "bind",
        "call",
        "toJSON",
        "subscribe.orThrow",
        "orThrow",
        "subscribe.constructor",
        "user.get.toString",
        "user",
        "user.",
        ".user.get",
        "0",
        "length",
    ] {
        let answer = site.ask(&post(format!("/_actions/{name}")).json("{}"));
        assert_eq!(answer.status, 404, "{name}");
        assert!(text(&answer).contains("NOT_FOUND"), "{name}");
        assert_eq!(site.ask(&post(format!("/page?_action={name}")).form("a=b")).status, 404, "{name}");
    }
}

#[test]
fn a_gate_that_answers_404_hides_its_action_from_whom_it_refuses() {
    async fn gate(call: &Call, ctx: &mut Context) -> Result<(), ActionError> {
        match (call.name(), ctx.cookie("admin")) {
            ("hidden", None) => Err(ActionErrorCode::NotFound.into()),
            _ => Ok(()),
        }
    }
    let registry = Registry::builder()
        .gate(gate)
        .action(Action::<u8, ()>::json("hidden"), Counter::default().handler())
        .build()
        .unwrap();
    let site = Site::of(registry);
    let sent = [
        post(""),
        post("").json("1"),
        post("").json("{").chunked(),
        post("").form("a=b"),
        post("").body("image/png", "x"),
        post("").header("Content-Length", "99999999999"),
        post("").json(" ".repeat(2_000_000)),
    ];
    for ask in sent {
        let [hidden, unknown] =
            ["hidden", "unknown"].map(|name| site.ask(&ask.clone().to(format!("/_actions/{name}"))));
        assert_eq!((hidden.status, &hidden.headers, &hidden.body), (404, &unknown.headers, &unknown.body));
    }
    assert_eq!(site.ask(&post("/_actions/hidden").header("Cookie", "admin=1").json("1")).status, 204);
}

/// The status of a request and how often a frame of its body was asked for.
fn polled(registry: &Registry, request: http::request::Builder) -> (u16, usize) {
    let (body, polls) = Frames::new(["1"], End::Complete);
    let request = request.header("content-type", "application/json").body(body).unwrap();
    match pollster::block_on(registry.handle(request)) {
        Handled::Response(response) => (response.status().as_u16(), polls.get()),
        Handled::Page(page) => {
            let mut response = http::Response::new(());
            page.into_parts().1.finish(&mut response);
            (response.status().as_u16(), polls.get())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_head_refuses_has_no_frame_of_its_body_read() {
    let calls = Counter::default();
    let registry = gated(&calls);
    let to = |path: &str| Request::post(path.parse::<Uri>().unwrap()).header("sec-fetch-site", "same-origin");
    for (status, request) in [
        (404, to("/_actions/unknown")),
        (404, to("/_actions/%zz")),
        (404, to("/?_action=unknown")),
        (405, to("/_actions/open").method("PUT")),
        (401, to("/_actions/a")),
        (401, to("/?_action=a")),
        (403, to("/_actions/open").header("sec-fetch-site", "cross-site")),
        (403, to("/?_action=open").header("sec-fetch-site", "cross-site")),
        (415, to("/_actions/open").header("content-type", "image/png")),
        (204, to("/_actions/open").header("content-type", "")),
        (204, to("/_actions/open").header("content-length", "0")),
    ] {
        assert_eq!(polled(&registry, request), (status, 0));
    }
    assert_eq!(polled(&registry, to("/_actions/open")), (204, 2), "one for the frame, one for the end");
}

#[test]
fn a_server_answers_an_unknown_name_without_asking_for_the_body() {
    let server = Server::of(gated(&Counter::default()));
    let head = |path: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n\
             Content-Length: 1\r\nExpect: 100-continue\r\n\r\n",
            host = server.address
        )
    };
    for (path, status) in [("/_actions/unknown", "404"), ("/_actions/a", "401")] {
        let answer = server.raw(&[head(path).as_bytes()]);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    let answer = server.raw(&[head("/_actions/open").as_bytes(), b"1"]);
    assert!(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204"), "{answer}");
}
