//! The headers of one part of a multipart form.

use std::borrow::Cow;

use super::error::Fault;
use super::percent;

/// The headers of a part that matter to forms.
#[derive(Debug)]
pub(super) struct PartHeaders<'a> {
    pub(super) name: Cow<'a, str>,
    /// Present only for a file; empty if a file input had no selection.
    pub(super) file_name: Option<Cow<'a, str>>,
    pub(super) content_type: Option<String>,
}

impl<'a> PartHeaders<'a> {
    /// Parses header lines, each with its CRLF. Folded lines, bare CR and bare LF are refused.
    pub(super) fn parse(block: &'a [u8]) -> Result<Self, Fault> {
        let mut disposition = None;
        let mut content_type = None;
        for line in block.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r\n").ok_or(Fault::BadHeader)?;
            let (name, value) = split_at_byte(line, b':').ok_or(Fault::BadHeader)?;
            let (name, value) = (name.trim_ascii_end(), value.trim_ascii());
            if !is_token(name) || line.contains(&b'\r') {
                return Err(Fault::BadHeader);
            }
            if name.eq_ignore_ascii_case(b"content-disposition") {
                if disposition.replace(Disposition::parse(value)?).is_some() {
                    return Err(Fault::BadDisposition);
                }
            } else if name.eq_ignore_ascii_case(b"content-type") {
                content_type = Some(normalize_media_type(value));
            } else if name.eq_ignore_ascii_case(b"content-transfer-encoding") {
                let mut plain = [&b"7bit"[..], b"8bit", b"binary"].into_iter();
                if !plain.any(|plain| value.eq_ignore_ascii_case(plain)) {
                    return Err(Fault::TransferEncoding);
                }
            }
        }
        let disposition = disposition.ok_or(Fault::NoDisposition)?;
        Ok(Self { name: disposition.name, file_name: disposition.file_name, content_type })
    }
}

#[derive(Debug)]
struct Disposition<'a> {
    name: Cow<'a, str>,
    file_name: Option<Cow<'a, str>>,
}

impl<'a> Disposition<'a> {
    /// Parses the header of RFC 7578, section 4.2. Unquoted values are accepted because common clients send them.
    /// `filename*` (RFC 8187) takes precedence over `filename`.
    fn parse(value: &'a [u8]) -> Result<Self, Fault> {
        let (kind, mut rest) = split_at_byte(value, b';').unwrap_or((value, &[]));
        if !kind.trim_ascii().eq_ignore_ascii_case(b"form-data") {
            return Err(Fault::NotFormData);
        }
        let (mut name, mut file_name, mut extended_file_name) = (None, None, None);
        while !rest.trim_ascii().is_empty() {
            let (key, value, tail) = split_parameter(rest).ok_or(Fault::BadDisposition)?;
            rest = tail;
            let key = key.to_ascii_lowercase();
            let (slot, text) = match key.as_slice() {
                b"name" => (&mut name, value.decode()),
                b"filename" => (&mut file_name, value.decode()),
                b"filename*" => (&mut extended_file_name, value.decode_extended()?),
                _ => continue,
            };
            if slot.replace(text).is_some() {
                return Err(Fault::BadDisposition);
            }
        }
        match name {
            Some(name) if !name.is_empty() => Ok(Self { name, file_name: extended_file_name.or(file_name) }),
            _ => Err(Fault::NoName),
        }
    }
}

enum ParameterValue<'a> {
    Quoted(&'a [u8]),
    Token(&'a [u8]),
}

/// Splits off the first parameter: its name, its value and the text after its semicolon.
fn split_parameter(text: &[u8]) -> Option<(&[u8], ParameterValue<'_>, &[u8])> {
    let (key, value) = split_at_byte(text, b'=')?;
    let key = key.trim_ascii_start();
    if !is_token(key) {
        return None;
    }
    if let Some(quoted) = value.strip_prefix(b"\"") {
        // A backslash is not an escape, since file names contain it; browsers write a quote as %22.
        let (quoted, rest) = split_at_byte(quoted, b'"')?;
        let rest = rest.trim_ascii_start();
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix(b";")? };
        return Some((key, ParameterValue::Quoted(quoted), rest));
    }
    let (token, rest) = split_at_byte(value, b';').unwrap_or((value, &[]));
    (!token.contains(&b'"')).then_some((key, ParameterValue::Token(token.trim_ascii_end()), rest))
}

impl<'a> ParameterValue<'a> {
    fn decode(self) -> Cow<'a, str> {
        match self {
            Self::Quoted(bytes) => unescape_name(String::from_utf8_lossy(bytes)),
            Self::Token(bytes) => String::from_utf8_lossy(bytes),
        }
    }

    /// Decodes an extended value (RFC 8187, section 3.2.1) in UTF-8.
    fn decode_extended(self) -> Result<Cow<'a, str>, Fault> {
        let (Self::Quoted(bytes) | Self::Token(bytes)) = self;
        let text = str::from_utf8(bytes).ok();
        text.and_then(|text| {
            let (charset, rest) = text.split_once('\'')?;
            let (_language, encoded) = rest.split_once('\'')?;
            let utf_8 = charset.eq_ignore_ascii_case("utf-8");
            utf_8.then(|| percent::decode_uri_component(encoded))?
        })
        .ok_or(Fault::BadDisposition)
    }
}

