//! Media types and their comparison without parameters (RFC 9110, section 8.3.1).

pub(crate) const JSON: &str = "application/json";
/// The media type of devalue.
pub(crate) const DEVALUE: &str = "application/json+devalue";
pub(crate) const URLENCODED: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data";
pub(crate) const TEXT: &str = "text/plain";

/// Returns the media type without its parameters and the white space around it.
pub(crate) fn essence(value: &[u8]) -> &[u8] {
    value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii()
}

/// Compares media types, ignoring case.
pub(crate) fn is(essence: &[u8], media_type: &str) -> bool {
    essence == media_type.as_bytes() || essence.eq_ignore_ascii_case(media_type.as_bytes())
}
