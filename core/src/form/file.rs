use std::{borrow::Cow, fmt};

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A file of a multipart form.
///
/// Its bytes are a slice of the request's body: cloning a file copies none of them, and keeping one keeps the whole body
/// in memory.
///
/// ```
/// use bytes::Bytes;
/// use enact::File;
///
/// let file = File::new("notes.txt", "text/plain", Bytes::from_static(b"hello"));
/// assert_eq!(file.name(), "notes.txt");
/// assert_eq!(file.len(), 5);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    name: String,
    content_type: String,
    bytes: Bytes,
}

impl File {
    /// A file of this name, media type and content.
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { name: name.into(), content_type: content_type.into(), bytes: bytes.into() }
    }

    /// The name that the client gave, unchanged; empty where a file input had nothing selected.
    ///
    /// It is the client's word and may be anything, `../../etc/passwd` or `C:\dir\a.txt` included: show it, but never use
    /// it as a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type that the client claims, in lower case and with its parameters, as in `text/plain; charset=utf-8`.
    ///
    /// As in browsers it is `text/plain` where the client gave none, and empty where what it gave has characters other
    /// than printable ASCII. Nothing has looked at the content.
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// The content.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The content, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// The content's length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether the content has no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Shows the name, the type and the length, never the content.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("content_type", &self.content_type)
            .field("len", &self.len())
            .finish()
    }
}

/// `{"type": "string", "format": "binary"}`, OpenAPI's way to say it.
impl JsonSchema for File {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "File".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::File").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "binary" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_does_not_hold_the_content() {
        let file = File::new("a.txt", "text/plain", Bytes::from_static(b"secret"));
        assert_eq!(format!("{file:?}"), r#"File { name: "a.txt", content_type: "text/plain", len: 6 }"#);
    }

    #[test]
    fn its_schema_is_a_binary_string() {
        let schema = SchemaGenerator::default().into_root_schema_for::<File>();
        assert_eq!(schema.get("type").and_then(|v| v.as_str()), Some("string"));
        assert_eq!(schema.get("format").and_then(|v| v.as_str()), Some("binary"));
    }
}
