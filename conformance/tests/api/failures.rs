//! What fails inside stays inside: a fixed text for the client, and the next request is served.

use enact::{
    Action, ActionError, ActionErrorCode, Call, Context, FormData, Gate, Issues, Key, MaybeSend, PostRedirectGet,
    Registry, ResultExt,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::ask::{Ask, post};
use crate::server::{Server, Site, headers, text};

const SECRET: &str = "postgres://admin:hunter2@db.internal/users";
const FIXED: &str =
    r#"{"type":"AstroActionError","code":"INTERNAL_SERVER_ERROR","status":500,"message":"Internal server error"}"#;

#[derive(Deserialize, JsonSchema)]
struct Touchy {
    #[serde(deserialize_with = "touchy")]
    #[allow(dead_code)]
    v: String,
}

fn touchy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "panic" => panic!("{SECRET}"),
        _ => Err(de::Error::custom(SECRET)),
    }
}

/// An output that cannot be written.
#[derive(JsonSchema)]
struct Unwritable {
    panics: bool,
}

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        assert!(!self.panics, "{SECRET}");
        Err(ser::Error::custom(SECRET))
    }
}

/// Panics where it says, or fails with what nobody is to read.
fn actions() -> Registry {
    async fn gate(call: &Call, _: &mut Context) -> Result<(), ActionError> {
        match call.name() {
            "gate.panics" => panic!("{SECRET}"),
            "gate.fails" => Err(std::io::Error::other(SECRET)).or_internal(),
            _ => Ok(()),
        }
    }
    struct Abrupt;

    impl<'a> Gate<'a> for Abrupt {
        fn check(
            &self,
            call: &'a Call,
            _: &'a mut Context,
        ) -> impl Future<Output = Result<(), ActionError>> + MaybeSend + 'a {
            assert_ne!(call.name(), "gate.panics.at.once", "{SECRET}");
            std::future::ready(Ok(()))
        }
    }

    async fn fine<T>(_: T, _: Context) -> Result<(), ActionError> {
        Ok(())
    }
    async fn rule(_: &(), _: &Context) -> Result<Issues, ActionError> {
        panic!("{SECRET}")
    }
    Registry::builder()
        .gate(gate)
        .gate(Abrupt)
        .action(Action::<(), ()>::json("fine"), fine::<()>)
        .action(Action::<(), ()>::json("gate.panics"), fine::<()>)
        .action(Action::<(), ()>::json("gate.panics.at.once"), fine::<()>)
        .action(Action::<(), ()>::json("gate.fails"), fine::<()>)
        .action(Action::json("panics"), async |(): (), ctx: Context| -> Result<(), ActionError> {
            ctx.set_cookie(("before", "the panic"));
            panic!("{SECRET}")
        })
        .action(
            Action::json("panics.before.await"),
            |(): (), _: Context| -> std::future::Ready<Result<(), ActionError>> { panic!("{SECRET}") },
        )
        .action(Action::form("form.panics"), async |_: FormData, _: Context| -> Result<(), ActionError> {
            std::panic::panic_any(SECRET.to_owned())
        })
        .define(Action::<(), ()>::json("refine.panics").handler(fine::<()>).refine(|(), _| panic!("{SECRET}")))
        .define(Action::<(), ()>::json("refine.async.panics").handler(fine::<()>).refine_async(rule))
        .action(Action::<Touchy, ()>::json("input"), fine::<Touchy>)
        .action(Action::<Touchy, ()>::form("form.input"), fine::<Touchy>)
        .action(Action::json("output"), async |(): (), _: Context| Ok(Unwritable { panics: false }))
        .action(Action::form("form.output"), async |_: FormData, _: Context| Ok(Unwritable { panics: false }))
        .action(Action::json("output.panics"), async |(): (), _: Context| Ok(Unwritable { panics: true }))
        .action(Action::form("form.output.panics"), async |_: FormData, _: Context| Ok(Unwritable { panics: true }))
        .action(Action::json("fails"), async |(): (), _: Context| -> Result<(), ActionError> {
            Err(std::io::Error::other(SECRET)).or_internal()
        })
        .action(Action::json("refuses"), async |(): (), _: Context| -> Result<(), ActionError> {
            Err(std::io::Error::other(SECRET)).or_code(ActionErrorCode::Conflict, "Try again")
        })
        .action(Action::json("misses"), async |(): (), ctx: Context| -> Result<(), ActionError> {
            ctx.require::<Unwritable>().map(|_| ())
        })
        .build()
        .unwrap()
}

fn rpc(name: &str) -> Ask {
    post(format!("/_actions/{name}"))
}

