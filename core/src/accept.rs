//! In which of its two encodings a client asks for a result (RFC 9110, section 12.5.1).

use http::{HeaderMap, header};

use crate::media;

/// The media type of a result as plain JSON, and how a client asks for it instead of devalue: `Accept` names it.
///
/// ```text
/// Accept: application/json;profile="urn:enact:plain"
/// ```
///
/// The profile is an identifier (RFC 6906), nothing to be fetched. `Accept` counts as RFC 9110 has it: several headers are one
/// list, and a quality may say that devalue (`application/json+devalue`, `application/*`, `*/*`) is rather wanted. Between
/// equals, what is asked for by its profile wins. Whoever does not name the profile gets devalue, whatever else is accepted.
/// Errors are JSON either way.
///
/// # What the JSON holds
///
/// What `serde_json` writes for the output:
///
/// | value | plain JSON |
/// |---|---|
/// | [`Date`](crate::devalue::Date) | the text of `toISOString`; its year has a sign and six digits outside of 0 to 9999 |
/// | [`BigInt`](crate::devalue::BigInt) | its digits, as a text |
/// | [`Url`](crate::devalue::Url), [`UrlSearchParams`](crate::devalue::UrlSearchParams) | its text |
/// | [`Map`](crate::devalue::Map) | a list of pairs |
/// | [`Set`](crate::devalue::Set) | a list |
/// | [`Uint8Array`](crate::devalue::Uint8Array), [`ArrayBuffer`](crate::devalue::ArrayBuffer) | base64, with padding |
/// | [`TypedArray`](crate::devalue::TypedArray) | `{"kind", "buffer", "byteOffset", "length"}`, the last two where it is a part of its buffer |
/// | [`RegExp`](crate::devalue::RegExp) | `{"source", "flags"}`, the last where there are any |
/// | [`Undefined`](crate::devalue::Undefined), NaN, the infinities | `null` |
/// | integers beyond ±(2^53 - 1) | all their digits, which JavaScript rounds |
/// | what is shared | written each time; a Rust value has no cycles |
pub const PLAIN_JSON: &str = r#"application/json;profile="urn:enact:plain""#;

const PROFILE: &[u8] = b"urn:enact:plain";

/// How an output is written for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Devalue,
    PlainJson,
}

impl Format {
    /// What a request's headers ask for.
    pub(crate) fn asked(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT);
        // Without a parameter nothing names a profile.
        if lines.iter().all(|line| memchr::memchr(b'=', line.as_bytes()).is_none()) {
            return Self::Devalue;
        }
        let mut plain = 0;
        let mut devalue = (0, 0);
        for range in lines.iter().flat_map(|line| split(line.as_bytes(), b',')).filter_map(Range::read) {
            if range.is_plain {
                plain = plain.max(range.quality);
            } else if range.specificity > devalue.0 {
                // The most specific range decides.
                devalue = (range.specificity, range.quality);
            }
        }
        if plain > 0 && plain >= devalue.1 { Self::PlainJson } else { Self::Devalue }
    }
}

/// One entry of an `Accept` header.
struct Range {
    is_plain: bool,
    /// How closely it names devalue; 0 if it does not.
    specificity: u8,
    /// In thousandths.
    quality: u16,
}

impl Range {
    /// `None` for an entry whose quality is none.
    fn read(entry: &[u8]) -> Option<Self> {
        let mut pieces = split(entry, b';');
        let essence = pieces.next()?.trim_ascii();
        let mut range = Self { is_plain: false, specificity: 0, quality: 1000 };
        let mut other_profile = false;
        for piece in pieces {
            let mut sides = piece.splitn(2, |byte| *byte == b'=');
            let name = sides.next().unwrap_or_default().trim_ascii();
            let value = sides.next().unwrap_or_default().trim_ascii();
            if name.eq_ignore_ascii_case(b"q") {
                range.quality = quality(value)?;
            } else if name.eq_ignore_ascii_case(b"profile") {
                // Several URIs may stand in one text, with spaces between them.
                let mut uris = unquoted(value).split(u8::is_ascii_whitespace);
                range.is_plain = media::is(essence, media::JSON) && uris.any(|uri| uri == PROFILE);
                other_profile = !range.is_plain;
            }
        }
        if !range.is_plain && !other_profile {
            range.specificity = [("*/*", 1), ("application/*", 2), (media::DEVALUE, 3)]
                .into_iter()
                .find_map(|(media_type, specificity)| media::is(essence, media_type).then_some(specificity))
                .unwrap_or(0);
        }
        Some(range)
    }
}

