//! The formats of strings. Each accepts the same strings as the format of that name in Zod 4.

mod iso;
mod zod_patterns;

use std::net::{Ipv4Addr, Ipv6Addr};

use super::number::trim;

/// A format that is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StringFormat {
    Email,
    Url,
    Uuid,
    Ipv4,
    Ipv6,
    /// An IPv4 or IPv6 address.
    Ip,
    Cidrv4,
    Cidrv6,
    Hostname,
    Date,
    /// A time of day, without a zone.
    Time,
    /// In UTC, written `Z`, or with an offset, as in `+02:00` (RFC 3339).
    DateTime,
    Duration,
    Base64,
    Base64Url,
    E164,
}

impl StringFormat {
    /// Returns the format of JSON Schema's `format` keyword, or `None` for a format that is not checked.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "email" => Self::Email,
            "uri" | "url" => Self::Url,
            "uuid" => Self::Uuid,
            "ipv4" => Self::Ipv4,
            "ipv6" => Self::Ipv6,
            "ip" => Self::Ip,
            "cidrv4" => Self::Cidrv4,
            "cidrv6" => Self::Cidrv6,
            "hostname" => Self::Hostname,
            "date" => Self::Date,
            "time" | "partial-time" => Self::Time,
            "date-time" => Self::DateTime,
            "duration" => Self::Duration,
            "byte" | "base64" => Self::Base64,
            "base64url" => Self::Base64Url,
            "e164" => Self::E164,
            _ => return None,
        })
    }

    pub(crate) fn matches(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Self::Email => is_email(bytes),
            Self::Url => url::Url::parse(trim(text)).is_ok(),
            Self::Uuid => is_uuid(bytes),
            Self::Ipv4 => is_ipv4(text),
            Self::Ipv6 => is_ipv6(text),
            Self::Ip => is_ipv4(text) || is_ipv6(text),
            Self::Cidrv4 => is_cidr(text, 32, is_ipv4),
            Self::Cidrv6 => is_cidr(text, 128, is_ipv6),
            Self::Hostname => is_hostname(bytes),
            Self::Date => iso::is_date(bytes),
            Self::Time => iso::is_time(bytes, false),
            Self::DateTime => iso::is_date_time(bytes),
            Self::Duration => iso::is_duration(bytes),
            Self::Base64 => is_base64(bytes),
            Self::Base64Url => is_base64_url(bytes),
            Self::E164 => is_e164(bytes),
        }
    }

    /// Returns Zod's name of the format. Zod has no format for both IP versions; `ip` is its name in JSON Schema.
    pub(crate) fn zod_name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Url => "url",
            Self::Uuid => "uuid",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Ip => "ip",
            Self::Cidrv4 => "cidrv4",
            Self::Cidrv6 => "cidrv6",
            Self::Hostname => "hostname",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "datetime",
            Self::Duration => "duration",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
            Self::E164 => "e164",
        }
    }

    /// Returns Zod's English message.
    pub(crate) fn zod_message(self) -> &'static str {
        match self {
            Self::Email => "Invalid email address",
            Self::Url => "Invalid URL",
            Self::Uuid => "Invalid UUID",
            Self::Ipv4 => "Invalid IPv4 address",
            Self::Ipv6 => "Invalid IPv6 address",
            Self::Ip => "Invalid IP address",
            Self::Cidrv4 => "Invalid IPv4 range",
            Self::Cidrv6 => "Invalid IPv6 range",
            Self::Hostname => "Invalid hostname",
            Self::Date => "Invalid ISO date",
            Self::Time => "Invalid ISO time",
            Self::DateTime => "Invalid ISO datetime",
            Self::Duration => "Invalid ISO duration",
            Self::Base64 => "Invalid base64-encoded string",
            Self::Base64Url => "Invalid base64url-encoded string",
            Self::E164 => "Invalid E.164 number",
        }
    }

    /// Returns the `pattern` parameter of Zod's issue. Zod checks the other formats by code.
    pub(crate) fn zod_pattern(self) -> Option<&'static str> {
        Some(match self {
            Self::Email => zod_patterns::EMAIL,
            Self::Uuid => zod_patterns::UUID,
            Self::Ipv4 => zod_patterns::IPV4,
            Self::Cidrv4 => zod_patterns::CIDRV4,
            Self::Date => zod_patterns::DATE,
            Self::Time => zod_patterns::TIME,
            Self::DateTime => zod_patterns::DATE_TIME,
            Self::Duration => zod_patterns::DURATION,
            Self::E164 => zod_patterns::E164,
            Self::Url | Self::Ipv6 | Self::Ip | Self::Cidrv6 | Self::Hostname | Self::Base64 | Self::Base64Url => {
                return None;
            }
        })
    }
}

