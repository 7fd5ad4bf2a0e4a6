//! The typed handle of an action.

use std::fmt;
use std::marker::PhantomData;

use crate::form::{encode_query_component, encode_uri_component};

/// The encoding of an action's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the protocol has these two encodings")]
pub enum Encoding {
    /// JSON, sent by clients.
    Json,
    /// A form, urlencoded or multipart, sent by pages and by clients.
    Form,
}

/// Marker types for the encoding of an [`Action`].
pub mod encoding {
    /// Marks an action that takes JSON.
    #[derive(Debug)]
    #[non_exhaustive]
    pub struct Json;

    /// Marks an action that takes a form.
    #[derive(Debug)]
    #[non_exhaustive]
    pub struct Form;

    /// Encodings that an HTML form can send. Sealed: only [`Form`] implements it.
    #[diagnostic::on_unimplemented(
        message = "a JSON action cannot be the target of an HTML form",
        label = "this action takes JSON, which a form cannot send",
        note = "declare it as `FormAction<I, O>` with `Action::form(…)`, or call it at `action.path(base)`"
    )]
    pub trait FormTarget: sealed::Sealed {}

    impl FormTarget for Form {}

    mod sealed {
        pub trait Sealed {}
        impl Sealed for super::Form {}
    }
}

/// The name, the encoding and the types of an action, in one constant.
///
/// The same constant registers the action, names the target of a form, calls the action from server code and reads its result
/// on a page. `I` is the type of the input and `O` that of the output. The encoding `E` is [`encoding::Json`] unless the
/// constant is a [`FormAction`].
///
/// A form action is displayed as the value of a form's `action` attribute. A JSON action does not implement [`fmt::Display`].
///
/// ```
/// use enact::{Action, FormAction};
///
/// pub const LIKE: Action<u64, u64> = Action::json("blog.like");
/// pub const SIGN_UP: FormAction<(), ()> = Action::form("news letter");
///
/// assert_eq!(LIKE.path("/"), "/_actions/blog.like");
/// assert_eq!(format!(r#"<form method="post" action="{SIGN_UP}">"#),
///            r#"<form method="post" action="?_action=news%2520letter">"#);
/// ```
pub struct Action<I, O, E = encoding::Json> {
    name: &'static str,
    encoding: Encoding,
    types: PhantomData<fn(I) -> (O, E)>,
}

/// An [`Action`] that takes a form.
pub type FormAction<I, O> = Action<I, O, encoding::Form>;

impl<I, O> Action<I, O> {
    /// Declares an action that takes JSON.
    #[must_use]
    pub const fn json(name: &'static str) -> Self {
        Self { name, encoding: Encoding::Json, types: PhantomData }
    }
}

impl<I, O> FormAction<I, O> {
    /// Declares an action that takes a form.
    #[must_use]
    pub const fn form(name: &'static str) -> Self {
        Self { name, encoding: Encoding::Form, types: PhantomData }
    }
}

impl<I, O, E> Action<I, O, E> {
    /// Returns the name. By convention, dots form groups: `blog.like`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the encoding of the input.
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Returns the path at which clients call the action, percent-encoded. `base` is that of the registry.
    #[must_use]
    pub fn path(&self, base: &str) -> String {
        let base = base.trim_end_matches('/');
        format!("{base}/_actions/{}", encode_uri_component(self.name))
    }
}

impl<I, O, E> Clone for Action<I, O, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, O, E> Copy for Action<I, O, E> {}

impl<I, O, E> fmt::Debug for Action<I, O, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action").field("name", &self.name).field("encoding", &self.encoding).finish()
    }
}

/// Writes the target of a form: `?_action=` and the name, encoded as Astro's client encodes it.
impl<I, O, E: encoding::FormTarget> fmt::Display for Action<I, O, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = encode_uri_component(self.name);
        write!(f, "?_action={}", encode_query_component(&name))
    }
}
