//! The typed handle of an action.

use std::fmt;
use std::marker::PhantomData;

use crate::form::{encode_query_component, encode_uri_component};

/// How an action's input is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// As JSON, by clients.
    Json,
    /// As a form, urlencoded or multipart, by pages and by clients.
    Form,
}

/// An action's name, its encoding, and the types of its input and output, in one constant.
///
/// The same constant registers the action, names a form's target, calls it from server code and reads its result on a page.
/// Printed, it is the value of a form's `action` attribute.
///
/// ```
/// use enact::Action;
///
/// pub const LIKE: Action<u64, u64> = Action::json("blog.like");
/// pub const SIGN_UP: Action<(), ()> = Action::form("news letter");
///
/// assert_eq!(LIKE.path("/"), "/_actions/blog.like");
/// assert_eq!(format!(r#"<form method="post" action="{SIGN_UP}">"#),
///            r#"<form method="post" action="?_action=news%2520letter">"#);
/// ```
pub struct Action<I, O> {
    name: &'static str,
    encoding: Encoding,
    types: PhantomData<fn(I) -> O>,
}

impl<I, O> Action<I, O> {
    /// An action that takes JSON.
    pub const fn json(name: &'static str) -> Self {
        Self { name, encoding: Encoding::Json, types: PhantomData }
    }

    /// An action that takes a form.
    pub const fn form(name: &'static str) -> Self {
        Self { name, encoding: Encoding::Form, types: PhantomData }
    }

    /// The name. Dots make groups by convention: `blog.like`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How the input is sent.
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The path of the action below a base, percent-encoded.
    pub fn path(&self, base: &str) -> String {
        let base = base.trim_end_matches('/');
        format!("{base}/_actions/{}", encode_uri_component(self.name))
    }
}

impl<I, O> Clone for Action<I, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, O> Copy for Action<I, O> {}

impl<I, O> fmt::Debug for Action<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action").field("name", &self.name).field("encoding", &self.encoding).finish()
    }
}

/// The form's target, `?_action=` and the name, encoded as Astro's client encodes it.
impl<I, O> fmt::Display for Action<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = encode_uri_component(self.name);
        write!(f, "?_action={}", encode_query_component(&name))
    }
}