/// Refuses quoted local parts and addresses as the domain. The top-level domain has at least two letters.
fn is_email(text: &[u8]) -> bool {
    let mut sides = text.splitn(2, |byte| *byte == b'@');
    let (Some(local), Some(domain)) = (sides.next(), sides.next()) else {
        return false;
    };
    let mut labels = domain.rsplit(|byte| *byte == b'.');
    let top = labels.next().unwrap_or_default();
    let mut labels = labels.peekable();
    local
        .split(|byte| *byte == b'.')
        .all(|atom| !atom.is_empty() && all(atom, |byte| is_word(byte) || b"'+-".contains(&byte)))
        && !local.ends_with(b"'")
        && labels.peek().is_some()
        && labels
            .all(|label| label.first().is_some_and(u8::is_ascii_alphanumeric) && all(label, is_letter_digit_hyphen))
        && top.len() >= 2
        && top.iter().all(u8::is_ascii_alphabetic)
}

/// Accepts all versions of RFC 9562, and its nil and max UUIDs.
fn is_uuid(text: &[u8]) -> bool {
    let mut groups = text.split(|byte| *byte == b'-');
    let mut group =
        |length| groups.next().filter(|group| group.len() == length && group.iter().all(u8::is_ascii_hexdigit));
    let (Some(_), Some(_), Some(version), Some(variant), Some(_)) = (group(8), group(4), group(4), group(4), group(12))
    else {
        return false;
    };
    groups.next().is_none()
        && (matches!(version, [b'1'..=b'8', ..]) && matches!(variant, [b'8' | b'9' | b'a' | b'A' | b'b' | b'B', ..])
            || text.iter().all(|byte| matches!(byte, b'0' | b'-'))
            || text.iter().all(|byte| matches!(byte, b'f' | b'-')))
}

fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// Accepts an address and a prefix length of at most `max`, without leading zeros.
fn is_cidr(text: &str, max: u8, is_address: fn(&str) -> bool) -> bool {
    text.split_once('/').is_some_and(|(start, prefix)| {
        let canonical = !prefix.starts_with(['0', '+']) || prefix == "0";
        canonical && prefix.parse::<u8>().is_ok_and(|prefix| prefix <= max) && is_address(start)
    })
}

/// RFC 1123, with or without a dot at the end.
fn is_hostname(text: &[u8]) -> bool {
    let text = text.strip_suffix(b".").unwrap_or(text);
    text.len() <= 253
        && text.split(|byte| *byte == b'.').all(|label| {
            label.len() <= 63
                && label.first().is_some_and(u8::is_ascii_alphanumeric)
                && label.last().is_some_and(u8::is_ascii_alphanumeric)
                && all(label, is_letter_digit_hyphen)
        })
}

