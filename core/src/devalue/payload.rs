//! What is in a tagged slot, in the form that its marker type reads: its plain JSON form.

use std::borrow::Cow;

use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::access::{Entries, Items, Pairs};
use super::de::SlotDe;
use super::document::{Document, Shape, Slot, number, text};
use super::error::Error;
use super::marker::{Tag, TypedArrayKind};
use super::scan::Cursor;
use super::slots::{self, Ref};

#[derive(Debug)]
pub(super) enum Payload<'a, 'de> {
    Unit,
    Text(Cow<'de, str>),
    Bytes(Vec<u8>),
    Number(u32),
    RegExp(Cow<'de, str>, Cow<'de, str>),
    View(TypedArrayKind, View),
    Items(Items<'a, 'de>),
    Pairs(Pairs<'a, 'de>),
    Entries(Entries<'a, 'de>),
    Slot(SlotDe<'a, 'de>),
}

/// A view's buffer, its offset, and its length.
#[derive(Debug)]
pub(super) struct View {
    buffer: Vec<u8>,
    offset: Option<u32>,
    length: Option<u32>,
}

pub(super) fn of<'a, 'de>(
    document: &'a mut Document<'de>,
    shape: Shape,
    mut cursor: Cursor<'de>,
) -> Result<Payload<'a, 'de>, Error> {
    let tag = match shape {
        Shape::Temporal(_) => return text(&mut cursor).map(Payload::Text),
        Shape::View(kind) => return Ok(Payload::View(kind, view(document, cursor)?)),
        Shape::Tag(tag) => tag,
    };
    Ok(match tag {
        Tag::Date | Tag::BigInt | Tag::UrlSearchParams => Payload::Text(text(&mut cursor)?),
        Tag::Url => Payload::Text(href(document, cursor)?),
        Tag::RegExp => {
            let source = text(&mut cursor)?;
            let flags = if cursor.clone().has_more() { text(&mut cursor)? } else { Cow::Borrowed("") };
            Payload::RegExp(source, flags)
        }
        Tag::ArrayBuffer => Payload::Bytes(super::buffers::decode(&text(&mut cursor)?).map_err(Error::new)?),
        // Its name is a view's.
        Tag::Uint8Array => visible_bytes(document, cursor)?,
        Tag::Set => Payload::Items(Items::new(document, cursor)),
        Tag::Map => Payload::Pairs(Pairs::new(document, cursor)),
        Tag::NullObject => Payload::Entries(Entries::new(document, cursor, true)),
        Tag::Boxed => Payload::Slot(boxed(document, cursor)?),
    })
}

/// The href of a URL: in a slot of its own, as Astro has it written, or in place, as without its reducer.
fn href<'de>(document: &mut Document<'de>, mut cursor: Cursor<'de>) -> Result<Cow<'de, str>, Error> {
    if cursor.has_more() && cursor.peek() != Some(b'"') {
        let slot = usize::try_from(cursor.reference()?);
        return match slot.map_err(|_| Error::new("expected a string")).and_then(|slot| document.slot(slot))? {
            Slot::String(href) => Ok(href),
            _ => Err(Error::new("expected a string")),
        };
    }
    text(&mut cursor)
}

fn reference(cursor: &mut Cursor<'_>) -> Result<Ref, Error> {
    if cursor.has_more() { cursor.reference() } else { Err(Error::new("expected the number of a slot")) }
}

/// The primitive in an object.
pub(super) fn boxed<'a, 'de>(
    document: &'a mut Document<'de>,
    mut cursor: Cursor<'de>,
) -> Result<SlotDe<'a, 'de>, Error> {
    let inner = reference(&mut cursor)?;
    let is_primitive = match usize::try_from(inner) {
        Ok(slot) => matches!(
            document.slot(slot)?,
            Slot::Bool(_) | Slot::Number(_) | Slot::String(_) | Slot::Tagged(Shape::Tag(Tag::BigInt), _)
        ),
        Err(_) => (slots::NEGATIVE_ZERO..=slots::NAN).contains(&inner),
    };
    if is_primitive { Ok(SlotDe::new(document, inner)) } else { Err(Error::new("expected a primitive")) }
}

fn view<'de>(document: &mut Document<'de>, mut cursor: Cursor<'de>) -> Result<View, Error> {
    let slot = reference(&mut cursor)?;
    let (offset, length) = (number(&mut cursor)?, number(&mut cursor)?);
    Ok(View { buffer: document.buffer(slot)?, offset, length })
}

