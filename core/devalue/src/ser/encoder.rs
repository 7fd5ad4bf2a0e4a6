//! The serializer's state, and its implementation of serde's data model.

use serde::ser::{Error as _, Serialize, Serializer};

use super::compound::{Compound, Kind, Variant};
use super::escape::{is_plain, push_escaped, push_quoted};
use super::field_names::FieldNames;
use super::property_order;
use super::slots::Slots;
use crate::error::Error;
#[cfg(feature = "exotic")]
use crate::exotic::TemporalKind;
use crate::marker::{Marker, Tag};
use crate::numbers::NumberBuffer;
use crate::reference::{self, Ref};

/// The notation of the next value, which is the content of a marker type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    /// The content of this tag.
    Tag(Tag),
    /// A key and a value of a map, which are items of the map itself.
    Pair,
    /// A string that is written in place, without a slot.
    RawText,
    /// The text of a `Temporal` value.
    #[cfg(feature = "exotic")]
    Temporal(TemporalKind),
    /// The fields of a view.
    #[cfg(feature = "exotic")]
    View,
    /// The entries of an object without a prototype.
    #[cfg(feature = "exotic")]
    NullObject,
    /// A number that is written in place, without a slot.
    #[cfg(feature = "exotic")]
    RawNumber,
}

/// The serializer and its buffers.
#[derive(Debug)]
pub(super) struct Encoder {
    pub(super) slots: Slots,
    /// The unfinished texts of open containers, innermost last.
    pub(super) scratch: Vec<u8>,
    pub(super) names: FieldNames,
    pub(super) pending: Option<Pending>,
    /// Whether an object's keys differ in order from JavaScript's.
    pub(super) is_disordered: bool,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self {
            slots: Slots::new(),
            scratch: Vec::with_capacity(256),
            names: FieldNames::default(),
            pending: None,
            is_disordered: false,
        }
    }

    /// Removes all content and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.scratch.clear();
        self.slots.clear();
        self.names.clear();
        self.pending = None;
        self.is_disordered = false;
    }

    /// Returns the allocated memory in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.scratch.capacity() + self.slots.capacity()
    }

    /// Returns the whole text of the value whose root is given.
    pub(super) fn finish(&mut self, mut root: Ref) -> Result<Vec<u8>, Error> {
        if self.is_disordered {
            root = property_order::reorder(self, root)?;
        }
        Ok(if root < 0 { root.to_string().into_bytes() } else { self.slots.join() })
    }

    #[inline]
    fn push_string(&mut self, text: &str) -> Result<Ref, Error> {
        if is_plain(text.as_bytes()) {
            return self.slots.intern(text.as_bytes(), true);
        }
        let start = self.scratch.len();
        push_escaped(&mut self.scratch, text.as_bytes());
        let slot = self.slots.intern(self.scratch.get(start..).unwrap_or_default(), true);
        self.scratch.truncate(start);
        slot
    }

    fn push_number(&mut self, digits: &str) -> Result<Ref, Error> {
        self.slots.intern(digits.as_bytes(), false)
    }

    fn push_float<F: zmij::Float + Into<f64> + Copy>(&mut self, number: F) -> Result<Ref, Error> {
        let wide: f64 = number.into();
        Ok(if wide.is_nan() {
            reference::NAN
        } else if wide.is_infinite() {
            if wide > 0.0 { reference::INFINITY } else { reference::NEGATIVE_INFINITY }
        } else if wide == 0.0 && wide.is_sign_negative() {
            reference::NEGATIVE_ZERO
        } else {
            return self.push_number(NumberBuffer::new().format(number));
        })
    }

    /// Writes a slot with a tag and a reference to another slot.
    fn wrap(&mut self, tag: &str, inner: impl FnOnce(&mut Self) -> Result<Ref, Error>) -> Result<Ref, Error> {
        let slot = self.slots.reserve()?;
        let inner = inner(self)?;
        let digits = inner.to_string();
        self.slots.fill(slot, [b"[\"", tag.as_bytes(), b"\",", digits.as_bytes(), b"]"]);
        Ok(slot)
    }

    /// Writes the string content of a marker type.
    fn push_marked_text(&mut self, pending: Pending, text: &str) -> Result<Ref, Error> {
        let opening = match pending {
            Pending::RawText => {
                push_quoted(&mut self.scratch, text);
                return Ok(0);
            }
            Pending::Tag(Tag::Url) => return self.wrap(Tag::Url.name(), |encoder| encoder.push_string(text)),
            // Bigints are primitives: equal ones share a slot.
            Pending::Tag(Tag::BigInt) => {
                return self.push_number(&format!("[\"BigInt\",\"{text}\"]"));
            }
            Pending::Tag(Tag::Uint8Array) => {
                return self.wrap(Tag::Uint8Array.name(), |encoder| {
                    encoder.push_marked_text(Pending::Tag(Tag::ArrayBuffer), text)
                });
            }
            Pending::Tag(tag) => tag.opening(),
            #[cfg(feature = "exotic")]
            Pending::Temporal(kind) => kind.opening(),
            _ => return Err(Error::custom("invalid content of a marker type: a string")),
        };
        let slot = self.slots.reserve()?;
        let is_safe = matches!(pending, Pending::Tag(Tag::Date | Tag::ArrayBuffer));
        if is_safe || is_plain(text.as_bytes()) {
            self.slots.fill(slot, [opening.as_bytes(), text.as_bytes(), b"\"]"]);
        } else {
            let mut escaped = Vec::with_capacity(text.len() + 8);
            push_escaped(&mut escaped, text.as_bytes());
            self.slots.fill(slot, [opening.as_bytes(), &escaped, b"\"]"]);
        }
        Ok(slot)
    }

    #[inline]
    fn open_list(&mut self) -> Result<Compound<'_>, Error> {
        match self.pending.take() {
            None => Compound::open(self, Kind::List, b"["),
            Some(pending) => self.open_marked_list(pending),
        }
    }

    #[cold]
    fn open_marked_list(&mut self, pending: Pending) -> Result<Compound<'_>, Error> {
        match pending {
            Pending::Tag(Tag::Set) => Compound::open(self, Kind::List, b"[\"Set\","),
            Pending::Tag(Tag::Map) => Compound::open(self, Kind::Pairs, b"[\"Map\","),
            Pending::Pair => Ok(Compound::open_inline(self)),
            _ => Err(Error::custom("invalid content of a marker type: a sequence")),
        }
    }

    #[inline]
    fn open_object(&mut self) -> Result<Compound<'_>, Error> {
        match self.pending.take() {
            None => Compound::open(self, Kind::Object, b"{"),
            Some(Pending::Tag(Tag::RegExp)) => Compound::open(self, Kind::RegExp, b"[\"RegExp\","),
            #[cfg(feature = "exotic")]
            Some(Pending::NullObject) => Compound::open(self, Kind::NullObject, b"[\"null\","),
            #[cfg(feature = "exotic")]
            Some(Pending::View) => Compound::open(self, Kind::View, b"["),
            Some(_) => Err(Error::custom("invalid content of a marker type: a map")),
        }
    }
}

