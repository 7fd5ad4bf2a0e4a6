//! Sign-in and sign-out, and the gates that check the session. A cookie holds a random id; sessions are kept in memory.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use enact::cookie::{Cookie, SameSite};
use enact::{Action, ActionError, ActionErrorCode, Call, Context, FormAction, Registry, RegistryBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::people::{PEOPLE, Person, Role};
use crate::data::store::{State, Store};

pub(crate) const SIGN_IN: FormAction<Credentials, Welcome> = Action::form("session.sign_in");
pub(crate) const SIGN_OUT: FormAction<(), ()> = Action::form("session.sign_out");

const COOKIE: &str = "session";
/// The maximum number of sessions, so that memory stays bounded.
const MAX_SESSIONS: usize = 1000;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Credentials {
    #[schemars(extend("x-message" = "Who are you?"))]
    name: String,
    // With this format the submitted value is never shown again.
    #[schemars(extend("format" = "password", "x-message" = "The password is missing"))]
    password: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Welcome {
    pub(crate) name: String,
}

pub(crate) fn actions() -> RegistryBuilder {
    Registry::builder().action(SIGN_IN.handler(sign_in)).action(SIGN_OUT.handler(sign_out))
}

async fn sign_in(input: Credentials, ctx: Context) -> Result<Welcome, ActionError> {
    let matches = |person: &&Person| person.name == input.name && person.password == input.password;
    let Some(person) = PEOPLE.iter().find(matches) else {
        return Err(
            ActionError::new(ActionErrorCode::Unauthorized).with_message("No member has this name and password")
        );
    };
    // A new id for each sign-in prevents session fixation.
    let id = format!("{:032x}", rand::random::<u128>());
    let mut state = ctx.require::<Store>()?.lock();
    end_session(&mut state, &ctx);
    if state.sessions.len() >= MAX_SESSIONS {
        state.sessions.clear();
    }
    state.sessions.insert(id.clone(), person);
    // A site behind TLS adds `secure(true)`.
    ctx.set_cookie(Cookie::build((COOKIE, id)).path("/").http_only(true).same_site(SameSite::Lax));
    Ok(Welcome { name: person.name.to_owned() })
}

async fn sign_out((): (), ctx: Context) -> Result<(), ActionError> {
    end_session(&mut ctx.require::<Store>()?.lock(), &ctx);
    ctx.remove_cookie(Cookie::build((COOKIE, "")).path("/"));
    ctx.redirect("/#hut")
}

fn end_session(state: &mut State, ctx: &Context) {
    if let Some(id) = ctx.cookie(COOKIE) {
        state.sessions.remove(&id);
    }
}

/// The signed-in caller. The gate [`require_sign_in`] inserts it into the context for handlers and later gates.
#[derive(Clone, Copy)]
pub(crate) struct User(pub(crate) &'static Person);

/// A gate that admits signed-in callers.
pub(crate) async fn require_sign_in(_: Call, mut ctx: Context) -> Result<Context, ActionError> {
    let user = find_user(&ctx).ok_or(ActionError::new(ActionErrorCode::Unauthorized).with_message("Sign in first"))?;
    ctx.insert(user);
    Ok(ctx)
}

/// A gate that admits only the keeper. It runs after [`require_sign_in`].
pub(crate) async fn require_keeper(_: Call, ctx: Context) -> Result<Context, ActionError> {
    match ctx.require::<User>()?.0.role {
        Role::Keeper => Ok(ctx),
        Role::Member => Err(ActionError::new(ActionErrorCode::Forbidden).with_message("Only the keeper may do that")),
    }
}

fn find_user(ctx: &Context) -> Option<User> {
    let id = ctx.cookie(COOKIE)?;
    ctx.get::<Store>()?.lock().sessions.get(&id).copied().map(User)
}

/// An extractor for the signed-in visitor of a page.
pub(crate) struct Visitor(pub(crate) Option<User>);

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(find_user(&Context::from(parts.clone()))))
    }
}
