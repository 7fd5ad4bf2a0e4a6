//! Hands files to `File`'s `Deserialize`, through whatever serde puts between.
//!
//! serde's data model has no files, and serde buffers what it reads of a tagged enum or a flattened struct. A number
//! survives that: a file is left in a slot of this thread, and the slot's number travels as a newtype struct.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::form::{File, FormData, FormValue};

thread_local! {
    static FILES: RefCell<Vec<File>> = const { RefCell::new(Vec::new()) };
}

/// One deserialisation: its files leave their slots at the end.
pub(super) struct Scope(Vec<File>);

impl Scope {
    #[inline(never)]
    pub(super) fn enter() -> Self {
        Self(FILES.take())
    }
}

impl Drop for Scope {
    #[inline(never)]
    fn drop(&mut self) {
        FILES.set(std::mem::take(&mut self.0));
    }
}

/// Puts a file into a slot, to be read by `take`.
pub(super) fn give<E>(file: File) -> Slot<E> {
    Slot(put(file), std::marker::PhantomData)
}

/// The same, where something else carries the slot's number.
pub(super) fn put(file: File) -> u64 {
    FILES.with_borrow_mut(|files| {
        files.push(file);
        files.len() as u64 - 1
    })
}

/// The file whose slot is read from `inner`. It stays there: an untagged enum reads its content once per variant.
pub(super) fn take<'de, D: Deserializer<'de>>(inner: D) -> Result<File, D::Error> {
    let slot = u64::deserialize(inner)?;
    usize::try_from(slot)
        .ok()
        .and_then(|slot| FILES.with_borrow(|files| files.get(slot).cloned()))
        .ok_or_else(|| de::Error::custom("expected a file"))
}

/// The number of a slot.
pub(super) struct Slot<E>(u64, std::marker::PhantomData<fn() -> E>);

impl<'de, E: de::Error> Deserializer<'de> for Slot<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_u64(self.0)
    }

    /// A newtype around a file is one more layer of it.
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

thread_local! {
    static TAKEN: RefCell<Option<Vec<File>>> = const { RefCell::new(None) };
}

/// The key under which a file's slot is written while files are taken.
pub(super) const SLOT: &str = "$enact::file";

/// Runs one serialisation, and gives the files that were met on the way.
pub(crate) fn taking<T>(write: impl FnOnce() -> T) -> (T, Vec<File>) {
    let before = TAKEN.replace(Some(Vec::new()));
    let written = write();
    (written, TAKEN.replace(before).unwrap_or_default())
}

/// Its name, media type and size in bytes; never what is in it.
impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let slot = TAKEN.with_borrow_mut(|taken| {
            let files = taken.as_mut()?;
            files.push(self.clone());
            Some(files.len() - 1)
        });
        let mut map = serializer.serialize_map(None)?;
        match slot {
            Some(slot) => map.serialize_entry(SLOT, &slot)?,
            None => {
                map.serialize_entry("name", self.name())?;
                map.serialize_entry("type", self.content_type())?;
                map.serialize_entry("size", &self.len())?;
            }
        }
        map.end()
    }
}

/// Its entries, as pairs of a name and a value.
impl Serialize for FormData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl Serialize for FormValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::File(file) => file.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FileVisitor;

        impl<'de> Visitor<'de> for FileVisitor {
            type Value = File;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a file")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<File, D::Error> {
                take(inner)
            }
        }

        deserializer.deserialize_newtype_struct("File", FileVisitor)
    }
}