fn is_base64(text: &[u8]) -> bool {
    let unpadded = text.strip_suffix(b"=").unwrap_or(text);
    let unpadded = unpadded.strip_suffix(b"=").unwrap_or(unpadded);
    text.len().is_multiple_of(4) && all(unpadded, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// Refuses padding.
fn is_base64_url(text: &[u8]) -> bool {
    text.len() % 4 != 1 && all(text, |byte| is_word(byte) || byte == b'-')
}

/// Accepts a telephone number: `+` and 7 to 15 digits.
fn is_e164(text: &[u8]) -> bool {
    match text.strip_prefix(b"+") {
        Some(digits @ [b'1'..=b'9', ..]) => (7..=15).contains(&digits.len()) && iso::is_number(digits),
        _ => false,
    }
}

fn all(text: &[u8], allowed: impl Fn(u8) -> bool) -> bool {
    text.iter().all(|byte| allowed(*byte))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_letter_digit_hyphen(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks strings, which are separated by bars.
    fn check(name: &str, accepted: &str, refused: &str) {
        let format = StringFormat::from_name(name).unwrap();
        for text in accepted.split('|') {
            assert!(format.matches(text), "{name} {text:?}");
        }
        for text in refused.split('|') {
            assert!(!format.matches(text), "{name} {text:?}");
        }
    }

    // Zod 4.6.7 accepts and refuses the same strings.

    #[test]
    fn emails_urls_and_hostnames_match_like_zod() {
        check(
            "email",
            "a@b.co|A.B+c'd@sub-1.example.com|_-@1.museum",
            "|é@b.co|a@b|a@b.c|a@-b.co|a@b..co|.a@b.co|a..b@c.co|a.@b.co|a'@b.co|\
             a@b@c.co|a@1.2.3.4|\"a\"@b.co|a@b.co\n",
        );
        check(
            "uri",
            "https://example.com/?q=é#f| http:example.com\u{a0}|mailto:a@b|\
             javascript:alert(1)|http://[::1]:80|data:",
            "|http://|example.com|//a.b|http://a b|http://a:99999|http://1.2.3.256|1a:b",
        );
        check("hostname", "localhost|a-b.c1.|1.2.3.4", "|.|-a.b|a-.b|a..b|a..|a_b|é.de| a");
    }

    #[test]
    fn ip_addresses_and_ranges_match_like_zod() {
        check("ipv4", "127.0.0.1|255.255.255.255", "256.0.0.1|01.2.3.4|1.2.3|1.2.3.4.5|1.2.3.4 |::1");
        check(
            "ipv6",
            "::|::1|1:2:3:4:5:6:7:8|1:2:3:4:5:6:7::|::ffff:1.2.3.4|FE80::a",
            "1:2:3:4:5:6:7|1:2:3:4:5:6:7::8|1::2::3|::12345|fe80::1%eth0|[::1]|127.0.0.1|\
             :1",
        );
        check("ip", "127.0.0.1|::1", "|localhost");
        check("cidrv4", "10.0.0.0/8|0.0.0.0/0|1.2.3.4/32", "1.2.3.4/33|1.2.3.4/08|1.2.3.4/+8|1.2.3.4/|1.2.3.4|::/0");
        check("cidrv6", "::/0|2001:db8::/128", "::/129|::/00|::/| ::/0|1.2.3.4/8");
    }

    #[test]
    fn dates_and_times_match_like_zod() {
        check(
            "date",
            "2024-02-29|2000-02-29|0000-02-29|2024-12-31",
            "2023-02-29|1900-02-29|2024-04-31|2024-13-01|2024-00-01|2024-01-00|24-01-01|\
             2024-1-1|12024-01-01|2024-01-01T00:00:00Z",
        );
        check("time", "04:05|23:59:59|04:05:06.7", "24:00|04:60|04:05:60|04:05:06.|04:05:|04:05:06Z|4:05|04:05.5");
        // Like `z.iso.datetime({ offset: true })`.
        check(
            "date-time",
            "2024-02-03T04:05:06Z|2024-02-03T04:05:06.789123456Z|2024-02-03T04:05:06.7+02:00|2024-02-03T04:05:06-23:59",
            "2024-02-03T04:05Z|2024-02-03T04:05:06|2024-02-03t04:05:06z|2024-02-03 04:05:06Z|2023-02-29T04:05:06Z|\
             2024-02-03T04:05:06ZZ|2024-02-03|2024-02-03T04:05:06+24:00|2024-02-03T04:05:06+0200|\
             2024-02-03T04:05:06+02",
        );
        check(
            "duration",
            "P1Y2M3DT4H5M6.7S|P3W|PT0S|P1M|PT1M|PT1,5S",
            "P|PT|P1YT|P1W2D|P1DT1W|PT1.5H|P1D1Y|P1|-P1D|P1.5Y|PT1.S|p1d",
        );
    }

    #[test]
    fn identifiers_and_encodings_match_like_zod() {
        check(
            "uuid",
            "123e4567-e89b-12d3-a456-426614174000|123E4567-E89B-82D3-B456-426614174000|\
             00000000-0000-0000-0000-000000000000|ffffffff-ffff-ffff-ffff-ffffffffffff",
            "|FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF|123e4567-e89b-02d3-a456-426614174000|\
             123e4567-e89b-12d3-c456-426614174000|123e4567e89b12d3a456426614174000|\
             123e4567-e89b-12d3-a456-426614174000-",
        );
        check("byte", "|AA==|AAA=|AAAA|+/+/", "AA|A===|====|AA=A|AAAA=|AA==AA==|-_-_|AA =");
        check("base64url", "|AA|AAA|-_-_", "A|AA==|+/+/");
        check("e164", "+1234567|+123456789012345", "+123456|+1234567890123456|+0123456789|1234567|+123 4567");
    }

    #[test]
    fn overlong_hostnames_are_refused() {
        let fits = [&*"a".repeat(63), &["a"; 127].join(".")].join("|");
        let exceeds = [&*"a".repeat(64), &["a"; 128].join(".")].join("|");
        check("hostname", &fits, &exceeds);
    }

    #[test]
    fn unknown_format_is_none() {
        for name in ["", "binary", "int32", "Email"] {
            assert_eq!(StringFormat::from_name(name), None);
        }
    }
}
