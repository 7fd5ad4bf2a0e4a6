//! Calls of a JSON action and of form actions, in memory: by a registry, by an axum router, and by hand.

use axum::body::Body;
use axum::routing::post;
use axum::{Json, Router};
use axum_extra::extract::Form;
use bytes::Bytes;
use enact::host::{Reply, Step};
use enact::{Action, ActionError, Context, FormAction, Registry};
use http::{HeaderValue, Request, Response, header, request};
use http_body_util::BodyExt;
use serde::Serialize;
use tower::ServiceExt;

use crate::measurement::block_on;
use crate::workload::{PROFILE, Profile, SUBSCRIBE, Subscribe, Subscribed, head, subscribe};
use crate::{Implementation, Implementations};

/// A request that can be sent repeatedly.
#[derive(Clone)]
pub(crate) struct Sample {
    head: request::Parts,
    body: Bytes,
}

impl Sample {
    pub(crate) fn new(path: &str, content_type: &str, body: &'static [u8]) -> Self {
        Self { head: head(path, content_type, body.len()), body: Bytes::from_static(body) }
    }

    fn request(&self) -> Request<Body> {
        Request::from_parts(self.head.clone(), Body::from(self.body.clone()))
    }

    pub(crate) fn send_to_registry(&self, actions: &Registry) -> Bytes {
        call(actions, self.request())
    }

    pub(crate) fn send_to_router(&self, router: &Router) -> Bytes {
        block_on(async {
            let Ok(response) = router.clone().oneshot(self.request()).await;
            response.into_body().collect().await.expect("a body").to_bytes()
        })
    }

    pub(crate) fn send_to_function<O: Serialize>(&self, function: impl Fn(&[u8]) -> O) -> Bytes {
        let request = self.request();
        let body = block_on(request.into_body().collect()).expect("a body").to_bytes();
        let json = serde_json::to_vec(&function(&body)).expect("JSON");
        let mut response = Response::new(Bytes::from(json));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.into_body()
    }
}

/// Calls an action and returns the response's body.
pub(crate) fn call<B>(actions: &Registry, request: Request<B>) -> Bytes
where
    B: http_body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match run(actions, request) {
        Reply::Response(response) => response.into_body().into_bytes().expect("a whole body"),
        Reply::Page(_) => panic!("expected a response"),
    }
}

fn run<B>(actions: &Registry, request: Request<B>) -> Reply
where
    B: http_body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (head, body) = request.into_parts();
    match actions.begin(head) {
        Step::Call(call) => block_on(call.run(body)),
        other => panic!("expected a call, found {other:?}"),
    }
}

pub(crate) fn json() -> Implementations {
    const ACTION: Action<Subscribe, Subscribed> = Action::json("blog.subscribe");
    async fn handle(input: Subscribe, _: Context) -> Result<Subscribed, ActionError> {
        Ok(subscribe(input))
    }
    async fn handle_axum(Json(input): Json<Subscribe>) -> Json<Subscribed> {
        Json(subscribe(input))
    }

    let actions = Registry::builder().action(ACTION.handler(handle)).build().expect("a registry");
    let path = ACTION.path("/");
    let router = Router::new().route(&path, post(handle_axum));
    let [one, two, three] = [(); 3].map(|()| Sample::new(&path, "application/json", SUBSCRIBE));
    Implementations {
        enact: Implementation::devalue(move || one.send_to_registry(&actions)),
        baseline: Implementation::json(move || two.send_to_router(&router)),
        by_hand: Some(Implementation::json(move || {
            three.send_to_function(|body| subscribe(serde_json::from_slice(body).expect("an input")))
        })),
    }
}

pub(crate) fn form() -> Implementations {
    const ACTION: FormAction<Profile, Profile> = Action::form("profile.save");
    async fn handle(input: Profile, _: Context) -> Result<Profile, ActionError> {
        Ok(input)
    }
    async fn handle_axum(Form(input): Form<Profile>) -> Json<Profile> {
        Json(input)
    }

    let actions = Registry::builder().action(ACTION.handler(handle)).build().expect("a registry");
    let path = ACTION.path("/");
    let router = Router::new().route(&path, post(handle_axum));
    let [one, two, three] = [(); 3].map(|()| Sample::new(&path, "application/x-www-form-urlencoded", PROFILE));
    Implementations {
        enact: Implementation::devalue(move || one.send_to_registry(&actions)),
        baseline: Implementation::json(move || two.send_to_router(&router)),
        by_hand: Some(Implementation::json(move || three.send_to_function(parse_profile))),
    }
}

/// Posts a form to a page, once with an invalid field and once without.
pub(crate) fn rejected_form() -> Implementations {
    const ACTION: FormAction<Profile, ()> = Action::form("profile.save");
    async fn handle(_: Profile, _: Context) -> Result<(), ActionError> {
        Ok(())
    }

    let actions = Registry::builder().action(ACTION.handler(handle)).build().expect("a registry");
    let post = move |body: &'static [u8], is_valid: bool| {
        let sample = Sample::new("/?_action=profile.save", "application/x-www-form-urlencoded", body);
        let actions = actions.clone();
        Implementation::json(move || match run(&actions, sample.request()) {
            Reply::Page(page) => {
                let result = page.result();
                let form = result.form(ACTION);
                assert_eq!(form.value("city"), if is_valid { "" } else { "London" });
                assert_eq!(form.has_failed(), !is_valid);
                Bytes::from_static(b"null")
            }
            Reply::Response(_) => panic!("expected a page"),
        })
    };
    let invalid = PROFILE.to_vec().leak();
    let at = invalid.windows(6).position(|window| window == b"age=36").expect("an age");
    invalid[at + 4] = b'x';
    Implementations { enact: post(invalid, false), baseline: post(PROFILE, true), by_hand: None }
}

fn parse_profile(body: &[u8]) -> Profile {
    let mut profile = Profile::default();
    for (name, value) in form_urlencoded::parse(body) {
        let optional = (!value.is_empty()).then(|| value.clone().into_owned());
        match &*name {
            "name" => profile.name = value.into_owned(),
            "email" => profile.email = value.into_owned(),
            "age" => profile.age = value.parse().expect("an age"),
            "height" => profile.height = value.parse().expect("a height"),
            "terms" => profile.terms = value != "false",
            "newsletter" => profile.newsletter = value != "false",
            "tags" => profile.tags.push(value.into_owned()),
            "scores" => profile.scores.push(value.parse().expect("a score")),
            "bio" => profile.bio = optional,
            "phone" => profile.phone = optional,
            "website" => profile.website = optional,
            "city" => profile.city = value.into_owned(),
            "country" => profile.country = value.into_owned(),
            "company" => profile.company = optional,
            "level" => profile.level = value.parse().expect("a level"),
            _ => {}
        }
    }
    profile
}
