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

/// An array with holes: its length, and its indices and values in ascending order.
#[derive(Debug)]
pub(super) struct Sparse {
    pub(super) length: u32,
    pub(super) entries: Vec<(u32, Ref)>,
}

/// Reads a length, and then indices and values in turn.
pub(super) fn sparse(cursor: &mut Cursor<'_>) -> Result<Sparse, Error> {
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
    entries.sort_by_cached_key(|&(index, _)| u64::from(index));
    entries.dedup_by_key(|&mut (index, _)| index);
    Ok(Sparse { length, entries })
}

/// Reads an array that has `-2` for its holes; gives none if it has no hole.
pub(super) fn with_holes(mut cursor: Cursor<'_>) -> Result<Option<Sparse>, Error> {
    let mut length = 0_u32;
    let mut entries = Vec::new();
    let mut has_hole = false;
    while cursor.has_more() {
        match cursor.reference()? {
            HOLE => has_hole = true,
            value => entries.push((length, value)),
        }
        length = length.checked_add(1).ok_or_else(|| Error::new("an array is too long"))?;
    }
    Ok(has_hole.then_some(Sparse { length, entries }))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use crate::devalue::{Error, Value, from_slice, from_str};

    #[track_caller]
    fn refusal<T: DeserializeOwned>(text: &str) -> Error {
        from_str::<T>(text).err().unwrap_or_else(|| panic!("{text} was read"))
    }

    #[test]
    fn what_is_no_text_of_devalue_is_refused() {
        for text in [
            "",
            " ",
            "[]",
            "{}",
            "null",
            "\"x\"",
            "0",
            "1",
            "-2",
            "-7",
            "-8",
            "[",
            "[1",
            "[1,]",
            "[,1]",
            "[1] 2",
            "[01]",
            "[1.]",
            "[.5]",
            "[1e]",
            "[+1]",
            "[tru]",
            "[\"a]",
            "[\"\\x\"]",
            "[\"\\u00g0\"]",
            "[\"\n\"]",
            "[{a:1}]",
            "[{\"a\"}]",
            "[{\"a\":1,}]",
            "\u{feff}[1]",
            "[1],",
            "[[1,]]",
            "[NaN]",
        ] {
            refusal::<Value>(text);
        }
        assert!(from_slice::<Value>(b"[\"\xff\"]").is_err());
    }

    #[test]
    fn slots_that_are_not_there_are_refused() {
        for text in
            ["[[1]]", "[[-8]]", "[{\"a\":-7}]", "[[0.5]]", "[[1e9]]", "[[\"Set\",2]]", "[[1,99999999999999999999]]"]
        {
            refusal::<Value>(text);
        }
        assert_eq!(refusal::<Value>("[{\"a\":1},[2,7],3]").to_string(), "there is no slot 7 at .a[1] (slot 7)");
    }

    #[test]
    fn a_tag_with_something_else_is_refused() {
        for text in [
            r#"[["Nope",1]]"#,
            r#"[["Date",1],"2024-01-01"]"#,
            r#"[["Date","yesterday"]]"#,
            r#"[["Date"]]"#,
            r#"[["Map",1],2]"#,
            r#"[["null","a"]]"#,
            r#"[["null",1,2],3,4]"#,
            r#"[["Object",1],[]]"#,
            r#"[["Object",1],null]"#,
            r#"[["Object",0]]"#,
            r#"[["BigInt","1n"]]"#,
            r#"[["BigInt",""]]"#,
            r#"[["RegExp","a","gg"]]"#,
            r#"[["URL","/path"]]"#,
            r#"[["URL",1],2]"#,
            r#"[["ArrayBuffer","*"]]"#,
            r#"[["Uint8Array",0]]"#,
            r#"[["Uint8Array",1],5]"#,
            r#"[["Uint8Array",1,0,5],["ArrayBuffer","AQID"]]"#,
            r#"[["Uint8Array",1,4],["ArrayBuffer","AQID"]]"#,
            r#"[["Uint8Array",1,-1],["ArrayBuffer","AQID"]]"#,
            r#"[["Uint16Array",1],["ArrayBuffer","AQID"]]"#,
            r#"[["Uint16Array",1,1,1],["ArrayBuffer","AQID"]]"#,
            r#"[["Float64Array",1,0,4294967295],["ArrayBuffer","AQID"]]"#,
            r#"[[-7]]"#,
            r#"[[-7,1,0]]"#,
            r#"[[-7,1,1,1],2]"#,
            r#"[[-7,4294967296]]"#,
            r#"[[-7,-1]]"#,
        ] {
            refusal::<Value>(text);
        }
    }

    #[test]
    fn prototype_keys_are_refused() {
        for text in [r#"[{"__proto__":1},[]]"#, r#"[["null","__proto__",1],[]]"#, r#"[{"__pr\u006fto__":1},[]]"#] {
            let error = refusal::<Value>(text);
            assert!(error.to_string().starts_with("a key must not be `__proto__`"), "{error}");
        }
    }

    #[test]
    fn cycles_are_refused() {
        for text in ["[[0]]", r#"[{"a":1},[2],["Map",0,0]]"#, r#"[["Set",0]]"#, r#"[[1],["null","x",1]]"#] {
            assert!(refusal::<Value>(text).to_string().starts_with("a value contains itself"));
        }
        #[derive(Debug, Deserialize)]
        struct Node {
            #[allow(dead_code)]
            next: Option<Box<Node>>,
        }
        refusal::<Node>(r#"[{"next":0}]"#);
        // Twice is not for ever.
        assert!(from_str::<Value>("[[1,1,1],[2,2],{}]").is_ok());
    }

    /// `levels` arrays in one another.
    fn nested(levels: usize) -> String {
        let slots: Vec<_> = (1..levels).map(|slot| format!("[{slot}]")).collect();
        format!("[{},[]]", slots.join(","))
    }

    #[test]
    fn depth_has_a_limit() {
        assert!(from_str::<Value>(&nested(128)).is_ok());
        assert!(refusal::<Value>(&nested(129)).to_string().starts_with("values are nested too deeply"));
        refusal::<Value>(&nested(100_000));
        refusal::<Value>(&"[".repeat(1_000_000));
        refusal::<Value>(&format!("[0,{}1{}]", "[".repeat(200), "]".repeat(200)));
    }

    #[test]
    fn what_is_shared_without_end_is_refused() {
        // Each level holds the next twice.
        let doubling: Vec<_> = (1..100).map(|slot| format!("[{slot},{slot}]")).collect();
        assert!(
            refusal::<Value>(&format!("[{},1]", doubling.join(","))).to_string().starts_with("the value is too large")
        );
        // A long string many times, by a list and by a map's keys.
        let long = "x".repeat(100_000);
        refusal::<Value>(&format!("[[1{}],\"{long}\"]", ",1".repeat(50_000)));
        refusal::<Value>(&format!("[[\"Map\"{}],\"{long}\"]", ",1,1".repeat(50_000)));
        refusal::<Value>(&format!("[[1{}],{{\"{long}\":2}},0]", ",1".repeat(50_000)));
        let buffer = format!(
            "[[1{}],[\"Uint8Array\",2,0,1],[\"ArrayBuffer\",\"{}\"]]",
            ",1".repeat(50_000),
            "AAAA".repeat(9999)
        );
        refusal::<Value>(&buffer);
    }

    #[test]
    fn a_claimed_length_takes_no_room() {
        let text = "[[-7,4294967295,4294967294,1],5]";
        assert_eq!(
            from_str(text).ok(),
            Some(Value::SparseArray { length: u32::MAX, entries: vec![(u32::MAX - 1, Value::Number(5.0))] })
        );
        refusal::<Vec<Option<u8>>>(text);
        refusal::<Vec<()>>(text);
        assert_eq!(from_str("[[-7,5,3,1,3,2],5,6]").ok(), Some(vec![None, None, None, Some(6), None]));
    }
}
