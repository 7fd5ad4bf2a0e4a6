//! The serializer: a port of the numbering in devalue's `src/stringify.js` to serde's data model.

use std::cell::Cell;

use serde::ser::{Error as _, Serialize, Serializer};

use super::compound::{Compound, Kind, Variant};
use super::error::Error;
use super::marker::{Marker, Tag, TemporalKind};
use super::names::Names;
use super::number;
use super::order;
use super::slots::{self, Ref, Slots};
use super::text::{is_plain, push_escaped, push_quoted};

/// Writes a value as devalue's text.
///
/// The text is what `devalue.stringify(value, { URL: (v) => v instanceof URL && v.href })` gives in JavaScript, byte by
/// byte.
///
/// # Errors
///
/// A key `__proto__`, a key that is no string in JSON either, or the error of a `Serialize` implementation.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder::spare();
    let root = value.serialize(&mut *encoder);
    let text = root.and_then(|root| encoder.text(root));
    encoder.keep();
    text
}

/// Writes a value as devalue's text; see [`to_vec`].
///
/// ```
/// use enact::devalue;
///
/// let text = devalue::to_string(&[("a", 1.0), ("b", 1.0)]).unwrap();
/// assert_eq!(text, r#"[[1,4],[2,3],"a",1,[5,3],"b"]"#);
/// ```
///
/// # Errors
///
/// Those of [`to_vec`].
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    String::from_utf8(to_vec(value)?).map_err(Error::custom)
}

/// What a marker tells the serialize call of its content, which follows at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    /// The content of this tag.
    Tag(Tag),
    /// The text of a `Temporal` value.
    Temporal(TemporalKind),
    /// The fields of a view.
    View,
    /// A key and a value of a map, to be written into it.
    Pair,
    /// A text to be written where we are.
    RawText,
    /// A number that is no value of its own.
    RawNumber,
}

#[derive(Debug)]
pub(super) struct Encoder {
    pub(super) slots: Slots,
    /// The texts of open containers, the innermost last.
    pub(super) scratch: Vec<u8>,
    pub(super) names: Names,
    pub(super) pending: Option<Pending>,
    /// Some object's keys came in another order than JavaScript lists them.
    pub(super) is_disordered: bool,
}

thread_local! {
    /// The buffers of one text, for the next: where the memory is fresh each time, it takes longer to get than to fill.
    static SPARE: Cell<Option<Box<Encoder>>> = const { Cell::new(None) };
}

/// How much memory a thread keeps, in bytes.
const KEPT: usize = 1024 * 1024;

impl Encoder {
    fn spare() -> Box<Self> {
        SPARE.try_with(Cell::take).ok().flatten().unwrap_or_else(|| Box::new(Self::new()))
    }

    fn keep(mut self: Box<Self>) {
        if self.scratch.capacity() + self.slots.capacity() <= KEPT {
            self.scratch.clear();
            self.slots.clear();
            self.names.clear();
            self.pending = None;
            self.is_disordered = false;
            // At the end of a thread there is no next text.
            let _ = SPARE.try_with(|spare| spare.set(Some(self)));
        }
    }

    fn text(&mut self, mut root: Ref) -> Result<Vec<u8>, Error> {
        if self.is_disordered {
            root = order::reorder(self, root)?;
        }
        Ok(if root < 0 { root.to_string().into_bytes() } else { self.slots.join() })
    }

    pub(super) fn new() -> Self {
        Self {
            slots: Slots::new(),
            scratch: Vec::with_capacity(256),
            names: Names::default(),
            pending: None,
            is_disordered: false,
        }
    }

    #[inline]
    fn string(&mut self, text: &str) -> Result<Ref, Error> {
        if is_plain(text.as_bytes()) {
            return self.slots.intern(text.as_bytes(), true);
        }
        let start = self.scratch.len();
        push_escaped(&mut self.scratch, text.as_bytes());
        let slot = self.slots.intern(self.scratch.get(start..).unwrap_or_default(), true);
        self.scratch.truncate(start);
        slot
    }

    fn number(&mut self, digits: &str) -> Result<Ref, Error> {
        self.slots.intern(digits.as_bytes(), false)
    }

    fn float<F: zmij::Float + Into<f64> + Copy>(&mut self, number: F) -> Result<Ref, Error> {
        let wide: f64 = number.into();
        Ok(if wide.is_nan() {
            slots::NAN
        } else if wide.is_infinite() {
            if wide > 0.0 { slots::INFINITY } else { slots::NEGATIVE_INFINITY }
        } else if wide == 0.0 && wide.is_sign_negative() {
            slots::NEGATIVE_ZERO
        } else {
            return self.number(number::Buffer::new().format(number));
        })
    }

