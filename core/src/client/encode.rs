//! A form as the body of a request.

use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use http::HeaderValue;
use memchr::memmem;

use super::RequestError;
use crate::form::{FormData, FormValue, encode_uri_component, unescape_name};
use crate::media;

/// The content type and the bytes: urlencoded, or multipart where there is a file.
pub(super) fn form(form: &FormData) -> Result<(HeaderValue, Bytes), RequestError> {
    if form.iter().any(|(_, value)| matches!(value, FormValue::File(_))) {
        return multipart(form);
    }
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form {
        if let FormValue::Text(value) = value {
            text.append_pair(name, value);
        }
    }
    Ok((const { HeaderValue::from_static(media::URLENCODED) }, text.finish().into()))
}

/// `multipart/form-data` as browsers write it (WHATWG HTML, section 4.10.21.8), save that line breaks stay as they are.
fn multipart(form: &FormData) -> Result<(HeaderValue, Bytes), RequestError> {
    let boundary = boundary(form);
    let mut body = Vec::with_capacity(form.iter().map(|(name, value)| 200 + name.len() + bytes(value).len()).sum());
    for (name, value) in form {
        let escaped = escape(name);
        if name.is_empty() || unescape_name(&escaped) != name {
            return Err(RequestError::FieldName(name.to_owned()));
        }
        body.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{escaped}\"").as_bytes(),
        );
        if let FormValue::File(file) = value {
            let escaped = escape(file.name());
            body.extend_from_slice(format!("; filename=\"{escaped}\"").as_bytes());
            // A name that holds such an escape itself would not be read as it is (RFC 8187).
            if unescape_name(&escaped) != file.name() {
                let encoded = encode_uri_component(file.name());
                body.extend_from_slice(format!("; filename*=UTF-8''{encoded}").as_bytes());
            }
            let content_type = Some(file.content_type()).filter(|text| text.bytes().all(|b| matches!(b, b' '..=b'~')));
            body.extend_from_slice(format!("\r\nContent-Type: {}", content_type.unwrap_or_default()).as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(bytes(value));
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    // It is made of letters, digits and dashes.
    let content_type = HeaderValue::try_from(format!("{}; boundary={boundary}", media::MULTIPART))
        .map_err(|_| RequestError::FieldName(String::new()))?;
    Ok((content_type, body.into()))
}

fn bytes(value: FormValue<'_>) -> &[u8] {
    match value {
        FormValue::Text(text) => text.as_bytes(),
        FormValue::File(file) => file.bytes(),
    }
}

fn escape(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// A boundary that the form does not hold. It is made from the contents, so that nobody can write one into them to have many
/// tried in vain.
fn boundary(form: &FormData) -> String {
    let mut hasher = DefaultHasher::new();
    for (name, value) in form {
        name.hash(&mut hasher);
        bytes(value).hash(&mut hasher);
    }
    let mut boundary = String::new();
    for attempt in 0_u64.. {
        attempt.hash(&mut hasher);
        boundary = format!("enact-{:016x}", hasher.finish());
        let finder = memmem::Finder::new(boundary.as_bytes());
        if form.iter().all(|(_, value)| finder.find(bytes(value)).is_none()) {
            break;
        }
    }
    boundary
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::File;
    use crate::form::boundary::parse_boundary as boundary_of;
    use crate::form::multipart::{PartLimits, parse};

    fn read(form: &FormData) -> FormData {
        let (content_type, body) = super::form(form).unwrap();
        let limits = PartLimits {
            max_parts: 100,
            max_files: 100,
            max_header_bytes: 1000,
            max_text_bytes: 1000,
            max_file_bytes: 1000,
        };
        match boundary_of(content_type.to_str().unwrap()) {
            Some(boundary) => parse(&body, &boundary, &limits).unwrap(),
            None => crate::form::urlencoded::parse(&body, 100).unwrap(),
        }
    }

    #[test]
    fn a_form_is_read_as_it_was() {
        let texts = ["", " a+b&c=d%20;", "line\nbreak\r\nand\r", "é😀\0", "?", "\"quoted\""];
        let plain = FormData::from_iter(texts.iter().flat_map(|name| texts.map(|value| (*name, value))));
        assert_eq!(read(&plain), plain);
        assert_eq!(read(&FormData::new()), FormData::new());

        let mut mixed = FormData::from_iter([("a \"b\"\r\nc", "1"), ("a", "\r\n--enact-"), ("a", "")]);
        for name in ["", "a.txt", "C:\\dir\\\"a\".txt", "%22;%0d.txt", "ü\n'*'.txt"] {
            mixed.append("file", &File::new(name, "text/plain; charset=utf-8", "\r\n\r\n--x\r\n"));
        }
        mixed.append("untyped", &File::new("a", "", ""));
        assert_eq!(read(&mixed), mixed);
    }

    #[test]
    fn a_media_type_breaks_no_header() {
        let mut form = FormData::new();
        form.append("file", &File::new("a", "text/plain\r\nX-Evil: 1", ""));
        assert_eq!(read(&form).file("file").unwrap().content_type(), "");
    }

    #[test]
    fn a_name_that_multipart_would_change_is_an_error() {
        for name in ["", "a%22", "%0a"] {
            let mut form = FormData::from_iter([(name, "1")]);
            assert_eq!(read(&form), form, "urlencoded it is fine");
            form.append("file", &File::new("a", "a/b", ""));
            assert!(matches!(super::form(&form), Err(RequestError::FieldName(refused)) if refused == name));
        }
    }

    #[test]
    fn the_boundary_is_not_in_the_contents() {
        let mut form = FormData::new();
        form.append("file", &File::new("a", "a/b", "x"));
        // Nobody can hit the boundary on purpose: with it among the contents it is another one.
        for _ in 0..3 {
            let found = boundary(&form);
            form.append("file", &File::new("a", "a/b", found.clone()));
            assert_ne!(boundary(&form), found);
        }
    }
}