#[test]
fn a_panic_is_a_fixed_text_and_the_next_request_is_served() {
    let site = Site::of(actions());
    for ask in [
        rpc("gate.panics"),
        rpc("gate.panics.at.once"),
        rpc("output.panics"),
        rpc("form.output.panics").form("a=b"),
        rpc("panics"),
        rpc("panics.before.await"),
        rpc("form.panics").form("a=b"),
        rpc("refine.panics"),
        rpc("refine.async.panics"),
        rpc("input").json(r#"{"v":"panic"}"#),
        rpc("form.input").form("v=panic"),
    ] {
        let answer = site.ask(&ask);
        assert_eq!((answer.status, text(&answer)), (500, FIXED.to_owned()));
        assert_eq!(site.ask(&rpc("fine")).status, 204);
    }
    for name in ["gate.panics", "form.panics", "form.input"] {
        let page = site.ask(&post(format!("/page?_action={name}")).form("v=panic"));
        assert_eq!(page.status, 500, "{name}");
        assert!(!text(&page).contains("hunter2"), "{name}");
    }
}

#[test]
fn a_result_that_cannot_be_written_does_not_wait_for_its_page() {
    for panics in [false, true] {
        let registry = Registry::builder()
            .post_redirect_get(PostRedirectGet::cookie(Key::from(&[7; 64])))
            .action(Action::form("form"), move |_: FormData, _: Context| std::future::ready(Ok(Unwritable { panics })))
            .build()
            .unwrap();
        let answer = post("/page?_action=form").form("a=b").of(&registry);
        assert_eq!((answer.status, headers(&answer, "set-cookie").len()), (200, 0));
    }
}

#[test]
fn a_connection_outlives_a_handler_that_panicked() {
    let server = Server::of(actions());
    let request = |name: &str| {
        let host = server.address;
        format!("POST /_actions/{name} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: 0\r\n\r\n")
    };
    let answers = server.raw(&[request("panics").as_bytes(), request("fine").as_bytes()]);
    let statuses: Vec<_> = answers.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)).collect();
    assert_eq!(statuses, ["500", "204"], "{answers}");
}

#[test]
fn what_a_failure_says_reaches_neither_body_nor_headers() {
    let site = Site::of(actions());
    for (ask, status) in [
        (rpc("gate.fails"), 500),
        (rpc("gate.panics"), 500),
        (rpc("panics"), 500),
        (rpc("form.panics").form("a=b"), 500),
        (rpc("fails"), 500),
        (rpc("refuses"), 409),
        (rpc("misses"), 500),
        (rpc("output"), 500),
        (rpc("form.output").form("a=b"), 500),
        (rpc("input").json(r#"{"v":"x"}"#), 400),
        (rpc("form.input").form("v=x"), 400),
        (post("/page?_action=form.input").form("v=x"), 400),
        (post("/page?_action=form.output").form("v=x"), 200),
        (post("/page?_action=form.output.panics").form("v=x"), 200),
        (post("/page?_action=gate.fails").form("v=x"), 500),
    ] {
        let answer = site.ask(&ask);
        assert_eq!(answer.status, status, "{}", text(&answer));
        for part in ["hunter2", "postgres", "db.internal", "Unwritable", "enact", "src/"] {
            assert!(!text(&answer).contains(part), "{}", text(&answer));
            for (name, value) in &answer.headers {
                assert!(!value.contains(part), "{name}: {value}");
            }
        }
        if status == 500 && headers(&answer, "content-type") == ["application/json"] {
            assert_eq!(text(&answer), FIXED);
        }
    }
}

#[test]
fn cookies_that_a_handler_set_before_it_panicked_are_sent() {
    let answer = rpc("panics").of(&actions());
    assert_eq!(headers(&answer, "set-cookie"), ["before=the%20panic"]);
}

#[test]
fn the_cause_of_a_failure_is_told_to_the_server() {
    use std::error::Error;
    use std::sync::Mutex;

    static TOLD: Mutex<Vec<(&str, String)>> = Mutex::new(Vec::new());
    let fail =
        async |(): (), _: Context| -> Result<(), ActionError> { Err(std::io::Error::other(SECRET)).or_internal() };
    let registry = Registry::builder()
        .on_error(|call, error| {
            TOLD.lock().unwrap().push((call.name(), error.source().map(ToString::to_string).unwrap_or_default()))
        })
        .action(Action::json("fails"), fail)
        .build()
        .unwrap();
    assert_eq!(rpc("fails").of(&registry).status, 500);
    assert_eq!(*TOLD.lock().unwrap(), [("fails", SECRET.to_owned())]);
}
