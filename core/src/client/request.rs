//! Building of requests.

use std::any::Any;
use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use serde::Serialize;

use super::base::Base;
use super::error::RequestError;
use super::form_body::encode_form;
use super::form_fields::to_form;
use crate::action::{Action, Encoding, FormAction};
use crate::form::FormData;
use crate::host::SEC_FETCH_SITE;
use crate::input::collect_files;
use crate::media;
use crate::registry::Input;

impl<I, O, E> Action<I, O, E> {
    /// Builds a request that calls this action. Nothing is sent.
    ///
    /// `base` is the URL of the server and the base of its registry, such as `https://example.com/app`. For a transport that
    /// knows the server, it is the path alone, such as `/` or `/app`.
    ///
    /// A JSON action gets JSON; NaN and infinities become `null`, as in JavaScript. A form action gets a urlencoded form, or a
    /// multipart form if the input contains a [`File`](crate::File).
    ///
    /// A form is read back as the server will read it. If the result differs from the input, the request is an error, because the
    /// form cannot express the input: for example `Some("")` for an optional string, or `None` for an optional list. An input
    /// that violates its schema is sent; the server reports the issues.
    ///
    /// The request has the header `Sec-Fetch-Site: none`, because no other site causes it. A browser that runs this code replaces
    /// the header with the correct value.
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
    /// Returns an error if the base is invalid or the encoding cannot express the input.
    pub fn request(&self, base: impl AsRef<str>, input: &I) -> Result<Request<Bytes>, RequestError>
    where
        I: Input + Serialize,
    {
        let base = Base::parse(base.as_ref())?;
        let (content_type, body) = match self.encoding() {
            Encoding::Form => encode_form(input_to_form(input)?.as_ref())?,
            Encoding::Json => (const { HeaderValue::from_static(media::JSON) }, encode_json(input)?),
        };
        build_request(&base, &self.path(base.path()), content_type, body)
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
    /// Returns an error if the base is invalid, or if a multipart form cannot carry the name of a field.
    pub fn request_form(&self, base: impl AsRef<str>, form: &FormData) -> Result<Request<Bytes>, RequestError> {
        let base = Base::parse(base.as_ref())?;
        let (content_type, body) = encode_form(form)?;
        build_request(&base, &self.path(base.path()), content_type, body)
    }
}

/// Converts an input to the fields of a form.
pub(super) fn input_to_form<I: Input + Serialize>(input: &I) -> Result<Cow<'_, FormData>, RequestError> {
    match (input as &dyn Any).downcast_ref::<FormData>() {
        Some(form) => Ok(Cow::Borrowed(form)),
        None => to_form(input).map(Cow::Owned),
    }
}

fn encode_json<I: Input + Serialize>(input: &I) -> Result<Bytes, RequestError> {
    let (json, files) = collect_files(|| serde_json::to_vec(input));
    if !files.is_empty() || (input as &dyn Any).is::<FormData>() {
        return Err(RequestError::FileInJson);
    }
    json.map(Bytes::from).map_err(RequestError::Json)
}

fn build_request(
    base: &Base,
    path: &str,
    content_type: HeaderValue,
    body: Bytes,
) -> Result<Request<Bytes>, RequestError> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = base.join(path)?;
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::ACCEPT, const { HeaderValue::from_static("application/json+devalue, application/json") });
    headers.insert(SEC_FETCH_SITE, const { HeaderValue::from_static("none") });
    Ok(request)
}
