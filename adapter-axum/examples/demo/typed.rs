//! What a visitor typed into the form that was posted, so that a page with errors can show it again.

use std::convert::Infallible;

use axum::Form;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;

/// The texts of the posted form by name, in order; empty where the page was merely visited.
#[derive(Debug, Default)]
pub(crate) struct Typed(Vec<(String, String)>);

impl Typed {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// It never fails: what cannot be read is simply not shown again.
impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let multipart = request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|value| value.as_bytes().to_ascii_lowercase().starts_with(b"multipart/form-data"));
        if request.method() != axum::http::Method::POST {
            return Ok(Self::default());
        }
        if !multipart {
            return Ok(Self(Form::from_request(request, state).await.map(|Form(texts)| texts).unwrap_or_default()));
        }
        let mut texts = Vec::new();
        if let Ok(mut form) = Multipart::from_request(request, state).await {
            while let Ok(Some(field)) = form.next_field().await {
                let name = field.name().unwrap_or_default().to_owned();
                // A browser never fills in a file again, so there is nothing to remember of one.
                if field.file_name().is_none()
                    && let Ok(text) = field.text().await
                {
                    texts.push((name, text));
                }
            }
        }
        Ok(Self(texts))
    }
}
