//! What a page and a browser get of a result: all cookies, and nothing that ends an element.

use enact::cookie::Cookie;
use enact::{Action, ActionError, ActionErrorCode, Context, FormData, Registry};

use crate::ask::post;
use crate::server::{Server, Site, headers, text};

const TWO: [&str; 2] = ["a=1; Path=/", "b=2; HttpOnly; Path=/x"];

fn set(ctx: &Context) {
    ctx.set_cookie(Cookie::build(("a", "1")).path("/"));
    ctx.set_cookie(Cookie::build(("b", "2")).path("/x").http_only(true));
}

#[test]
fn two_cookies_arrive_as_two() {
    let registry = Registry::builder()
        .action(Action::json("call"), async |(): (), ctx: Context| {
            set(&ctx);
            Ok(())
        })
        .action(Action::json("fails"), async |(): (), ctx: Context| {
            set(&ctx);
            Err::<(), _>(ActionError::from(ActionErrorCode::Conflict))
        })
        .action(Action::form("form"), async |_: FormData, ctx: Context| {
            set(&ctx);
            Ok(())
        })
        .action(Action::form("redirects"), async |_: FormData, ctx: Context| {
            set(&ctx);
            ctx.redirect("/page")
        })
        .build()
        .unwrap();
    let server = Server::of(registry.clone());
    for (ask, status) in [
        (post("/_actions/call"), 204),
        (post("/_actions/fails"), 409),
        (post("/_actions/form").form("x=1"), 204),
        (post("/_actions/redirects").form("x=1"), 204),
        (post("/page?_action=form").form("x=1"), 200),
        (post("/missing?_action=form").form("x=1"), 404),
        (post("/page?_action=redirects").form("x=1"), 303),
    ] {
        for answer in [ask.of(&registry), ask.over(&server.tcp)] {
            assert_eq!(answer.status, status);
            assert_eq!(headers(&answer, "set-cookie"), TWO, "{status}");
        }
    }
}

#[test]
fn a_cookies_value_cannot_add_attributes_or_headers() {
    let registry = Registry::builder()
        .action(Action::json("set"), async |value: String, ctx: Context| {
            ctx.set_cookie(Cookie::build(("session", value)).path("/"));
            Ok(())
        })
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

#[test]
fn a_result_on_a_page_ends_no_element() {
    let site = Site::fixture();
    for hostile in ["</script><script>alert(1)</script>", "</SCRIPT >", "<!--<script>", "]]>", "\u{2028}</script\t"] {
        let encoded: String = hostile.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for ask in [
            post("/page?_action=comment").form(format!("channel={encoded}&comment={encoded}")),
            post("/page?_action=formFail").form(format!("code=CONFLICT&message={encoded}")),
            post("/page?_action=formFail").form(format!("{encoded}=x")),
            post("/page?_action=formStrict").form(format!("{encoded}=x")),
            post(format!("/page?_action=comment&x={encoded}")).form(format!("channel={encoded}")),
        ] {
            let page = text(&site.ask(&ask));
            assert_eq!(page.to_lowercase().matches("</script").count(), 1, "{page}");
            assert_eq!(page.to_lowercase().matches("<script").count(), 1, "{page}");
            assert!(!page.contains("<!--"), "{page}");
        }
    }
}

#[test]
fn a_result_that_is_data_holds_no_angle_bracket() {
    let site = Site::fixture();
    let hostile = r#"{"</script>":["</script><!--", "<img src=x onerror=alert(1)>"]}"#;
    let answer = site.ask(&post("/_actions/echo").json(hostile));
    assert_eq!(answer.status, 200);
    assert!(!text(&answer).contains('<'), "{}", text(&answer));
    assert_eq!(headers(&answer, "content-type"), ["application/json+devalue"]);
}
