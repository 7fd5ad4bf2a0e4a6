//! The body of a request: what it holds by its headers, and its bytes, bounded and counted as they come.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};

use crate::form;
use crate::input::Payload;
use crate::limits::Limits;
use crate::media;
use crate::rejection::Rejection;

/// How a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    Urlencoded,
    Multipart,
}

/// What the headers say of the body; `None` if there is none for an action to read.
pub(crate) fn announced(headers: &HeaderMap, limits: &Limits) -> Result<Option<Announced>, Rejection> {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| str::from_utf8(value.as_bytes().trim_ascii()).ok())
        .and_then(|value| value.parse::<u64>().ok());
    let Some(content_type) = headers.get(header::CONTENT_TYPE) else {
        return Ok(None);
    };
    // Unlike `essence`, with white space before the semicolon: Astro takes such a type for another one.
    let essence = content_type.as_bytes();
    let essence = memchr::memchr(b';', essence).and_then(|end| essence.get(..end)).unwrap_or(essence);
    if content_type.is_empty() {
        return Ok(None);
    }
    let length = match length.map(usize::try_from) {
        Some(Ok(length)) if length <= limits.body => Some(length),
        Some(_) => return Err(Rejection::BodyTooLarge(limits.body)),
        None => None,
    };
    let media = if media::is(essence, media::JSON) {
        Media::Json
    } else if media::is(essence, media::URLENCODED) {
        Media::Urlencoded
    } else if media::is(essence, media::MULTIPART) {
        Media::Multipart
    } else {
        return Err(Rejection::MediaType);
    };
    Ok(Some(Announced { media, length }))
}

/// A body that is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Announced {
    pub(crate) media: Media,
    /// In bytes, if it was declared; never beyond the limit.
    pub(crate) length: Option<usize>,
}

/// The bytes that came so far. One chunk is kept as it is; several go into one buffer.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    first: Option<Bytes>,
    rest: BytesMut,
    declared: usize,
}

/// How much more is set aside than came already: a declared length alone takes no memory.
const AHEAD: usize = 16;
const AT_LEAST: usize = 64 * 1024;

impl Buffer {
    pub(crate) fn new(declared: Option<usize>) -> Self {
        Self { declared: declared.unwrap_or(0), ..Self::default() }
    }

    fn len(&self) -> usize {
        self.first.as_ref().map_or(0, Bytes::len) + self.rest.len()
    }

    /// Adds a chunk; `false`, and nothing is added, if that is beyond the limit.
    pub(crate) fn push(&mut self, chunk: Bytes, limit: usize) -> bool {
        let total = self.len().saturating_add(chunk.len());
        if total > limit {
            return false;
        }
        if total == chunk.len() {
            self.first = Some(chunk);
            return true;
        }
        if let Some(first) = self.first.take() {
            self.make_room(total);
            self.rest.extend_from_slice(&first);
        }
        if self.rest.capacity() < total {
            self.make_room(total);
        }
        self.rest.extend_from_slice(&chunk);
        true
    }

    fn make_room(&mut self, total: usize) {
        let ahead = total.max(AT_LEAST).saturating_mul(AHEAD);
        let room = self.declared.min(ahead).max(total);
        self.rest.reserve(room - self.rest.len());
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.first.unwrap_or_else(|| self.rest.freeze())
    }
}

/// Why a body is no form that we read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormError {
    #[error("the content type names no boundary")]
    NoBoundary,
    #[error("the multipart body is malformed or too large: {0}")]
    Multipart(form::multipart::MultipartError),
    #[error(transparent)]
    TooManyFields(form::urlencoded::TooManyEntries),
}

impl FormError {
    /// Whether it is the size that is refused, not the shape.
    pub(crate) fn is_too_large(&self) -> bool {
        match self {
            Self::NoBoundary => false,
            Self::Multipart(error) => error.fault.is_too_large(),
            Self::TooManyFields(_) => true,
        }
    }
}

/// Reads the bytes as what they were announced to be.
pub(crate) fn parse(media: Media, body: &Bytes, headers: &HeaderMap, limits: &Limits) -> Result<Payload, Rejection> {
    match media {
        Media::Json if body.is_empty() => Ok(Payload::Absent),
        Media::Json => Ok(Payload::Json(body.clone())),
        Media::Urlencoded => form::urlencoded::parse(body, limits.fields)
            .map(Payload::Form)
            .map_err(|error| Rejection::Form(FormError::TooManyFields(error))),
        Media::Multipart => {
            let boundary = headers
                .get(header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .and_then(form::boundary::parse_boundary)
                .ok_or(Rejection::Form(FormError::NoBoundary))?;
            let limits = form::multipart::PartLimits {
                max_parts: limits.fields,
                max_files: limits.files,
                max_header_bytes: limits.part_headers,
                max_text_bytes: limits.body,
                max_file_bytes: limits.body,
            };
            form::multipart::parse(body, &boundary, &limits)
                .map(Payload::Form)
                .map_err(|error| Rejection::Form(FormError::Multipart(error)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_chunk_is_not_copied() {
        let chunk = Bytes::from(vec![1, 2, 3]);
        let mut buffer = Buffer::new(Some(3));
        assert!(buffer.push(chunk.clone(), 10));
        assert_eq!(buffer.into_bytes().as_ptr(), chunk.as_ptr());
    }

    #[test]
    fn memory_grows_with_what_came() {
        let mut buffer = Buffer::new(Some(1 << 30));
        for _ in 0..2 {
            assert!(buffer.push(Bytes::from_static(b"0123456789"), 1 << 30));
        }
        assert!(buffer.rest.capacity() <= AT_LEAST * AHEAD);
        assert_eq!(buffer.into_bytes().len(), 20);
    }

    #[test]
    fn a_declared_length_is_room_enough() {
        let mut buffer = Buffer::new(Some(300_000));
        for _ in 0..3 {
            assert!(buffer.push(Bytes::from(vec![0; 100_000]), 300_000));
        }
        assert_eq!(buffer.rest.capacity(), 300_000);
        assert!(!buffer.push(Bytes::from_static(b"x"), 300_000));
    }
}
