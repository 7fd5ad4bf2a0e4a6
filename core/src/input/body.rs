//! The body of a request: its declared type and length, its bytes, and their parsing.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};

use super::Payload;
use crate::form;
use crate::limits::Limits;
use crate::media;

/// The format of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFormat {
    Json,
    Urlencoded,
    Multipart,
}

/// The description of a body in the head of its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DeclaredBody {
    pub(crate) format: BodyFormat,
    /// The declared length in bytes, at most the limit.
    pub(crate) length: Option<usize>,
}

/// The reason why a body cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("Request body exceeds {0} bytes")]
    TooLarge(usize),
    #[error("unsupported content type: expected JSON or a form")]
    UnsupportedMediaType,
    #[error("the request body could not be read: {0}")]
    Unreadable(Box<dyn std::error::Error + Send + Sync>),
    #[error("the request body ended after {received} of {declared} bytes")]
    Truncated { received: usize, declared: usize },
    #[error("invalid content type: expected a `boundary` parameter")]
    NoBoundary,
    #[error("the multipart body is malformed or too large: {0}")]
    Multipart(form::multipart::MultipartError),
    #[error(transparent)]
    TooManyEntries(form::urlencoded::TooManyEntries),
}

impl BodyError {
    /// Returns whether the size of the body is at fault, rather than its syntax.
    pub(crate) fn is_too_large(&self) -> bool {
        match self {
            Self::TooLarge(_) | Self::TooManyEntries(_) => true,
            Self::Multipart(error) => error.fault.is_too_large(),
            Self::UnsupportedMediaType | Self::Unreadable(_) | Self::Truncated { .. } | Self::NoBoundary => false,
        }
    }
}

impl DeclaredBody {
    /// Reads the headers. Returns `None` if they declare no content type, because then there is no input.
    pub(crate) fn from_headers(headers: &HeaderMap, limits: &Limits) -> Result<Option<Self>, BodyError> {
        let length = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| str::from_utf8(value.as_bytes().trim_ascii()).ok())
            .and_then(|value| value.parse::<u64>().ok());
        let Some(content_type) = headers.get(header::CONTENT_TYPE).filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        // Unlike in `media::essence`, white space before the semicolon counts: Astro does not recognise such a type.
        let essence = content_type.as_bytes();
        let essence = memchr::memchr(b';', essence).and_then(|end| essence.get(..end)).unwrap_or(essence);
        let max = limits.max_body_bytes();
        let length = match length.map(usize::try_from) {
            Some(Ok(length)) if length <= max => Some(length),
            Some(_) => return Err(BodyError::TooLarge(max)),
            None => None,
        };
        let format = if media::is(essence, media::JSON) {
            BodyFormat::Json
        } else if media::is(essence, media::URLENCODED) {
            BodyFormat::Urlencoded
        } else if media::is(essence, media::MULTIPART) {
            BodyFormat::Multipart
        } else {
            return Err(BodyError::UnsupportedMediaType);
        };
        Ok(Some(Self { format, length }))
    }
}

/// The bytes received so far. A single chunk is not copied; several are joined in one buffer.
#[derive(Debug, Default)]
pub(crate) struct BodyBuffer {
    first: Option<Bytes>,
    rest: BytesMut,
    declared: usize,
}

/// The buffer grows to at most this multiple of the bytes received, so that a declared length alone allocates nothing.
const MAX_GROWTH: usize = 16;
const MIN_CAPACITY: usize = 64 * 1024;

impl BodyBuffer {
    pub(crate) fn new(declared: Option<usize>) -> Self {
        Self { declared: declared.unwrap_or(0), ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.first.as_ref().map_or(0, Bytes::len) + self.rest.len()
    }

    /// Appends a chunk.
    ///
    /// # Errors
    ///
    /// If the body would be longer than `max` bytes. Then nothing is appended.
    pub(crate) fn push(&mut self, chunk: Bytes, max: usize) -> Result<(), BodyError> {
        let total = self.len().saturating_add(chunk.len());
        if total > max {
            return Err(BodyError::TooLarge(max));
        }
        if total == chunk.len() {
            self.first = Some(chunk);
            return Ok(());
        }
        if let Some(first) = self.first.take() {
            self.reserve(total);
            self.rest.extend_from_slice(&first);
        }
        if self.rest.capacity() < total {
            self.reserve(total);
        }
        self.rest.extend_from_slice(&chunk);
        Ok(())
    }

    fn reserve(&mut self, total: usize) {
        let max = total.max(MIN_CAPACITY).saturating_mul(MAX_GROWTH);
        let capacity = self.declared.min(max).max(total);
        self.rest.reserve(capacity - self.rest.len());
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.first.unwrap_or_else(|| self.rest.freeze())
    }
}

/// Parses the bytes of a body in their declared format.
pub(crate) fn parse_body(
    format: BodyFormat,
    body: &Bytes,
    headers: &HeaderMap,
    limits: &Limits,
) -> Result<Payload, BodyError> {
    match format {
        BodyFormat::Json if body.is_empty() => Ok(Payload::Absent),
        BodyFormat::Json => Ok(Payload::Json(body.clone())),
        BodyFormat::Urlencoded => {
            form::urlencoded::parse(body, limits.max_fields()).map(Payload::Form).map_err(BodyError::TooManyEntries)
        }
        BodyFormat::Multipart => {
            let boundary = headers
                .get(header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .and_then(form::boundary::parse_boundary)
                .ok_or(BodyError::NoBoundary)?;
            let limits = form::multipart::PartLimits {
                max_parts: limits.max_fields(),
                max_files: limits.max_files(),
                max_header_bytes: limits.max_part_header_bytes(),
                max_text_bytes: limits.max_body_bytes(),
                max_file_bytes: limits.max_body_bytes(),
            };
            form::multipart::parse(body, &boundary, &limits).map(Payload::Form).map_err(BodyError::Multipart)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_chunk_is_not_copied() {
        let chunk = Bytes::from(vec![1, 2, 3]);
        let mut buffer = BodyBuffer::new(Some(3));
        buffer.push(chunk.clone(), 10).unwrap();
        assert_eq!(buffer.into_bytes().as_ptr(), chunk.as_ptr());
    }

    #[test]
    fn memory_grows_with_received_bytes() {
        let mut buffer = BodyBuffer::new(Some(1 << 30));
        for _ in 0..2 {
            buffer.push(Bytes::from_static(b"0123456789"), 1 << 30).unwrap();
        }
        assert!(buffer.rest.capacity() <= MIN_CAPACITY * MAX_GROWTH);
        assert_eq!(buffer.into_bytes().len(), 20);
    }

    #[test]
    fn capacity_does_not_exceed_declared_length() {
        let mut buffer = BodyBuffer::new(Some(300_000));
        for _ in 0..3 {
            buffer.push(Bytes::from(vec![0; 100_000]), 300_000).unwrap();
        }
        assert_eq!(buffer.rest.capacity(), 300_000);
        assert!(buffer.push(Bytes::from_static(b"x"), 300_000).is_err());
    }
}
