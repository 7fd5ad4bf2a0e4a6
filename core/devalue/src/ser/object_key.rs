//! Serialization of object keys. The accepted types are those of `serde_json`.

use serde::ser::{Error as _, Impossible, Serialize, Serializer};

use super::compound::Compound;
use crate::error::Error;
use crate::numbers::NumberBuffer;

pub(super) struct KeySerializer<'a, 'b>(pub(super) &'a mut Compound<'b>);

fn reject<T>() -> Result<T, Error> {
    Err(Error::custom("invalid object key: expected a string, a number, a boolean or a unit variant"))
}

macro_rules! integers {
    ($($method:ident: $type:ty,)*) => {$(
        fn $method(self, value: $type) -> Result<(), Error> {
            self.0.push_key(itoa::Buffer::new().format(value))
        }
    )*};
}

impl KeySerializer<'_, '_> {
    fn push_float<F: zmij::Float + Into<f64> + Copy>(self, value: F) -> Result<(), Error> {
        let wide: f64 = value.into();
        if !wide.is_finite() {
            return reject();
        }
        self.0.push_key(NumberBuffer::new().format(if wide == 0.0 { 0.0 } else { wide }))
    }
}

impl Serializer for KeySerializer<'_, '_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Impossible<(), Error>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    integers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_u128: u128,
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.0.push_key(if value { "true" } else { "false" })
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.push_float(value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        self.push_float(value)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.0.push_key(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.0.push_key(value)
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<(), Error> {
        reject()
    }

    fn serialize_none(self) -> Result<(), Error> {
        reject()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        reject()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        reject()
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result<(), Error> {
        self.0.push_key(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<(), Error> {
        reject()
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        reject()
    }

    fn serialize_tuple(self, _len: usize) -> Result<Self::SerializeTuple, Error> {
        reject()
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Self::SerializeTupleStruct, Error> {
        reject()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        reject()
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Self::SerializeMap, Error> {
        reject()
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Self::SerializeStruct, Error> {
        reject()
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        reject()
    }
}