impl<'a> Serializer for &'a mut Encoder {
    type Ok = Ref;
    type Error = Error;
    type SerializeSeq = Compound<'a>;
    type SerializeTuple = Compound<'a>;
    type SerializeTupleStruct = Compound<'a>;
    type SerializeTupleVariant = Variant<'a>;
    type SerializeMap = Compound<'a>;
    type SerializeStruct = Compound<'a>;
    type SerializeStructVariant = Variant<'a>;

    fn serialize_bool(self, value: bool) -> Result<Ref, Error> {
        self.push_number(if value { "true" } else { "false" })
    }

    fn serialize_i8(self, value: i8) -> Result<Ref, Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Ref, Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<Ref, Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<Ref, Error> {
        #[cfg(feature = "exotic")]
        if self.pending.take().is_some() {
            return Ok(value);
        }
        self.push_number(itoa::Buffer::new().format(value))
    }

    fn serialize_i128(self, value: i128) -> Result<Ref, Error> {
        self.push_number(itoa::Buffer::new().format(value))
    }

    fn serialize_u8(self, value: u8) -> Result<Ref, Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Ref, Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<Ref, Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<Ref, Error> {
        self.push_number(itoa::Buffer::new().format(value))
    }

    fn serialize_u128(self, value: u128) -> Result<Ref, Error> {
        self.push_number(itoa::Buffer::new().format(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Ref, Error> {
        self.push_float(value)
    }

    fn serialize_f64(self, value: f64) -> Result<Ref, Error> {
        self.push_float(value)
    }

    fn serialize_char(self, value: char) -> Result<Ref, Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Ref, Error> {
        match self.pending.take() {
            None => self.push_string(value),
            Some(pending) => self.push_marked_text(pending, value),
        }
    }

    /// Writes an array of numbers, as `serde_json` does. Bytes have the type [`Uint8Array`](crate::Uint8Array).
    fn serialize_bytes(self, value: &[u8]) -> Result<Ref, Error> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<Ref, Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Ref, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Ref, Error> {
        self.push_number("null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Ref, Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<Ref, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<Ref, Error> {
        self.pending = match Marker::from_newtype(name) {
            None | Some(Marker::Value) => None,
            Some(Marker::Undefined) => return Ok(reference::UNDEFINED),
            Some(Marker::Tag(tag)) => Some(Pending::Tag(tag)),
            #[cfg(feature = "exotic")]
            Some(Marker::Boxed) => return self.wrap("Object", |encoder| value.serialize(encoder)),
            #[cfg(feature = "exotic")]
            Some(Marker::NullObject) => Some(Pending::NullObject),
            #[cfg(feature = "exotic")]
            Some(Marker::Temporal(kind)) => Some(Pending::Temporal(kind)),
            #[cfg(feature = "exotic")]
            Some(Marker::View) => Some(Pending::View),
            #[cfg(feature = "exotic")]
            Some(Marker::Raw) => Some(Pending::RawNumber),
        };
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Ref, Error> {
        let mut object = self.open_object()?;
        serde::ser::SerializeStruct::serialize_field(&mut object, variant, value)?;
        serde::ser::SerializeStruct::end(object)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Compound<'a>, Error> {
        self.open_list()
    }

    fn serialize_tuple(self, _len: usize) -> Result<Compound<'a>, Error> {
        self.open_list()
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Compound<'a>, Error> {
        self.open_list()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Variant<'a>, Error> {
        Variant::open(self, variant, Kind::List, b"[")
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Compound<'a>, Error> {
        self.open_object()
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Compound<'a>, Error> {
        self.open_object()
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Variant<'a>, Error> {
        Variant::open(self, variant, Kind::Object, b"{")
    }
}
