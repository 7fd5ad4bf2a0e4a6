//! Serialization of containers.

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::encoder::{Encoder, Pending};
use super::escape::push_quoted;
use super::object_key::KeySerializer;
use super::property_order::{parse_array_index, read_first_string};
use crate::error::Error;
use crate::reference::{Ref, push_ref};

/// The notation of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An array or a set: a reference for each value.
    List,
    /// A map, whose elements are pairs of a key and a value.
    Pairs,
    /// A pair of a map. Its items are written into the map itself.
    Inline,
    /// A plain object.
    Object,
    /// A `RegExp`: strings in place.
    RegExp,
    /// An object without a prototype: keys and references alternate.
    #[cfg(feature = "exotic")]
    NullObject,
    /// A typed array or a `DataView`: a string in place, a reference to the buffer, and numbers in place.
    #[cfg(feature = "exotic")]
    View,
}

/// A container's slot, and the start of its text in the scratch buffer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) slot: Ref,
    pub(super) scratch: usize,
}

/// The serializer of one open container.
#[derive(Debug)]
pub(super) struct Compound<'a> {
    encoder: &'a mut Encoder,
    frame: Frame,
    kind: Kind,
    /// The number of elements so far, or the start of the current key's text.
    position: usize,
    order: KeyOrder,
}

/// The order of an object's keys so far.
#[derive(Debug, Default)]
struct KeyOrder {
    last_index: Option<u32>,
    has_other: bool,
    /// Whether JavaScript lists the keys in another order.
    is_disordered: bool,
}

impl<'a> Compound<'a> {
    #[inline]
    pub(super) fn open(encoder: &'a mut Encoder, kind: Kind, start: &[u8]) -> Result<Self, Error> {
        let frame = Frame { slot: encoder.slots.reserve()?, scratch: encoder.scratch.len() };
        encoder.scratch.extend_from_slice(start);
        Ok(Self { encoder, frame, kind, position: 0, order: KeyOrder::default() })
    }

    pub(super) fn open_inline(encoder: &'a mut Encoder) -> Self {
        let frame = Frame { slot: 0, scratch: 0 };
        Self { encoder, frame, kind: Kind::Inline, position: 0, order: KeyOrder::default() }
    }

