use std::str::FromStr;

use crate::error::InvalidValue;
use crate::string_type::string_type;

/// JavaScript's `bigint`: an integer of any size, as decimal digits.
///
/// In other formats it is a string of these digits.
///
/// ```
/// use enact_devalue::BigInt;
///
/// let big = BigInt::from(u64::MAX);
/// assert_eq!(enact_devalue::to_string(&big).unwrap(), r#"[["BigInt","18446744073709551615"]]"#);
/// assert_eq!(u64::try_from(&big), Ok(u64::MAX));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigInt(String);

impl FromStr for BigInt {
    type Err = InvalidValue;

    /// Parses decimal digits with an optional sign.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", text.strip_prefix('+').unwrap_or(text)),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidValue::new("invalid bigint: expected decimal digits with an optional sign"));
        }
        Ok(Self(match digits.trim_start_matches('0') {
            "" => "0".to_owned(),
            digits => format!("{sign}{digits}"),
        }))
    }
}

macro_rules! integers {
    ($($type:ident)*) => {$(
        impl From<$type> for BigInt {
            fn from(number: $type) -> Self {
                Self(number.to_string())
            }
        }

        impl TryFrom<&BigInt> for $type {
            type Error = InvalidValue;

            fn try_from(big: &BigInt) -> Result<Self, InvalidValue> {
                let message = concat!("bigint out of range: expected a value of `", stringify!($type), "`");
                big.0.parse().map_err(|_| InvalidValue::new(message))
            }
        }

        impl TryFrom<BigInt> for $type {
            type Error = InvalidValue;

            fn try_from(big: BigInt) -> Result<Self, InvalidValue> {
                Self::try_from(&big)
            }
        }
    )*};
}

integers! { i64 u64 i128 u128 }
string_type!(BigInt, "a bigint");