    /// A slot that holds nothing but a tag and the number of another slot.
    fn wrap(&mut self, tag: &str, inner: impl FnOnce(&mut Self) -> Result<Ref, Error>) -> Result<Ref, Error> {
        let slot = self.slots.reserve()?;
        let inner = inner(self)?;
        let digits = inner.to_string();
        self.slots.fill(slot, [b"[\"", tag.as_bytes(), b"\",", digits.as_bytes(), b"]"]);
        Ok(slot)
    }

    /// A string that belongs to a marker.
    fn marked_text(&mut self, pending: Pending, text: &str) -> Result<Ref, Error> {
        let opening = match pending {
            Pending::RawText => {
                push_quoted(&mut self.scratch, text);
                return Ok(0);
            }
            Pending::Tag(Tag::Url) => return self.wrap(Tag::Url.name(), |encoder| encoder.string(text)),
            // A bigint is a primitive: equal ones share a slot.
            Pending::Tag(Tag::BigInt) => {
                return self.number(&format!("[\"BigInt\",\"{text}\"]"));
            }
            Pending::Tag(Tag::Uint8Array) => {
                return self
                    .wrap(Tag::Uint8Array.name(), |encoder| encoder.marked_text(Pending::Tag(Tag::ArrayBuffer), text));
            }
            Pending::Tag(tag) => tag.opening(),
            Pending::Temporal(kind) => kind.opening(),
            _ => return Err(Error::custom("a marker holds a string")),
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
    fn list(&mut self) -> Result<Compound<'_>, Error> {
        match self.pending.take() {
            None => Compound::open(self, Kind::List, b"["),
            Some(pending) => self.marked_list(pending),
        }
    }

    #[cold]
    fn marked_list(&mut self, pending: Pending) -> Result<Compound<'_>, Error> {
        match pending {
            Pending::Tag(Tag::Set) => Compound::open(self, Kind::List, b"[\"Set\","),
            Pending::Tag(Tag::Map) => Compound::open(self, Kind::Pairs, b"[\"Map\","),
            Pending::Pair => Ok(Compound::inline(self)),
            _ => Err(Error::custom("a marker holds a sequence")),
        }
    }

    #[inline]
    fn object(&mut self) -> Result<Compound<'_>, Error> {
        match self.pending.take() {
            None => Compound::open(self, Kind::Object, b"{"),
            Some(Pending::Tag(Tag::NullObject)) => Compound::open(self, Kind::NullObject, b"[\"null\","),
            Some(Pending::Tag(Tag::RegExp)) => Compound::open(self, Kind::RegExp, b"[\"RegExp\","),
            Some(Pending::View) => Compound::open(self, Kind::View, b"["),
            Some(_) => Err(Error::custom("a marker holds a map")),
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
        self.number(if value { "true" } else { "false" })
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
        if self.pending.take().is_some() {
            return Ok(value);
        }
        self.number(itoa::Buffer::new().format(value))
    }

    fn serialize_i128(self, value: i128) -> Result<Ref, Error> {
        self.number(itoa::Buffer::new().format(value))
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
        self.number(itoa::Buffer::new().format(value))
    }

    fn serialize_u128(self, value: u128) -> Result<Ref, Error> {
        self.number(itoa::Buffer::new().format(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Ref, Error> {
        self.float(value)
    }

    fn serialize_f64(self, value: f64) -> Result<Ref, Error> {
        self.float(value)
    }

    fn serialize_char(self, value: char) -> Result<Ref, Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Ref, Error> {
        match self.pending.take() {
            None => self.string(value),
            Some(pending) => self.marked_text(pending, value),
        }
    }

    /// An array of numbers, as in JSON; [`Uint8Array`](super::Uint8Array) is the type for bytes.
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
        self.number("null")
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
            Some(Marker::Undefined) => return Ok(slots::UNDEFINED),
            Some(Marker::Tag(Tag::Boxed)) => {
                return self.wrap(Tag::Boxed.name(), |encoder| value.serialize(encoder));
            }
            Some(Marker::Tag(tag)) => Some(Pending::Tag(tag)),
            Some(Marker::Temporal(kind)) => Some(Pending::Temporal(kind)),
            Some(Marker::View) => Some(Pending::View),
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
        let mut object = self.object()?;
        serde::ser::SerializeStruct::serialize_field(&mut object, variant, value)?;
        serde::ser::SerializeStruct::end(object)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Compound<'a>, Error> {
        self.list()
    }

    fn serialize_tuple(self, _len: usize) -> Result<Compound<'a>, Error> {
        self.list()
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Compound<'a>, Error> {
        self.list()
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
        self.object()
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Compound<'a>, Error> {
        self.object()
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