/// The bytes that a `Uint8Array` shows of its buffer.
pub(super) fn visible_bytes<'a, 'de>(
    document: &mut Document<'de>,
    cursor: Cursor<'de>,
) -> Result<Payload<'a, 'de>, Error> {
    let View { mut buffer, offset, length } = view(document, cursor)?;
    let start = offset.map_or(0, |offset| offset as usize);
    if start > buffer.len() {
        return Err(Error::new("invalid typed array"));
    }
    buffer.drain(..start);
    if let Some(length) = length.map(|length| length as usize) {
        if length > buffer.len() {
            return Err(Error::new("invalid typed array"));
        }
        buffer.truncate(length);
    }
    Ok(Payload::Bytes(buffer))
}

impl<'de> Deserializer<'de> for Payload<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Unit => visitor.visit_unit(),
            Self::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Self::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Self::Bytes(bytes) => visitor.visit_byte_buf(bytes),
            Self::Number(number) => visitor.visit_u32(number),
            Self::RegExp(source, flags) => {
                visitor.visit_map(MapDeserializer::new([("source", source), ("flags", flags)].into_iter()))
            }
            Self::View(kind, View { buffer, offset, length }) => {
                let fields = [
                    Some(("kind", Payload::Text(Cow::Borrowed(kind.name())))),
                    Some(("buffer", Payload::Bytes(buffer))),
                    offset.map(|offset| ("byteOffset", Payload::Number(offset))),
                    length.map(|length| ("length", Payload::Number(length))),
                ];
                visitor.visit_map(MapDeserializer::new(fields.into_iter().flatten()))
            }
            Self::Items(items) => items.visit(visitor),
            Self::Pairs(pairs) => visitor.visit_seq(pairs),
            Self::Entries(entries) => visitor.visit_map(entries),
            Self::Slot(slot) => slot.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Slot(slot) => slot.deserialize_newtype_struct(name, visitor),
            content => visitor.visit_newtype_struct(content),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Payload<'_, 'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};
    use std::fmt::Debug;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use serde_json::json;

    use crate::devalue::*;

    #[track_caller]
    fn assert_reads<T: DeserializeOwned + PartialEq + Debug>(text: &str, value: T) {
        assert_eq!(from_str::<T>(text).unwrap(), value);
    }

    #[test]
    fn numbers_are_read_as_in_json() {
        assert_reads("[5]", 5_u64);
        assert_reads("[-5]", -5_i64);
        assert_reads("[5]", 5.0_f64);
        assert_reads("[18446744073709551615]", u64::MAX);
        assert_reads("[170141183460469231731687303715884105727]", i128::MAX);
        assert_reads("[340282366920938463463374607431768211455]", u128::MAX);
        assert_reads("[0.1]", 0.1_f32);
        assert_reads("[1e+21]", 1e21_f64);
        assert_reads("-4", f64::INFINITY);
        assert_reads("-6", 0.0);
        assert!(
            from_str::<f64>("-6").unwrap().is_sign_negative() && from_str::<f64>("[-0]").unwrap().is_sign_negative()
        );
        assert!(
            from_str::<u8>("[256]").is_err() && from_str::<u8>("[-1]").is_err() && from_str::<u8>("[1.5]").is_err()
        );
        assert!(from_str::<u8>(r#"["1"]"#).is_err() && from_str::<u8>("-3").is_err());
    }

    #[test]
    fn containers_are_read_as_in_json() {
        assert_reads(r#"[{"1":1,"2":1},"x"]"#, HashMap::from([(1, 'x'), (2, 'x')]));
        assert_reads(r#"[["null","a",1],true]"#, BTreeMap::from([("a".to_owned(), true)]));
        assert_reads("[[1,-1,-2,2],1,null]", vec![Some(1), None, None, None]);
        assert_reads("[[1,2],[],{}]", json!([[], {}]));
        assert_reads(" [ [ 1 , 2 ] , 1 , 2 ] ", (1, 2));
        assert!(from_str::<(u8, u8)>("[[1,1,1],1]").is_err() && from_str::<[u8; 2]>("[[1],1]").is_err());
        assert_reads(r#"["\u00e9\ud83d\ude00\ud800\/"]"#, "é😀\u{fffd}/".to_owned());
        assert_eq!(from_str::<&str>(r#"["borrowed"]"#).unwrap(), "borrowed");
    }

    #[test]
    fn enums_are_read_as_in_json() {
        #[derive(Debug, PartialEq, Deserialize)]
        enum Shape {
            Unit,
            New(Date),
            Tuple(u8, u8),
            Struct { x: u8 },
        }
        let when = Date::default();
        assert_reads(
            concat!(
                r#"[[1,2,4,6,8],"Unit",{"New":3},["Date","1970-01-01T00:00:00.000Z"],{"Tuple":5},[10,10],"#,
                r#"["null","Struct",7],{"x":10},{"Unit":9},null,1]"#,
            ),
            vec![Shape::Unit, Shape::New(when), Shape::Tuple(1, 1), Shape::Struct { x: 1 }, Shape::Unit],
        );
        for text in [r#"["Other"]"#, r#"[{}]"#, r#"[{"New":1,"Unit":1},null]"#, "[5]", r#"[["Set"]]"#, "-1"] {
            assert!(from_str::<Shape>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_marker_takes_its_tag_and_nothing_else() {
        assert_reads(r#"[["URL",1],"https://a.b/"]"#, "https://a.b".parse::<Url>().unwrap());
        assert_reads(r#"[["URL","https://a.b/"]]"#, "https://a.b".parse::<Url>().unwrap());
        assert_reads(r#"[["Set",1,2],1,2]"#, Set(vec![1, 2]));
        assert_reads(r#"[["Map",1,2],1,["BigInt","2"]]"#, Map(vec![(1, BigInt::from(2_i64))]));
        assert_reads("[[-1,1],5]", [OrUndefined(None), OrUndefined(Some(5))]);
        assert_reads("[[-1,1],5]", (Undefined, 5));
        assert_reads(r#"[["Uint8Array",1,1,2],["ArrayBuffer","AQIDBA=="]]"#, Uint8Array::from(vec![2, 3]));
        assert_reads(r#"[["Object",1],"s"]"#, "s".to_owned());

        assert!(from_str::<Date>(r#"["1970-01-01T00:00:00.000Z"]"#).is_err());
        assert!(from_str::<Set<u8>>("[[1],1]").is_err());
        assert!(from_str::<Vec<u8>>(r#"[["Set",1],1]"#).is_err());
        assert!(from_str::<HashMap<String, u8>>(r#"[["Map",1,2],"a",1]"#).is_err());
        assert!(from_str::<Undefined>("[null]").is_err() && from_str::<Undefined>("-3").is_err());
        assert!(from_str::<Uint8Array>(r#"[["ArrayBuffer","AQID"]]"#).is_err());
        let error = from_str::<String>(r#"[["Date","1970-01-01T00:00:00.000Z"]]"#).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: Date, expected a string (slot 0)");
    }

    /// What serde keeps for later, to read it once it knows the type.
    #[test]
    fn markers_survive_flattened_and_tagged_types() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Inner {
            at: Date,
            ids: Set<BigInt>,
            by: Map<String, Option<Url>>,
            raw: Uint8Array,
            like: RegExp,
            none: OrUndefined<u8>,
        }
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(tag = "kind")]
        enum Tagged {
            A(Inner),
        }
        #[derive(Debug, PartialEq, Deserialize)]
        #[serde(untagged)]
        enum Untagged {
            Text(String),
            Date(Date),
            Inner(Inner),
        }
        #[derive(Debug, PartialEq, Deserialize)]
        struct Outer {
            first: Untagged,
            #[serde(flatten)]
            rest: HashMap<String, Tagged>,
        }
        let inner = || Inner {
            at: Date::default(),
            ids: Set(vec![BigInt::from(5_u64)]),
            by: Map(vec![("a".into(), None)]),
            raw: Uint8Array::from(vec![1]),
            like: RegExp::new("a", "g").unwrap(),
            none: OrUndefined(None),
        };
        let slots = r#"["Date","1970-01-01T00:00:00.000Z"],["Set",3],["BigInt","5"],["Map",5,6],"a",null,["Uint8Array",8],["ArrayBuffer","AQ=="],["RegExp",5,"g"]"#
            .replace(r#"["RegExp",5,"g"]"#, r#"["RegExp","a","g"]"#);
        let fields = r#""at":1,"ids":2,"by":4,"raw":7,"like":9,"none":-1"#;
        assert_reads(&format!("[{{{fields}}},{slots}]"), Untagged::Inner(inner()));
        assert_reads(&format!(r#"[{{"kind":10,{fields}}},{slots},"A"]"#), Tagged::A(inner()));
        assert_reads(
            &format!(r#"[{{"first":1,"x":10}},{slots},{{"kind":11,{fields}}},"A"]"#),
            Outer { first: Untagged::Date(Date::default()), rest: HashMap::from([("x".into(), Tagged::A(inner()))]) },
        );
    }
}
