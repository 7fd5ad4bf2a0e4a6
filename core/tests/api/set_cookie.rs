//! Cookies that handlers set.

use enact::cookie::Cookie;
use enact::{Action, ActionError, ActionErrorCode, Context, FormData, Registry};

use crate::ask::{Site, headers, post};

const TWO: [&str; 2] = ["a=1; Path=/", "b=2; HttpOnly; Path=/x"];

fn set_both(ctx: &Context) {
    ctx.set_cookie(Cookie::build(("a", "1")).path("/"));
    ctx.set_cookie(Cookie::build(("b", "2")).path("/x").http_only(true));
}

#[test]
fn two_cookies_are_two_headers() {
    let registry = Registry::builder()
        .action(Action::json("call").handler(async |(): (), ctx: Context| {
            set_both(&ctx);
            Ok::<_, ActionError>(())
        }))
        .action(Action::json("fails").handler(async |(): (), ctx: Context| {
            set_both(&ctx);
            Err::<(), _>(ActionError::from(ActionErrorCode::Conflict))
        }))
        .action(Action::form("form").handler(async |_: FormData, ctx: Context| {
            set_both(&ctx);
            Ok::<_, ActionError>(())
        }))
        .action(Action::form("redirects").handler(async |_: FormData, ctx: Context| {
            set_both(&ctx);
            ctx.redirect("/page")
        }))
        .build()
        .unwrap();
    let site = Site::of(registry);
    for (ask, status) in [
        (post("/_actions/call"), 204),
        (post("/_actions/fails"), 409),
        (post("/_actions/form").form("x=1"), 204),
        (post("/_actions/redirects").form("x=1"), 204),
        (post("/page?_action=form").form("x=1"), 200),
        (post("/missing?_action=form").form("x=1"), 404),
        (post("/page?_action=redirects").form("x=1"), 303),
    ] {
        let answer = site.ask(&ask);
        assert_eq!(answer.status, status);
        assert_eq!(headers(&answer, "set-cookie"), TWO, "{status}");
    }
}

#[test]
fn cookie_value_cannot_add_attributes_or_headers() {
    let registry = Registry::builder()
        .action(Action::json("set").handler(async |value: String, ctx: Context| {
            ctx.set_cookie(Cookie::build(("session", value)).path("/"));
            Ok::<_, ActionError>(())
        }))
        .build()
        .unwrap();
    let site = Site::of(registry);
    for value in
        ["x; Domain=evil.example", "x\r\nSet-Cookie: y=z", "x, y=z", "\"x", "\u{0}", "é", "x\ty", "x\\y", "%0d%0a"]
    {
        let answer = site.ask(&post("/_actions/set").json(serde_json::to_string(value).unwrap()));
        let [cookie] = headers(&answer, "set-cookie")[..] else { panic!("{:?}", answer.headers) };
        let (sent, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/", "{value:?}");
        assert!(sent.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)), "{value:?}: {cookie}");
    }
}
