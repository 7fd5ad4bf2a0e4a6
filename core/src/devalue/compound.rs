//! Containers being written.

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::error::Error;
use super::key::Key;
use super::order;
use super::reference::push_ref;
use super::ser::{Encoder, Pending};
use super::slots::Ref;
use super::text::{array_index, push_quoted};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Values, each the number of its slot.
    List,
    /// Elements that are pairs of a key and a value.
    Pairs,
    /// A pair of a map, written into the map itself.
    Inline,
    Object,
    /// An object without a prototype.
    NullObject,
    /// Texts.
    RegExp,
    /// A text, the slot of a buffer, and raw numbers.
    View,
}

/// A container's slot, and where its text begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) slot: Ref,
    pub(super) scratch: usize,
}

#[derive(Debug)]
pub(super) struct Compound<'a> {
    encoder: &'a mut Encoder,
    frame: Frame,
    kind: Kind,
    /// How many elements came, or where the current key's text begins.
    position: usize,
    keys: Keys,
}

/// How an object's keys have come so far.
#[derive(Debug, Default)]
struct Keys {
    last_index: Option<u32>,
    has_other: bool,
    /// JavaScript would list them in another order.
    is_disordered: bool,
}

impl<'a> Compound<'a> {
    #[inline]
    pub(super) fn open(encoder: &'a mut Encoder, kind: Kind, start: &[u8]) -> Result<Self, Error> {
        let frame = Frame { slot: encoder.slots.reserve()?, scratch: encoder.scratch.len() };
        encoder.scratch.extend_from_slice(start);
        Ok(Self { encoder, frame, kind, position: 0, keys: Keys::default() })
    }

    pub(super) fn inline(encoder: &'a mut Encoder) -> Self {
        let frame = Frame { slot: 0, scratch: 0 };
        Self { encoder, frame, kind: Kind::Inline, position: 0, keys: Keys::default() }
    }

    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
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
    pub(super) fn key(&mut self, key: &str) -> Result<(), Error> {
        match key.as_bytes() {
            [b'0'..=b'9', ..] => self.digits(key),
            b"__proto__" => return Err(Error::custom("a key must not be `__proto__`")),
            _ => self.keys.has_other = true,
        }
        self.position = self.encoder.scratch.len();
        push_quoted(&mut self.encoder.scratch, key);
        self.encoder.scratch.push(if self.kind == Kind::Object { b':' } else { b',' });
        Ok(())
    }

    #[cold]
    fn digits(&mut self, key: &str) {
        match array_index(key.as_bytes()) {
            None => self.keys.has_other = true,
            Some(index) => {
                self.keys.is_disordered |= self.keys.has_other || self.keys.last_index.is_some_and(|last| index < last);
                self.keys.last_index = Some(index);
            }
        }
    }

    #[inline]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
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
        let key = order::first_string(self.encoder.scratch.get(self.position..).unwrap_or_default());
        error.in_key(&key)
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        match self.kind {
            Kind::RegExp | Kind::View => return self.raw_field(name, value),
            Kind::Object => self.name(name)?,
            _ => self.key(name)?,
        }
        self.value(value)
    }

    /// The same as [`key`](Self::key), faster.
    #[inline]
    fn name(&mut self, name: &'static str) -> Result<(), Error> {
        let Encoder { names, scratch, slots, .. } = &mut *self.encoder;
        let position = scratch.len();
        // In a short text no name comes again often enough.
        if slots.ranges.len() < 64 || !names.push(scratch, name) {
            return self.key(name);
        }
        self.keys.has_other = true;
        self.position = position;
        Ok(())
    }

    #[cold]
    fn raw_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
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

    /// Closes the text and gives it to the slot.
    #[inline]
    fn finish(self) -> Result<Ref, Error> {
        if self.kind == Kind::Inline {
            return Ok(0);
        }
        self.encoder.is_disordered |= self.keys.is_disordered;
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

/// A variant with several values: an object whose one entry is the container.
#[derive(Debug)]
pub(super) struct Variant<'a> {
    inner: Compound<'a>,
    name: &'static str,
    outer: Frame,
}

impl<'a> Variant<'a> {
    pub(super) fn open(encoder: &'a mut Encoder, name: &'static str, kind: Kind, start: &[u8]) -> Result<Self, Error> {
        let mut outer = Compound::open(encoder, Kind::Object, b"{")?;
        outer.key(name)?;
        let Compound { encoder, frame: outer, .. } = outer;
        Ok(Self { inner: Compound::open(encoder, kind, start)?, name, outer })
    }

    fn finish(self) -> Result<Ref, Error> {
        let Compound { encoder, frame, kind, .. } = self.inner;
        let inner = Compound { encoder: &mut *encoder, frame, kind, position: 0, keys: self.inner.keys }.finish()?;
        push_ref(&mut encoder.scratch, inner);
        Compound { encoder, frame: self.outer, kind: Kind::Object, position: 0, keys: Keys::default() }.finish()
    }
}

impl SerializeSeq for Compound<'_> {
    type Ok = Ref;
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
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
        self.element(value)
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeTupleStruct for Compound<'_> {
    type Ok = Ref;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.element(value)
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeMap for Compound<'_> {
    type Ok = Ref;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(Key(self))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
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
        self.field(name, value)
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeTupleVariant for Variant<'_> {
    type Ok = Ref;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.inner.element(value).map_err(|error| error.in_key(self.name))
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}

impl SerializeStructVariant for Variant<'_> {
    type Ok = Ref;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.inner.field(name, value).map_err(|error| error.in_key(self.name))
    }

    fn end(self) -> Result<Ref, Error> {
        self.finish()
    }
}
