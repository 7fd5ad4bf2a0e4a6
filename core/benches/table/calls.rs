//! A small JSON action and a form, dispatched in process: by a registry, by an axum router, and by hand.

use axum::body::Body;
use axum::routing::post;
use axum::{Json, Router};
use axum_extra::extract::Form;
use bytes::Bytes;
use enact::{Action, ActionError, Context, Handled, Registry};
use http::{HeaderValue, Request, Response, header, request};
use http_body_util::BodyExt;
use serde::Serialize;
use tower::ServiceExt;

use crate::measure::now;
use crate::work::{PROFILE, Profile, SUBSCRIBE, Subscribe, Subscribed, head, subscribe};
use crate::{Rival, Rivals};

/// A request that can be sent again and again.
#[derive(Clone)]
pub(crate) struct Sent {
    head: request::Parts,
    body: Bytes,
}

impl Sent {
    pub(crate) fn new(path: &str, content_type: &str, body: &'static [u8]) -> Self {
        Self { head: head(path, content_type, body.len()), body: Bytes::from_static(body) }
    }

    fn request(&self) -> Request<Body> {
        Request::from_parts(self.head.clone(), Body::from(self.body.clone()))
    }

    pub(crate) fn to_registry(&self, actions: &Registry) -> Bytes {
        match now(actions.handle(self.request())) {
            Handled::Response(response) => response.into_body(),
            other => panic!("no response: {other:?}"),
        }
    }

    pub(crate) fn to_router(&self, router: &Router) -> Bytes {
        now(async {
            let Ok(response) = router.clone().oneshot(self.request()).await;
            response.into_body().collect().await.expect("a body").to_bytes()
        })
    }

    pub(crate) fn to_function<O: Serialize>(&self, function: impl Fn(&[u8]) -> O) -> Bytes {
        let request = self.request();
        let body = now(request.into_body().collect()).expect("a body").to_bytes();
        let answer = serde_json::to_vec(&function(&body)).expect("JSON");
        let mut response = Response::new(Bytes::from(answer));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response.into_body()
    }
}

pub(crate) fn json() -> Rivals {
    const ACTION: Action<Subscribe, Subscribed> = Action::json("blog.subscribe");
    async fn by_enact(input: Subscribe, _: Context) -> Result<Subscribed, ActionError> {
        Ok(subscribe(input))
    }
    async fn by_axum(Json(input): Json<Subscribe>) -> Json<Subscribed> {
        Json(subscribe(input))
    }

    let actions = Registry::builder().action(ACTION, by_enact).build().expect("a registry");
    let path = ACTION.path("/");
    let router = Router::new().route(&path, post(by_axum));
    let [one, two, three] = [(); 3].map(|()| Sent::new(&path, "application/json", SUBSCRIBE));
    Rivals {
        enact: Rival::devalue(move || one.to_registry(&actions)),
        beside: Rival::json(move || two.to_router(&router)),
        floor: Some(Rival::json(move || {
            three.to_function(|body| subscribe(serde_json::from_slice(body).expect("an input")))
        })),
    }
}

pub(crate) fn form() -> Rivals {
    const ACTION: Action<Profile, Profile> = Action::form("profile.save");
    async fn by_enact(input: Profile, _: Context) -> Result<Profile, ActionError> {
        Ok(input)
    }
    async fn by_axum(Form(input): Form<Profile>) -> Json<Profile> {
        Json(input)
    }

    let actions = Registry::builder().action(ACTION, by_enact).build().expect("a registry");
    let path = ACTION.path("/");
    let router = Router::new().route(&path, post(by_axum));
    let [one, two, three] = [(); 3].map(|()| Sent::new(&path, "application/x-www-form-urlencoded", PROFILE));
    Rivals {
        enact: Rival::devalue(move || one.to_registry(&actions)),
        beside: Rival::json(move || two.to_router(&router)),
        floor: Some(Rival::json(move || three.to_function(read_profile))),
    }
}

fn read_profile(body: &[u8]) -> Profile {
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
