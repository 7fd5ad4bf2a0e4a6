//! Files of a form.

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A file of a multipart form.
///
/// The content is a slice of the request's body. Cloning a file copies no content; keeping a file keeps the whole body in
/// memory.
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
    /// Creates a file with a name, a media type and content.
    pub fn new(name: impl Into<String>, content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { name: name.into(), content_type: content_type.into(), bytes: bytes.into() }
    }

    /// Returns the name that the client sent, unchanged. It is empty if a file input had no selection.
    ///
    /// The client can send any text, such as `../../etc/passwd` or `C:\dir\a.txt`. Show the name, but never use it as a
    /// path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the media type that the client claims, in lower case and with its parameters, for example
    /// `text/plain; charset=utf-8`.
    ///
    /// As in browsers, it is `text/plain` if the client sent none, and empty if it has characters other than printable
    /// ASCII. It is not compared with the content.
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Returns the content.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Returns the content without copying it.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// Returns the content's length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns whether the content is empty.
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

/// The schema is `{"type": "string", "format": "binary"}`, as in OpenAPI.
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
    fn debug_output_omits_the_content() {
        let file = File::new("a.txt", "text/plain", Bytes::from_static(b"secret"));
        assert_eq!(format!("{file:?}"), r#"File { name: "a.txt", content_type: "text/plain", len: 6 }"#);
    }

    #[test]
    fn schema_is_a_binary_string() {
        let schema = SchemaGenerator::default().into_root_schema_for::<File>();
        assert_eq!(schema.get("type").and_then(|v| v.as_str()), Some("string"));
        assert_eq!(schema.get("format").and_then(|v| v.as_str()), Some("binary"));
    }
}
