//! The deserializer: serde's data model read as `parse` in `src/parse.js` of npm's devalue reads it.

mod cursor;
mod document;
mod elements;
mod payload;
mod properties;
mod slot_deserializer;
#[cfg(feature = "exotic")]
mod sparse;
#[cfg(test)]
mod tests;
mod variant;

use serde::Deserialize;

use crate::error::Error;
use document::Document;
use slot_deserializer::SlotDeserializer;

/// Deserializes a value from devalue text.
///
/// It accepts every text that devalue writes, except cycles. A shared value is read once for each reference to it.
/// Strings without escapes can be borrowed. Integers of any size keep their digits, as in JSON.
///
/// JavaScript's constructors are more lenient than this function: dates, bigints and URLs must have the form that
/// devalue writes.
///
/// ```
/// use enact_devalue::Date;
///
/// #[derive(serde::Deserialize)]
/// struct Post {
///     title: String,
///     published: Date,
/// }
///
/// let text = r#"[{"title":1,"published":2},"Hello",["Date","2024-02-03T04:05:06.789Z"]]"#;
/// let post: Post = enact_devalue::from_str(text).unwrap();
/// assert_eq!(post.title, "Hello");
/// assert_eq!(post.published.millis(), 1_706_933_106_789);
/// ```
///
/// # Errors
///
/// Returns an error if the text is malformed, does not match `T`, or has a cycle or a key `__proto__`. Returns an error
/// too if the text exceeds the [limits](crate#limits).
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    let (mut document, root) = Document::new(text)?;
    T::deserialize(SlotDeserializer::new(&mut document, root))
}

/// Deserializes a value from devalue text in UTF-8; see [`from_str`].
///
/// # Errors
///
/// Returns the errors of [`from_str`], or an error if the text is not UTF-8.
pub fn from_slice<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, Error> {
    from_str(str::from_utf8(text).map_err(Error::new)?)
}
