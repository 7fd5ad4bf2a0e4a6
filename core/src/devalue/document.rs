//! A text that is being read: its slots, and what keeps a hostile one in bounds.

use std::borrow::Cow;

use super::buffers;
use super::error::Error;
use super::marker::{Tag, TemporalKind, TypedArrayKind};
use super::scan::Cursor;
use super::slots::{HOLE, Ref, SPARSE};

/// How deeply values may nest.
const MAX_DEPTH: usize = 128;

/// A slot is read as often as others refer to it. In all, what is read may be so many times as long as the text…
const MAX_EXPANSION: usize = 32;
/// …and so many bytes.
const FREE_EXPANSION: usize = 1 << 20;
/// What a value costs besides its text.
const COST_OF_VALUE: usize = 8;

#[derive(Debug)]
pub(super) struct Document<'de> {
    cursor: Cursor<'de>,
    /// Where each slot begins, and last where they end.
    starts: Vec<usize>,
    /// The slots that are being read.
    is_open: Vec<bool>,
    depth: usize,
    budget: usize,
}

/// What stands in a slot. A container's cursor is before its first item.
#[derive(Debug)]
pub(super) enum Slot<'de> {
    Null,
    Bool(bool),
    Number(&'de str),
    String(Cow<'de, str>),
    Object(Cursor<'de>),
    Array(Cursor<'de>),
    Sparse(Cursor<'de>),
    Tagged(Shape, Cursor<'de>),
}

/// What a tag in a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Tag(Tag),
    View(TypedArrayKind),
    Temporal(TemporalKind),
}

impl Shape {
    fn from_name(name: &str) -> Option<Self> {
        if let Some(kind) = TypedArrayKind::from_name(name) {
            return Some(Self::View(kind));
        }
        Tag::from_name(name).map(Self::Tag).or_else(|| TemporalKind::from_name(name).map(Self::Temporal))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tag(tag) => tag.name(),
            Self::View(kind) => kind.name(),
            Self::Temporal(kind) => kind.name(),
        }
    }
}

impl<'de> Document<'de> {
    /// Reads the whole text once; gives the document and what its value is.
    pub(super) fn new(text: &'de str) -> Result<(Self, Ref), Error> {
        let cursor = Cursor::new(text);
        let (starts, root) = match cursor.split()? {
            Ok(starts) => (starts, 0),
            Err(root) if (-6..0).contains(&root) && root != HOLE => (Vec::new(), root),
            Err(_) => return Err(Error::new("expected an array of slots")),
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

    /// Where a slot's text begins and ends.
    fn range(&self, slot: usize) -> Result<(usize, usize), Error> {
        match self.starts.get(slot..) {
            Some(&[start, end, ..]) => Ok((start, end)),
            _ => Err(Error::new(format_args!("there is no slot {slot}"))),
        }
    }

    /// Whether the slot holds `null`.
    pub(super) fn is_null(&self, slot: Ref) -> bool {
        let start = usize::try_from(slot).ok().and_then(|slot| self.range(slot).ok());
        start.is_some_and(|(start, _)| self.cursor.moved(start).peek() == Some(b'n'))
    }

    pub(super) fn charge(&mut self, cost: usize) -> Result<(), Error> {
        self.budget = self.budget.checked_sub(cost).ok_or_else(|| Error::new("the value is too large for its text"))?;
        Ok(())
    }

    /// Reads a slot while it is marked as being read.
    pub(super) fn within<T>(
        &mut self,
        slot: usize,
        read: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_open.get(slot).is_some_and(|&is_open| is_open) {
            return Err(Error::new("a value contains itself").in_slot(slot));
        }
        if self.depth == MAX_DEPTH {
            return Err(Error::new("values are nested too deeply").in_slot(slot));
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

    pub(super) fn slot(&mut self, slot: usize) -> Result<Slot<'de>, Error> {
        let (start, end) = self.range(slot)?;
        self.charge(end - start + COST_OF_VALUE)?;
        let mut cursor = self.cursor.moved(start);
        Ok(match cursor.peek() {
            Some(b'"') => Slot::String(cursor.string()?),
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
                if !first.has_more() {
                    Slot::Array(cursor)
                } else if first.peek() == Some(b'"') {
                    let name = first.string()?;
                    let shape = Shape::from_name(&name);
                    Slot::Tagged(shape.ok_or_else(|| Error::new(format_args!("unknown type {name:?}")))?, first)
                } else if first.reference()? == SPARSE {
                    Slot::Sparse(first)
                } else {
                    Slot::Array(cursor)
                }
            }
            _ => Slot::Number(cursor.number()?),
        })
    }

    /// The bytes of a slot that holds an `ArrayBuffer`.
    pub(super) fn buffer(&mut self, slot: Ref) -> Result<Vec<u8>, Error> {
        let slot = usize::try_from(slot).map_err(|_| Error::new("expected the slot of an ArrayBuffer"))?;
        match self.slot(slot)? {
            Slot::Tagged(Shape::Tag(Tag::ArrayBuffer), mut cursor) => {
                let text = text(&mut cursor)?;
                buffers::decode(&text).map_err(Error::new)
            }
            _ => Err(Error::new("expected the slot of an ArrayBuffer")),
        }
    }
}

/// The string that is next in a tagged slot.
pub(super) fn text<'de>(cursor: &mut Cursor<'de>) -> Result<Cow<'de, str>, Error> {
    if cursor.has_more() && cursor.peek() == Some(b'"') {
        cursor.string()
    } else {
        Err(Error::new("expected a string"))
    }
}

/// The number that is next in a tagged slot, if anything is.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Result<Option<u32>, Error> {
    if !cursor.has_more() {
        return Ok(None);
    }
    let number = u32::try_from(cursor.reference()?);
    number.map(Some).map_err(|_| Error::new("expected a length or an index"))
}

/// The length, and the indices and values of an array with holes, in ascending order.
pub(super) fn sparse_entries(cursor: &mut Cursor<'_>) -> Result<(u32, Vec<(u32, Ref)>), Error> {
    let length = number(cursor)?.ok_or_else(|| Error::new("expected a length"))?;
    let mut entries = Vec::new();
    while let Some(index) = number(cursor)? {
        if index >= length {
            return Err(Error::new("an index is beyond the array's length"));
        }
        if !cursor.has_more() {
            return Err(Error::new("expected the number of a slot"));
        }
        entries.push((index, cursor.reference()?));
    }
    // The last of equal indices counts: it is sorted to the front of them.
    entries.reverse();
    entries.sort_by_key(|&(index, _)| index);
    entries.dedup_by_key(|&mut (index, _)| index);
    Ok((length, entries))
}

/// The same of an array that has `-2` for its holes; none if it has no hole.
pub(super) fn hole_entries(mut cursor: Cursor<'_>) -> Result<Option<(u32, Vec<(u32, Ref)>)>, Error> {
    let mut length = 0_u32;
    let mut entries = Vec::new();
    while cursor.has_more() {
        let value = cursor.reference()?;
        if value != HOLE {
            entries.push((length, value));
        }
        length = length.checked_add(1).ok_or_else(|| Error::new("an array is too long"))?;
    }
    Ok((length as usize != entries.len()).then_some((length, entries)))
}
