//! The deserializer: a port of `src/parse.js` of devalue to serde's data model.

use std::borrow::Cow;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};

use super::access::{Entries, Items, Named, Pairs, SparseItems, Variant};
use super::document::{self, Document, Shape, Slot, Sparse};
use super::error::Error;
use super::marker::{Marker, Tag, TypedArrayKind};
use super::payload::{self, Payload};
use super::slots::{self, Ref};

/// Reads a value from devalue's text.
///
/// It takes what `devalue.parse` takes and a tree can hold: a value that is shared is read as often as it occurs. Of
/// what JavaScript would read by `new Date(…)`, `BigInt(…)` and the like it takes the forms that devalue writes. An
/// integer is read as in JSON, whatever its size.
///
/// Strings without escapes can be borrowed.
///
/// ```
/// use enact::devalue::{self, Date};
///
/// #[derive(serde::Deserialize)]
/// struct Post {
///     title: String,
///     published: Date,
/// }
///
/// let text = r#"[{"title":1,"published":2},"Hello",["Date","2024-02-03T04:05:06.789Z"]]"#;
/// let post: Post = devalue::from_str(text).unwrap();
/// assert_eq!(post.title, "Hello");
/// assert_eq!(post.published.millis(), 1_706_933_106_789);
/// ```
///
/// # Errors
///
/// The text is malformed, holds a value of another type, a cycle or a key `__proto__`, nests deeper than 128 levels, or
/// its shared values would, repeated, be out of proportion to its length.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    let (mut document, root) = Document::new(text)?;
    T::deserialize(SlotDe::new(&mut document, root))
}

/// Reads a value from devalue's text in UTF-8; see [`from_str`].
///
/// # Errors
///
/// Those of [`from_str`], or the text is not UTF-8.
pub fn from_slice<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, Error> {
    from_str(str::from_utf8(text).map_err(Error::new)?)
}

/// How to visit what no other format has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// As a newtype struct, which serde can keep for later.
    Any,
    /// As the named variant of an enum, which is what [`Value`](super::Value) takes.
    Faithful,
    /// Not at all: a type was asked for, and this is none.
    Typed,
}

#[derive(Debug)]
pub(super) struct SlotDe<'a, 'de> {
    document: &'a mut Document<'de>,
    slot: Ref,
    mode: Mode,
}

impl<'a, 'de> SlotDe<'a, 'de> {
    pub(super) fn new(document: &'a mut Document<'de>, slot: Ref) -> Self {
        Self { document, slot, mode: Mode::Any }
    }

    fn visit<V: Visitor<'de>>(self, mode: Mode, visitor: V) -> Result<V::Value, Error> {
        match self.slot {
            slots::UNDEFINED if mode == Mode::Faithful => {
                visitor.visit_enum(Named { name: "Undefined", content: Payload::Unit })
            }
            slots::UNDEFINED => visitor.visit_unit(),
            slots::NAN => visitor.visit_f64(f64::NAN),
            slots::INFINITY => visitor.visit_f64(f64::INFINITY),
            slots::NEGATIVE_INFINITY => visitor.visit_f64(f64::NEG_INFINITY),
            slots::NEGATIVE_ZERO => visitor.visit_f64(-0.0),
            _ => self.visit_slot(|document, slot| visit(document, slot, mode, visitor)),
        }
    }

    fn visit_slot<T>(self, read: impl FnOnce(&mut Document<'de>, Slot<'de>) -> Result<T, Error>) -> Result<T, Error> {
        let index =
            usize::try_from(self.slot).map_err(|_| Error::new(format_args!("there is no slot {}", self.slot)))?;
        self.document.within(index, |document| {
            let slot = document.slot(index)?;
            read(document, slot)
        })
    }

    /// Visits a number that may be wider than 64 bits.
    fn visit_wide<T: FromStr, V: Visitor<'de>>(
        self,
        visitor: V,
        visit_wide: impl FnOnce(V, T) -> Result<V::Value, Error>,
    ) -> Result<V::Value, Error> {
        if self.slot < 0 {
            return self.visit(Mode::Typed, visitor);
        }
        self.visit_slot(|document, slot| match slot {
            Slot::Number(digits) if let Ok(number) = digits.parse() => visit_wide(visitor, number),
            slot => visit(document, slot, Mode::Typed, visitor),
        })
    }

    /// The content of a marker, if the slot has its tag.
    fn marked<V: Visitor<'de>>(self, wanted: Marker, visitor: V) -> Result<V::Value, Error> {
        self.visit_slot(|document, slot| {
            let (shape, cursor) = match slot {
                Slot::Tagged(shape, cursor) => (shape, cursor),
                other => return Err(Error::invalid_type(unexpected(&other), &visitor)),
            };
            let payload = match (wanted, shape) {
                (Marker::Tag(Tag::Uint8Array), Shape::View(TypedArrayKind::Uint8)) => {
                    payload::visible_bytes(document, cursor)?
                }
                (Marker::View, Shape::View(_)) => payload::of(document, shape, cursor)?,
                (Marker::Tag(wanted), Shape::Tag(tag)) if wanted == tag => payload::of(document, shape, cursor)?,
                _ => return Err(Error::invalid_type(Unexpected::Other(shape.name()), &visitor)),
            };
            visitor.visit_newtype_struct(payload)
        })
    }
}

