//! Calls actions from Rust: a request out, a response in, and whatever carries them between.

mod answer;
mod base;
mod encode;
mod fields;
#[cfg(feature = "test-util")]
mod jar;
#[cfg(feature = "test-util")]
mod test_client;

use std::any::Any;
use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::action::{Action, Encoding, FormAction};
use crate::error::ActionError;
use crate::form::FormData;
use crate::host::SEC_FETCH_SITE;
use crate::input;
use crate::media;
use crate::registry::Input;

use self::base::Base;

pub use answer::{UnexpectedResponse, redirect_target};
#[cfg(feature = "test-util")]
pub use test_client::TestClient;

/// Why no request could be made of an input. It is a mistake in the caller's own code, so that as an [`ActionError`] it is
/// one of status 500.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The base is no address to call.
    #[error("the base `{base}` is none to call actions at: {problem}")]
    Base {
        /// What was given.
        base: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The input cannot be written as JSON.
    #[error("the input cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    /// JSON has no files; the action has to take a form.
    #[error("a file can only be sent to an action that takes a form")]
    FileInJson,
    /// The schema of the input's type cannot be read a form by.
    #[error("the input's type cannot be read from a form: {0}")]
    Schema(String),
    /// A form with these fields would be read as another input.
    #[error("the input would not arrive as it is, since a form has no way to say it: {0}")]
    NotInForm(String),
    /// A multipart form has no way to write the name of this field.
    #[error("the field `{0}` has a name that no multipart form can carry")]
    FieldName(String),
}

impl From<RequestError> for ActionError {
    fn from(error: RequestError) -> Self {
        Self::internal(error)
    }
}

impl<I, O, E> Action<I, O, E> {
    /// The request that calls this action. Whatever sends HTTP can carry it: nothing is sent here.
    ///
    /// `base` is where the server's actions are: its address with the path that they are below, as
    /// `https://example.com` or `https://example.com/app`, or that path alone, as `/` or `/app`, for a transport that knows
    /// the server.
    ///
    /// The input goes as JSON, or, to an action that takes a form, urlencoded, and multipart as soon as there is a file
    /// ([`File`](crate::File), [`FormData`]). A form is read back before it is sent, as the server will read it, so that what
    /// a form has no way to say is an error here and not another value there: `Some("")` where a text may be absent, `None` where a
    /// list or a boolean may. What the schema refuses is sent, as an empty text that is required: the server tells what is wrong
    /// with it.
    /// In JSON, NaN and the infinities are `null`, as JavaScript writes them.
    ///
    /// `Sec-Fetch-Site: none` says that no other site stands behind the call, which is true of a program that calls by
    /// itself; without it a server would take a form for one of another site's. A browser that runs this puts its own in its place. An
    /// `Origin` is not sent: it would be a claim to be a page of that site, and the address that a service is called at
    /// within a network is often not the one that it is known by.
    ///
    /// ```
    /// use enact::Action;
    /// use schemars::JsonSchema;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize, JsonSchema)]
    /// struct Like {
    ///     post: String,
    /// }
    ///
    /// const LIKE: Action<Like, u32> = Action::json("blog.like");
    ///
    /// let request = LIKE.request("https://example.com/app", &Like { post: "hello".into() })?;
    /// assert_eq!(request.uri(), "https://example.com/app/_actions/blog.like");
    /// assert_eq!(request.body(), r#"{"post":"hello"}"#);
    ///
    /// let response = http::Response::builder()
    ///     .header("content-type", "application/json+devalue")
    ///     .body("[7]")?;
    /// assert_eq!(LIKE.response(response)?, 7);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the base is none, or if the input cannot be carried.
    pub fn request(&self, base: impl AsRef<str>, input: &I) -> Result<Request<Bytes>, RequestError>
    where
        I: Input + Serialize,
    {
        let base = Base::parse(base.as_ref())?;
        let (content_type, body) = match self.encoding() {
            Encoding::Form => encode::form(as_form(input)?.as_ref())?,
            Encoding::Json => (const { HeaderValue::from_static(media::JSON) }, json(input)?),
        };
        post(&base, &self.path(base.path()), content_type, body)
    }

    /// Reads the answer to a [`request`](Self::request).
    ///
    /// An action that sends its caller on to another place gives no output, which `()` and an `Option` read as nothing; see
    /// [`redirect_target`] for where to. How large an answer may be is for the transport to bound.
    ///
    /// # Errors
    ///
    /// What the action failed with: its code, its message, and the issues of an input that was refused.
    ///
    /// An answer that is none of an action's, such as a proxy's page or a text that was cut off, is an error too, with the code of
    /// its status where it has one and `BAD_GATEWAY` else; [`ActionError::unexpected_response`] tells it apart, and what
    /// came.
    pub fn response<B: AsRef<[u8]>>(&self, response: Response<B>) -> Result<O, ActionError>
    where
        O: DeserializeOwned,
    {
        answer::read(&response)
    }
}

impl<I, O> FormAction<I, O> {
    /// Builds a request from the fields of a form, as a page would send them. The fields need not be valid.
    ///
    /// ```
    /// use enact::{Action, File, FormAction, FormData};
    ///
    /// const UPLOAD: FormAction<FormData, usize> = Action::form("upload");
    ///
    /// let mut form = FormData::from_iter([("title", "Holidays")]);
    /// form.append("photo", &File::new("beach.jpg", "image/jpeg", vec![0xff, 0xd8]));
    /// let request = UPLOAD.request_form("https://example.com", &form)?;
    /// assert!(request.headers()["content-type"].to_str()?.starts_with("multipart/form-data; boundary="));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the base URL is invalid, or if multipart cannot carry the name of a field.
    pub fn request_form(&self, base: impl AsRef<str>, form: &FormData) -> Result<Request<Bytes>, RequestError> {
        let base = Base::parse(base.as_ref())?;
        let (content_type, body) = encode::form(form)?;
        post(&base, &self.path(base.path()), content_type, body)
    }
}

/// The fields by which a form carries an input.
fn as_form<I: Input + Serialize>(input: &I) -> Result<Cow<'_, FormData>, RequestError> {
    match (input as &dyn Any).downcast_ref::<FormData>() {
        Some(form) => Ok(Cow::Borrowed(form)),
        None => fields::write(input).map(Cow::Owned),
    }
}

fn json<I: Input + Serialize>(input: &I) -> Result<Bytes, RequestError> {
    let (written, files) = input::collect_files(|| serde_json::to_vec(input));
    if !files.is_empty() || (input as &dyn Any).is::<FormData>() {
        return Err(RequestError::FileInJson);
    }
    written.map(Bytes::from).map_err(RequestError::Json)
}

fn post(
    base: &Base,
    path: &str,
    content_type: HeaderValue,
    body: impl Into<Bytes>,
) -> Result<Request<Bytes>, RequestError> {
    let mut request = Request::new(body.into());
    *request.method_mut() = Method::POST;
    *request.uri_mut() = base.at(path)?;
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::ACCEPT, const { HeaderValue::from_static("application/json+devalue, application/json") });
    headers.insert(SEC_FETCH_SITE, const { HeaderValue::from_static("none") });
    Ok(request)
}
