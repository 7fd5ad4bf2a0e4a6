//! The serializer: serde's data model written as `stringify` in `src/stringify.js` of npm's devalue writes it.

mod compound;
mod encoder;
mod escape;
mod field_names;
mod intern_table;
mod object_key;
mod property_order;
mod slots;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use serde::ser::{Error as _, Serialize};

use crate::error::Error;
use encoder::Encoder;

/// Serializes a value as devalue text in UTF-8.
///
/// The text is that of `stringify(value, { URL: (v) => v instanceof URL && v.href })` in JavaScript, byte by byte.
///
/// # Errors
///
/// Returns an error if an object has the key `__proto__` or a key that `serde_json` rejects, or if an implementation of
/// `Serialize` fails.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut encoder = take_spare_encoder();
    let root = value.serialize(&mut *encoder);
    let text = root.and_then(|root| encoder.finish(root));
    keep_spare_encoder(encoder);
    text
}

/// Serializes a value as a string of devalue text; see [`to_vec`].
///
/// ```
/// let text = enact_devalue::to_string(&[("a", 1.0), ("b", 1.0)]).unwrap();
/// assert_eq!(text, r#"[[1,4],[2,3],"a",1,[5,3],"b"]"#);
/// ```
///
/// # Errors
///
/// Returns the errors of [`to_vec`].
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    String::from_utf8(to_vec(value)?).map_err(Error::custom)
}

thread_local! {
    /// The encoder of the last text, whose memory the next text uses. Fresh memory costs more time than filling it.
    static SPARE: Cell<Option<Box<Encoder>>> = const { Cell::new(None) };
}

/// The maximum memory that a thread keeps, in bytes.
const MAX_SPARE_BYTES: usize = 1024 * 1024;

fn take_spare_encoder() -> Box<Encoder> {
    SPARE.try_with(Cell::take).ok().flatten().unwrap_or_else(|| Box::new(Encoder::new()))
}

fn keep_spare_encoder(mut encoder: Box<Encoder>) {
    if encoder.capacity() <= MAX_SPARE_BYTES {
        encoder.clear();
        // Fails only while the thread ends, when the encoder is of no more use.
        let _ = SPARE.try_with(|spare| spare.set(Some(encoder)));
    }
}
