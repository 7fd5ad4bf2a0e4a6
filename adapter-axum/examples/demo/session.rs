//! Who is signed in: a cookie that holds a random id, and the sessions of those ids in memory.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use enact::cookie::{Cookie, SameSite};
use enact::{Action, ActionError, ActionErrorCode, Builder, Call, Context, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::{State, Store};

pub(crate) const SIGN_IN: Action<Credentials, Welcome> = Action::form("session.sign_in");
pub(crate) const SIGN_OUT: Action<(), ()> = Action::form("session.sign_out");

const COOKIE: &str = "session";
/// How many may be signed in at once: nothing here grows without an end.
const MOST_SESSIONS: usize = 1000;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Credentials {
    #[schemars(extend("x-message" = "Who are you?"))]
    name: String,
    // The format says that it is a secret: what was typed is never shown again.
    #[schemars(extend("format" = "password", "x-message" = "The password is missing"))]
    password: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Welcome {
    pub(crate) name: String,
}

/// Somebody who can sign in. There are real ways to keep passwords; this is a demo, which shows them on its page.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) password: &'static str,
    pub(crate) role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Member,
    Keeper,
}

pub(crate) const PEOPLE: [Person; 2] = [
    Person { name: "ines", password: "ginger-cake", role: Role::Member },
    Person { name: "keeper", password: "orange-buoy", role: Role::Keeper },
];

pub(crate) fn actions() -> Builder {
    Registry::builder().action(SIGN_IN, sign_in).action(SIGN_OUT, sign_out)
}

async fn sign_in(input: Credentials, ctx: Context) -> Result<Welcome, ActionError> {
    let known = |person: &&Person| person.name == input.name && person.password == input.password;
    let Some(person) = PEOPLE.iter().find(known) else {
        return Err(ActionError::new(ActionErrorCode::Unauthorized).message("No member has this name and password"));
    };
    // Always a new id: one that somebody planted in the browser before gains nothing.
    let id = format!("{:032x}", rand::random::<u128>());
    let mut state = ctx.require::<Store>()?.lock();
    end(&mut state, &ctx);
    if state.sessions.len() >= MOST_SESSIONS {
        state.sessions.clear();
    }
    state.sessions.insert(id.clone(), person);
    // A site of your own is served encrypted, and adds `secure(true)`.
    ctx.set_cookie(Cookie::build((COOKIE, id)).path("/").http_only(true).same_site(SameSite::Lax));
    Ok(Welcome { name: person.name.to_owned() })
}

async fn sign_out((): (), ctx: Context) -> Result<(), ActionError> {
    end(&mut ctx.require::<Store>()?.lock(), &ctx);
    ctx.remove_cookie(Cookie::build((COOKIE, "")).path("/"));
    ctx.redirect("/#hut")
}

fn end(state: &mut State, ctx: &Context) {
    if let Some(id) = ctx.cookie(COOKIE) {
        state.sessions.remove(&id);
    }
}

/// Who calls, as handlers behind the gate find it.
#[derive(Clone, Copy)]
pub(crate) struct User(pub(crate) &'static Person);

/// The gate for those who are signed in. What it finds out, it puts there for handlers, and for gates behind it.
pub(crate) async fn signed_in(_: &Call, ctx: &mut Context) -> Result<(), ActionError> {
    let user = user(ctx).ok_or(ActionError::new(ActionErrorCode::Unauthorized).message("Sign in first"))?;
    ctx.insert(user);
    Ok(())
}

/// The gate for the keeper, behind that for those who are signed in.
pub(crate) async fn keeper(_: &Call, ctx: &mut Context) -> Result<(), ActionError> {
    match ctx.require::<User>()?.0.role {
        Role::Keeper => Ok(()),
        Role::Member => Err(ActionError::new(ActionErrorCode::Forbidden).message("Only the keeper does that")),
    }
}

fn user(ctx: &Context) -> Option<User> {
    let id = ctx.cookie(COOKIE)?;
    ctx.get::<Store>()?.lock().sessions.get(&id).copied().map(User)
}

/// Who visits a page, if signed in.
pub(crate) struct Visitor(pub(crate) Option<User>);

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(user(&Context::from(parts.clone()))))
    }
}