/// The pieces between separators, where those in quoted strings separate nothing.
fn split(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |&byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => return !quoted && byte == separator,
        }
        false
    })
}

fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => value,
    }
}

/// RFC 9110, section 12.4.2, in thousandths.
fn quality(text: &[u8]) -> Option<u16> {
    let (whole, fraction) = match text {
        [whole] | [whole, b'.'] => (whole, &[][..]),
        [whole, b'.', fraction @ ..] if fraction.len() <= 3 => (whole, fraction),
        _ => return None,
    };
    let mut thousandths = 0;
    for place in 0..3 {
        let digit = fraction.get(place).copied().unwrap_or(b'0');
        thousandths = thousandths * 10 + u16::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    match whole {
        b'0' => Some(thousandths),
        b'1' if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn is_plain(lines: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::ACCEPT, HeaderValue::from_str(line).unwrap());
        }
        Format::asked(&headers) == Format::PlainJson
    }

    #[test]
    fn the_profile_asks_for_plain_json() {
        for line in [
            PLAIN_JSON,
            r#"Application/JSON ; Profile="urn:enact:plain""#,
            r#"application/json;profile="https://a.example/x,y urn:enact:plain""#,
            r#"application/json;charset=utf-8;profile="urn:enact:plain";q=0.001"#,
            r#"application/json;profile=urn:enact:plain"#,
            r#"text/html;x="\",a", application/json;profile="urn:enact:plain""#,
            r#"application/json;profile="urn:enact:plain", application/json, */*"#,
            r#"application/json;profile="urn:enact:plain", */*;q=0.9, application/json+devalue;q=0"#,
            r#"application/json;profile="urn:enact:plain";q=0.5, application/json+devalue;q=0.5"#,
            // The more specific range says how much devalue is wanted.
            r#"*/*, application/json;profile="urn:enact:plain";q=0.5, application/*;q=0.4"#,
        ] {
            assert!(is_plain(&[line]), "{line}");
        }
        assert!(is_plain(&["text/html", PLAIN_JSON]));
        assert!(is_plain(&[PLAIN_JSON, "application/json+devalue;q=0.1"]));
    }

    #[test]
    fn everyone_else_gets_devalue() {
        for line in [
            "",
            "application/json",
            "*/*",
            "text/html;q=0.5, application/json",
            r#"application/json;profile="urn:enact:plain";q=0"#,
            r#"application/json;profile="urn:enact:plain";q=0.000"#,
            r#"application/json;profile="urn:enact:plain";q=2"#,
            r#"application/json;profile="urn:enact:plain";q=0.0001"#,
            r#"application/json;profile="urn:enact:plain";q=high"#,
            r#"application/json;profile="urn:enact:plain";q=0.5, */*;q=0.6"#,
            r#"application/json;profile="urn:enact:plain";q=0.5, application/json+devalue"#,
            r#"application/json;profile="urn:enact:plainer""#,
            r#"application/json;profile="URN:ENACT:PLAIN""#,
            r#"text/html;profile="urn:enact:plain""#,
            r#"*/*;profile="urn:enact:plain""#,
            r#"text/html;x="application/json;profile=urn:enact:plain""#,
            r#"application/json;x="profile=urn:enact:plain"#,
        ] {
            assert!(!is_plain(&[line]), "{line}");
        }
        assert!(!is_plain(&[r#"application/json;profile="urn:enact:plain";q=0.9"#, "application/json+devalue"]));
        assert!(!is_plain(&[]));
    }
}
