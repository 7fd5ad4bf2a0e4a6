//! A text that is being read: its slots, and the limits on hostile texts.

use std::borrow::Cow;

use super::cursor::{Cursor, Split};
use crate::array_buffer;
use crate::error::Error;
#[cfg(feature = "exotic")]
use crate::exotic::{TemporalKind, TypedArrayKind};
use crate::marker::Tag;
use crate::reference::{HOLE, Ref, SPARSE};

/// The maximum nesting of values.
const MAX_DEPTH: usize = 128;

/// A slot is read once for each reference to it. The slots read may add up to the text's length times this factor…
const MAX_EXPANSION: usize = 32;
/// …plus this number of bytes.
const FREE_EXPANSION: usize = 1 << 20;
/// The cost of a value in bytes, besides its text.
const VALUE_COST: usize = 8;

#[derive(Debug)]
pub(super) struct Document<'de> {
    cursor: Cursor<'de>,
    /// The start of each slot, and last the end of the array.
    starts: Vec<usize>,
    /// Whether each slot is being read.
    is_open: Vec<bool>,
    depth: usize,
    budget: usize,
}

/// The content of a slot. The cursor of a container is before its first item.
#[derive(Debug)]
pub(super) enum Slot<'de> {
    Null,
    Bool(bool),
    Number(&'de str),
    String(Cow<'de, str>),
    Object(Cursor<'de>),
    Array(Cursor<'de>),
    #[cfg(feature = "exotic")]
    Sparse(Cursor<'de>),
    Tagged(Shape, Cursor<'de>),
}

/// The meaning of a tag in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Tag(Tag),
    /// A typed array other than `Uint8Array`, or a `DataView`.
    #[cfg(feature = "exotic")]
    View(TypedArrayKind),
    #[cfg(feature = "exotic")]
    Temporal(TemporalKind),
    #[cfg(feature = "exotic")]
    Boxed,
    #[cfg(feature = "exotic")]
    NullObject,
}

impl Shape {
    fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            #[cfg(feature = "exotic")]
            "Object" => return Ok(Self::Boxed),
            #[cfg(feature = "exotic")]
            "null" => return Ok(Self::NullObject),
            #[cfg(not(feature = "exotic"))]
            "Object" | "null" | "DataView" => return Err(unsupported_error(name)),
            #[cfg(not(feature = "exotic"))]
            _ if name.starts_with("Temporal.") => return Err(unsupported_error(name)),
            _ => {}
        }
        let shape = Tag::from_name(name).map(Self::Tag);
        #[cfg(feature = "exotic")]
        let shape = shape
            .or_else(|| TypedArrayKind::from_name(name).map(Self::View))
            .or_else(|| TemporalKind::from_name(name).map(Self::Temporal));
        #[cfg(not(feature = "exotic"))]
        if shape.is_none() && name.ends_with("Array") {
            return Err(unsupported_error(name));
        }
        shape.ok_or_else(|| Error::new(format_args!("unknown type {name:?}")))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tag(tag) => tag.name(),
            #[cfg(feature = "exotic")]
            Self::View(kind) => kind.name(),
            #[cfg(feature = "exotic")]
            Self::Temporal(kind) => kind.name(),
            #[cfg(feature = "exotic")]
            Self::Boxed => "Object",
            #[cfg(feature = "exotic")]
            Self::NullObject => "null",
        }
    }
}

/// Returns the error for a type that only the feature `exotic` reads.
#[cfg(not(feature = "exotic"))]
#[cold]
pub(super) fn unsupported_error(name: &str) -> Error {
    Error::new(format_args!("unsupported type {name:?}: enable the feature `exotic` of `enact-devalue`"))
}

impl<'de> Document<'de> {
    /// Checks the syntax of a text. Returns the document and the reference to its root.
    pub(super) fn new(text: &'de str) -> Result<(Self, Ref), Error> {
        let cursor = Cursor::new(text);
        let (starts, root) = match cursor.split()? {
            Split::Slots(starts) => (starts, 0),
            Split::Number(root) if (-6..0).contains(&root) && root != HOLE => (Vec::new(), root),
            Split::Number(number) => {
                return Err(Error::new(format_args!(
                    "expected an array of slots or a negative constant, got {number}"
                )));
            }
        };
        let document = Self {
            cursor,
            is_open: vec![false; starts.len()],
            starts,
            depth: 0,
            budget: text.len().saturating_mul(MAX_EXPANSION).saturating_add(FREE_EXPANSION),
        };
        Ok((document, root))
    }

    /// Returns the start and the end of a slot's text.
    fn slot_range(&self, slot: usize) -> Result<(usize, usize), Error> {
        match self.starts.get(slot..) {
            Some(&[start, end, ..]) => Ok((start, end)),
            _ => Err(Error::new(format_args!("reference to the missing slot {slot}"))),
        }
    }

    /// Returns whether a slot holds `null`.
    pub(super) fn is_null(&self, slot: Ref) -> bool {
        let start = usize::try_from(slot).ok().and_then(|slot| self.slot_range(slot).ok());
        start.is_some_and(|(start, _)| self.cursor.with_position(start).peek() == Some(b'n'))
    }

    /// Charges the budget that limits the expansion of shared values.
    pub(super) fn charge(&mut self, cost: usize) -> Result<(), Error> {
        self.budget = self
            .budget
            .checked_sub(cost)
            .ok_or_else(|| Error::new("the shared values of the text expand to too large a value"))?;
        Ok(())
    }

    /// Calls `read` while a slot is marked as being read, which detects cycles.
    pub(super) fn enter<T>(
        &mut self,
        slot: usize,
        read: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_open.get(slot).is_some_and(|&is_open| is_open) {
            return Err(Error::new("cyclic value").in_slot(slot));
        }
        if self.depth == MAX_DEPTH {
            return Err(Error::new(format_args!("values nested more than {MAX_DEPTH} levels deep")).in_slot(slot));
        }
        self.mark(slot, true);
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        self.mark(slot, false);
        result.map_err(|error| error.in_slot(slot))
    }

    fn mark(&mut self, slot: usize, is_open: bool) {
        if let Some(mark) = self.is_open.get_mut(slot) {
            *mark = is_open;
        }
    }

    /// Reads a slot and charges its cost.
    pub(super) fn read_slot(&mut self, slot: usize) -> Result<Slot<'de>, Error> {
        let (start, end) = self.slot_range(slot)?;
        self.charge(end - start + VALUE_COST)?;
        let mut cursor = self.cursor.with_position(start);
        Ok(match cursor.peek() {
            Some(b'"') => Slot::String(cursor.parse_string()?),
            Some(b'n') => Slot::Null,
            Some(b't') => Slot::Bool(true),
            Some(b'f') => Slot::Bool(false),
            Some(b'{') => {
                cursor.take(b'{');
                Slot::Object(cursor)
            }
            Some(b'[') => {
                cursor.take(b'[');
                let mut first = cursor;
                if !first.advance_to_item() {
                    Slot::Array(cursor)
                } else if first.peek() == Some(b'"') {
                    Slot::Tagged(Shape::from_name(&first.parse_string()?)?, first)
                } else if first.parse_reference()? == SPARSE {
                    #[cfg(not(feature = "exotic"))]
                    return Err(unsupported_error("sparse array"));
                    #[cfg(feature = "exotic")]
                    Slot::Sparse(first)
                } else {
                    Slot::Array(cursor)
                }
            }
            _ => Slot::Number(cursor.parse_number()?),
        })
    }

    /// Reads the bytes of a slot that holds an `ArrayBuffer`.
    pub(super) fn read_buffer(&mut self, slot: Ref) -> Result<Vec<u8>, Error> {
        if let Ok(slot) = usize::try_from(slot)
            && let Slot::Tagged(Shape::Tag(Tag::ArrayBuffer), mut cursor) = self.read_slot(slot)?
        {
            return array_buffer::decode(&read_string(&mut cursor)?).map_err(Error::new);
        }
        Err(Error::new("expected a reference to an ArrayBuffer"))
    }
}

/// Reads the next item of a tagged slot, which must be a string.
pub(super) fn read_string<'de>(cursor: &mut Cursor<'de>) -> Result<Cow<'de, str>, Error> {
    if cursor.advance_to_item() && cursor.peek() == Some(b'"') {
        cursor.parse_string()
    } else {
        Err(Error::new("expected a string"))
    }
}

/// Reads the next item of a tagged slot, which must be a reference.
pub(super) fn read_reference(cursor: &mut Cursor<'_>) -> Result<Ref, Error> {
    if cursor.advance_to_item() { cursor.parse_reference() } else { Err(Error::new("expected a slot number")) }
}

/// Reads the next item of a tagged slot, a length, an offset or an index. Returns `None` at the end.
pub(super) fn read_length(cursor: &mut Cursor<'_>) -> Result<Option<u32>, Error> {
    if !cursor.advance_to_item() {
        return Ok(None);
    }
    let number = cursor.parse_reference()?;
    let length = u32::try_from(number);
    length.map(Some).map_err(|_| Error::new(format_args!("expected a length, an offset or an index, got {number}")))
}