    #[inline]
    fn push_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        if self.kind == Kind::Pairs {
            self.encoder.pending = Some(Pending::Pair);
        }
        match value.serialize(&mut *self.encoder) {
            Ok(_) if self.kind == Kind::Pairs => {}
            Ok(slot) => push_ref(&mut self.encoder.scratch, slot),
            Err(error) if self.kind == Kind::Inline => return Err(error),
            Err(error) => return Err(error.in_index(self.position)),
        }
        self.position += 1;
        Ok(())
    }

    #[inline]
    pub(super) fn push_key(&mut self, key: &str) -> Result<(), Error> {
        match key.as_bytes() {
            [b'0'..=b'9', ..] => self.check_index_order(key),
            b"__proto__" => return Err(Error::custom("invalid object key: `__proto__`")),
            _ => self.order.has_other = true,
        }
        self.position = self.encoder.scratch.len();
        push_quoted(&mut self.encoder.scratch, key);
        self.encoder.scratch.push(if self.kind == Kind::Object { b':' } else { b',' });
        Ok(())
    }

    #[cold]
    fn check_index_order(&mut self, key: &str) {
        match parse_array_index(key.as_bytes()) {
            None => self.order.has_other = true,
            Some(index) => {
                self.order.is_disordered |=
                    self.order.has_other || self.order.last_index.is_some_and(|last| index < last);
                self.order.last_index = Some(index);
            }
        }
    }

    #[inline]
    fn push_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        match value.serialize(&mut *self.encoder) {
            Ok(slot) => {
                push_ref(&mut self.encoder.scratch, slot);
                Ok(())
            }
            Err(error) => Err(self.locate(error)),
        }
    }

    #[cold]
    fn locate(&self, error: Error) -> Error {
        let key = read_first_string(self.encoder.scratch.get(self.position..).unwrap_or_default());
        error.in_key(&key)
    }

    #[inline]
    fn push_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        match self.kind {
            Kind::RegExp => return self.push_raw_field(name, value),
            #[cfg(feature = "exotic")]
            Kind::View => return self.push_raw_field(name, value),
            Kind::Object => self.push_name(name)?,
            _ => self.push_key(name)?,
        }
        self.push_value(value)
    }

    /// Does the same as [`push_key`](Self::push_key), but faster.
    #[inline]
    fn push_name(&mut self, name: &'static str) -> Result<(), Error> {
        let Encoder { names, scratch, slots, .. } = &mut *self.encoder;
        let position = scratch.len();
        // In a short text, names repeat too rarely for the cache to pay off.
        if slots.ranges.len() < 64 || !names.push(scratch, name) {
            return self.push_key(name);
        }
        self.order.has_other = true;
        self.position = position;
        Ok(())
    }

    #[cold]
    fn push_raw_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if self.kind == Kind::RegExp || name == "kind" {
            self.encoder.pending = Some(Pending::RawText);
            value.serialize(&mut *self.encoder)?;
            self.encoder.scratch.push(b',');
        } else {
            let slot = value.serialize(&mut *self.encoder)?;
            push_ref(&mut self.encoder.scratch, slot);
        }
        Ok(())
    }

    /// Closes the container and moves its text to its slot.
    #[inline]
    fn finish(self) -> Result<Ref, Error> {
        if self.kind == Kind::Inline {
            return Ok(0);
        }
        self.encoder.is_disordered |= self.order.is_disordered;
        let Encoder { slots, scratch, .. } = self.encoder;
        if scratch.last() == Some(&b',') {
            scratch.pop();
        }
        scratch.push(if self.kind == Kind::Object { b'}' } else { b']' });
        slots.fill(self.frame.slot, [scratch.get(self.frame.scratch..).unwrap_or_default()]);
        scratch.truncate(self.frame.scratch);
        Ok(self.frame.slot)
    }
}

/// The serializer of a variant with several values: an object with one entry, which is the container.
#[derive(Debug)]
pub(super) struct Variant<'a> {
    inner: Compound<'a>,
    name: &'static str,
    outer: Frame,
}

impl<'a> Variant<'a> {
    pub(super) fn open(encoder: &'a mut Encoder, name: &'static str, kind: Kind, start: &[u8]) -> Result<Self, Error> {
        let mut outer = Compound::open(encoder, Kind::Object, b"{")?;
        outer.push_key(name)?;
        let Compound { encoder, frame: outer, .. } = outer;
        Ok(Self { inner: Compound::open(encoder, kind, start)?, name, outer })
    }

    fn finish(self) -> Result<Ref, Error> {
        let Compound { encoder, frame, kind, .. } = self.inner;
        let inner = Compound { encoder: &mut *encoder, frame, kind, position: 0, order: self.inner.order }.finish()?;
        push_ref(&mut encoder.scratch, inner);
        Compound { encoder, frame: self.outer, kind: Kind::Object, position: 0, order: KeyOrder::default() }.finish()
    }
}

impl SerializeSeq for Compound<'_> {
    type Ok = Ref;
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.push_element(value)
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeTuple for Compound<'_> {
    type Ok = Ref;
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.push_element(value)
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeTupleStruct for Compound<'_> {
    type Ok = Ref;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.push_element(value)
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeMap for Compound<'_> {
    type Ok = Ref;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(KeySerializer(self))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.push_value(value)
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeStruct for Compound<'_> {
    type Ok = Ref;
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.push_field(name, value)
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeTupleVariant for Variant<'_> {
    type Ok = Ref;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.inner.push_element(value).map_err(|error| error.in_key(self.name))
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeStructVariant for Variant<'_> {
    type Ok = Ref;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.inner.push_field(name, value).map_err(|error| error.in_key(self.name))
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}
