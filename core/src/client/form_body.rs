//! Encoding of forms as bodies of requests.

use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use http::HeaderValue;
use memchr::memmem;

use super::error::RequestError;
use crate::form::{FormData, FormValue, encode_uri_component, unescape_name};
use crate::media;

/// Encodes a form: urlencoded, or multipart if it contains a file. Returns the content type and the body.
pub(super) fn encode_form(form: &FormData) -> Result<(HeaderValue, Bytes), RequestError> {
    if form.iter().any(|(_, value)| matches!(value, FormValue::File(_))) {
        return encode_multipart(form);
    }
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form {
        if let FormValue::Text(value) = value {
            text.append_pair(name, value);
        }
    }
    Ok((const { HeaderValue::from_static(media::URLENCODED) }, text.finish().into()))
}

/// Encodes `multipart/form-data` as browsers do (WHATWG HTML, section 4.10.21.8), but without normalizing line breaks.
fn encode_multipart(form: &FormData) -> Result<(HeaderValue, Bytes), RequestError> {
    let boundary = choose_boundary(form);
    let mut body =
        Vec::with_capacity(form.iter().map(|(name, value)| 200 + name.len() + value_bytes(value).len()).sum());
    for (name, value) in form {
        let escaped = escape_name(name);
        if name.is_empty() || unescape_name(&escaped) != name {
            return Err(RequestError::FieldName(name.to_owned()));
        }
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{escaped}\"").as_bytes(),
        );
        if let FormValue::File(file) = value {
            let escaped = escape_name(file.name());
            body.extend_from_slice(format!("; filename=\"{escaped}\"").as_bytes());
            // A name that contains such an escape itself is sent encoded too (RFC 8187).
            if unescape_name(&escaped) != file.name() {
                let encoded = encode_uri_component(file.name());
                body.extend_from_slice(format!("; filename*=UTF-8''{encoded}").as_bytes());
            }
            let content_type = Some(file.content_type()).filter(|text| text.bytes().all(|b| matches!(b, b' '..=b'~')));
            body.extend_from_slice(format!("\r\nContent-Type: {}", content_type.unwrap_or_default()).as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(value_bytes(value));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    // The boundary consists of letters, digits and hyphens.
    let content_type = HeaderValue::try_from(format!("{}; boundary={boundary}", media::MULTIPART))
        .map_err(|_| RequestError::FieldName(String::new()))?;
    Ok((content_type, body.into()))
}

fn value_bytes(value: FormValue<'_>) -> &[u8] {
    match value {
        FormValue::Text(text) => text.as_bytes(),
        FormValue::File(file) => file.bytes(),
    }
}

fn escape_name(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Chooses a boundary that does not occur in the form. It is a hash of the form, so that the content of a field cannot be made to
/// contain many candidates.
fn choose_boundary(form: &FormData) -> String {
    let mut hasher = DefaultHasher::new();
    for (name, value) in form {
        name.hash(&mut hasher);
        value_bytes(value).hash(&mut hasher);
    }
    let mut boundary = String::new();
    for attempt in 0_u64.. {
        attempt.hash(&mut hasher);
        boundary = format!("enact-{:016x}", hasher.finish());
        let finder = memmem::Finder::new(boundary.as_bytes());
        if form.iter().all(|(_, value)| finder.find(value_bytes(value)).is_none()) {
            break;
        }
    }
    boundary
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::File;
    use crate::form::boundary::parse_boundary;
    use crate::form::multipart::{PartLimits, parse};

    fn round_trip(form: &FormData) -> FormData {
        let (content_type, body) = encode_form(form).unwrap();
        let limits = PartLimits {
            max_parts: 100,
            max_files: 100,
            max_header_bytes: 1000,
            max_text_bytes: 1000,
            max_file_bytes: 1000,
        };
        match parse_boundary(content_type.to_str().unwrap()) {
            Some(boundary) => parse(&body, &boundary, &limits).unwrap(),
            None => crate::form::urlencoded::parse(&body, 100).unwrap(),
        }
    }

    #[test]
    fn form_round_trips() {
        let texts = ["", " a+b&c=d%20;", "line\nbreak\r\nand\r", "é😀\0", "?", "\"quoted\""];
        let plain = FormData::from_iter(texts.iter().flat_map(|name| texts.map(|value| (*name, value))));
        assert_eq!(round_trip(&plain), plain);
        assert_eq!(round_trip(&FormData::new()), FormData::new());

        let mut mixed = FormData::from_iter([("a \"b\"\r\nc", "1"), ("a", "\r\n--enact-"), ("a", "")]);
        for name in ["", "a.txt", "C:\\dir\\\"a\".txt", "%22;%0d.txt", "ü\n'*'.txt"] {
            mixed.append("file", &File::new(name, "text/plain; charset=utf-8", "\r\n\r\n--x\r\n"));
        }
        mixed.append("untyped", &File::new("a", "", ""));
        assert_eq!(round_trip(&mixed), mixed);
    }

    #[test]
    fn invalid_media_type_is_dropped() {
        let mut form = FormData::new();
        form.append("file", &File::new("a", "text/plain\r\nX-Evil: 1", ""));
        assert_eq!(round_trip(&form).file("file").unwrap().content_type(), "");
    }

    #[test]
    fn field_name_that_multipart_would_change_is_an_error() {
        for name in ["", "a%22", "%0a"] {
            let mut form = FormData::from_iter([(name, "1")]);
            assert_eq!(round_trip(&form), form, "urlencoded forms carry it");
            form.append("file", &File::new("a", "a/b", ""));
            assert!(matches!(encode_form(&form), Err(RequestError::FieldName(field)) if field == name));
        }
    }

    #[test]
    fn boundary_does_not_occur_in_the_form() {
        let mut form = FormData::new();
        form.append("file", &File::new("a", "a/b", "x"));
        for _ in 0..3 {
            let boundary = choose_boundary(&form);
            form.append("file", &File::new("a", "a/b", boundary.clone()));
            assert_ne!(choose_boundary(&form), boundary);
        }
    }
}
