//! Files in serde's data model, which has none.
//!
//! A file is stored in a thread-local slot, and the slot's number travels through serde in its place: as a newtype struct
//! when reading, as a map with one special key when writing. A number survives the buffering by which serde reads tagged
//! enums and flattened structs.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::form::{File, FormData, FormValue};

thread_local! {
    /// The files of the deserialization that is running.
    static SLOTS: RefCell<Vec<File>> = const { RefCell::new(Vec::new()) };
    /// The files of the serialization that is running, if it is run by [`collect_files`].
    static COLLECTED: RefCell<Option<Vec<File>>> = const { RefCell::new(None) };
}

/// The slots of one deserialization. They are emptied on drop.
pub(super) struct SlotScope(Vec<File>);

impl SlotScope {
    #[inline(never)]
    pub(super) fn enter() -> Self {
        Self(SLOTS.take())
    }
}

impl Drop for SlotScope {
    #[inline(never)]
    fn drop(&mut self) {
        SLOTS.set(std::mem::take(&mut self.0));
    }
}

/// Stores a file and returns the number of its slot.
pub(super) fn store(file: File) -> u64 {
    SLOTS.with_borrow_mut(|files| {
        files.push(file);
        files.len() as u64 - 1
    })
}

/// Reads a slot's number and returns the slot's file. The file stays in the slot, because an untagged enum reads its content
/// once for each variant.
pub(super) fn load<'de, D: Deserializer<'de>>(slot: D) -> Result<File, D::Error> {
    let slot = u64::deserialize(slot)?;
    usize::try_from(slot)
        .ok()
        .and_then(|slot| SLOTS.with_borrow(|files| files.get(slot).cloned()))
        .ok_or_else(|| de::Error::custom("expected a file"))
}

/// A deserializer of a stored file: it yields the number of the slot.
pub(super) struct SlotDeserializer<E>(u64, PhantomData<fn() -> E>);

impl<E> SlotDeserializer<E> {
    /// Stores the file.
    pub(super) fn new(file: File) -> Self {
        Self(store(file), PhantomData)
    }
}

impl<'de, E: de::Error> Deserializer<'de> for SlotDeserializer<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_u64(self.0)
    }

    /// Supports newtype structs around a file.
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
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

            fn visit_newtype_struct<D: Deserializer<'de>>(self, slot: D) -> Result<File, D::Error> {
                load(slot)
            }
        }

        deserializer.deserialize_newtype_struct("File", FileVisitor)
    }
}

/// The key under which a slot's number is written.
pub(super) const SLOT_KEY: &str = "$enact::file";

/// Runs a serialization and returns its result with the files that it contains, in order. Each file is written as a map from
/// [`SLOT_KEY`] to the file's index.
pub(crate) fn collect_files<T>(serialize: impl FnOnce() -> T) -> (T, Vec<File>) {
    let outer = COLLECTED.replace(Some(Vec::new()));
    let result = serialize();
    (result, COLLECTED.replace(outer).unwrap_or_default())
}

/// Writes the file's name, media type and size in bytes, but not its content.
impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let slot = COLLECTED.with_borrow_mut(|collected| {
            let files = collected.as_mut()?;
            files.push(self.clone());
            Some(files.len() - 1)
        });
        let mut map = serializer.serialize_map(None)?;
        match slot {
            Some(slot) => map.serialize_entry(SLOT_KEY, &slot)?,
            None => {
                map.serialize_entry("name", self.name())?;
                map.serialize_entry("type", self.content_type())?;
                map.serialize_entry("size", &self.len())?;
            }
        }
        map.end()
    }
}

/// Writes the entries as pairs of a name and a value.
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
