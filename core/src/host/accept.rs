//! Negotiation of the format of an output (RFC 9110, section 12.5.1).

use http::{HeaderMap, header};

use crate::media;
use crate::output::OutputFormat;

/// The media type of an output as plain JSON. A client that sends it in `Accept` gets plain JSON instead of devalue.
///
/// ```text
/// Accept: application/json;profile="urn:enact:plain"
/// ```
///
/// The profile is an identifier (RFC 6906) that is never fetched. `Accept` follows RFC 9110: several headers form one list, and
/// quality values may prefer devalue (`application/json+devalue`, `application/*`, `*/*`). With equal quality, plain JSON is
/// sent. A client that does not name the profile gets devalue, whatever else it accepts. Errors are always JSON.
///
/// # Format
///
/// The output is serialized with `serde_json`:
///
/// | value | plain JSON |
/// |---|---|
/// | [`Date`](crate::devalue::Date) | the string of `toISOString`; years outside of 0 to 9999 have a sign and six digits |
/// | [`BigInt`](crate::devalue::BigInt) | a string of its digits |
/// | [`Url`](crate::devalue::Url), [`UrlSearchParams`](crate::devalue::UrlSearchParams) | a string |
/// | [`Map`](crate::devalue::Map) | an array of pairs |
/// | [`Set`](crate::devalue::Set) | an array |
/// | [`Uint8Array`](crate::devalue::Uint8Array), [`ArrayBuffer`](crate::devalue::ArrayBuffer) | base64 with padding |
/// | [`RegExp`](crate::devalue::RegExp) | `{"source", "flags"}`; `flags` is omitted if there are none |
/// | [`Undefined`](crate::devalue::Undefined), NaN, infinities | `null` |
/// | integers beyond ±(2^53 - 1) | all their digits, which JavaScript rounds |
/// | shared values | repeated at each place; Rust values have no cycles |
///
/// With the feature `exotic` of `enact-devalue`, a typed array is `{"kind", "buffer", "byteOffset", "length"}`. The last two are
/// omitted if the array covers its buffer.
pub const PLAIN_JSON: &str = r#"application/json;profile="urn:enact:plain""#;

const PROFILE: &[u8] = b"urn:enact:plain";

/// Returns the format that the headers of a request prefer.
pub(super) fn negotiate_format(headers: &HeaderMap) -> OutputFormat {
    let lines = headers.get_all(header::ACCEPT);
    // A profile is a parameter.
    if lines.iter().all(|line| memchr::memchr(b'=', line.as_bytes()).is_none()) {
        return OutputFormat::Devalue;
    }
    let mut plain = 0;
    let mut devalue = (0, 0);
    for range in lines.iter().flat_map(|line| split(line.as_bytes(), b',')).filter_map(MediaRange::parse) {
        if range.is_plain {
            plain = plain.max(range.quality);
        } else if range.specificity > devalue.0 {
            // The most specific range decides.
            devalue = (range.specificity, range.quality);
        }
    }
    if plain > 0 && plain >= devalue.1 { OutputFormat::PlainJson } else { OutputFormat::Devalue }
}

/// One entry of an `Accept` header.
struct MediaRange {
    is_plain: bool,
    /// How specifically it matches devalue, or 0 if it does not.
    specificity: u8,
    /// In thousandths.
    quality: u16,
}

impl MediaRange {
    /// Parses an entry. Returns `None` if its quality is invalid.
    fn parse(entry: &[u8]) -> Option<Self> {
        let mut pieces = split(entry, b';');
        let essence = pieces.next()?.trim_ascii();
        let mut range = Self { is_plain: false, specificity: 0, quality: 1000 };
        let mut other_profile = false;
        for piece in pieces {
            let mut sides = piece.splitn(2, |byte| *byte == b'=');
            let name = sides.next().unwrap_or_default().trim_ascii();
            let value = sides.next().unwrap_or_default().trim_ascii();
            if name.eq_ignore_ascii_case(b"q") {
                range.quality = parse_quality(value)?;
            } else if name.eq_ignore_ascii_case(b"profile") {
                // The value may contain several URIs, separated by spaces.
                let mut uris = unquote(value).split(u8::is_ascii_whitespace);
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

/// Splits at separators outside of quoted strings.
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

fn unquote(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => value,
    }
}

/// Parses a quality value (RFC 9110, section 12.4.2), in thousandths.
fn parse_quality(text: &[u8]) -> Option<u16> {
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
        negotiate_format(&headers) == OutputFormat::PlainJson
    }

    #[test]
    fn profile_selects_plain_json() {
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
            // The most specific range has the quality of devalue.
            r#"*/*, application/json;profile="urn:enact:plain";q=0.5, application/*;q=0.4"#,
        ] {
            assert!(is_plain(&[line]), "{line}");
        }
        assert!(is_plain(&["text/html", PLAIN_JSON]));
        assert!(is_plain(&[PLAIN_JSON, "application/json+devalue;q=0.1"]));
    }

    #[test]
    fn other_accept_headers_select_devalue() {
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