/// Visits what stands in a slot.
fn visit<'de, V: Visitor<'de>>(
    document: &mut Document<'de>,
    slot: Slot<'de>,
    mode: Mode,
    visitor: V,
) -> Result<V::Value, Error> {
    match slot {
        Slot::Null => visitor.visit_unit(),
        Slot::Bool(value) => visitor.visit_bool(value),
        Slot::Number(digits) => visit_number(digits, visitor),
        Slot::String(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
        Slot::String(Cow::Owned(text)) => visitor.visit_string(text),
        Slot::Object(cursor) => visitor.visit_map(Entries::new(document, cursor, false)),
        Slot::Array(cursor) if mode == Mode::Faithful => match document::with_holes(cursor)? {
            Some(sparse) => visit_sparse(document, sparse, visitor),
            None => Items::new(document, cursor).visit(visitor),
        },
        Slot::Array(cursor) => Items::new(document, cursor).visit(visitor),
        Slot::Sparse(mut cursor) => {
            let sparse = document::sparse(&mut cursor)?;
            if mode == Mode::Faithful {
                visit_sparse(document, sparse, visitor)
            } else {
                visitor.visit_seq(SparseItems::new(document, sparse))
            }
        }
        Slot::Tagged(Shape::Tag(Tag::NullObject), cursor) if mode != Mode::Faithful => {
            visitor.visit_map(Entries::new(document, cursor, true))
        }
        Slot::Tagged(Shape::Tag(Tag::Boxed), cursor) if mode != Mode::Faithful => {
            payload::boxed(document, cursor)?.visit(mode, visitor)
        }
        Slot::Tagged(shape, cursor) => match mode {
            Mode::Faithful => {
                let name = if let Shape::View(_) = shape { "View" } else { shape.name() };
                visitor.visit_enum(Named { name, content: payload::of(document, shape, cursor)? })
            }
            Mode::Any if shape == Shape::View(TypedArrayKind::Uint8) => {
                visitor.visit_newtype_struct(payload::visible_bytes(document, cursor)?)
            }
            Mode::Any => visitor.visit_newtype_struct(payload::of(document, shape, cursor)?),
            Mode::Typed => Err(Error::invalid_type(Unexpected::Other(shape.name()), &visitor)),
        },
    }
}

fn visit_sparse<'de, V: Visitor<'de>>(
    document: &mut Document<'de>,
    sparse: Sparse,
    visitor: V,
) -> Result<V::Value, Error> {
    visitor.visit_enum(Named { name: "Sparse", content: Payload::Pairs(Pairs::sparse(document, sparse)) })
}

fn visit_number<'de, V: Visitor<'de>>(digits: &str, visitor: V) -> Result<V::Value, Error> {
    if let Ok(number) = digits.parse() {
        return visitor.visit_u64(number);
    }
    match digits.parse() {
        Ok(0) => visitor.visit_f64(-0.0),
        Ok(number) => visitor.visit_i64(number),
        Err(_) => visitor.visit_f64(digits.parse().map_err(Error::new)?),
    }
}

fn unexpected<'a>(slot: &'a Slot<'_>) -> Unexpected<'a> {
    match slot {
        Slot::Null => Unexpected::Other("null"),
        Slot::Bool(value) => Unexpected::Bool(*value),
        Slot::Number(_) => Unexpected::Other("number"),
        Slot::String(text) => Unexpected::Str(text),
        Slot::Object(_) => Unexpected::Map,
        Slot::Array(_) | Slot::Sparse(_) => Unexpected::Seq,
        Slot::Tagged(shape, _) => Unexpected::Other(shape.name()),
    }
}

macro_rules! typed {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.visit(Mode::Typed, visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for SlotDe<'_, 'de> {
    type Error = Error;

    typed! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_unit deserialize_seq deserialize_map deserialize_identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mode = self.mode;
        self.visit(mode, visitor)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit_wide(visitor, V::visit_i128)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit_wide(visitor, V::visit_u128)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.slot < 0 {
            return self.visit(Mode::Typed, visitor);
        }
        self.visit_slot(|document, slot| match slot {
            Slot::Tagged(Shape::View(TypedArrayKind::Uint8), cursor) => {
                payload::visible_bytes(document, cursor)?.deserialize_any(visitor)
            }
            Slot::Tagged(shape @ Shape::Tag(Tag::ArrayBuffer), cursor) => {
                payload::of(document, shape, cursor)?.deserialize_any(visitor)
            }
            slot => visit(document, slot, Mode::Typed, visitor),
        })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.slot == slots::UNDEFINED || self.document.is_null(self.slot) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.visit(Mode::Typed, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match Marker::from_newtype(name) {
            None => visitor.visit_newtype_struct(self),
            Some(Marker::Value) => visitor.visit_newtype_struct(Self { mode: Mode::Faithful, ..self }),
            Some(Marker::Undefined) if self.slot == slots::UNDEFINED => visitor.visit_newtype_struct(Payload::Unit),
            Some(marker) if self.slot >= 0 => self.marked(marker, visitor),
            Some(_) => self.visit(Mode::Typed, visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Error> {
        self.visit(Mode::Typed, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.visit(Mode::Typed, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.visit(Mode::Typed, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.slot < 0 {
            return self.visit(Mode::Typed, visitor);
        }
        self.visit_slot(|document, slot| {
            let entries = match slot {
                Slot::String(name) => return visitor.visit_enum(name.into_deserializer()),
                Slot::Object(cursor) => Entries::new(document, cursor, false),
                Slot::Tagged(Shape::Tag(Tag::NullObject), cursor) => Entries::new(document, cursor, true),
                slot => return Err(Error::invalid_type(unexpected(&slot), &visitor)),
            };
            visitor.visit_enum(Variant::new(entries)?)
        })
    }

    /// What nobody asks for is not read.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