/// Decodes the three escapes of names that browsers write (WHATWG HTML, "multipart/form-data encoding algorithm").
pub(crate) fn unescape_name<'a>(text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let text = text.into();
    if !text.contains('%') {
        return text;
    }
    let mut pieces = text.split('%');
    let mut decoded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let special = match piece.as_bytes() {
            [b'2', b'2', ..] => '"',
            [b'0', b'A' | b'a', ..] => '\n',
            [b'0', b'D' | b'd', ..] => '\r',
            _ => {
                decoded.push('%');
                decoded.push_str(piece);
                continue;
            }
        };
        decoded.push(special);
        decoded.push_str(piece.get(2..).unwrap_or_default());
    }
    decoded.into()
}

/// Returns the `type` that a browser's `File` would have.
fn normalize_media_type(value: &[u8]) -> String {
    let printable = |byte: &u8| matches!(byte, b' '..=b'~');
    match str::from_utf8(value) {
        Ok(text) if value.iter().all(printable) => text.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

fn split_at_byte(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let (head, tail) = text.split_at_checked(memchr::memchr(separator, text)?)?;
    Some((head, tail.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_disposition(value: &str) -> Result<(String, Option<String>), Fault> {
        let block = format!("Content-Disposition: {value}\r\n");
        let headers = PartHeaders::parse(block.as_bytes())?;
        Ok((headers.name.into(), headers.file_name.map(Into::into)))
    }

    #[test]
    fn names_are_decoded_as_browsers_encode_them() {
        for (parameter, expected) in [
            (r#"filename="a b.txt""#, "a b.txt"),
            (r#"filename="""#, ""),
            (r#"filename=" a;b=c ""#, " a;b=c "),
            (r#"filename="C:\dir\""#, r"C:\dir\"),
            (r#"filename="../%22%0D%0a%2F%""#, "../\"\r\n%2F%"),
            (r#"FileName="é""#, "é"),
            (r#"filename=a.txt"#, "a.txt"),
            (r#"size=3;filename="a""#, "a"),
            (r#"filename="_"; filename*=utf-8''%e2%82%ac.txt"#, "€.txt"),
            (r#"filename*=UTF-8'en'%25; filename="_""#, "%"),
        ] {
            let expected = Ok(("a".to_owned(), Some(expected.to_owned())));
            for value in [format!("form-data; name=\"a\"; {parameter}"), format!("Form-Data;{parameter} ; NAME=a;")] {
                assert_eq!(parse_disposition(&value), expected, "{value}");
            }
        }
        let name = parse_disposition("form-data; name=\"%22%0d%0A%41; é\"");
        assert_eq!(name, Ok(("\"\r\n%41; é".to_owned(), None)));
    }

    #[test]
    fn malformed_dispositions_are_refused() {
        for (value, fault) in [
            ("attachment; name=\"a\"", Fault::NotFormData),
            ("", Fault::NotFormData),
            ("form-data", Fault::NoName),
            ("form-data; filename=\"a\"", Fault::NoName),
            ("form-data; name=\"\"", Fault::NoName),
            ("form-data; name=", Fault::NoName),
            ("form-data; name", Fault::BadDisposition),
            ("form-data; name=\"a", Fault::BadDisposition),
            ("form-data; name=\"a\\\"b\"", Fault::BadDisposition),
            ("form-data; name=\"a\" b", Fault::BadDisposition),
            ("form-data; name = \"a\"", Fault::BadDisposition),
            ("form-data; name=a; name=b", Fault::BadDisposition),
            ("form-data; name=a; filename*=latin-1''a", Fault::BadDisposition),
            ("form-data; name=a; filename*=utf-8''%ff", Fault::BadDisposition),
        ] {
            assert_eq!(parse_disposition(value), Err(fault), "{value}");
        }
    }

    #[test]
    fn malformed_lines_are_refused() {
        for (line, fault) in [
            ("no colon", Fault::BadHeader),
            (": x", Fault::BadHeader),
            ("X Y: z", Fault::BadHeader),
            (" folded: x", Fault::BadHeader),
            ("X: a\rb", Fault::BadHeader),
            ("X:\r a", Fault::BadHeader),
            ("X: a\nY: b", Fault::BadHeader),
            ("Content-Disposition: form-data; name=b", Fault::BadDisposition),
            ("Content-Transfer-Encoding: base64", Fault::TransferEncoding),
        ] {
            let block = format!("Content-Disposition: form-data; name=a\r\n{line}\r\n");
            assert_eq!(PartHeaders::parse(block.as_bytes()).unwrap_err(), fault, "{line}");
        }
        assert_eq!(PartHeaders::parse(b"").unwrap_err(), Fault::NoDisposition);
    }

    #[test]
    fn content_type_equals_that_of_a_browsers_file() {
        for (line, expected) in [
            ("Content-Type: Text/PLAIN; Charset=UTF-8 \t", Some("text/plain; charset=utf-8")),
            ("CONTENT-TYPE :a/b\r\nContent-Transfer-Encoding: 8BIT", Some("a/b")),
            ("content-type: text/é", Some("")),
            ("Content-Type:", Some("")),
            ("X-Content-Type: a/b", None),
        ] {
            let block = format!("{line}\r\nContent-Disposition: form-data; name=a\r\n");
            let headers = PartHeaders::parse(block.as_bytes()).unwrap();
            assert_eq!(headers.content_type.as_deref(), expected, "{line}");
        }
    }
}
